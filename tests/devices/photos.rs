//! Photos and documents of machines: added by staff and owners, inspected, read by those who may, taken away by those who
//! may, kept where a score rests on them; and the score moves with them.

use reqwest::Method;
use serde_json::{Value, json};

use super::machines::{life, machine, pairs, problems};
use super::pictures::{Picture, add, jpeg_with_exif, pdf, png};
use crate::support::{Caller, Firm, Hire, Server, db_count, is_stored, put_file, read_file};

const NONE: Value = Value::Null;

/// A machine of the applicant with this phone; gives the path of staff and the owner's.
async fn owned(server: &Server, firm: &Firm, phone: &str) -> (String, String) {
    let id = machine(server, &firm.staff("clerk"), &json!({ "owner_phone": phone })).await;
    (format!("/v1/equipment/{id}"), format!("/v1/my/equipment/{id}"))
}

fn remove(who: &Caller, document: &str) -> reqwest::RequestBuilder {
    who.request(Method::DELETE, document)
}

fn items(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let all = body["items"].as_array().expect("documents");
    all.iter().map(|one| (text(&one["kind"]), text(&one["state"]))).collect()
}

#[actix_web::test]
async fn what_staff_and_the_owner_add_is_inspected_and_read_by_both() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "photos").await;
    let (clerk, owner) = (firm.staff("clerk"), firm.applicant(&server, "13900000001").await);
    let (path, mine) = owned(&server, &firm, "13900000001").await;
    let plate = png("photo_nameplate", 1);
    let started = clerk.post(&format!("{path}/documents"), &plate.body(), 201).await;
    assert_eq!(started.headers["location"], format!("{path}/documents").as_str());
    assert_eq!(started.body["document"]["allowed_actions"], json!(["restart", "finish", "remove"]));
    let document = format!("{path}/documents/{}", started.text("/document/id"));
    // nothing has arrived yet
    assert_eq!(clerk.post(&format!("{document}/finish"), &NONE, 409).await.code(), "file_not_uploaded");
    assert_eq!(clerk.get(&format!("{document}/download"), 409).await.code(), "file_not_ready");
    // what one side began the other does not send in its name
    let theirs = format!("{mine}/documents/{}", started.text("/document/id"));
    for step in ["restart", "finish"] {
        assert_eq!(owner.post(&format!("{theirs}/{step}"), &NONE, 409).await.code(), "illegal_transition");
    }
    let waits = owner.get(&format!("{mine}/documents"), 200).await;
    assert_eq!(
        (waits.text("/items/0/state"), &waits.body["items"][0]["allowed_actions"]),
        ("awaiting".into(), &json!([]))
    );
    let again = clerk.post(&format!("{document}/restart"), &NONE, 200).await;
    put_file(&again, plate.bytes.clone()).await;
    let done = clerk.post(&format!("{document}/finish"), &NONE, 200).await;
    assert_eq!((done.text("/state"), done.text("/kind_label")), ("ready".into(), "铭牌照片".into()));
    assert_eq!((&done.body["photo"], done.text("/added_by")), (&json!(true), "staff".into()));
    assert_eq!((done.text("/by/id"), done.version), (firm.staff_id("clerk"), Some(3)));
    assert_eq!(done.body["allowed_actions"], json!(["download", "remove"]));
    // finished once, however often
    clerk.post(&format!("{document}/finish"), &NONE, 200).await;
    assert_eq!(clerk.post(&format!("{document}/restart"), &NONE, 409).await.code(), "illegal_transition");
    // what a phone writes into a photo stays as it is, as with documents of applications
    let phone = jpeg_with_exif("photo_site");
    let bytes = phone.bytes.clone();
    let added = add(&owner, &mine, phone).await;
    assert_eq!((added.text("/state"), added.text("/added_by")), ("ready".into(), "owner".into()));
    assert_eq!((added.text("/media_type"), added.text("/file_name")), ("image/jpeg".into(), "铭牌.jpg".into()));
    add(&owner, &mine, pdf("invoice")).await;
    let expected = pairs(&[("invoice", "ready"), ("photo_nameplate", "ready"), ("photo_site", "ready")]);
    for (who, path) in [(&clerk, &path), (&owner, &mine)] {
        let listed = who.get(&format!("{path}/documents"), 200).await;
        assert_eq!(items(&listed.body), expected);
        let link = who.get(&format!("{path}/documents/{}/download", added.text("/id")), 200).await;
        assert_eq!(read_file(&link).await, (200, bytes.clone()));
    }
    // the owner is not told who of the firm it was
    let seen = owner.get(&format!("{mine}/documents"), 200).await;
    assert_eq!((seen.text("/items/1/added_by"), &seen.body["items"][1]["by"]), ("staff".into(), &NONE));
    assert_eq!(seen.body["items"][1]["allowed_actions"], json!(["download"]));
    assert_eq!(seen.body["items"][2]["allowed_actions"], json!(["download", "remove"]));
    let told = clerk.get(&format!("{path}/life"), 200).await;
    assert_eq!(told.text("/items/1/text"), "上传照片或资料：铭牌照片");
    assert_eq!(
        (told.text("/items/1/subject"), told.text("/items/1/by/id")),
        (done.text("/id"), firm.staff_id("clerk"))
    );
    assert_eq!(
        (told.text("/items/2/text"), told.text("/items/2/by_label")),
        ("上传照片或资料：现场照片".into(), "申请人".into())
    );
    assert_eq!(told.body["items"].as_array().map(Vec::len), Some(4));
    // every download of staff is kept, the owner's own is not
    let log = "/v1/audit-entries?action=equipment_document.download";
    let kept = firm.staff("auditor").get(log, 200).await;
    assert_eq!(kept.body["items"].as_array().map(Vec::len), Some(1), "{:#}", kept.body);
    assert_eq!(kept.text("/items/0/object"), added.text("/id"));
    server.stop().await;
}

#[actix_web::test]
async fn nobody_else_reaches_a_machines_files() {
    let server = Server::start().await;
    let (firm, away) = (Firm::create(&server, "shelf").await, Firm::create(&server, "abroad").await);
    let (owner, other) = (firm.applicant(&server, "13900000001").await, firm.applicant(&server, "13900000002").await);
    let abroad = away.applicant(&server, "13900000001").await;
    let (path, mine) = owned(&server, &firm, "13900000001").await;
    let clerk = firm.staff("clerk");
    let theirs = add(&owner, &mine, png("photo_overall", 1)).await.text("/id");
    let firms = add(&clerk, &path, pdf("registration")).await.text("/id");
    let below = firm.department("南区", None, json!([])).await;
    let hire = Hire { login_name: "narrow", role: "clerk", department: &below, scope: "department" };
    let (narrow, _) = firm.hire(&server, &hire).await;
    let body = png("photo_site", 2).body();
    for (who, path) in [(&other, &mine), (&abroad, &mine), (&narrow, &path), (&away.staff("clerk"), &path)] {
        who.get(&format!("{path}/documents"), 404).await;
        who.post(&format!("{path}/documents"), &body, 404).await;
        for document in [&theirs, &firms] {
            who.get(&format!("{path}/documents/{document}/download"), 404).await;
            who.post(&format!("{path}/documents/{document}/finish"), &NONE, 404).await;
            who.post(&format!("{path}/documents/{document}/restart"), &NONE, 404).await;
        }
    }
    for who in [&other, &abroad] {
        who.send(remove(who, &format!("{mine}/documents/{theirs}")), 404).await;
    }
    let why = json!({ "reason": "示例" });
    narrow.act(&format!("{path}/documents/{theirs}/remove"), 2, &why, 404).await;
    // whoever reads machines reads their files and adds none; the two doors do not mix
    let committee = firm.staff("committee");
    assert_eq!(
        committee.get(&format!("{path}/documents"), 200).await.body["items"][0]["allowed_actions"],
        json!(["download"])
    );
    committee.post(&format!("{path}/documents"), &body, 403).await;
    committee.act(&format!("{path}/documents/{theirs}/remove"), 2, &why, 403).await;
    owner.get(&format!("{path}/documents"), 403).await;
    clerk.get(&format!("{mine}/documents"), 403).await;
    // a file is found under its own machine alone
    let (elsewhere, _) = owned(&server, &firm, "13900000001").await;
    clerk.get(&format!("{elsewhere}/documents/{theirs}/download"), 404).await;
    // when the machine is somebody else's, they see what the firm added and not what its owner before did
    let version = clerk.get(&path, 200).await.version.expect("a version");
    clerk.patch(&path, version, &json!({ "owner_phone": "13900000002" }), 200).await;
    owner.get(&format!("{mine}/documents"), 404).await;
    let seen = other.get(&format!("{mine}/documents"), 200).await;
    assert_eq!(items(&seen.body), pairs(&[("registration", "ready")]));
    other.get(&format!("{mine}/documents/{theirs}/download"), 404).await;
    other.get(&format!("{mine}/documents/{firms}/download"), 200).await;
    other.send(remove(&other, &format!("{mine}/documents/{theirs}")), 404).await;
    server.stop().await;
}

#[actix_web::test]
async fn what_does_not_fit_is_refused_with_what_would() {
    let server = Server::start_with(&[("ZHIDAN_DOCUMENTS__BYTES_MAX", "4096")]).await;
    let firm = Firm::create(&server, "fits").await;
    let (clerk, owner) = (firm.staff("clerk"), firm.applicant(&server, "13900000001").await);
    let (path, mine) = owned(&server, &firm, "13900000001").await;
    let body = |kind: &str, name: &str, media_type: &str, bytes: u32| json!({ "kind": kind, "file_name": name, "media_type": media_type, "bytes": bytes });
    let (photo, paper) = ("“铭牌照片”可上传JPG、PNG、HEIC文件", "“购置发票”可上传PDF、JPG、PNG、HEIC文件");
    let rows = [
        (body("photo_nameplate", "a.pdf", "application/pdf", 10), "/media_type", photo),
        (body("photo_nameplate", "a.png", "image/png", 4097), "/bytes", photo),
        (body("photo_nameplate", "a.png", "image/png", 0), "/bytes", photo),
        (body("invoice", "a.zip", "application/zip", 10), "/media_type", paper),
    ];
    for (body, pointer, words) in rows {
        for (who, path) in [(&clerk, &path), (&owner, &mine)] {
            let refused = who.post(&format!("{path}/documents"), &body, 422).await;
            assert_eq!((refused.code(), refused.text("/errors/0/pointer")), ("file_refused".into(), pointer.into()));
            assert!(refused.text("/errors/0/message").contains(words), "{:#}", refused.body);
        }
    }
    let refused = clerk.post(&format!("{path}/documents"), &body("selfie", "a.png", "image/png", 10), 422).await;
    assert_eq!(problems(&refused.body), pairs(&[("/kind", "choice")]));
    let refused = clerk.post(&format!("{path}/documents"), &body("other", "../a", "image/png", 10), 422).await;
    assert_eq!(problems(&refused.body), pairs(&[("/file_name", "file_name")]));
    // what arrived is something else than was said, or hides something
    let with_script = [png("photo_site", 1).bytes, b"<script>".to_vec()].concat();
    let disguised = |bytes: Vec<u8>| Picture { bytes, ..png("photo_site", 1) };
    for (picture, code) in [
        (disguised(api::demonstration::SAMPLE_PDF.to_vec()), "type_mismatch"),
        (disguised(with_script), "polyglot"),
        (disguised(b"GIF89a and so on".to_vec()), "unknown_type"),
    ] {
        let done = add(&owner, &mine, picture).await;
        assert_eq!((done.text("/state"), done.text("/refusal/code")), ("rejected".into(), code.into()));
        assert_eq!(done.text("/refusal/message").contains("“现场照片”可上传"), code != "polyglot", "{:#}", done.body);
        owner.get(&format!("{mine}/documents/{}/download", done.text("/id")), 409).await;
    }
    assert_eq!(
        life(&clerk, path.trim_start_matches("/v1/equipment/")).await,
        ["registered"],
        "nothing of it was there"
    );
    // as many as there may be of a kind, and of a machine
    let kinds = ["photo_overall", "photo_nameplate", "photo_site", "invoice", "purchase_contract", "insurance"];
    for kind in kinds {
        for _ in 0..10 {
            owner.post(&format!("{mine}/documents"), &body(kind, "a.png", "image/png", 10), 201).await;
        }
    }
    for (kind, words) in [("photo_site", "“现场照片”最多10个文件"), ("other", "您这一方在每台设备上最多60个文件")]
    {
        let refused = owner.post(&format!("{mine}/documents"), &body(kind, "a.png", "image/png", 10), 422).await;
        assert_eq!(refused.code(), "too_many_items");
        assert!(refused.text("/detail").starts_with(words), "{:#}", refused.body);
    }
    // what never came is cleaned up, so that others can come
    server.app.clock.advance(chrono::Duration::hours(25));
    server.work().await;
    assert_eq!(db_count(&server, &firm, "equipment_documents WHERE state = 'abandoned'").await, 60);
    server.stop().await;
}

#[actix_web::test]
async fn a_file_goes_where_nothing_rests_on_it_and_is_kept_where_a_score_does() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "gone").await;
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("investigator"));
    let owner = firm.applicant(&server, "13900000001").await;
    let (path, mine) = owned(&server, &firm, "13900000001").await;
    let firms = add(&clerk, &path, pdf("insurance")).await.text("/id");
    let refused = owner.send(remove(&owner, &format!("{mine}/documents/{firms}")), 409).await;
    assert_eq!(refused.code(), "document_kept");
    assert!(refused.text("/detail").contains("由担保公司上传"), "{:#}", refused.body);
    let free = add(&owner, &mine, png("photo_overall", 1)).await.text("/id");
    owner.send(remove(&owner, &format!("{mine}/documents/{free}")), 204).await;
    owner.send(remove(&owner, &format!("{mine}/documents/{free}")), 404).await;
    // what never was there leaves no trace
    let started = owner.post(&format!("{mine}/documents"), &png("photo_overall", 1).body(), 201).await;
    owner.send(remove(&owner, &format!("{mine}/documents/{}", started.text("/document/id"))), 204).await;
    let scored = add(&owner, &mine, png("photo_overall", 2)).await.text("/id");
    scorer.post(&format!("{path}/scores"), &json!({}), 201).await;
    let refused = owner.send(remove(&owner, &format!("{mine}/documents/{scored}")), 409).await;
    assert_eq!(refused.code(), "document_kept");
    assert!(refused.text("/detail").contains("评分"), "{:#}", refused.body);
    let listed = owner.get(&format!("{mine}/documents"), 200).await;
    let shown = listed.body["items"].as_array().expect("documents").iter().find(|one| one["id"] == *scored);
    let shown = shown.expect("the scored one");
    assert_eq!((&shown["allowed_actions"], shown["relied_on_at"].is_string()), (&json!(["download"]), true));
    // staff say why, and of which version
    let (why, act) = (json!({ "reason": "照片模糊，已重拍" }), format!("{path}/documents/{scored}/remove"));
    assert_eq!(clerk.post(&act, &why, 428).await.code(), "precondition_required");
    assert_eq!(clerk.act(&act, 2, &json!({ "reason": " " }), 422).await.text("/errors/0/pointer"), "/reason");
    assert_eq!(clerk.act(&act, 1, &why, 409).await.code(), "stale");
    let removed = clerk.act(&act, 2, &why, 200).await;
    assert_eq!((removed.text("/state"), removed.body["sha256"].is_string()), ("removed".into(), true));
    assert_eq!((&removed.body["allowed_actions"], removed.version), (&json!(["download"]), Some(3)));
    clerk.act(&act, 3, &why, 404).await;
    // beyond the clean-up that every upload plans, too
    for _ in 0..2 {
        server.work().await;
        server.app.clock.advance(chrono::Duration::hours(25));
    }
    assert!(is_stored(&server, &firm, &scored, 3).await && !is_stored(&server, &firm, &free, 1).await);
    let session = firm.log_in(&server, "clerk", 200).await;
    let clerk = server.with_token(&session.text("/access_token"));
    let link = clerk.get(&format!("{path}/documents/{scored}/download"), 200).await;
    assert_eq!(read_file(&link).await, (200, png("photo_overall", 2).bytes));
    clerk.get(&format!("{path}/documents/{free}/download"), 409).await;
    let id = path.trim_start_matches("/v1/equipment/");
    let expected = [
        "registered",
        "photo_added",
        "photo_added",
        "photo_removed",
        "photo_added",
        "scored",
        "photo_removed",
        "scored",
    ];
    assert_eq!(life(&clerk, id).await, expected);
    let told = clerk.get(&format!("{path}/life"), 200).await;
    assert_eq!(
        (told.text("/items/6/reason"), told.text("/items/6/subject")),
        ("照片模糊，已重拍".into(), scored.clone())
    );
    assert_eq!(told.text("/items/6/text"), "删除照片或资料：整机照片");
    // nothing more is done with the files of a retired machine
    let version = clerk.get(&path, 200).await.version.expect("a version");
    clerk.act(&format!("{path}/retire"), version, &json!({ "reason": "报废" }), 200).await;
    assert_eq!(clerk.post(&format!("{path}/documents"), &pdf("other").body(), 409).await.code(), "equipment_retired");
    assert_eq!(clerk.act(&format!("{path}/documents/{firms}/remove"), 2, &why, 409).await.code(), "equipment_retired");
    clerk.get(&format!("{path}/documents/{firms}/download"), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn the_score_counts_photos_that_are_there() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "counted").await;
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("investigator"));
    let owner = firm.applicant(&server, "13900000001").await;
    let (path, mine) = owned(&server, &firm, "13900000001").await;
    let scores = format!("{path}/scores");
    // what nobody asked to be scored is not
    let first = add(&owner, &mine, png("photo_overall", 1)).await;
    assert_eq!((scorer.get(&scores, 200).await.body["items"].clone(), &first.body["relied_on_at"]), (json!([]), &NONE));
    clerk.act(&format!("{path}/documents/{}/remove", first.text("/id")), 2, &json!({ "reason": "重拍" }), 200).await;
    // a bar so high that it takes the photos
    let admin = firm.staff("administrator");
    let card = admin.get("/v1/scorecards?kind=equipment", 200).await.text("/items/0/id");
    let mut body = admin.get(&format!("/v1/scorecards/{card}"), 200).await.body["body"].clone();
    body["threshold_hundredths"] = json!(9_990);
    let card = json!({ "kind": "equipment", "effective_from": crate::support::today(&server), "body": body });
    admin.post("/v1/scorecards", &card, 201).await;
    let bare = scorer.post(&scores, &json!({}), 201).await;
    let total = |score: &Value| score["total_hundredths"].as_i64().expect("a total");
    let (before, advice) = (total(&bare.body), "补充上传整机、铭牌或现场照片");
    let changes = bare.body["opinion"]["changes"].as_array().expect("changes").clone();
    let said: Vec<_> = changes.iter().filter_map(Value::as_str).filter(|one| one.starts_with(advice)).collect();
    assert_eq!(said.len(), 1, "{changes:#?}");
    assert!(said[0].contains("设备照片数由0分提高到100分"), "{said:?}");
    let latest = async || scorer.get(&scores, 200).await;
    // papers are none, and the same picture twice is one
    add(&owner, &mine, pdf("certificate")).await;
    assert_eq!(latest().await.text("/items/0/id"), bare.text("/id"));
    for (kind, seed, points) in [
        ("photo_overall", 2, 60),
        ("photo_overall", 2, 60),
        ("photo_nameplate", 3, 60),
        ("photo_site", 4, 60),
        ("photo_site", 5, 100),
    ] {
        let added = add(&owner, &mine, png(kind, seed)).await;
        assert!(added.body["relied_on_at"].is_string(), "{:#}", added.body);
        let now = latest().await;
        assert_eq!(
            (now.text("/items/0/cause"), now.text("/items/0/cause_label")),
            ("photos".into(), "照片变更".into())
        );
        // 15 % for what it is, of which a tenth for its photos
        assert_eq!(total(&now.body["items"][0]) - before, points * 15 / 10, "{kind} {seed}");
    }
    let full = scorer.get(&format!("/v1/equipment-scores/{}", latest().await.text("/items/0/id")), 200).await;
    let changes = full.body["opinion"]["changes"].to_string();
    assert!(!changes.contains(advice), "{changes}");
    // one that is taken away counts no more
    let listed = clerk.get(&format!("{path}/documents"), 200).await;
    let items = listed.body["items"].as_array().expect("documents");
    let site = items.iter().find(|one| one["kind"] == "photo_site").expect("a photo")["id"].as_str().expect("an id");
    let version = clerk.get(&path, 200).await.version;
    clerk.act(&format!("{path}/documents/{site}/remove"), 2, &json!({ "reason": "重复" }), 200).await;
    let now = latest().await;
    assert_eq!((now.text("/items/0/cause"), total(&now.body["items"][0]) - before), ("photos".into(), 90));
    // nobody's form of the record is stale for it
    assert_eq!(clerk.get(&path, 200).await.version, version);
    server.stop().await;
}
