//! What a client reaches: what its scopes say and nothing of people's, masked, and of its own firm alone.

use serde_json::json;

use super::{Bank, ask, basic, new_client};
use crate::support::{Firm, id_number};

#[actix_web::test]
async fn a_token_allows_what_was_asked_for_and_no_more() {
    let bank = Bank::open("narrow", &["applications.read", "customers.read", "limits.read"]).await;
    let anyone = bank.server.anyone();
    let pairs = [("grant_type", "client_credentials"), ("scope", "limits.read customers.read")];
    let request = ask(&anyone, "narrow", &pairs).header("Authorization", basic(&bank.client, &bank.secret));
    let given = anyone.send(request, 200).await;
    assert_eq!(given.text("/scope"), "limits.read customers.read");
    let client = bank.server.with_token(&given.text("/access_token"));
    let shown = client.get("/v1/client", 200).await;
    let scopes: Vec<_> = shown.body["scopes"].as_array().expect("scopes").iter().map(|s| s["scope"].clone()).collect();
    assert_eq!(json!(scopes), json!(["customers.read", "limits.read"]));
    client.get("/v1/limits", 200).await;
    client.get("/v1/customers", 200).await;
    assert_eq!(client.get("/v1/applications", 403).await.code(), "forbidden");
    // nothing of a log-in, of people, or of clients
    for path in
        ["/v1/session", "/v1/sessions", "/v1/staff", "/v1/clients", "/v1/audit-entries", "/v1/webhook-endpoints"]
    {
        assert_eq!(client.get(path, 403).await.code(), "forbidden", "{path}");
    }
    client.post("/v1/session/proof", &json!({ "password": "x" }), 403).await;
    // nor is anybody of the staff a client
    for path in ["/v1/client", "/v1/client/usage", "/v1/client/requests"] {
        assert_eq!(bank.admin.get(path, 403).await.code(), "forbidden", "{path}");
    }
    bank.server.stop().await;
}

#[actix_web::test]
async fn a_client_reads_and_changes_nothing_and_sees_people_masked() {
    let bank = Bank::open("masked", &["applications.read", "customers.read", "equipment.read", "limits.read"]).await;
    let applicant = bank.firm.applicant(&bank.server, "13900000001").await;
    let application = bank.firm.submitted(&bank.server, &applicant, 0).await;
    let number = id_number("330106", "19820304", 21);
    let person =
        json!({ "kind": "person", "name": "王示例", "class": "farmer", "id_number": number, "phone": "13811112222" });
    let customer = bank.firm.staff("clerk").post("/v1/customers", &person, 201).await.text("/id");
    let client = bank.caller().await;
    let path = format!("/v1/applications/{application}");
    let mut seen = String::new();
    for path in [
        "/v1/applications".to_owned(),
        "/v1/applications/counts".to_owned(),
        path.clone(),
        format!("{path}/timeline"),
        format!("{path}/documents"),
        format!("{path}/authorisations"),
        format!("{path}/pulls"),
        format!("{path}/assessments"),
        format!("{path}/changes"),
        "/v1/customers".to_owned(),
        format!("/v1/customers/{customer}"),
        "/v1/equipment".to_owned(),
    ] {
        seen.push_str(&client.get(&path, 200).await.body.to_string());
    }
    for clear in [number.as_str(), "13811112222", "王示例", "13900000001"] {
        assert!(!seen.contains(clear), "{clear} is seen in clear");
    }
    let shown = client.get(&path, 200).await;
    assert_eq!(shown.body["allowed_actions"], json!([]));
    let version = shown.version.expect("a version");
    // steps of the staff's work that ask for no more than reading
    for action in ["return", "send-back"] {
        let refused = client.act(&format!("{path}/{action}"), version, &json!({}), 403).await;
        assert_eq!(refused.code(), "forbidden", "{action}");
    }
    client.post("/v1/limits/what-if", &json!({}), 403).await;
    let document = client.get(&format!("{path}/documents"), 200).await.text("/items/0/id");
    assert_eq!(client.get(&format!("{path}/documents/{document}/download"), 403).await.code(), "forbidden");
    client.post(&format!("/v1/customers/{customer}/reveal"), &json!({ "reason": "示例" }), 403).await;
    bank.server.stop().await;
}

#[actix_web::test]
async fn another_firm_sees_nothing_of_a_client_nor_a_client_of_another_firm() {
    let bank = Bank::open("home", &["applications.read", "customers.read"]).await;
    let away = Firm::create(&bank.server, "away").await;
    let admin = away.staff("administrator");
    let client = bank.caller().await;
    client.get("/v1/client", 200).await;
    bank.settle().await;
    for rest in ["", "/usage", "/requests"] {
        admin.get(&bank.path(rest), 404).await;
    }
    admin.patch(&bank.path(""), 1, &json!({ "name": "x" }), 404).await;
    admin.act(&bank.path("/disable"), 1, &json!({}), 404).await;
    admin.act(&bank.path("/rotate-secret"), 1, &json!({ "overlap_hours": 1 }), 404).await;
    assert_eq!(admin.get("/v1/clients", 200).await.body["items"], json!([]));
    // the same name is free to another firm
    admin.post("/v1/clients", &new_client("示例银行信贷系统", &["limits.read"]), 201).await;
    let person = json!({ "kind": "person", "name": "王示例", "class": "farmer", "id_number": id_number("330106", "19820304", 21) });
    let customer = away.staff("clerk").post("/v1/customers", &person, 201).await.text("/id");
    client.get(&format!("/v1/customers/{customer}"), 404).await;
    assert_eq!(client.get("/v1/customers", 200).await.body["items"], json!([]));
    // a suspended firm's clients are out
    let suspended = bank.firm.operator.get("/v1/platform/tenants", 200).await;
    let tenants = suspended.body["items"].as_array().expect("tenants").clone();
    let home = tenants.iter().find(|t| t["slug"] == "home").expect("home")["id"].as_str().expect("an id").to_owned();
    bank.firm.operator.post(&format!("/v1/platform/tenants/{home}/suspend"), &json!({}), 200).await;
    client.get("/v1/client", 401).await;
    bank.token_by(&bank.secret, 403).await;
    bank.server.stop().await;
}
