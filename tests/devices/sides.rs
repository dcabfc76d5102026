//! To a machine the firm and its owner add files, and a machine changes hands: what one side does uses up nothing of the
//! other's, and what a score rests on is what it counted.

use reqwest::Method;
use serde_json::{Value, json};

use super::machines::machine;
use super::pictures::{add, pdf, png};
use crate::support::{Firm, Server, db_count, db_try, on_postgres};

/// Begins 500 uploads of a machine as if one side had, and had never sent anything, beside the first photo of its site.
async fn db_begin_500(server: &Server, firm: &Firm, side: &str, after: u32) {
    let id = if on_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let sql = format!(
        "INSERT INTO equipment_documents (tenant_id, id, equipment_id, kind, version_no, state, file_name_sealed, \
         declared_bytes, declared_type, uploaded_by_kind, uploaded_by, version, created_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) \
         SELECT tenant_id, {id}, equipment_id, 'other', {after} + i, 'abandoned', file_name_sealed, declared_bytes, \
         declared_type, '{side}', uploaded_by, 1, created_at FROM equipment_documents, n \
         WHERE kind = 'photo_site' AND version_no = 1"
    );
    db_try(server, firm, &sql).await.expect("the rows");
}

#[actix_web::test]
async fn what_one_side_adds_uses_up_nothing_of_the_others() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "sides").await;
    let (clerk, owner) = (firm.staff("clerk"), firm.applicant(&server, "13900000001").await);
    let next = firm.applicant(&server, "13900000002").await;
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let (path, mine) = (format!("/v1/equipment/{id}"), format!("/v1/my/equipment/{id}"));
    let (theirs, firms) = (format!("{mine}/documents"), format!("{path}/documents"));
    let site = png("photo_site", 1).body();
    for _ in 0..10 {
        owner.post(&theirs, &site, 201).await;
    }
    assert_eq!(owner.post(&theirs, &site, 422).await.code(), "too_many_items");
    clerk.post(&firms, &site, 201).await;
    // however often either begins
    let other = pdf("other").body();
    db_begin_500(&server, &firm, "applicant", 0).await;
    let refused = owner.post(&theirs, &other, 422).await;
    assert_eq!(refused.code(), "too_many_items");
    assert!(refused.text("/detail").starts_with("您在该设备上的上传次数已达上限"), "{:#}", refused.body);
    clerk.post(&firms, &other, 201).await;
    db_begin_500(&server, &firm, "staff", 1_000).await;
    clerk.post(&firms, &other, 201).await;
    // nor does an owner leave the next one without room
    let version = clerk.get(&path, 200).await.version.expect("a version");
    clerk.patch(&path, version, &json!({ "owner_phone": "13900000002" }), 200).await;
    next.post(&theirs, &site, 201).await;
    next.post(&theirs, &other, 201).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_score_rests_on_photos_alone() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "rests").await;
    let (clerk, owner) = (firm.staff("clerk"), firm.applicant(&server, "13900000001").await);
    let id = machine(&server, &clerk, &json!({ "owner_phone": "13900000001" })).await;
    let (path, mine) = (format!("/v1/equipment/{id}"), format!("/v1/my/equipment/{id}"));
    let photo = add(&owner, &mine, png("photo_site", 1)).await.text("/id");
    let mistaken = add(&owner, &mine, pdf("other")).await.text("/id");
    let invoice = add(&owner, &mine, pdf("invoice")).await.text("/id");
    firm.staff("investigator").post(&format!("{path}/scores"), &json!({}), 201).await;
    let relied = clerk.get(&format!("{path}/documents"), 200).await;
    let relied = relied.body["items"].as_array().expect("documents").clone();
    let relied: Vec<&Value> =
        relied.iter().filter(|one| one["relied_on_at"].is_string()).map(|one| &one["id"]).collect();
    assert_eq!(relied, [&json!(photo)]);
    // what was added by mistake its owner takes back, and what staff remove is gone
    let remove = |document: &str| owner.request(Method::DELETE, &format!("{mine}/documents/{document}"));
    owner.send(remove(&mistaken), 204).await;
    assert_eq!(owner.send(remove(&photo), 409).await.code(), "document_kept");
    let why = json!({ "reason": "与设备无关" });
    let removed = clerk.act(&format!("{path}/documents/{invoice}/remove"), 2, &why, 200).await;
    assert_eq!((removed.text("/state"), &removed.body["sha256"]), ("removed".into(), &Value::Null));
    let kept = clerk.act(&format!("{path}/documents/{photo}/remove"), 2, &why, 200).await;
    assert!(kept.body["sha256"].is_string(), "{:#}", kept.body);
    server.stop().await;
}

#[actix_web::test]
async fn a_machines_upload_is_cleaned_up_by_a_kind_of_job_of_its_own() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "shelves").await;
    let clerk = firm.staff("clerk");
    let id = machine(&server, &clerk, &json!({})).await;
    clerk.post(&format!("/v1/equipment/{id}/documents"), &png("photo_site", 1).body(), 201).await;
    // a worker that knows no machines would take this one for one of an application's, and for done
    assert_eq!(db_count(&server, &firm, "jobs WHERE kind = 'documents.clean_up'").await, 0);
    assert_eq!(db_count(&server, &firm, "jobs WHERE kind = 'documents.clean_up_equipment'").await, 1);
    server.app.clock.advance(chrono::Duration::hours(25));
    server.work().await;
    assert_eq!(db_count(&server, &firm, "equipment_documents WHERE state = 'abandoned'").await, 1);
    server.stop().await;
}
