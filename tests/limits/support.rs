//! A firm whose books can be used: net assets entered and approved, applications approved, limits granted. And a look into
//! the tables, for what the API does not show as it is stored.

use domain::id::{Id, kind};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use uuid::Uuid;

use crate::support::{Answer, Caller, Firm, Server, on_postgres, zhidan};

/// What is approved on each application, fen.
pub const APPROVED: i64 = 80_000_000;
/// Net assets of the firm, fen: so large that no rule of the law stands in the way.
const NET_ASSETS: i64 = 100_000_000_000;

/// A number from the environment, or what holds in CI.
pub fn count(name: &str, in_ci: usize, in_prove: usize) -> usize {
    let given = std::env::var(name).ok().and_then(|text| text.parse().ok());
    let proves = std::env::var("ZHIDAN_PROVE").is_ok_and(|text| !text.is_empty() && text != "0");
    given.unwrap_or(if proves { in_prove } else { in_ci })
}

/// A firm and those who handle its limits.
pub struct Books {
    pub firm: Firm,
    /// Enters figures; reserves, draws, repays, releases.
    pub finance: Caller,
    /// Grants, resizes, corrects.
    pub executive: Caller,
    /// Splits, moves, freezes, thaws, closes.
    pub manager: Caller,
}

impl Books {
    /// A firm with net assets.
    pub async fn open(server: &Server, slug: &str) -> Self {
        let firm = Firm::create(server, slug).await;
        let (finance, executive, manager) =
            (firm.staff("finance"), firm.staff("executive"), firm.staff("post_guarantee"));
        let assets = json!({
            "value": { "kind": "net_assets", "amount_fen": NET_ASSETS },
            "effective_from": "2020-01-01", "source": "审计报告",
        });
        let id = finance.post("/v1/parameters", &assets, 201).await.text("/id");
        executive.act(&format!("/v1/parameters/{id}/approve"), 1, &json!({}), 200).await;
        Self { firm, finance, executive, manager }
    }

    /// An agreement by which bank and re-guarantor bear their shares of everything, in 1/10,000.
    pub async fn share(&self, bank_bp: i64, reguarantor_bp: i64) {
        let shares = json!({
            "bank_bp": bank_bp, "firm_bp": 10_000 - bank_bp - reguarantor_bp, "reguarantor_bp": reguarantor_bp,
            "government_bp": 0,
        });
        let body = json!({
            "name": "测试分担协议", "reguarantor": "示例再担保", "shares": shares, "valid_from": "2020-01-01",
            "document": "测试-2020-001",
        });
        let id = self.finance.post("/v1/sharing-agreements", &body, 201).await.text("/id");
        self.executive.act(&format!("/v1/sharing-agreements/{id}/approve"), 1, &json!({}), 200).await;
    }

    /// Everybody logs in again, after the clock was moved beyond the life of their tokens.
    pub async fn log_in_again(&mut self, server: &Server) {
        let firm = &self.firm;
        let session = async |name: &str| firm.log_in(server, name, 200).await.text("/access_token");
        self.finance = server.with_token(&session("finance").await);
        self.executive = server.with_token(&session("executive").await);
        self.manager = server.with_token(&session("post_guarantee").await);
    }

    /// An approved application of one of the demonstration firms; gives the approval.
    pub async fn approval(&self, server: &Server, phone: &str, enterprise: usize) -> String {
        let applicant = self.firm.applicant(server, phone).await;
        let id = self.reviewed(server, &applicant, enterprise).await;
        let terms = json!({ "amount_fen": APPROVED, "term_months": 12, "conditions": [] });
        act(&self.executive, &id, "approve", &terms, 200).await;
        db_approval(server, &self.firm, &id).await
    }

    /// An application that wants nothing but its approval.
    pub async fn reviewed(&self, server: &Server, applicant: &Caller, enterprise: usize) -> String {
        let id = self.firm.submitted(server, applicant, enterprise).await;
        let advice = json!({ "advice": "grant", "opinion": "经营正常", "amount_fen": APPROVED, "term_months": 12 });
        act(&self.firm.staff("investigator"), &id, "recommend", &advice, 200).await;
        act(&self.firm.staff("reviewer"), &id, "review", &json!({ "opinion": "同意" }), 200).await;
        id
    }

    /// Grants a limit for a year; gives its id.
    pub async fn grant(&self, server: &Server, approval: &str, amount_fen: i64, revolving: bool) -> String {
        let made = self.executive.post("/v1/limits", &grant_body(server, approval, amount_fen, revolving), 201).await;
        made.text("/limit/id")
    }

    /// A limit with an approval of its own.
    pub async fn limit(&self, server: &Server, phone: &str, amount_fen: i64) -> String {
        let approval = self.approval(server, phone, 0).await;
        self.grant(server, &approval, amount_fen, true).await
    }

    /// Sets an amount aside; gives the reservation.
    pub async fn reserve(&self, limit: &str, amount_fen: i64) -> String {
        let made = self.finance.post(&format!("/v1/limits/{limit}/reserve"), &amount(amount_fen), 200).await;
        made.text("/reservation/id")
    }

    /// Draws; gives the drawdown and the operation.
    pub async fn draw(&self, reservation: &str, amount_fen: i64) -> (String, String) {
        let path = format!("/v1/reservations/{reservation}/draw");
        let made = self.finance.post(&path, &amount(amount_fen), 200).await;
        (made.text("/drawdown/id"), made.text("/operation"))
    }
}

/// The body of a use of a limit.
pub fn amount(amount_fen: i64) -> Value {
    json!({ "amount_fen": amount_fen, "reason": "测试" })
}

/// A body that only says why.
pub fn grounds() -> Value {
    json!({ "reason": "测试" })
}

/// A limit for a year from today.
pub fn grant_body(server: &Server, approval: &str, amount_fen: i64, revolving: bool) -> Value {
    let today = domain::time::TenantZone::default().date_of(server.app.clock.now());
    json!({
        "approval": approval, "amount_fen": amount_fen, "revolving": revolving, "valid_from": today,
        "valid_to": today + chrono::Months::new(12), "reason": "按批复授信",
    })
}

/// An action on an application as it is now.
pub async fn act(who: &Caller, id: &str, action: &str, body: &Value, expected: u16) -> Answer {
    let case = format!("/v1/applications/{id}");
    let seen = who.get(&case, 200).await;
    who.act(&format!("{case}/{action}"), seen.version.expect("a version"), body, expected).await
}

/// Sends a POST with a key and gives status and body.
pub async fn post_with_key(who: &Caller, path: &str, key: &str, body: &Value) -> (u16, String) {
    let request = who.request(reqwest::Method::POST, path).header("Idempotency-Key", key).json(body);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

/// `zhidan ledger verify` finds nothing.
pub async fn assert_whole(settings: Vec<(String, String)>) {
    let ran = zhidan(settings, &["ledger", "verify"]).await;
    assert!(ran.code == 0 && ran.out.contains(": whole, "), "{ran:?}");
}

/// Rows of a query about a firm, as whole numbers and texts by what the test reads from them. `$tenant` stands for the
/// firm's id.
pub async fn db_rows<T>(server: &Server, firm: &Firm, sql: &str, read: impl Fn(&dyn Cells) -> T) -> Vec<T> {
    db_rows_at(&server.db_url(), firm.tenant, sql, read).await
}

/// The same by the database's address.
pub async fn db_rows_at<T>(url: &str, tenant: Uuid, sql: &str, read: impl Fn(&dyn Cells) -> T) -> Vec<T> {
    Db::open(url, tenant).await.rows(sql, read).await
}

/// A connection of the serving role, or to the file, for a test that looks into the tables again and again.
pub struct Db {
    connection: Connected,
    tenant: String,
}

enum Connected {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Db {
    pub async fn open(url: &str, tenant: Uuid) -> Self {
        let literal = literal(tenant);
        if !on_postgres() {
            let db = SqliteConnection::connect(url).await.expect("the file");
            return Self { connection: Connected::Sqlite(db), tenant: literal };
        }
        let mut db = PgConnection::connect(url).await.expect("the serving role connects");
        let bind = format!("SELECT set_config('app.tenant_id', '{tenant}', false)");
        db.execute(AssertSqlSafe(bind)).await.expect("the tenant is set");
        Self { connection: Connected::Postgres(db), tenant: literal }
    }

    pub async fn rows<T>(&mut self, sql: &str, read: impl Fn(&dyn Cells) -> T) -> Vec<T> {
        let text = sql.replace("$tenant", &self.tenant);
        match &mut self.connection {
            Connected::Postgres(db) => {
                db.fetch_all(AssertSqlSafe(text)).await.expect(sql).iter().map(|row| read(row)).collect()
            }
            Connected::Sqlite(db) => {
                db.fetch_all(AssertSqlSafe(text)).await.expect(sql).iter().map(|row| read(row)).collect()
            }
        }
    }
}

/// A row of either database.
pub trait Cells {
    fn id(&self, column: usize) -> Uuid;
    fn whole(&self, column: usize) -> i64;
    fn text(&self, column: usize) -> String;
}

macro_rules! cells {
    ($row:ty) => {
        impl Cells for $row {
            fn id(&self, column: usize) -> Uuid {
                self.get(column)
            }
            fn whole(&self, column: usize) -> i64 {
                self.get(column)
            }
            fn text(&self, column: usize) -> String {
                self.get(column)
            }
        }
    };
}
cells!(sqlx::postgres::PgRow);
cells!(sqlx::sqlite::SqliteRow);

/// A literal of an id in the database's own form.
pub fn literal(id: Uuid) -> String {
    if on_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
}

/// The approval that an application left.
async fn db_approval(server: &Server, firm: &Firm, application: &str) -> String {
    let application = Id::<kind::Application>::parse(application).expect("an id").uuid();
    let sql = format!(
        "SELECT id FROM limit_approvals WHERE tenant_id = $tenant AND application_id = {}",
        literal(application)
    );
    let found = db_rows(server, firm, &sql, |row| row.id(0)).await;
    Id::<kind::LimitApproval>::from_uuid(*found.first().expect("an approval")).to_string()
}

/// Something done behind the product's back, as the owner of the tables; `$tenant` stands for the firm's id. Gives how many
/// rows it changed.
pub async fn db_do(server: &Server, firm: &Firm, sql: &str) -> u64 {
    if on_postgres() {
        let mut db = server.db_owner().await;
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(AssertSqlSafe(bind)).await.expect("the tenant");
        let sql = sql.replace("$tenant", &format!("'{}'", firm.tenant));
        return db.execute(AssertSqlSafe(sql.clone())).await.expect(&sql).rows_affected();
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    let sql = sql.replace("$tenant", &format!("x'{}'", firm.tenant.simple()));
    db.execute(AssertSqlSafe(sql.clone())).await.expect(&sql).rows_affected()
}

/// Numbers that follow from a seed alone (splitmix64), so that a history can be run again.
pub struct Draws(u64);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `from` to `to`, both included.
    pub fn within(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from + 1).expect("from is not beyond to");
        from + i64::try_from(self.next() % span).expect("a small number")
    }

    pub fn one_in(&mut self, many: u64) -> bool {
        self.next().is_multiple_of(many)
    }
}
