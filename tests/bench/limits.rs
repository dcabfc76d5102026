//! Credit limits: setting an amount aside against one guarded UPDATE, over many tenants and on one hot limit; and balances
//! of a firm with very many entries against those of a small one.

use serde_json::json;
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use domain::id::{Id, kind};

use super::books::Books;
use super::filler::{ENTRIES_PER_USE, db_fill};
use super::load;
use super::pgbench::Pgbench;
use super::ratio::{ROUNDS, Ratio};
use super::reads::server;
use super::support::{Firm, Hire, Server};

const TENANTS: usize = 50;
/// Reservations in each side of a round.
const CALLS: usize = 1_000;
/// So much that no round can use it up.
const GRANTED_FEN: i64 = 10_000_000_000_000;
/// Entries of the small firm and of the large one.
const ENTRIES: [u32; 2] = [1_000, 100_000];

/// A tenant with somebody who uses limits, one limit for the product and one for pgbench.
struct Tenant {
    id: Uuid,
    token: String,
    limit: Uuid,
    bare: Uuid,
}

/// Measures.
pub async fn measure(all: &mut Vec<Ratio>) {
    reserve(all).await;
    balances(all).await;
}

async fn reserve(all: &mut Vec<Ratio>) {
    let server = server().await;
    println!("making {TENANTS} tenants with a limit each");
    let mut tenants = Vec::new();
    for number in 0..TENANTS {
        tenants.push(tenant(&server, number).await);
    }
    let scripts: Vec<String> = tenants.iter().map(guarded_update).collect();
    let pgbench = Pgbench::new(&server.db_url(), &scripts);
    let mut spread = Ratio::new("reserve, over 50 tenants ÷ one guarded UPDATE in pgbench", 0.2);
    let mut hot = Ratio::new("reserve on one hot limit ÷ over 50 tenants", 0.25);
    for _ in 0..ROUNDS {
        let over_all = (0..CALLS).map(|number| request(&server, &tenants[number % TENANTS])).collect();
        let rate = load::each(&server.url, over_all).await;
        spread.round(rate, pgbench.rate().await);
        let on_one = (0..CALLS).map(|_| request(&server, &tenants[0])).collect();
        hot.round(load::each(&server.url, on_one).await, rate);
    }
    all.extend([spread, hot]);
    server.stop().await;
}

fn request(server: &Server, tenant: &Tenant) -> Vec<u8> {
    let limit = Id::<kind::Limit>::from_uuid(tenant.limit);
    let body = json!({ "amount_fen": 1, "reason": "基准测试" }).to_string();
    let (path, key) = (format!("/v1/limits/{limit}/reserve"), Uuid::now_v7().to_string());
    load::post_body(&server.url, &path, &tenant.token, &key, &body)
}

/// The least that setting a fen aside can be: one statement that finds, judges and writes, in a transaction of its tenant.
fn guarded_update(tenant: &Tenant) -> String {
    let Tenant { id, bare, .. } = tenant;
    format!(
        "BEGIN;\nSELECT set_config('app.tenant_id', '{id}', true);\n\
         UPDATE limits SET reserved_fen = reserved_fen + 1 WHERE tenant_id = CAST('{id}' AS uuid) AND id = CAST('{bare}' AS uuid) \
         AND granted_fen - allocated_fen - reserved_fen - drawn_fen - spent_fen >= 1;\nCOMMIT;\n"
    )
}

async fn tenant(server: &Server, number: usize) -> Tenant {
    let firm = Firm::create_bare(server, &format!("limits{number}")).await;
    let department = firm.default_department().await;
    let hire = Hire { login_name: "finance", role: "finance", department: &department, scope: "all" };
    firm.hire(server, &hire).await;
    let token = firm.log_in(server, "finance", 200).await.text("/access_token");
    let applicant = firm.applicant(server, &format!("1370000{number:04}")).await;
    let mut limits = Vec::new();
    for _ in 0..2 {
        let (application, _) = firm.draft(server, &applicant, 0).await;
        let application = Id::<kind::Application>::parse(&application).expect("an id").uuid();
        limits.push(db_grant(server, &firm, application).await);
    }
    Tenant { id: firm.tenant, token, limit: limits[0], bare: limits[1] }
}

/// A granted limit as the ledger would have written it, without the application's whole way: what is measured is its use.
async fn db_grant(server: &Server, firm: &Firm, application: Uuid) -> Uuid {
    let mut db = server.db_owner().await;
    let [customer, approval, limit, entry, operation] = std::array::from_fn(|_| Uuid::now_v7());
    let (tenant, hash) = (firm.tenant, customer.simple());
    let from = format!("FROM applications WHERE tenant_id = '{tenant}' AND id = '{application}'");
    let day = "CAST(now() AT TIME ZONE 'Asia/Shanghai' AS date)";
    let statements = [
        format!("SELECT set_config('app.tenant_id', '{tenant}', false)"),
        format!(
            "INSERT INTO customers (tenant_id, id, kind, name, identity_hash, class, controlling_party, version, created_at, \
             updated_at) VALUES ('{tenant}', '{customer}', 'enterprise', '示例企业', '\\x{hash}', 'small', false, 1, now(), now())"
        ),
        format!(
            "INSERT INTO limit_approvals (tenant_id, id, application_id, customer_id, applicant_id, product_id, approved_fen, \
             granted_fen, term_months, approved_by, approved_at, version) SELECT tenant_id, '{approval}', id, '{customer}', \
             applicant_id, product_id, {GRANTED_FEN}, {GRANTED_FEN}, 12, '{customer}', now(), 2 {from}"
        ),
        format!(
            "INSERT INTO limits (tenant_id, id, number, root_id, depth, approval_id, customer_id, applicant_id, product_id, \
             business, currency, revolving, granted_fen, allocated_fen, reserved_fen, drawn_fen, spent_fen, state, valid_from, \
             valid_to, entries, version, created_at, updated_at) SELECT tenant_id, '{limit}', 'SX-{limit}', '{limit}', 0, \
             '{approval}', '{customer}', applicant_id, product_id, 'loan', 'CNY', true, {GRANTED_FEN}, 0, 0, 0, 0, 'active', \
             {day}, {day} + 365, 1, 1, now(), now() {from}"
        ),
        format!(
            "INSERT INTO limit_entries (tenant_id, id, operation_id, limit_id, seq, kind, granted_fen, allocated_fen, \
             reserved_fen, drawn_fen, spent_fen, granted_after_fen, allocated_after_fen, reserved_after_fen, drawn_after_fen, \
             spent_after_fen, reason_sealed, actor_kind, actor_id, request_id, day, at) VALUES ('{tenant}', '{entry}', \
             '{operation}', '{limit}', 1, 'granted', {GRANTED_FEN}, 0, 0, 0, 0, {GRANTED_FEN}, 0, 0, 0, 0, '\\x00', 'system', \
             '{customer}', 'benchmark', {day}, now())"
        ),
    ];
    for sql in statements {
        db.execute(AssertSqlSafe(sql.clone())).await.expect(&sql);
    }
    limit
}

/// The least that reading can be: one row by its key, in a transaction of its tenant.
fn indexed_read(tenant: Uuid, limit: Uuid) -> String {
    format!(
        "BEGIN READ ONLY;\nSELECT set_config('app.tenant_id', '{tenant}', true);\n\
         SELECT * FROM limits WHERE tenant_id = CAST('{tenant}' AS uuid) AND id = CAST('{limit}' AS uuid);\nCOMMIT;\n"
    )
}

async fn balances(all: &mut Vec<Ratio>) {
    let server = server().await;
    let mut firms = Vec::new();
    for entries in ENTRIES {
        println!("making a firm with {entries} entries");
        let books = Books::open(&server, &format!("entries{entries}")).await;
        let limit = books.limit(&server, &format!("138{entries:08}"), 10_000_000).await;
        let id = Id::<kind::Limit>::parse(&limit).expect("an id").uuid();
        db_fill(&server, &books.firm, id, entries / ENTRIES_PER_USE).await;
        let reservation = books.reserve(&limit, 1_000_000).await;
        books.draw(&reservation, 600_000).await;
        let token = books.firm.log_in(&server, "finance", 200).await.text("/access_token");
        firms.push((token, indexed_read(books.firm.tenant, id)));
    }
    let page = "/v1/balances?of=firm";
    let [(small, _), (large, read)] = firms.as_slice() else { unreachable!("two firms") };
    let pgbench = Pgbench::new(&server.db_url(), std::slice::from_ref(read));
    let mut by_size = Ratio::new("balances of a firm with 100,000 entries ÷ with 1,000", 0.7);
    let mut by_read = Ratio::new("balances of a firm with 100,000 entries ÷ one indexed read in pgbench", 0.3);
    for _ in 0..ROUNDS {
        let rate = load::repeat(&server.url, load::get(&server.url, page, large)).await;
        by_size.round(rate, load::repeat(&server.url, load::get(&server.url, page, small)).await);
        by_read.round(rate, pgbench.rate().await);
    }
    all.extend([by_size, by_read]);
    server.stop().await;
}
