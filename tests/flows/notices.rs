//! What people accepted stays what they accepted: a notice's text and its version go together for ever.

use serde_json::json;

use crate::support::{Firm, Server};

#[actix_web::test]
async fn a_changed_text_takes_a_version_never_used_before() {
    let server = Server::start().await;
    let firm = Firm::create_bare(&server, "notices").await;
    let admin = firm.staff("administrator");
    let seen = admin.get("/v1/settings", 200).await;
    let mut version = seen.version.expect("an ETag");
    let with = |changes: &serde_json::Value| {
        let mut settings = seen.body["settings"].clone();
        for (name, value) in changes.as_object().expect("members") {
            settings[name] = value.clone();
        }
        settings
    };
    for (changes, status, pointer, code) in [
        (json!({ "privacy_text": "新的隐私政策" }), 422, "/privacy_version", "version_needed"),
        (json!({ "terms_text": "新的用户协议" }), 422, "/terms_version", "version_needed"),
        (json!({ "brand": "示例新名" }), 200, "", ""),
        (json!({ "privacy_text": "新的隐私政策", "privacy_version": "2026-02" }), 200, "", ""),
        // Back to a version that was in force, with another text or with its own.
        (json!({ "privacy_text": "又一份" }), 422, "/privacy_version", "version_used"),
        (json!({}), 422, "/privacy_version", "version_used"),
        (json!({ "privacy_text": "新的隐私政策", "privacy_version": "2026-03" }), 200, "", ""),
        (json!({ "privacy_text": "第四份", "privacy_version": "2026-02" }), 422, "/privacy_version", "version_used"),
    ] {
        let answer = admin.put("/v1/settings", version, &with(&changes), status).await;
        if status == 200 {
            version = answer.version.expect("an ETag");
        } else {
            assert_eq!(
                (answer.text("/errors/0/pointer"), answer.text("/errors/0/code")),
                (pointer.into(), code.into())
            );
        }
    }
    let anyone = server.anyone();
    let notice = "/v1/t/notices/notices/privacy";
    assert_eq!(anyone.get(notice, 200).await.text("/version"), "2026-03");
    let first = anyone.get(&format!("{notice}?version=2026-01"), 200).await;
    assert_eq!(first.body["text"], seen.body["settings"]["privacy_text"]);
    let second = anyone.get(&format!("{notice}?version=2026-02"), 200).await;
    assert_eq!((second.text("/version"), second.text("/text")), ("2026-02".into(), "新的隐私政策".into()));
    anyone.get(&format!("{notice}?version=1999-01"), 404).await;
    server.stop().await;
}
