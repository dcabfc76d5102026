//! The auditor finds what was done: by whom, when, to what, under which request and from where; and takes it away as a file,
//! which is an entry itself.

use reqwest::Method;

use crate::support::{Answer, Caller, Firm, Server, Workbook};

async fn bytes(who: &Caller, path: &str) -> Vec<u8> {
    let answer = who.request(Method::GET, path).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    answer.bytes().await.expect("the file").to_vec()
}

fn actions(answer: &Answer) -> Vec<String> {
    let items = answer.body["items"].as_array().expect("items");
    items.iter().map(|item| item["action"].as_str().expect("an action").to_owned()).collect()
}

#[actix_web::test]
async fn entries_are_found_by_who_when_what_and_request() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "found").await;
    let (auditor, clerk) = (firm.staff("auditor"), firm.staff_id("clerk"));
    let admin = firm.staff_id("administrator");
    let by_admin = auditor.get(&format!("/v1/audit-entries?actor={admin}&limit=100"), 200).await;
    assert!(actions(&by_admin).iter().any(|action| action == "staff.create"), "{:?}", actions(&by_admin));
    let items = by_admin.body["items"].as_array().expect("items");
    assert!(items.iter().all(|item| item["actor"] == admin.as_str() && item["from"] == "127.0.0.1"));
    let one = &items[0];
    let request = one["request_id"].as_str().expect("a request");
    let found = auditor.get(&format!("/v1/audit-entries?request={request}"), 200).await;
    assert_eq!(found.body["items"][0]["seq"], one["seq"]);
    let done_to = auditor.get(&format!("/v1/audit-entries?object={clerk}"), 200).await;
    assert!(!actions(&done_to).is_empty());
    let at = one["at"].as_str().expect("an instant");
    let since = auditor.get(&format!("/v1/audit-entries?actor={admin}&since={at}"), 200).await;
    assert_eq!(actions(&since).len(), 1, "the last of them");
    let until = auditor.get(&format!("/v1/audit-entries?actor={admin}&until={at}&limit=100"), 200).await;
    assert_eq!(actions(&until).len(), items.len() - 1);
    for bad in ["actor=me", "object=1", "since=yesterday", &format!("since={at}&until={at}"), "cursor=x"] {
        auditor.get(&format!("/v1/audit-entries?{bad}"), 400).await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_file_of_entries_leaves_an_entry() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "file").await;
    let auditor = firm.staff("auditor");
    let book = Workbook::read(bytes(&auditor, "/v1/audit-entries/export?action=staff.create").await);
    let rows = book.sheets[0].len();
    assert!(rows > 5, "{rows}");
    let text = bytes(&auditor, "/v1/audit-entries/export?format=csv&action=staff.create").await;
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(text.starts_with("seq,at,actor_kind,") && text.lines().count() == rows, "{text}");
    let log = auditor.get("/v1/audit-entries?action=audit.export", 200).await;
    assert_eq!(log.body["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(log.text("/items/0/actor"), firm.staff_id("auditor"));
    for role in ["administrator", "clerk", "security_officer"] {
        firm.staff(role).get("/v1/audit-entries/export", 403).await;
        firm.staff(role).get("/v1/audit-heads", 403).await;
    }
    server.stop().await;
}
