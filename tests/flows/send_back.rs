//! Back and forth: to any earlier step and to the applicant with nothing lost, and never twice through the same hands.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server, upload_other};

const ADVICE: &str = "经营正常，建议担保";
const OPINION: &str = "风险可控，同意";

fn recommendation() -> Value {
    json!({ "advice": "grant", "opinion": ADVICE, "amount_fen": 80_000_000, "term_months": 12 })
}

fn terms() -> Value {
    json!({ "amount_fen": 80_000_000, "term_months": 12, "conditions": [] })
}

/// An application with what everybody saw of it.
struct Case<'a> {
    server: &'a Server,
    firm: &'a Firm,
    id: String,
    form: Value,
    events: Vec<Value>,
    assessments: usize,
    pulls: usize,
    documents: usize,
}

impl<'a> Case<'a> {
    async fn submitted(server: &'a Server, firm: &'a Firm, applicant: &Caller) -> Self {
        let id = firm.submitted(server, applicant, 0).await;
        let mut case =
            Self { server, firm, id, form: Value::Null, events: vec![], assessments: 0, pulls: 0, documents: 0 };
        case.form = case.read().await.body["form"].clone();
        case.nothing_is_lost().await;
        case
    }

    async fn read(&self) -> Answer {
        self.firm.staff("clerk").get(&format!("/v1/applications/{}", self.id), 200).await
    }

    async fn state(&self) -> String {
        self.read().await.text("/state")
    }

    /// Every list only grows, the timeline keeps its beginning, and the form is as it was.
    async fn nothing_is_lost(&mut self) {
        let list = async |what: &str| {
            let all = self.firm.staff("clerk").get(&format!("/v1/applications/{}/{what}", self.id), 200).await;
            all.body["items"].as_array().expect("a list").clone()
        };
        let events = list("timeline").await;
        assert!(events.starts_with(&self.events), "the timeline only grows");
        let (assessments, pulls, documents) =
            (list("assessments").await.len(), list("pulls").await.len(), list("documents").await.len());
        assert!(assessments >= self.assessments && pulls >= self.pulls && documents >= self.documents);
        assert_eq!(self.read().await.body["form"], self.form);
        (self.events, self.assessments, self.pulls, self.documents) = (events, assessments, pulls, documents);
    }

    /// From wherever it is to the approver.
    async fn to_approval(&self) {
        self.server.work().await;
        if self.state().await == "investigating" {
            self.firm.staff("investigator").step(&self.id, "recommend", &recommendation(), 200).await;
        }
        if self.state().await == "reviewing" {
            self.firm.staff("reviewer").step(&self.id, "review", &json!({ "opinion": OPINION }), 200).await;
        }
        assert_eq!(self.state().await, "approving");
    }

    async fn send_back(&self, role: &str, to: &str, expected: u16) -> Answer {
        let body = json!({ "to": to, "reason": format!("退回{to}补充") });
        self.firm.staff(role).step(&self.id, "send-back", &body, expected).await
    }
}

#[actix_web::test]
async fn the_approver_sends_back_to_each_earlier_step_and_nothing_is_lost() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "back").await;
    let applicant = firm.applicant(&server, "13900000091").await;
    let mut case = Case::submitted(&server, &firm, &applicant).await;
    case.to_approval().await;
    let shown = firm.staff("executive").get(&format!("/v1/applications/{}", case.id), 200).await;
    assert_eq!(shown.body["earlier_steps"], json!(["collecting", "screening", "investigating", "reviewing"]));
    for wrong in ["approving", "approved", "draft", "assigning", "returned"] {
        let refused = case.send_back("executive", wrong, 422).await;
        assert_eq!(
            (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
            ("/to".into(), "send_back_not_earlier".into())
        );
    }
    let blank = json!({ "to": "reviewing", "reason": "  " });
    firm.staff("executive").step(&case.id, "send-back", &blank, 422).await;
    for (role, code) in [("investigator", "forbidden"), ("reviewer", "forbidden"), ("clerk", "forbidden")] {
        assert_eq!(case.send_back(role, "reviewing", 403).await.code(), code, "{role}");
    }
    // After the data steps it is with its officer again; a further collection is a round of its own.
    for (step, first, then, pulls_again, scored_again) in [
        ("reviewing", "reviewing", "reviewing", false, false),
        ("investigating", "investigating", "investigating", false, false),
        ("screening", "screening", "investigating", false, true),
        ("collecting", "collecting", "investigating", true, true),
    ] {
        let (officer, round) = (case.read().await.text("/officer/id"), case.read().await.body["round"].clone());
        let (pulls, assessments) = (case.pulls, case.assessments);
        let after = case.send_back("executive", step, 200).await;
        assert_eq!(after.text("/state"), first);
        server.work().await;
        assert_eq!(case.state().await, then, "{step}");
        case.nothing_is_lost().await;
        assert_eq!((case.pulls > pulls, case.assessments > assessments), (pulls_again, scored_again), "{step}");
        assert_eq!(case.read().await.body["round"] != round, pulls_again, "{step}");
        assert_eq!(case.read().await.text("/officer/id"), officer, "{step}");
        case.to_approval().await;
        case.nothing_is_lost().await;
    }
    firm.staff("executive").step(&case.id, "approve", &terms(), 200).await;
    case.nothing_is_lost().await;
    let notes: Vec<_> = case.events.iter().filter_map(|event| event["note"].as_str()).collect();
    for step in ["reviewing", "investigating", "screening", "collecting"] {
        assert!(notes.contains(&format!("退回{step}补充").as_str()), "{notes:?}");
    }
    assert!(notes.iter().filter(|note| **note == ADVICE).count() >= 4, "{notes:?}");
    // The applicant is not told of the firm's own back and forth.
    let told = applicant.get(&format!("/v1/my/applications/{}/timeline", case.id), 200).await.body.to_string();
    assert!(!told.contains("补充") && !told.contains(OPINION), "{told}");
    server.stop().await;
}

#[actix_web::test]
async fn the_reviewer_and_the_officer_send_back_from_their_own_step() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "steps").await;
    let applicant = firm.applicant(&server, "13900000092").await;
    let mut case = Case::submitted(&server, &firm, &applicant).await;
    for step in ["collecting", "screening"] {
        assert_eq!(case.send_back("reviewer", step, 403).await.code(), "forbidden");
        case.send_back("investigator", step, 200).await;
        server.work().await;
        assert_eq!(case.state().await, "investigating");
        case.nothing_is_lost().await;
    }
    for step in ["collecting", "screening", "investigating"] {
        firm.staff("investigator").step(&case.id, "recommend", &recommendation(), 200).await;
        assert_eq!(case.send_back("investigator", step, 403).await.code(), "forbidden");
        case.send_back("reviewer", "reviewing", 422).await;
        case.send_back("reviewer", step, 200).await;
        server.work().await;
        assert_eq!(case.state().await, "investigating", "{step}");
        case.nothing_is_lost().await;
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_return_comes_back_to_who_returned_it_with_what_changed() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "mended").await;
    let applicant = firm.applicant(&server, "13900000093").await;
    let mut case = Case::submitted(&server, &firm, &applicant).await;
    case.to_approval().await;
    let (mine, path) = (format!("/v1/my/applications/{}", case.id), format!("/v1/applications/{}", case.id));
    let none = firm.staff("investigator").get(&format!("{path}/changes"), 200).await;
    assert_eq!((&none.body["since"], &none.body["fields"]), (&Value::Null, &json!([])));
    let items = json!({ "items": [
        { "item": "/amount_fen", "reason": "金额与合同不符" },
        { "item": "#business_licence", "reason": "照片不清晰" },
    ] });
    let executive = firm.staff("executive");
    let unknown = json!({ "items": [{ "item": "#no_such_item", "reason": "示例" }] });
    executive.step(&case.id, "return", &unknown, 422).await;
    executive.step(&case.id, "return", &json!({ "items": [] }), 422).await;
    executive.step(&case.id, "return", &items, 200).await;
    let asked = applicant.get(&format!("{mine}/return-items"), 200).await;
    assert_eq!(asked.body["items"].as_array().map(Vec::len), Some(2), "{:#}", asked.body);
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    let change = json!({ "amount_fen": 90_000_000, "contact": { "phone": "13900000008" }, "bank": null });
    applicant.patch(&mine, version, &change, 200).await;
    let licence = upload_other(&applicant, &case.id, "business_licence").await.text("/id");
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
    server.work().await;
    // Nothing is collected or investigated anew: it is about the same enterprise.
    let now = case.read().await;
    assert_eq!(now.text("/state"), "approving");
    case.form = now.body["form"].clone();
    case.nothing_is_lost().await;
    let changes = firm.staff("investigator").get(&format!("{path}/changes"), 200).await;
    let fields = changes.body["fields"].as_array().expect("fields");
    let of = |pointer: &str| fields.iter().find(|f| f["pointer"] == pointer).unwrap_or_else(|| panic!("{fields:?}"));
    assert_eq!(fields.len(), 3, "{fields:?}");
    assert_eq!(
        (&of("/amount_fen")["before"], &of("/amount_fen")["after"]),
        (&json!("1,000,000.00元"), &json!("900,000.00元"))
    );
    assert_eq!((&of("/bank")["before"], &of("/bank")["after"]), (&json!("示例银行"), &Value::Null));
    assert_eq!(
        (&of("/contact/phone")["masked"], &of("/contact/phone")["after"]),
        (&json!(true), &json!("139******08"))
    );
    let documents = changes.body["documents"].as_array().expect("documents");
    assert_eq!((documents.len(), &documents[0]["item_key"]), (1, &json!("business_licence")));
    assert!(documents[0]["added"].as_array().expect("added").contains(&json!(licence)), "{documents:?}");
    executive.step(&case.id, "approve", &terms(), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn about_another_enterprise_it_is_collected_anew_before_it_comes_back() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "another").await;
    let applicant = firm.applicant(&server, "13900000094").await;
    let mut case = Case::submitted(&server, &firm, &applicant).await;
    firm.staff("investigator").step(&case.id, "recommend", &recommendation(), 200).await;
    let items = json!({ "items": [{ "item": "/subject/credit_code", "reason": "与执照不符" }] });
    firm.staff("reviewer").step(&case.id, "return", &items, 200).await;
    let mine = format!("/v1/my/applications/{}", case.id);
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    let other = &api::demonstration::sources::FIRMS[1];
    let change = json!({ "subject": { "credit_code": other.credit_code, "full_name": other.name } });
    applicant.patch(&mine, version, &change, 200).await;
    // The authorisation was given for the first enterprise.
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    let refused = applicant.act(&format!("{mine}/submit"), version, &json!({}), 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/authorisation");
    firm.consent(&applicant, &case.id).await;
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    let sent = applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
    assert_eq!(sent.text("/state"), "collecting");
    let (pulls, assessments) = (case.pulls, case.assessments);
    server.work().await;
    let now = case.read().await;
    assert_eq!(now.text("/state"), "reviewing");
    case.form = now.body["form"].clone();
    case.nothing_is_lost().await;
    assert!(case.pulls > pulls && case.assessments > assessments);
    server.stop().await;
}
