//! Who asks on paper: one records, another carries out, and a third hands over what is in clear.

use serde_json::json;

use super::{Farmer, became, parts};
use crate::support::{Caller, Firm, Hire, Server, read_file};

/// A second security officer.
async fn second(server: &Server, firm: &Firm) -> Caller {
    let department = firm.default_department().await;
    let hire = Hire { login_name: "officer-two", role: "security_officer", department: &department, scope: "all" };
    firm.hire(server, &hire).await.0
}

#[actix_web::test]
async fn whoever_records_an_erasure_does_not_carry_it_out() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "papers").await;
    let farmer = Farmer::applies(&server, &firm).await;
    let (one, two) = (firm.staff("security_officer"), second(&server, &firm).await);
    let asked = json!({ "kind": "erasure", "phone": farmer.phone, "reason": "本人持身份证到柜台申请" });
    let made = one.post("/v1/privacy-requests", &asked, 201).await;
    assert!(!made.body.to_string().contains(&farmer.phone), "{:#}", made.body);
    let request = format!("/v1/privacy-requests/{}", made.text("/id"));
    assert_eq!(one.act(&format!("{request}/carry-out"), 1, &json!({}), 403).await.code(), "own_request");
    assert_eq!(one.act(&format!("{request}/reject"), 1, &json!({ "reason": "重复" }), 403).await.code(), "own_request");
    assert_eq!(two.act(&format!("{request}/carry-out"), 7, &json!({}), 409).await.code(), "stale");
    farmer.caller.get("/v1/session", 200).await;
    let done = two.act(&format!("{request}/carry-out"), 1, &json!({}), 200).await;
    assert_eq!(
        (done.text("/state"), became(&done.body["outcome"], "applications")),
        ("done".to_owned(), vec![("erased".to_owned(), json!(null))])
    );
    assert_eq!(two.act(&format!("{request}/carry-out"), 2, &json!({}), 409).await.code(), "already_decided");
    farmer.caller.get("/v1/session", 401).await;
    assert_eq!(one.post("/v1/privacy-requests", &asked, 422).await.body["errors"][0]["pointer"], "/phone");
    // it is in the list, and another firm's officer sees nothing of it
    let listed = one.get("/v1/privacy-requests?state=done", 200).await;
    assert_eq!(listed.body["items"].as_array().expect("requests").len(), 1);
    let away = Firm::create(&server, "elsewhere").await.staff("security_officer");
    away.get(&request, 404).await;
    assert_eq!(away.get("/v1/privacy-requests", 200).await.body["items"], json!([]));
    let asked = json!({ "kind": "erasure", "same_as": made.text("/id"), "reason": "本人申请" });
    away.post("/v1/privacy-requests", &asked, 422).await;
    server.stop().await;
}

#[actix_web::test]
async fn what_is_blocked_is_seen_through_a_copy_for_a_reason_and_by_who_may_see_it() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "looks").await;
    let farmer = Farmer::is_approved(&server, &firm, 4_000_000).await;
    let gone = farmer.leaves(&server, &firm).await.text("/request");
    let (one, two) = (firm.staff("security_officer"), second(&server, &firm).await);
    let asked = json!({ "kind": "export", "same_as": gone, "reason": "法院调取" });
    let made = one.post("/v1/privacy-requests", &asked, 201).await.text("/id");
    let request = format!("/v1/privacy-requests/{made}");
    let hand_over = format!("{request}/download");
    let officer = firm.staff("investigator");
    officer.post(&hand_over, &json!({ "reason": "移交法院" }), 404).await;
    two.act(&format!("{request}/carry-out"), 1, &json!({}), 200).await;
    server.work().await;
    officer.post(&hand_over, &json!({ "reason": "" }), 422).await;
    one.post(&hand_over, &json!({ "reason": "移交法院" }), 403).await;
    let (status, archive) = read_file(&officer.post(&hand_over, &json!({ "reason": "移交法院" }), 200).await).await;
    assert_eq!(status, 200);
    let data = String::from_utf8(parts(archive)["data.json"].clone()).expect("text");
    let number = farmer.mint.all().into_iter().find(|(what, _)| what == "ID number").expect("it").1;
    assert!(data.contains(&number));
    server.stop().await;
}

#[actix_web::test]
async fn a_request_names_one_person_and_may_be_rejected_with_a_reason() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "names").await;
    let (one, two) = (firm.staff("security_officer"), second(&server, &firm).await);
    firm.applicant(&server, "13900000411").await;
    for wrong in [
        json!({ "kind": "export", "reason": "本人申请" }),
        json!({ "kind": "export", "phone": "13900000411", "same_as": "prq_0", "reason": "本人申请" }),
        json!({ "kind": "export", "phone": "13900000412", "reason": "本人申请" }),
        json!({ "kind": "export", "customer": "cus_0", "reason": "本人申请" }),
        json!({ "kind": "export", "phone": "13900000411", "reason": "" }),
    ] {
        one.post("/v1/privacy-requests", &wrong, 422).await;
    }
    let bank =
        json!({ "kind": "bank", "credit_code": "91340600MA2PBMA74B", "name": "示例农村商业银行", "class": "other" });
    let bank = firm.staff("clerk").post("/v1/customers", &bank, 201).await.text("/id");
    let asked = json!({ "kind": "erasure", "customer": bank, "reason": "本人申请" });
    one.post("/v1/privacy-requests", &asked, 422).await;
    let asked = json!({ "kind": "export", "phone": "13900000411", "reason": "本人申请" });
    let made = one.post("/v1/privacy-requests", &asked, 201).await;
    assert_eq!(made.text("/phone"), "139******11");
    let request = format!("/v1/privacy-requests/{}", made.text("/id"));
    let no = two.act(&format!("{request}/reject"), 1, &json!({ "reason": "未能核实身份" }), 200).await;
    assert_eq!((no.text("/state"), no.text("/rejected_because")), ("rejected".to_owned(), "未能核实身份".to_owned()));
    server.stop().await;
}

#[actix_web::test]
async fn somebody_without_an_account_is_erased_from_the_customers() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "walk-in").await;
    let mint = crate::canaries::mint::Mint::beginning_at(90_000 % 4_000);
    let (one, two, clerk) = (firm.staff("security_officer"), second(&server, &firm).await, firm.staff("clerk"));
    let number = mint.id_number("ID number");
    let person = json!({
        "kind": "person", "name": mint.name("name"), "id_number": number, "phone": mint.phone("phone"), "class": "farmer",
    });
    let customer = clerk.post("/v1/customers", &person, 201).await.text("/id");
    let asked = json!({ "kind": "erasure", "customer": customer, "reason": "本人书面申请" });
    let request = one.post("/v1/privacy-requests", &asked, 201).await.text("/id");
    let done = two.act(&format!("/v1/privacy-requests/{request}/carry-out"), 1, &json!({}), 200).await;
    assert_eq!(became(&done.body["outcome"], "customers"), [("erased".to_owned(), json!(null))]);
    clerk.get(&format!("/v1/customers/{customer}"), 404).await;
    let heaps = super::opened(&server, &firm).await;
    for (what, canary) in mint.all() {
        assert_eq!(crate::canaries::search::found(&heaps, &canary), Vec::<&str>::new(), "{what}");
    }
    // the same person may come again
    clerk.post("/v1/customers", &person, 201).await;
    server.stop().await;
}
