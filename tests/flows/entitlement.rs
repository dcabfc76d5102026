//! Who may consent for an enterprise: whoever only knows its credit code learns nothing of it.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server, consent_by, sample_sources};

const LEGAL: &str = "legal_representative";
/// The legal representative of the first demonstration firm.
const PERSON: &str = "示例法人甲";

/// Writes what the registration of the first firm says of its legal representative.
fn registered(server: &Server, firm: &Firm, person: Value) {
    sample_sources(server, firm);
    let file = server.app.config.sources_dir.join(&firm.slug).join("9133010099DEM0013K").join("registration.json");
    let mut content: Value = serde_json::from_slice(&std::fs::read(&file).expect("the file")).expect("JSON");
    content["legal_representative"] = person;
    std::fs::write(&file, content.to_string()).expect("the file");
}

struct Draft<'a> {
    server: &'a Server,
    applicant: Caller,
    id: String,
    mine: String,
}

impl<'a> Draft<'a> {
    async fn new(server: &'a Server, firm: &Firm, phone: &str) -> Self {
        let applicant = firm.applicant(server, phone).await;
        let (id, _) = firm.draft(server, &applicant, 0).await;
        firm.upload_all(&applicant, &id).await;
        Self { server, mine: format!("/v1/my/applications/{id}"), applicant, id }
    }

    async fn edit(&self, change: Value) {
        let seen = self.applicant.get(&self.mine, 200).await;
        self.applicant.patch(&self.mine, seen.version.expect("a version"), &change, 200).await;
    }

    async fn grant(&self, capacity: &str, person: &str, expected: u16) -> Answer {
        let path = format!("{}/authorisations", self.mine);
        self.applicant.post(&path, &consent_by(capacity, person), expected).await
    }

    async fn submit(&self) {
        let seen = self.applicant.get(&self.mine, 200).await;
        let version = seen.version.expect("a version");
        self.applicant.act(&format!("{}/submit", self.mine), version, &json!({}), 200).await;
        self.server.work().await;
    }

    /// As an officer sees it, and how the authorisation in force stands.
    async fn seen_by(&self, officer: &Caller) -> (Answer, Value) {
        let seen = officer.get(&format!("/v1/applications/{}", self.id), 200).await;
        let given = officer.get(&format!("/v1/applications/{}/authorisations", self.id), 200).await;
        (seen, given.body["items"][0].clone())
    }

    async fn sources(&self, officer: &Caller) -> Vec<String> {
        let pulls = officer.get(&format!("/v1/applications/{}/pulls", self.id), 200).await;
        let items = pulls.body["items"].as_array().expect("pulls");
        items.iter().map(|pull| pull["source"]["code"].as_str().expect("a code").to_owned()).collect()
    }
}

#[actix_web::test]
async fn a_stranger_reads_nothing_until_an_officer_has_confirmed_them() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "strangers").await;
    registered(&server, &firm, json!("示例他人"));
    let draft = Draft::new(&server, &firm, "13900000301").await;
    let given = draft.grant(LEGAL, PERSON, 201).await;
    assert_eq!(given.text("/entitlement"), "open");
    assert_eq!(given.body["person"], json!({ "real_name": "****甲", "id_number": "1****************1" }));
    draft.submit().await;
    let officer = firm.staff("investigator");
    let (seen, given) = draft.seen_by(&officer).await;
    assert_eq!((seen.text("/state"), seen.body["entitlement_open"].clone()), ("investigating".into(), json!(true)));
    assert_eq!((&given["entitlement"], &seen.body["score"]), (&json!("registration_differs"), &Value::Null));
    assert_eq!(draft.sources(&officer).await, ["registration"], "nothing else was asked");
    draft.applicant.get(&format!("{}/result", draft.mine), 404).await;
    let waiting = draft.applicant.get(&format!("{}/progress", draft.mine), 200).await;
    assert!(waiting.body.to_string().contains("核实授权人"), "{:#}", waiting.body);
    // the difference is there for whoever may see it, and leaves its trace
    let case = format!("/v1/applications/{}", draft.id);
    let shown = officer.post(&format!("{case}/reveal"), &json!({ "reason": "核对授权人" }), 200).await;
    assert_eq!(shown.text("/consent/real_name"), PERSON);
    assert_eq!(shown.text("/consent/registered_legal_representative"), "示例他人");
    let grant = json!({ "advice": "grant", "opinion": "同意", "amount_fen": 10_000_000, "term_months": 12 });
    assert_eq!(officer.step(&draft.id, "recommend", &grant, 409).await.code(), "entitlement_open");
    let confirm = json!({ "authorisation": given["id"], "opinion": "已核实变更登记" });
    let other = json!({ "authorisation": "aut_01jd8m1f5ne6xa9q2t4k7v3b8c", "opinion": "x" });
    officer.step(&draft.id, "confirm-entitlement", &other, 404).await;
    firm.staff("clerk").post(&format!("{case}/confirm-entitlement"), &confirm, 403).await;
    let confirmed = officer.step(&draft.id, "confirm-entitlement", &confirm, 200).await;
    assert_eq!(confirmed.text("/state"), "collecting");
    server.work().await;
    let (seen, given) = draft.seen_by(&officer).await;
    assert_eq!((&given["entitlement"], seen.text("/state").as_str()), (&json!("confirmed"), "investigating"));
    assert!(draft.sources(&officer).await.len() >= 7 && seen.body["score"].is_i64());
    draft.applicant.get(&format!("{}/result", draft.mine), 200).await;
    assert_eq!(officer.step(&draft.id, "confirm-entitlement", &confirm, 409).await.code(), "illegal_transition");
    let audit = firm.staff("auditor").get("/v1/audit-entries?limit=100", 200).await.body.to_string();
    assert!(audit.contains("application.confirm_entitlement") && !audit.contains(PERSON), "{audit}");
    server.stop().await;
}

#[actix_web::test]
async fn agents_and_unnamed_representatives_wait_for_the_officer() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "waiting").await;
    let officer = firm.staff("investigator");
    registered(&server, &firm, json!(PERSON));
    let agent = Draft::new(&server, &firm, "13900000302").await;
    agent.edit(json!({ "subject": { "capacity": "agent" } })).await;
    firm.upload_all(&agent.applicant, &agent.id).await;
    agent.grant("agent", PERSON, 201).await;
    agent.submit().await;
    assert_eq!(agent.seen_by(&officer).await.1["entitlement"], "agent", "even by the right name");
    assert_eq!(agent.sources(&officer).await, ["registration"]);
    registered(&server, &firm, Value::Null);
    let unnamed = Draft::new(&server, &firm, "13900000303").await;
    unnamed.grant(LEGAL, PERSON, 201).await;
    unnamed.submit().await;
    assert_eq!(unnamed.seen_by(&officer).await.1["entitlement"], "not_named");
    // who leaves out the registration gains nothing by it
    let silent = Draft::new(&server, &firm, "13900000304").await;
    let body = json!({
        "capacity": LEGAL, "real_name": PERSON, "id_number": "110101189912310001", "sources": ["invoices_out"],
    });
    silent.applicant.post(&format!("{}/authorisations", silent.mine), &body, 201).await;
    silent.submit().await;
    assert_eq!(silent.seen_by(&officer).await.1["entitlement"], "not_named");
    assert!(silent.sources(&officer).await.is_empty());
    server.stop().await;
}

#[actix_web::test]
async fn the_firms_record_is_asked_at_once_and_says_what_to_do() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "records").await;
    registered(&server, &firm, Value::Null);
    let record = json!({
        "credit_code": "9133010099DEM0013K", "full_name": "示例一号智能设备有限公司（示例）", "legal_representative": PERSON,
    });
    firm.staff("investigator").post("/v1/enterprises", &record, 201).await;
    let draft = Draft::new(&server, &firm, "13900000305").await;
    let refused = draft.grant(LEGAL, "示例路人", 422).await;
    assert_eq!(
        (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
        ("/real_name".into(), "differs_from_record".into())
    );
    assert!(refused.text("/errors/0/message").contains("委托书"));
    let path = format!("{}/authorisations", draft.mine);
    let wrong = json!({ "capacity": LEGAL, "real_name": "甲1", "id_number": "110101189912310000" });
    let refused = draft.applicant.post(&path, &wrong, 422).await;
    let pointers: Vec<&str> =
        refused.body["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    assert_eq!(pointers, ["/real_name", "/id_number"]);
    draft.grant(LEGAL, PERSON, 201).await;
    draft.submit().await;
    let (seen, given) = draft.seen_by(&firm.staff("investigator")).await;
    assert_eq!((&given["entitlement"], &seen.body["entitlement_open"]), (&json!("matched"), &json!(false)));
    draft.applicant.get(&format!("{}/result", draft.mine), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_returned_consent_is_given_anew_and_collected_under() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "anew").await;
    registered(&server, &firm, json!("示例他人"));
    let draft = Draft::new(&server, &firm, "13900000306").await;
    draft.grant(LEGAL, PERSON, 201).await;
    draft.submit().await;
    let officer = firm.staff("investigator");
    let items = json!({ "items": [{ "item": "/authorisation", "reason": "请由法定代表人本人授权" }] });
    officer.step(&draft.id, "return", &items, 200).await;
    draft.grant(LEGAL, "示例他人", 201).await;
    draft.submit().await;
    let (seen, given) = draft.seen_by(&officer).await;
    assert_eq!((&given["entitlement"], seen.text("/state").as_str()), (&json!("matched"), "investigating"));
    assert!(seen.body["score"].is_i64(), "it was collected and scored without more ado");
    server.stop().await;
}

#[actix_web::test]
async fn nobody_consents_for_many_enterprises_in_a_day() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "many").await;
    let admin = firm.staff("administrator");
    let settings = admin.get("/v1/settings", 200).await;
    let mut body = settings.body["settings"].clone();
    body["consent_enterprises_per_day_max"] = json!(2);
    admin.put("/v1/settings", settings.version.expect("a version"), &body, 200).await;
    let applicant = firm.applicant(&server, "13900000307").await;
    for (number, expected) in [(0, 201), (1, 201), (2, 429), (0, 201)] {
        let (id, _) = firm.draft(&server, &applicant, number).await;
        firm.upload_all(&applicant, &id).await;
        let path = format!("/v1/my/applications/{id}/authorisations");
        let answer = applicant.post(&path, &consent_by(LEGAL, "示例法人"), expected).await;
        assert!(expected == 201 || answer.code() == "too_many_enterprises", "{number}: {:#}", answer.body);
    }
    server.app.clock.advance(chrono::Duration::days(1));
    let applicant = firm.applicant(&server, "13900000307").await;
    let (id, _) = firm.draft(&server, &applicant, 2).await;
    let path = format!("/v1/my/applications/{id}/authorisations");
    applicant.post(&path, &consent_by(LEGAL, "示例法人"), 201).await;
    server.stop().await;
}
