//! Through whose hands an application goes: maker is not checker even after a change of roles, work of those who leave
//! goes on, the applicant may take it back, and a person looks at what a machine refused.

use serde_json::{Value, json};

use crate::support::{Caller, Firm, Hire, Server, id_number, person_form};

const REVIEW: &str = "风险可控，同意";

fn advice() -> Value {
    json!({ "advice": "grant", "opinion": "种养正常", "amount_fen": 4_000_000, "term_months": 12 })
}

fn terms() -> Value {
    json!({ "amount_fen": 4_000_000, "term_months": 12, "conditions": [] })
}

async fn farmer(server: &Server, firm: &Firm, applicant: &Caller) -> String {
    firm.person_submitted(server, applicant, &person_form(&id_number("330106", "19850612", 24))).await
}

/// Gives somebody another role, with all of the firm's rows; a new log-in has it.
async fn become_role(server: &Server, firm: &Firm, login_name: &str, id: &str, role: &str) -> Caller {
    let (admin, path) = (firm.staff("administrator"), format!("/v1/staff/{id}"));
    let version = admin.get(&path, 200).await.version.expect("a version");
    let change = json!({ "roles": [role], "data_scope": "all", "authority_limit_fen": 500_000_000 });
    admin.patch(&path, version, &change, 200).await;
    // Tokens carry whole seconds: a new one must be younger than the change.
    server.app.clock.advance(chrono::Duration::seconds(2));
    server.with_token(&firm.log_in(server, login_name, 200).await.text("/access_token"))
}

#[actix_web::test]
async fn who_made_it_never_checks_it_whatever_their_role_is_now() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "makers").await;
    let applicant = firm.applicant(&server, "13900000101").await;
    let id = farmer(&server, &firm, &applicant).await;
    let (clerk, first) = (firm.staff("clerk"), firm.staff_id("investigator"));
    let department = &firm.default_department().await;
    let hire = Hire { login_name: "maker", role: "investigator", department, scope: "own" };
    let (maker, maker_id) = firm.hire(&server, &hire).await;
    // Somebody else's case is not theirs to act on, though they see it once it is.
    clerk.step(&id, "assign", &json!({ "officer": maker_id }), 200).await;
    assert_eq!(firm.staff("investigator").step(&id, "recommend", &advice(), 403).await.code(), "not_your_case");
    maker.step(&id, "recommend", &advice(), 200).await;
    clerk.step(&id, "assign", &json!({ "officer": first }), 200).await;
    let again = clerk.step(&id, "assign", &json!({ "officer": first }), 422).await;
    assert_eq!(again.text("/errors/0/code"), "assignee_unchanged");

    let reviewer = become_role(&server, &firm, "maker", &maker_id, "reviewer").await;
    let items = json!({ "items": [{ "item": "/contact/phone", "reason": "请核对" }] });
    let back = json!({ "to": "investigating", "reason": "请核对" });
    for (action, body) in [("review", &json!({ "opinion": REVIEW })), ("return", &items), ("send-back", &back)] {
        let refused = reviewer.step(&id, action, body, 403).await;
        assert_eq!(refused.code(), "maker_is_checker", "{action}");
        assert!(refused.text("/detail").contains("调查人不能审查自己调查的申请"), "{:#}", refused.body);
    }
    let offered = reviewer.get(&format!("/v1/applications/{id}"), 200).await;
    assert_eq!(offered.body["allowed_actions"], json!([]), "what is refused is not offered");
    firm.staff("reviewer").step(&id, "review", &json!({ "opinion": REVIEW }), 200).await;

    let approver = become_role(&server, &firm, "maker", &maker_id, "executive").await;
    for (action, body) in [("approve", terms()), ("refuse", json!({ "reason": "不宜担保" }))] {
        let refused = approver.step(&id, action, &body, 403).await;
        assert!(refused.text("/detail").contains("调查人不能审批"), "{action}: {:#}", refused.body);
    }
    // Whoever reviewed it neither decides on it nor becomes its officer.
    let reviewer_id = firm.staff_id("reviewer");
    let approver = become_role(&server, &firm, "reviewer", &reviewer_id, "executive").await;
    let refused = approver.step(&id, "approve", &terms(), 403).await;
    assert!(refused.text("/detail").contains("审查人不能审批"), "{:#}", refused.body);
    become_role(&server, &firm, "reviewer", &reviewer_id, "investigator").await;
    let refused = clerk.step(&id, "assign", &json!({ "officer": reviewer_id }), 403).await;
    assert_eq!(refused.code(), "maker_is_checker");
    firm.staff("executive").step(&id, "approve", &terms(), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn the_applicant_takes_it_back_from_any_step_until_it_is_decided() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "withdrawn").await;
    let applicant = firm.applicant(&server, "13900000102").await;
    let stranger = firm.applicant(&server, "13900000103").await;
    let why = json!({ "reason": "资金需求已解决" });
    let (officer, reviewer) = (firm.staff("investigator"), firm.staff("reviewer"));
    let items = json!({ "items": [{ "item": "/contact/phone", "reason": "请核对" }] });
    for stop_at in ["screening", "investigating", "returned", "reviewing", "approving"] {
        let id = if stop_at == "screening" {
            let (id, version) = firm.person_draft(&server, &applicant).await;
            let mine = format!("/v1/my/applications/{id}");
            applicant.patch(&mine, version, &person_form(&id_number("330106", "19850612", 24)), 200).await;
            firm.upload_all(&applicant, &id).await;
            let version = applicant.get(&mine, 200).await.version.expect("a version");
            applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
            id
        } else {
            farmer(&server, &firm, &applicant).await
        };
        if stop_at == "returned" {
            officer.step(&id, "return", &items, 200).await;
        }
        if stop_at == "reviewing" || stop_at == "approving" {
            officer.step(&id, "recommend", &advice(), 200).await;
        }
        if stop_at == "approving" {
            reviewer.step(&id, "review", &json!({ "opinion": REVIEW }), 200).await;
        }
        let mine = format!("/v1/my/applications/{id}");
        let seen = applicant.get(&mine, 200).await;
        let version = seen.version.expect("a version");
        assert_eq!(seen.text("/state"), stop_at);
        stranger.act(&format!("{mine}/withdraw"), version, &why, 404).await;
        applicant.act(&format!("{mine}/withdraw"), version - 1, &why, 409).await;
        applicant.act(&format!("{mine}/withdraw"), version, &why, 200).await;
        // What was under way comes to nothing, and nobody goes on.
        server.work().await;
        let after = applicant.get(&mine, 200).await;
        assert_eq!((after.text("/state"), after.text("/waits_for")), ("withdrawn".into(), "nobody".into()));
        assert_eq!(after.body["form"]["purpose_note"], "示例用途说明", "what was entered is kept");
        let version = after.version.expect("a version");
        applicant.act(&format!("{mine}/withdraw"), version, &why, 409).await;
        applicant.patch(&mine, version, &json!({ "term_months": 6 }), 409).await;
        applicant.act(&format!("{mine}/submit"), version, &json!({}), 409).await;
        let case = officer.get(&format!("/v1/applications/{id}"), 200).await;
        assert_eq!(case.body["allowed_actions"], json!([]));
        officer.step(&id, "recommend", &advice(), 409).await;
        let told = officer.get(&format!("/v1/applications/{id}/timeline"), 200).await.body.to_string();
        assert!(told.contains("资金需求已解决"), "{told}");
    }
    let id = farmer(&server, &firm, &applicant).await;
    officer.step(&id, "recommend", &advice(), 200).await;
    reviewer.step(&id, "review", &json!({ "opinion": REVIEW }), 200).await;
    firm.staff("executive").step(&id, "approve", &terms(), 200).await;
    let mine = format!("/v1/my/applications/{id}");
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    applicant.act(&format!("{mine}/withdraw"), version, &why, 409).await;
    server.stop().await;
}

#[actix_web::test]
async fn open_work_goes_over_as_a_whole_or_not_at_all() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "over").await;
    let applicant = firm.applicant(&server, "13900000104").await;
    let department = &firm.default_department().await;
    let first = farmer(&server, &firm, &applicant).await;
    let reviewed = farmer(&server, &firm, &applicant).await;
    let returned = farmer(&server, &firm, &applicant).await;
    let closed = farmer(&server, &firm, &applicant).await;
    let officer = firm.staff("investigator");
    officer.step(&reviewed, "recommend", &advice(), 200).await;
    firm.staff("reviewer").step(&reviewed, "review", &json!({ "opinion": REVIEW }), 200).await;
    let items = json!({ "items": [{ "item": "/contact/phone", "reason": "请核对" }] });
    officer.step(&returned, "return", &items, 200).await;
    let version = applicant.get(&format!("/v1/my/applications/{closed}"), 200).await.version.expect("a version");
    applicant.act(&format!("/v1/my/applications/{closed}/withdraw"), version, &json!({ "reason": null }), 200).await;

    let (leaving, admin) = (firm.staff_id("investigator"), firm.staff("administrator"));
    let reviewer_id = firm.staff_id("reviewer");
    become_role(&server, &firm, "reviewer", &reviewer_id, "investigator").await;
    let disable = format!("/v1/staff/{leaving}/disable");
    for (to, status) in [
        (json!(null), 409),
        (json!(leaving), 422),
        (json!(firm.staff_id("clerk")), 422),
        (json!("nobody"), 422),
        // They reviewed one of the three, so that one cannot be theirs; then none is.
        (json!(reviewer_id), 403),
    ] {
        admin.post(&disable, &json!({ "reassign_to": to }), status).await;
        officer.get("/v1/session", 200).await;
        let mine = officer.get("/v1/applications/counts", 200).await;
        assert_eq!(mine.body["mine"], 3, "{to}");
    }
    let hire = Hire { login_name: "heir", role: "investigator", department, scope: "own" };
    let (heir, heir_id) = firm.hire(&server, &hire).await;
    let done = admin.post(&disable, &json!({ "reassign_to": heir_id }), 200).await;
    assert_eq!(done.body["reassigned"], 3);
    officer.get("/v1/session", 401).await;
    assert_eq!(heir.get("/v1/applications/counts", 200).await.body["mine"], 3);
    for id in [&first, &reviewed, &returned] {
        let case = heir.get(&format!("/v1/applications/{id}"), 200).await;
        assert_eq!(case.text("/officer/id"), heir_id);
    }
    heir.get(&format!("/v1/applications/{closed}"), 404).await;
    // The heir goes on where the other stood, the one in approval too.
    heir.step(&first, "recommend", &advice(), 200).await;
    firm.staff("executive").step(&reviewed, "approve", &terms(), 200).await;
    // Nobody new comes to who has left, and whoever comes back begins with nothing.
    assert_eq!(farmer_officer(&server, &firm, &applicant).await, reviewer_id);
    admin.post(&format!("/v1/staff/{leaving}/enable"), &json!({}), 200).await;
    server.app.clock.advance(chrono::Duration::seconds(2));
    let back = server.with_token(&firm.log_in(&server, "investigator", 200).await.text("/access_token"));
    assert_eq!(back.get("/v1/applications/counts", 200).await.body["mine"], 0);
    server.stop().await;
}

async fn farmer_officer(server: &Server, firm: &Firm, applicant: &Caller) -> String {
    let id = farmer(server, firm, applicant).await;
    firm.staff("clerk").get(&format!("/v1/applications/{id}"), 200).await.text("/officer/id")
}

#[actix_web::test]
async fn a_contested_refusal_is_a_persons_from_then_on() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "contested").await;
    let applicant = firm.applicant(&server, "13900000105").await;
    let id = firm.submitted(&server, &applicant, 2).await;
    let mine = format!("/v1/my/applications/{id}");
    let refused = applicant.get(&mine, 200).await;
    assert_eq!(refused.text("/state"), "refused");
    assert!(refused.body["allowed_actions"].as_array().expect("actions").contains(&json!("request_human_review")));
    let version = refused.version.expect("a version");
    let ask = json!({ "reason": "违法记录有误，请人工核实" });
    let stranger = firm.applicant(&server, "13900000106").await;
    stranger.act(&format!("{mine}/human-review"), version, &ask, 404).await;
    let asked = applicant.act(&format!("{mine}/human-review"), version, &ask, 200).await;
    applicant.act(&format!("{mine}/human-review"), asked.version.expect("a version"), &ask, 409).await;
    let officer = firm.staff("investigator");
    let case = officer.get(&format!("/v1/applications/{id}"), 200).await;
    assert_eq!((case.text("/state"), case.body["human_review"].as_bool()), ("investigating".into(), Some(true)));
    let told = officer.get(&format!("/v1/applications/{id}/timeline"), 200).await.body.to_string();
    assert!(told.contains("违法记录有误"), "the officer reads why");
    // The same data, collected and scored once more, does not refuse it again.
    officer.step(&id, "recollect", &json!({ "reason": "重新采集核实" }), 200).await;
    server.work().await;
    let again = officer.get(&format!("/v1/applications/{id}"), 200).await;
    assert_eq!((again.text("/state"), again.text("/score_outcome")), ("investigating".into(), "refuse".into()));
    officer.step(&id, "recommend", &json!({ "advice": "decline", "opinion": "核实属实" }), 200).await;
    firm.staff("reviewer").step(&id, "review", &json!({ "opinion": REVIEW }), 200).await;
    firm.staff("executive").step(&id, "refuse", &json!({ "reason": "经人工核实，违法记录属实" }), 200).await;
    // A person's refusal is not contested this way.
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    applicant.act(&format!("{mine}/human-review"), version, &ask, 409).await;
    server.stop().await;
}
