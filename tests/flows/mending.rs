//! A return is answered item by item: changed, or explained by the applicant. What is neither does not go back.

use serde_json::{Value, json};

use crate::support::{Caller, Firm, Server, upload, upload_other};

async fn version(applicant: &Caller, mine: &str) -> i64 {
    applicant.get(mine, 200).await.version.expect("a version")
}

#[actix_web::test]
async fn what_was_neither_changed_nor_explained_does_not_go_back() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "untouched").await;
    let applicant = firm.applicant(&server, "13900000161").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let (mine, officer) = (format!("/v1/my/applications/{id}"), firm.staff("investigator"));
    // Added before the return, so it does not answer it.
    upload(&applicant, &id, "business_licence").await;
    let items = json!({ "items": [
        { "item": "/contact/phone", "reason": "电话无法接通" },
        { "item": "#business_licence", "reason": "照片不清晰" },
        { "item": "/authorisation", "reason": "请重新授权" },
        { "item": "/purpose_note", "reason": "请说明用途" },
    ] });
    officer.step(&id, "return", &items, 200).await;
    let refused = applicant.act(&format!("{mine}/submit"), version(&applicant, &mine).await, &json!({}), 422).await;
    assert_eq!(refused.code(), "incomplete");
    let errors = refused.body["errors"].as_array().expect("errors").clone();
    assert_eq!(errors.len(), 4, "{errors:#?}");
    assert!(errors.iter().all(|error| error["code"] == "not_mended"));
    let licence = errors.iter().find(|error| error["pointer"] == "#business_licence").expect("the licence");
    assert_eq!(licence["message"], "“营业执照”尚未补正：照片不清晰");
    let open = applicant.get(&format!("{mine}/return-items"), 200).await;
    assert!(open.body["items"].as_array().expect("items").iter().all(|item| item["resolved_at"].is_null()));

    let phone = json!({ "contact": { "phone": "13900000008" } });
    applicant.patch(&mine, version(&applicant, &mine).await, &phone, 200).await;
    upload_other(&applicant, &id, "business_licence").await;
    let left = applicant.get(&mine, 200).await;
    let places: Vec<_> =
        left.body["missing"].as_array().expect("missing").iter().map(|gap| gap["place"].clone()).collect();
    assert_eq!(places, [json!("/authorisation"), json!("/purpose_note")]);
    // A note counts for the item that it is about, and for no other.
    for (notes, pointer) in [
        (json!([{ "item": "/bank", "text": "没有意向银行" }]), "/notes/0/item"),
        (json!([{ "item": "/purpose_note", "text": " " }]), "/notes/0/text"),
        (
            json!([{ "item": "/purpose_note", "text": "一" }, { "item": "/purpose_note", "text": "二" }]),
            "/notes/1/item",
        ),
        (json!([{ "item": "/purpose_note", "text": "周转货款" }]), "/authorisation"),
    ] {
        let body = json!({ "notes": notes });
        let refused = applicant.act(&format!("{mine}/submit"), version(&applicant, &mine).await, &body, 422).await;
        assert_eq!(refused.text("/errors/0/pointer"), pointer, "{notes}");
    }
    let body = json!({ "notes": [
        { "item": "/purpose_note", "text": "用途见采购合同" }, { "item": "/authorisation", "text": "授权仍然有效" },
    ] });
    applicant.act(&format!("{mine}/submit"), version(&applicant, &mine).await, &body, 200).await;
    let seen = officer.get(&format!("/v1/applications/{id}"), 200).await;
    let items = seen.body["return_items"].as_array().expect("items");
    assert!(items.iter().all(|item| item["resolved_at"].is_string()), "{items:#?}");
    let note =
        |place: &str| items.iter().find(|item| item["place"] == place).map_or(Value::Null, |item| item["note"].clone());
    assert_eq!((note("/purpose_note"), note("/contact/phone")), (json!("用途见采购合同"), Value::Null));
    let told = officer.get(&format!("/v1/applications/{id}/timeline"), 200).await.body.to_string();
    assert!(told.contains("授权仍然有效"), "{told}");
    // The next return begins without notes.
    officer.step(&id, "return", &json!({ "items": [{ "item": "/purpose_note", "reason": "仍不清楚" }] }), 200).await;
    let again = applicant.get(&format!("{mine}/return-items"), 200).await;
    assert_eq!(
        (&again.body["items"][0]["note"], again.body["items"].as_array().map(Vec::len)),
        (&Value::Null, Some(1))
    );
    server.stop().await;
}

#[actix_web::test]
async fn the_same_file_again_mends_nothing() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "samefile").await;
    let applicant = firm.applicant(&server, "13900000163").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let (mine, officer) = (format!("/v1/my/applications/{id}"), firm.staff("investigator"));
    let items = json!({ "items": [{ "item": "#business_licence", "reason": "照片不清晰" }] });
    let listed = applicant.get(&format!("{mine}/documents"), 200).await;
    let listed = listed.body["items"].as_array().expect("documents").clone();
    let old = listed.iter().find(|one| one["item_key"] == "business_licence").expect("a licence")["id"].clone();
    officer.step(&id, "return", &items, 200).await;
    let submit = async |body: Value, expected: u16| {
        applicant.act(&format!("{mine}/submit"), version(&applicant, &mine).await, &body, expected).await
    };
    let refused = submit(json!({}), 422).await;
    assert_eq!(refused.text("/errors/0/message"), "“营业执照”尚未补正：照片不清晰");
    // Beside the old one, and in its place.
    let said = "“营业执照”重新上传的文件与退回前的相同，请更换文件，或说明原因：照片不清晰";
    upload(&applicant, &id, "business_licence").await;
    let refused = submit(json!({}), 422).await;
    assert_eq!((refused.text("/errors/0/code"), refused.text("/errors/0/message")), ("not_mended".into(), said.into()));
    let path = format!("{mine}/documents/{}", old.as_str().expect("an id"));
    applicant.send(applicant.request(reqwest::Method::DELETE, &path), 204).await;
    assert_eq!(submit(json!({}), 422).await.text("/errors/0/message"), said);
    upload_other(&applicant, &id, "business_licence").await;
    submit(json!({}), 200).await;
    // What came in between is known by then, and an explanation is as good as another file.
    officer.step(&id, "return", &items, 200).await;
    upload_other(&applicant, &id, "business_licence").await;
    assert_eq!(submit(json!({}), 422).await.text("/errors/0/message"), said);
    submit(json!({ "notes": [{ "item": "#business_licence", "text": "原件即如此" }] }), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_return_names_only_what_the_applicant_sees() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "shown").await;
    let applicant = firm.applicant(&server, "13900000162").await;
    let id = firm.submitted(&server, &applicant, 0).await;
    let officer = firm.staff("investigator");
    // The legal representative acts, so there is no power of attorney, and an enterprise has no ID number.
    for item in ["#power_of_attorney", "/subject/id_number", "#land_proof", "/extra/crop"] {
        let items = json!({ "items": [{ "item": item, "reason": "请补充" }] });
        let refused = officer.step(&id, "return", &items, 422).await;
        assert_eq!(refused.text("/errors/0/code"), "return_item_unknown", "{item}");
    }
    let items = json!({ "items": [{ "item": "/subject/capacity", "reason": "请由经办人办理" }] });
    officer.step(&id, "return", &items, 200).await;
    server.stop().await;
}
