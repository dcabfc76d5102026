//! The life of personal data: copies, erasure, what is kept and until when, and a tenant that leaves.

mod classes;
mod copies;
mod erasure;
mod kept;
mod periods;
mod requests;
mod tenants;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::canaries::mint::Mint;
use crate::canaries::search::Heap;
use crate::support::{Answer, Caller, Firm, Server, on_postgres, person_form, put_file, zhidan};

/// A farmer with nothing but canaries.
pub struct Farmer {
    pub mint: Mint,
    pub phone: String,
    pub caller: Caller,
    pub id: String,
}

impl Farmer {
    /// Logs in and fills in an application with a file.
    pub async fn drafts(server: &Server, firm: &Firm) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(100);
        let mint = Mint::beginning_at(NEXT.fetch_add(100, Ordering::Relaxed));
        let phone = mint.phone("phone");
        let caller = firm.applicant(server, &phone).await;
        let mut form = person_form(&mint.id_number("ID number"));
        form["subject"]["real_name"] = json!(mint.name("real name"));
        form["contact"] = json!({ "name": mint.name("contact"), "phone": mint.phone("contact's phone") });
        form["purpose_note"] = json!(mint.words("purpose"));
        let (id, version) = firm.person_draft(server, &caller).await;
        let mine = format!("/v1/my/applications/{id}");
        caller.patch(&mine, version, &form, 200).await;
        for item in ["id_card", "land_proof"] {
            let name = format!("{}.pdf", mint.words("file name"));
            let pdf = api::demonstration::SAMPLE_PDF;
            let body =
                json!({ "item_key": item, "file_name": name, "media_type": "application/pdf", "bytes": pdf.len() });
            let started = caller.post(&format!("{mine}/documents"), &body, 201).await;
            put_file(&started, pdf).await;
            let finish = format!("{mine}/documents/{}/finish", started.text("/document/id"));
            caller.post(&finish, &json!({}), 200).await;
        }
        Self { mint, phone, caller, id }
    }

    /// The same, submitted and graded.
    pub async fn applies(server: &Server, firm: &Firm) -> Self {
        let farmer = Self::drafts(server, firm).await;
        let mine = format!("/v1/my/applications/{}", farmer.id);
        let version = farmer.caller.get(&mine, 200).await.version.expect("a version");
        farmer.caller.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
        server.work().await;
        farmer
    }

    /// The same, approved for this amount.
    pub async fn is_approved(server: &Server, firm: &Firm, amount_fen: i64) -> Self {
        let farmer = Self::applies(server, firm).await;
        approve(firm, &farmer.id, amount_fen).await;
        server.work().await;
        farmer
    }

    /// Has the account deleted, with a code that was sent.
    pub async fn leaves(&self, server: &Server, firm: &Firm) -> Answer {
        // a minute lies between two codes to one phone
        server.app.clock.advance(chrono::Duration::seconds(61));
        let code = firm.code(server, &self.phone).await;
        let request = self.caller.request(reqwest::Method::POST, "/v1/my/account/deletion");
        let gone = self.caller.send(request.json(&json!({ "code": code })), 200).await;
        server.work().await;
        gone
    }
}

/// Approves an application that was graded.
pub async fn approve(firm: &Firm, id: &str, amount_fen: i64) {
    let advice = json!({ "advice": "grant", "opinion": "同意", "amount_fen": amount_fen, "term_months": 12 });
    firm.staff("investigator").step(id, "recommend", &advice, 200).await;
    firm.staff("reviewer").step(id, "review", &json!({ "opinion": "同意" }), 200).await;
    let terms = json!({ "amount_fen": amount_fen, "term_months": 12, "conditions": [] });
    firm.staff("executive").step(id, "approve", &terms, 200).await;
}

/// What an outcome says of a kind of data: what became of it, and until when it is kept.
pub fn became(outcome: &Value, class: &str) -> Vec<(String, Value)> {
    let lines = outcome.as_array().expect("an outcome").iter().filter(|line| line["class"] == class);
    lines.map(|line| (line["became"].as_str().expect("a word").to_owned(), line["until"].clone())).collect()
}

/// The parts of a ZIP file.
pub fn parts(archive: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("a ZIP file");
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut bytes = vec![];
        part.read_to_end(&mut bytes).expect("its content");
        parts.insert(part.name().to_owned(), bytes);
    }
    parts
}

/// A copy of all that is a firm's, everything that is sealed opened.
pub async fn firm_copy(server: &Server, firm: &Firm) -> BTreeMap<String, Vec<u8>> {
    let to = std::env::temp_dir().join(format!("zhidan-copy-{}.zip", uuid::Uuid::now_v7().simple()));
    let path = to.display().to_string();
    let ran = zhidan(server.settings(), &["tenant", "export", &firm.slug, "--to", &path]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let bytes = std::fs::read(&to).expect("the copy");
    std::fs::remove_file(&to).expect("the copy is removed");
    parts(bytes)
}

/// That copy, as heaps to be searched.
pub async fn opened(server: &Server, firm: &Firm) -> Vec<Heap> {
    let copy = firm_copy(server, firm).await;
    copy.into_iter().map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

/// Changes the firm's rows as the owner of the tables could.
pub async fn db_as_owner(server: &Server, firm: &Firm, sql: &str) {
    if on_postgres() {
        let mut db = server.db_owner().await;
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant");
        db.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect(sql);
    } else {
        let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
        let sql = format!("{sql} AND tenant_id = x'{}'", firm.tenant.simple());
        db.execute(sqlx::AssertSqlSafe(sql.clone())).await.expect(&sql);
    }
}
