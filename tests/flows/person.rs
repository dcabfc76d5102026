//! A farmer's own application: no data is collected, it is graded from the form, and a person always decides.

use serde_json::{Value, json};

use crate::support::{Caller, Firm, Server, id_number, person_form};

/// Everything that the applicant and the firm's staff can read of an application, as (path, caller, text).
async fn everything_shown(firm: &Firm, applicant: &Caller, id: &str) -> Vec<(String, String)> {
    let (mine, case) = (format!("/v1/my/applications/{id}"), format!("/v1/applications/{id}"));
    let mut shown = vec![];
    for path in ["", "/documents", "/timeline", "/progress", "/result", "/return-items"] {
        shown.push((format!("{mine}{path}"), applicant.clone()));
    }
    shown.push(("/v1/my/applications".into(), applicant.clone()));
    shown.push(("/v1/my/inbox".into(), applicant.clone()));
    for role in ["investigator", "reviewer", "executive"] {
        for path in ["", "/timeline", "/changes", "/documents", "/assessments", "/pulls"] {
            shown.push((format!("{case}{path}"), firm.staff(role)));
        }
        shown.push(("/v1/applications".into(), firm.staff(role)));
        shown.push(("/v1/deliveries".into(), firm.staff(role)));
    }
    shown.push(("/v1/audit-entries".into(), firm.staff("auditor")));
    let mut texts = vec![];
    for (path, caller) in shown {
        let text = caller.get(&path, 200).await.body.to_string();
        texts.push((path, text));
    }
    texts
}

#[actix_web::test]
async fn wrong_names_and_numbers_are_refused_with_how_to_mend_them() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "typed").await;
    let applicant = firm.applicant(&server, "13900000071").await;
    let (id, version) = firm.person_draft(&server, &applicant).await;
    let mine = format!("/v1/my/applications/{id}");
    let right = id_number("330106", "19800101", 12);
    let wrong_last = if right.ends_with('1') { "2" } else { "1" };
    let wrong_check = format!("{}{wrong_last}", &right[..17]);
    for (key, value, code, how) in [
        ("id_number", wrong_check.as_str(), "id_number_checksum", "逐位核对"),
        ("id_number", "330106800101012", "id_number_fifteen_digits", "18位"),
        ("id_number", "33010619800101012", "id_number_length", "18位"),
        ("id_number", "33010619800101O12X", "id_number_characters", "数字或X"),
        ("id_number", "330106198002300128", "id_number_birth_date", "第7至14位"),
        ("id_number", &id_number("330106", "18700101", 12), "id_number_birth_unlikely", "第7至14位"),
        ("id_number", &id_number("330106", "20990101", 12), "id_number_birth_unlikely", "第7至14位"),
        ("id_number", &id_number("990106", "19800101", 12), "id_number_province", "省级代码"),
        ("id_number", "", "id_number_length", "18位"),
        ("real_name", "王", "real_name_length", "2至50个字"),
        ("real_name", "王3", "real_name_characters", "汉字或字母"),
        ("real_name", "王\u{200b}示例", "real_name_characters", "汉字或字母"),
    ] {
        let refused = applicant.patch(&mine, version, &json!({ "subject": { key: value } }), 422).await;
        assert_eq!(refused.text("/errors/0/pointer"), format!("/subject/{key}"), "{value}");
        assert_eq!(refused.text("/errors/0/code"), code, "{value}");
        let message = refused.text("/errors/0/message");
        assert!(message.contains(how), "{value}: {message}");
        assert!(value.is_empty() || !refused.body.to_string().contains(value), "the value is not repeated");
    }
    // Nothing of it was kept.
    assert_eq!(applicant.get(&mine, 200).await.body["form"]["subject"], json!({ "kind": "person" }));
    // What could never be submitted is not begun.
    let product = firm.product(&server, "loan_farmer").await;
    let other = json!({ "product_id": product, "subject_kind": "enterprise" });
    let refused = applicant.post("/v1/my/applications", &other, 422).await;
    assert_eq!(
        (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
        ("/subject_kind".into(), "subject_not_allowed".into())
    );
    assert_eq!(refused.text("/errors/0/message"), "该产品只面向个人，请改选主体类型或更换产品");
    // A draft may still change its product; at the submission the subject must fit it.
    let equipment = firm.product(&server, "equipment_finance").await;
    let other = json!({ "product_id": equipment, "subject_kind": "enterprise" });
    let firms = applicant.post("/v1/my/applications", &other, 201).await;
    let draft = format!("/v1/my/applications/{}", firms.text("/id"));
    let change = json!({ "product_id": product });
    let firms = applicant.patch(&draft, firms.version.expect("a version"), &change, 200).await;
    let submit = format!("{draft}/submit");
    let refused = applicant.act(&submit, firms.version.expect("a version"), &json!({}), 422).await;
    let errors = refused.body["errors"].as_array().expect("errors");
    let misfit = errors.iter().find(|error| error["pointer"] == "/subject/kind").expect("the kind is named");
    assert_eq!(misfit["code"], "subject_not_allowed");
    // A small x, spaces and full-width digits are the same number.
    let kept = json!({ "subject": { "id_number": format!(" {} ", right.to_lowercase().replace('3', "３")) } });
    let saved = applicant.patch(&mine, version, &kept, 200).await;
    let last = &right[17..];
    assert_eq!(saved.text("/form/subject/id_number"), format!("3****************{last}"));
    server.stop().await;
}

#[actix_web::test]
async fn a_farmer_applies_is_graded_and_a_person_decides() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "farmer").await;
    let applicant = firm.applicant(&server, "13900000072").await;
    let number = id_number("330106", "19850612", 24);
    let (id, version) = firm.person_draft(&server, &applicant).await;
    let mine = format!("/v1/my/applications/{id}");
    // Everything that is missing is said at once: fields and documents, and no authorisation, since no data is pulled.
    let refused = applicant.act(&format!("{mine}/submit"), version, &json!({}), 422).await;
    let missing = refused.body["errors"].as_array().expect("what is missing");
    let pointers: Vec<_> = missing.iter().filter_map(|gap| gap["pointer"].as_str()).collect();
    for expected in ["/subject/real_name", "/subject/id_number", "/extra/crop", "#id_card", "#land_proof"] {
        assert!(pointers.contains(&expected), "{expected} in {pointers:?}");
    }
    assert!(!pointers.iter().any(|p| p.contains("authorisation") || *p == "#business_licence"), "{pointers:?}");
    let saved = applicant.patch(&mine, version, &person_form(&number), 200).await;
    let checklist = saved.body["checklist"].as_array().expect("the checklist");
    let keys: Vec<_> = checklist.iter().filter_map(|item| item["key"].as_str()).collect();
    assert_eq!(keys, ["id_card", "land_proof", "site_photos"]);
    firm.upload_all(&applicant, &id).await;
    let seen = applicant.get(&mine, 200).await;
    assert_eq!(seen.body["missing"], json!([]));
    applicant.act(&format!("{mine}/submit"), seen.version.expect("a version"), &json!({}), 200).await;
    server.work().await;
    let seen = applicant.get(&mine, 200).await;
    assert_eq!((seen.text("/state"), seen.text("/waits_for")), ("investigating".into(), "officer".into()));
    assert_eq!(seen.body["progress"]["total"], 6, "a person's way has no collection");

    let officer = firm.staff("investigator");
    let scored = officer.get(&format!("/v1/applications/{id}/assessments"), 200).await;
    assert_eq!(scored.text("/items/0/kind"), "personal");
    // 50,000 yuan over a year against 120,000 a year at 41: everything that the grade asks was asked and stated.
    assert_eq!((scored.text("/items/0/grade"), scored.text("/items/0/outcome")), ("A".into(), "review".into()));
    assert!(!scored.body.to_string().contains("未填写："), "{:#}", scored.body);
    assert!(scored.text("/items/0/reasons/0/reason_zh").contains("由工作人员审核"));
    let pulls = officer.get(&format!("/v1/applications/{id}/pulls"), 200).await;
    assert_eq!(pulls.body["items"], json!([]));
    let result = applicant.get(&format!("{mine}/result"), 200).await.body.to_string();
    assert!(result.contains("由工作人员审核") && !result.contains("grade_max"), "{result}");

    let advice = json!({ "advice": "grant", "opinion": "种养正常", "amount_fen": 4_000_000, "term_months": 12 });
    officer.step(&id, "recommend", &advice, 200).await;
    firm.staff("reviewer").step(&id, "review", &json!({ "opinion": "同意" }), 200).await;
    let terms = json!({ "amount_fen": 4_000_000, "term_months": 12, "conditions": ["配偶共同担保"] });
    firm.staff("executive").step(&id, "approve", &terms, 200).await;
    server.work().await;
    let decided = applicant.get(&mine, 200).await;
    assert_eq!(
        (decided.text("/state"), decided.body["approved"]["amount_fen"].as_i64()),
        ("approved".into(), Some(4_000_000))
    );
    assert_eq!(decided.text("/approved/conditions/0"), "配偶共同担保");
    for (path, text) in everything_shown(&firm, &applicant, &id).await {
        assert!(!text.contains(&number), "{path} shows the ID number");
    }
    server.stop().await;
}

#[actix_web::test]
async fn the_worst_grade_goes_to_an_officer_too_and_only_a_person_refuses() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "graded").await;
    let applicant = firm.applicant(&server, "13900000073").await;
    // Seventeen years old, 3 million yuan, no income, three years.
    let mut form = person_form(&id_number("330106", "20090501", 11));
    form["amount_fen"] = json!(300_000_000);
    form["term_months"] = json!(36);
    form["extra"]["yearly_income_fen"] = json!(0);
    let id = firm.person_submitted(&server, &applicant, &form).await;
    let mine = format!("/v1/my/applications/{id}");
    assert_eq!(applicant.get(&mine, 200).await.text("/state"), "investigating");
    let officer = firm.staff("investigator");
    let scored = officer.get(&format!("/v1/applications/{id}/assessments"), 200).await;
    assert_eq!((scored.text("/items/0/grade"), scored.text("/items/0/outcome")), ("E".into(), "review".into()));
    let risks = scored.body["items"][0]["risks"].as_array().expect("risks").iter().filter(|risk| risk["score"] != 0);
    for risk in risks {
        assert!(risk["reason_en"].as_str().is_some_and(|en| !en.is_empty() && en.is_ascii()), "{risk:#}");
    }
    let notes = applicant.get(&format!("{mine}/result"), 200).await;
    assert!(notes.body["notes"].as_array().is_some_and(|notes| notes.len() >= 2), "{:#}", notes.body);
    // Evaluated again from what is kept, it is the same.
    let assessment = scored.text("/items/0/id");
    let again = format!("/v1/applications/{id}/assessments/{assessment}/repeat");
    assert_eq!(officer.post(&again, &json!({}), 200).await.body["same"], true);

    officer.step(&id, "recommend", &json!({ "advice": "decline", "opinion": "未成年" }), 200).await;
    firm.staff("reviewer").step(&id, "review", &json!({ "opinion": "同意不予担保" }), 200).await;
    firm.staff("executive").step(&id, "refuse", &json!({ "reason": "申请人未满十八周岁" }), 200).await;
    server.work().await;
    let refused = applicant.get(&mine, 200).await;
    assert_eq!(refused.text("/state"), "refused");
    let actions = refused.body["allowed_actions"].as_array().expect("actions");
    assert!(!actions.contains(&json!("request_human_review")), "a person decided: {actions:?}");
    let ask = json!({ "reason": "请复核" });
    let version = refused.version.expect("a version");
    applicant.act(&format!("{mine}/human-review"), version, &ask, 409).await;
    let told = applicant.get(&format!("{mine}/timeline"), 200).await.body.to_string();
    assert!(told.contains("申请人未满十八周岁"), "{told}");
    server.stop().await;
}

#[actix_web::test]
async fn a_persons_id_number_shows_its_ends_only_until_somebody_says_why() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "ends").await;
    let applicant = firm.applicant(&server, "13900000074").await;
    let (first, second) = (id_number("330106", "19700101", 31), id_number("330106", "19700101", 53));
    let id = firm.person_submitted(&server, &applicant, &person_form(&first)).await;
    let officer = firm.staff("investigator");
    let items = json!({ "items": [{ "item": "/subject/id_number", "reason": "与身份证照片不一致" }] });
    officer.step(&id, "return", &items, 200).await;
    let mine = format!("/v1/my/applications/{id}");
    let version = applicant.get(&mine, 200).await.version.expect("a version");
    let mended = applicant.patch(&mine, version, &json!({ "subject": { "id_number": second } }), 200).await;
    applicant.act(&format!("{mine}/submit"), mended.version.expect("a version"), &json!({}), 200).await;
    server.work().await;
    // It is about somebody else now: graded again, and back with its officer.
    let case = format!("/v1/applications/{id}");
    assert_eq!(officer.get(&case, 200).await.text("/state"), "investigating");
    let graded = officer.get(&format!("{case}/assessments"), 200).await;
    assert_eq!(graded.body["items"].as_array().map(Vec::len), Some(2));
    let masked = |number: &str| format!("{}****************{}", &number[..1], &number[17..]);
    let changed = officer.get(&format!("{case}/changes"), 200).await;
    let field = changed.body["fields"].as_array().and_then(|f| f.first()).cloned().unwrap_or(Value::Null);
    assert_eq!(field["pointer"], "/subject/id_number");
    assert_eq!((field["before"].as_str(), field["after"].as_str()), (Some(&*masked(&first)), Some(&*masked(&second))));
    assert_eq!(officer.get(&case, 200).await.text("/form/subject/id_number"), masked(&second));
    assert_eq!(officer.get(&case, 200).await.text("/form/subject/real_name"), "**例");
    assert_eq!(applicant.get(&mine, 200).await.text("/form/subject/id_number"), masked(&second));
    officer.post(&format!("{case}/reveal"), &json!({ "reason": "核对身份证原件" }), 200).await;
    for (path, text) in everything_shown(&firm, &applicant, &id).await {
        assert!(!text.contains(&first) && !text.contains(&second), "{path} shows an ID number");
    }
    let revealed = officer.post(&format!("{case}/reveal"), &json!({ "reason": "核对身份证原件" }), 200).await;
    assert_eq!(revealed.text("/form/subject/id_number"), second);
    server.stop().await;
}
