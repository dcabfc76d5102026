//! The document: what the code serves is what is committed, and everything in it can be read.

use crate::support::Server;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");

#[test]
fn the_committed_document_is_what_the_code_serves() {
    let now = api::openapi::document().to_pretty_json().expect("JSON");
    let kept = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(kept.trim() == now.trim(), "openapi/openapi.json is stale; mend it with: just document");
}

#[test]
fn the_committed_tables_are_what_the_code_says() {
    let access = api::tables::access().expect("the table");
    for (name, now, least) in [("errors", api::tables::errors(), 50), ("access", access, 120)] {
        let path = format!("{}/../docs/{name}.md", env!("CARGO_MANIFEST_DIR"));
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let mend = format!("cargo run --quiet -- table {name} > docs/{name}.md");
        assert!(kept == now, "docs/{name}.md is stale; mend it with: {mend}");
        assert!(now.lines().filter(|line| line.starts_with("| `")).count() >= least, "docs/{name}.md is short");
    }
}

#[actix_web::test]
async fn the_server_serves_it_with_a_page_that_needs_no_other_host() {
    let server = Server::start().await;
    let anyone = server.anyone();
    let served = anyone.get("/openapi.json", 200).await;
    assert_eq!(served.body["openapi"], "3.1.0");
    let page =
        anyone.request(reqwest::Method::GET, "/docs/").send().await.expect("an answer").text().await.expect("a page");
    assert!(page.contains("swagger") && !page.contains("https://"), "{page}");
    let errors = anyone
        .request(reqwest::Method::GET, "/docs/errors")
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a page");
    assert!(errors.contains("id=\"idempotency_key_reused\""));
    anyone.get("/health", 200).await;
    anyone.get("/ready", 200).await;
    let wrong = anyone.send(anyone.request(reqwest::Method::PUT, "/v1/session"), 405).await;
    assert!(wrong.headers.get("allow").expect("Allow").to_str().expect("text").contains("GET"));
    assert_eq!(anyone.get("/v1/nothing", 404).await.code(), "not_found");
    server.stop().await;
}

#[test]
fn every_operation_has_a_tag_a_summary_and_described_answers() {
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{id} has no summary");
            assert!(operation["tags"].as_array().is_some_and(|t| !t.is_empty()), "{id} has no tag");
            for (status, answer) in operation["responses"].as_object().expect("responses") {
                assert!(answer["description"].as_str().is_some_and(|d| !d.is_empty()), "{id} {status}");
            }
        }
    }
}
