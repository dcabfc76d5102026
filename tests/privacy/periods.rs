//! For how long things are kept: within the law's bounds as the firm has it, and no longer.

use chrono::Duration;
use serde_json::{Value, json};

use super::Farmer;
use crate::support::{Firm, Server, db_count};

fn rule<'a>(rules: &'a Value, class: &str) -> &'a Value {
    let all = rules["items"].as_array().expect("rules");
    all.iter().find(|rule| rule["class"] == class).unwrap_or_else(|| panic!("no {class}"))
}

#[actix_web::test]
async fn a_firm_sets_its_periods_within_the_bounds() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "periods").await;
    let officer = firm.staff("security_officer");
    let rules = firm.staff("auditor").get("/v1/retention-rules", 200).await.body;
    assert_eq!(rules["items"].as_array().expect("rules").len(), domain::privacy::Class::ALL.len());
    assert_eq!(rule(&rules, "deliveries")["days"], 180);
    assert_eq!(rule(&rules, "account")["days"], json!(null));
    let path = "/v1/retention-rules/deliveries";
    for wrong in [0, 29, 1_096] {
        officer.put(path, 0, &json!({ "days": wrong }), 422).await;
    }
    officer.put("/v1/retention-rules/codes", 0, &json!({ "days": 5 }), 409).await;
    officer.put("/v1/retention-rules/nothing", 0, &json!({ "days": 5 }), 404).await;
    let set = officer.put(path, 0, &json!({ "days": 60 }), 200).await;
    assert_eq!((set.version, &set.body["days"]), (Some(1), &json!(60)));
    assert_eq!(officer.put(path, 0, &json!({ "days": 90 }), 409).await.code(), "stale");
    officer.put(path, 1, &json!({ "days": 90 }), 200).await;
    let rules = officer.get("/v1/retention-rules", 200).await.body;
    assert_eq!((&rule(&rules, "deliveries")["days"], &rule(&rules, "deliveries")["version"]), (&json!(90), &json!(2)));
    assert_eq!(
        rule(
            &Firm::create(&server, "others").await.staff("auditor").get("/v1/retention-rules", 200).await.body,
            "deliveries"
        )["days"],
        180
    );
    server.stop().await;
}

#[actix_web::test]
async fn messages_and_drafts_go_in_their_time_and_applications_stay() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "times").await;
    let (draft, applies) = (Farmer::drafts(&server, &firm).await, Farmer::applies(&server, &firm).await);
    firm.staff("security_officer").put("/v1/retention-rules/deliveries", 0, &json!({ "days": 60 }), 200).await;
    firm.staff("security_officer").put("/v1/retention-rules/inbox", 0, &json!({ "days": 90 }), 200).await;
    let drafts = "applications WHERE restricted = 'erased'";
    let counts = async || {
        let mut all = vec![];
        for table in ["deliveries", "inbox_messages", drafts] {
            all.push(db_count(&server, &firm, table).await > 0);
        }
        all
    };
    assert_eq!(counts().await, [true, true, false]);
    let mut passed = 0;
    for (age, expected) in [
        (59, [true, true, false]),
        (61, [false, true, false]),
        (91, [false, false, false]),
        (181, [false, false, true]),
    ] {
        server.app.clock.advance(Duration::days(age - passed));
        passed = age;
        assert_eq!(api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE[..1]).await.expect("a plan"), 1);
        server.work().await;
        assert_eq!(counts().await, expected, "after {age} days");
    }
    let heaps = super::opened(&server, &firm).await;
    for (what, canary) in draft.mint.all() {
        // the account is still theirs
        if what != "phone" {
            assert_eq!(crate::canaries::search::found(&heaps, &canary), Vec::<&str>::new(), "{what}");
        }
    }
    let session = firm.log_in(&server, "investigator", 200).await;
    let officer = server.with_token(&session.text("/access_token"));
    officer.get(&format!("/v1/applications/{}", applies.id), 200).await;
    server.stop().await;
}
