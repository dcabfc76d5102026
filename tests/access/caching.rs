//! Who may keep an answer, on every reading operation of the document: everybody what is open, nobody the rest.

use reqwest::Method;
use reqwest::header::{CACHE_CONTROL, HeaderMap, VARY};

use super::world::World;
use super::{Operation, operations};
use crate::support::{Caller, Server};

async fn ask(caller: &Caller, operation: &Operation, world: &World) -> (u16, HeaderMap) {
    let path = world.fill(&operation.path);
    let answer = caller.request(operation.method.clone(), &path).send().await.expect("an answer");
    (answer.status().as_u16(), answer.headers().clone())
}

fn says(headers: &HeaderMap, name: reqwest::header::HeaderName) -> String {
    let all: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    all.join(", ").to_lowercase()
}

/// What is open, and not to everybody, with what others are answered.
const CLOSED: [(&str, u16); 2] = [("check_telemetry_address", 401), ("read_captcha", 404)];

#[actix_web::test]
async fn what_is_open_may_be_kept_for_a_while_and_what_a_token_opens_by_nobody() {
    let server = Server::start().await;
    let world = World::make(&server, "keeping").await;
    let (anyone, admin, auditor) = (server.anyone(), world.staff("administrator"), world.staff("auditor"));
    for list in ["/v1/policies/{id}/publish", "/v1/articles/{id}/publish"] {
        admin.act(&world.fill(list), 1, &serde_json::json!({}), 200).await;
    }
    let (mut open, mut behind) = (0, 0);
    for operation in operations().iter().filter(|operation| operation.method == Method::GET) {
        let (status, headers) = ask(&anyone, operation, &world).await;
        let kept = says(&headers, CACHE_CONTROL);
        // open to whoever knows a source's secret, which is nobody here; and a challenge, which nobody is asked for here
        if let Some((_, expected)) = CLOSED.iter().find(|(id, _)| *id == operation.id) {
            assert_eq!((status, kept.as_str()), (*expected, "no-store"));
            continue;
        }
        if operation.permission.is_none() {
            assert_eq!(status, 200, "{}", operation.id);
            assert!(kept.starts_with("public, max-age="), "{}: {kept}", operation.id);
            assert!(says(&headers, VARY).contains("accept-language"), "{}", operation.id);
            open += 1;
            continue;
        }
        assert_eq!((status, kept.as_str()), (401, "no-store"), "{}", operation.id);
        for caller in [&admin, &auditor, &world.applicant, &world.operator] {
            let (status, headers) = ask(caller, operation, &world).await;
            assert_eq!(says(&headers, CACHE_CONTROL), "no-store", "{} with {status}", operation.id);
            behind += u32::from(status == 200);
        }
    }
    assert!(open >= 10 && behind >= 30, "{open} open, {behind} behind a token");
    // Neither what is not there, nor what is no read.
    for (method, path) in [
        (Method::GET, "/v1/t/nowhere/articles"),
        (Method::POST, "/v1/t/keeping/policy-matches"),
        (Method::GET, "/health"),
    ] {
        let answer = anyone.request(method, path).json(&serde_json::json!({})).send().await.expect("an answer");
        assert_eq!(says(answer.headers(), CACHE_CONTROL), "no-store", "{path}");
    }
    server.stop().await;
}
