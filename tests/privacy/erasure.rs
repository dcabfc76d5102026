//! Who deletes their account leaves nothing where no guarantee came of it: not in the database opened, not in the storage, not in
//! the audit chain, which still verifies.

use serde_json::json;

use super::{Farmer, became, opened};
use crate::canaries::search::{Heap, found};
use crate::support::{Caller, Firm, Server, db_count, is_stored, zhidan};

/// In which parts of a firm's copy something of somebody still stands.
fn left(heaps: &[Heap], farmer: &Farmer) -> Vec<String> {
    let canaries = farmer.mint.all();
    canaries
        .iter()
        .flat_map(|(what, text)| found(heaps, text).into_iter().map(move |at| format!("{what} in {at}")))
        .collect()
}

async fn documents_of(farmer: &Farmer) -> Vec<String> {
    let listed = farmer.caller.get(&format!("/v1/my/applications/{}/documents", farmer.id), 200).await;
    let items = listed.body["items"].as_array().expect("documents");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[actix_web::test]
async fn nothing_is_left_of_who_never_had_a_guarantee() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "leaving").await;
    let (farmer, stays) = (Farmer::applies(&server, &firm).await, Farmer::applies(&server, &firm).await);
    let officer = firm.staff("investigator");
    let reason = json!({ "reason": farmer.mint.words("reason of a look") });
    officer.post(&format!("/v1/applications/{}/reveal", farmer.id), &reason, 200).await;
    let assessments = officer.get(&format!("/v1/applications/{}/assessments", farmer.id), 200).await;
    let (score, total) = (assessments.text("/items/0/id"), assessments.body["items"][0]["total"].clone());
    let copy = farmer.caller.post("/v1/my/data-exports", &json!({}), 201).await.text("/id");
    server.work().await;
    assert_eq!(farmer.caller.get(&format!("/v1/my/data-exports/{copy}"), 200).await.text("/state"), "ready");
    let files = documents_of(&farmer).await;
    assert!(files.len() == 2 && is_stored(&server, &firm, &files[0], 1).await);
    assert!(!left(&opened(&server, &firm).await, &farmer).is_empty(), "the search finds what is there");

    let gone = farmer.leaves(&server, &firm).await;
    assert!(gone.text("/request").starts_with("prq_"));
    for class in ["account", "log_ins", "applications", "documents", "scores", "inbox", "deliveries"] {
        let all = became(&gone.body["outcome"], class);
        assert!(
            !all.is_empty() && all.iter().all(|(word, until)| word == "erased" && until.is_null()),
            "{class}: {all:?}"
        );
    }
    let heaps = opened(&server, &firm).await;
    assert_eq!(left(&heaps, &farmer), Vec::<String>::new());
    assert!(!left(&heaps, &stays).is_empty(), "another's is untouched");
    for file in &files {
        assert!(!is_stored(&server, &firm, file, 1).await, "{file}");
    }
    let verified = zhidan(server.settings(), &["audit", "verify", "--tenant", &firm.slug]).await;
    assert_eq!(verified.code, 0, "{verified:?}");
    // what staff had of it is gone, but for the score's value, which says so
    officer.get(&format!("/v1/applications/{}", farmer.id), 404).await;
    assert!(!officer.get("/v1/applications?limit=100", 200).await.body.to_string().contains(&farmer.id));
    let again = format!("/v1/applications/{}/assessments/{score}/repeat", farmer.id);
    let erased = officer.post(&again, &json!({}), 409).await;
    assert_eq!((erased.code(), &erased.body["current"]["total"]), ("data_erased".to_owned(), &total));
    assert_eq!(erased.text("/current/inputs_sha256").len(), 64);
    // the log-in is over, and the same phone is somebody new
    farmer.caller.get("/v1/session", 401).await;
    server.app.clock.advance(chrono::Duration::seconds(61));
    let anew = firm.applicant(&server, &farmer.phone).await;
    assert_eq!(anew.get("/v1/my/applications", 200).await.body["items"], json!([]));
    assert_eq!(db_count(&server, &firm, "applicants WHERE status = 'closed'").await, 1);
    server.stop().await;
}

#[actix_web::test]
async fn a_link_whose_words_were_erased_cannot_be_forged_nor_made_up() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "chains").await;
    let farmer = Farmer::applies(&server, &firm).await;
    farmer.leaves(&server, &firm).await;
    let verify = async || zhidan(server.settings(), &["audit", "verify", "--tenant", &firm.slug]).await;
    assert_eq!(verify().await.code, 0);
    assert!(db_count(&server, &firm, "audit_erasures").await > 5);
    // whoever can write the tables empties one more link, or changes one that was emptied
    let seq = "(SELECT max(seq) FROM audit_entries e WHERE e.tenant_id = audit_entries.tenant_id)";
    for tamper in [
        format!(
            "UPDATE audit_entries SET detail = {} WHERE seq = {seq}",
            if crate::support::on_postgres() { "''::bytea" } else { "x''" }
        ),
        "UPDATE audit_entries SET action = 'nothing.happened' WHERE seq = (SELECT min(m.seq) FROM audit_erasures m \
         WHERE m.tenant_id = audit_entries.tenant_id)"
            .to_owned(),
    ] {
        super::db_as_owner(&server, &firm, &tamper).await;
        let seen = verify().await;
        assert!(seen.code == 1 && seen.out.contains("its content was changed"), "{seen:?}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_wrong_code_deletes_nothing_and_wrong_tries_are_counted() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "codes").await;
    let farmer = Farmer::drafts(&server, &firm).await;
    let ask = async |caller: &Caller, code: &str, expected: u16| {
        let request = caller.request(reqwest::Method::POST, "/v1/my/account/deletion");
        caller.send(request.json(&json!({ "code": code })), expected).await
    };
    server.app.clock.advance(chrono::Duration::seconds(61));
    let code = firm.code(&server, &farmer.phone).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(ask(&farmer.caller, wrong, 422).await.body["errors"][0]["code"], "wrong_code");
    }
    // after five of them the right one counts no more
    ask(&farmer.caller, &code, 422).await;
    farmer.caller.get(&format!("/v1/my/applications/{}", farmer.id), 200).await;
    assert_eq!(db_count(&server, &firm, "erasures").await, 0);
    server.stop().await;
}
