//! Messages: what a firm may send in a day.

use chrono::Duration;
use serde_json::json;

use crate::support::{Caller, Firm, Server};

async fn ask_code(server: &Server, phone: &str, expected: u16) -> crate::support::Answer {
    server.anyone().post("/v1/t/budget/sms-codes", &json!({ "phone": phone }), expected).await
}

/// State and error of the newest SMS of an event.
async fn newest(admin: &Caller, event: &str) -> (String, String, String) {
    let all = admin.get("/v1/deliveries?channel=sms&limit=100", 200).await;
    let found = all.body["items"].as_array().expect("deliveries").iter().find(|one| one["event"] == event).cloned();
    let found = found.unwrap_or_else(|| panic!("no SMS of {event} in {:#}", all.body));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (text("id"), text("state"), text("error"))
}

#[actix_web::test]
async fn codes_and_progress_share_the_days_budget_and_what_is_over_it_is_seen() {
    let server = Server::start_with(&[("ZHIDAN_SMS__PER_DAY", "3")]).await;
    let firm = Firm::create(&server, "budget").await;
    // So that no midnight falls into the test: three in the afternoon of the next day in China.
    let now = server.app.clock.now();
    let noon = (now + Duration::days(1)).date_naive().and_hms_opt(7, 0, 0).expect("an hour").and_utc();
    server.app.clock.advance(noon - now);
    let applicant = firm.applicant(&server, "13900000091").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let session = firm.log_in(&server, "administrator", 200).await;
    let admin = server.with_token(&session.text("/access_token"));
    assert_eq!(newest(&admin, "submitted").await.1, "sent", "the second of the day");
    ask_code(&server, "13900000092", 202).await;
    let refused = ask_code(&server, "13900000093", 429).await;
    assert_eq!(refused.code(), "sms_too_often");
    let wait_s: i64 = refused.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((8 * 3600..=9 * 3600).contains(&wait_s), "until midnight in China: {wait_s}");
    let officer = firm.log_in(&server, "investigator", 200).await;
    let officer = server.with_token(&officer.text("/access_token"));
    let case = officer.get(&format!("/v1/applications/{id}"), 200).await;
    let items = json!({ "items": [{ "item": "/contact/phone", "reason": "电话无法接通" }] });
    officer.act(&format!("/v1/applications/{id}/return"), case.version.expect("a version"), &items, 200).await;
    server.work().await;
    let (returned, state, error) = newest(&admin, "returned").await;
    assert_eq!((state.as_str(), error.as_str()), ("failed", "sms_per_day_spent"));
    // The inbox has it all the same, and on the next day it can be sent again, and counts.
    let inbox = applicant.get("/v1/my/inbox", 200).await;
    assert!(inbox.body["items"].as_array().expect("messages").iter().any(|message| message["event"] == "returned"));
    server.app.clock.advance(Duration::days(1));
    let session = firm.log_in(&server, "administrator", 200).await;
    let admin = server.with_token(&session.text("/access_token"));
    admin.post(&format!("/v1/deliveries/{returned}/retry"), &json!({}), 202).await;
    server.work().await;
    assert_eq!(newest(&admin, "returned").await.1, "sent");
    for (phone, status) in [("13900000094", 202), ("13900000095", 202), ("13900000096", 429)] {
        ask_code(&server, phone, status).await;
    }
    server.stop().await;
}
