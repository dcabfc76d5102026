//! Which department and officer get an application, and what staff with each data scope see of it: whatever lies outside
//! does not exist for them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Caller, Firm, Hire, Server, id_number, person_form};

const ELSEWHERE: &str = "110101";

/// North has a department below it, South none; each has officers.
struct Firms {
    firm: Firm,
    applicant: Caller,
    farmer: String,
    north: String,
    below: String,
    south: String,
}

async fn departments(server: &Server, slug: &str) -> Firms {
    let firm = Firm::create(server, slug).await;
    let applicant = firm.applicant(server, "13900000081").await;
    let farmer = firm.product(server, "loan_farmer").await;
    let north = firm.department("北区", None, json!([{ "region_prefix": "33" }])).await;
    let both = json!([{ "product_id": farmer, "region_prefix": "330106" }]);
    let below = firm.department("北区一部", Some(&north), both).await;
    let south = firm.department("南区", None, json!([{ "product_id": farmer }])).await;
    Firms { firm, applicant, farmer, north, below, south }
}

impl Firms {
    async fn officer(&self, server: &Server, login_name: &str, department: &str) -> (Caller, String) {
        let scope = "own";
        self.firm.hire(server, &Hire { login_name, role: "investigator", department, scope }).await
    }

    /// A farmer's application from a region; gives its id.
    async fn farmer_of(&self, server: &Server, region: &str) -> String {
        let mut form = person_form(&id_number("330106", "19820304", 11));
        form["region"] = json!(region);
        self.firm.person_submitted(server, &self.applicant, &form).await
    }

    /// A person's application for equipment from a region; gives its id.
    async fn equipment_of(&self, server: &Server, region: &str) -> String {
        let product = self.firm.product(server, "equipment_finance").await;
        let asked = json!({ "product_id": product, "subject_kind": "person" });
        let made = self.applicant.post("/v1/my/applications", &asked, 201).await;
        let (id, mut form) = (made.text("/id"), person_form(&id_number("330106", "19820304", 11)));
        form["region"] = json!(region);
        form["purpose"] = json!("new_equipment");
        form["extra"] = json!({ "equipment_name": "示例设备", "equipment_price_fen": 9_000_000 });
        let mine = format!("/v1/my/applications/{id}");
        self.applicant.patch(&mine, made.version.expect("a version"), &form, 200).await;
        self.firm.upload_all(&self.applicant, &id).await;
        let version = self.applicant.get(&mine, 200).await.version.expect("a version");
        self.applicant.act(&format!("{mine}/submit"), version, &json!({}), 200).await;
        server.work().await;
        id
    }
}

/// Department and officer of an application as a clerk who sees all sees them.
async fn place(firm: &Firm, id: &str) -> (String, Option<String>) {
    let case = firm.staff("clerk").get(&format!("/v1/applications/{id}"), 200).await;
    (case.text("/department"), case.body["officer"]["id"].as_str().map(str::to_owned))
}

#[actix_web::test]
async fn product_and_region_give_the_department_and_the_freest_officer_takes_it() {
    let server = Server::start().await;
    let all = departments(&server, "rules").await;
    let firm = &all.firm;
    let (_, north) = all.officer(&server, "north", &all.north).await;
    let (_, below) = all.officer(&server, "below", &all.below).await;
    let (first, first_id) = all.officer(&server, "south-one", &all.south).await;
    let (_, second_id) = all.officer(&server, "south-two", &all.south).await;
    let default = firm.default_department().await;
    // The longest region first, then the product, then the default.
    let nearest = all.farmer_of(&server, "330106").await;
    assert_eq!(place(firm, &nearest).await, (all.below.clone(), Some(below)));
    let province = all.farmer_of(&server, "330203").await;
    assert_eq!(place(firm, &province).await, (all.north.clone(), Some(north.clone())));
    let other_product = all.equipment_of(&server, "330106").await;
    assert_eq!(place(firm, &other_product).await, (all.north.clone(), Some(north)));
    let neither = all.equipment_of(&server, ELSEWHERE).await;
    assert_eq!(place(firm, &neither).await, (default, Some(firm.staff_id("investigator"))));
    // Of two officers each gets half; whose case is closed is free again.
    let mut held = vec![];
    for _ in 0..4 {
        let id = all.farmer_of(&server, ELSEWHERE).await;
        let (department, officer) = place(firm, &id).await;
        assert_eq!(department, all.south);
        held.push((id, officer.expect("an officer")));
    }
    let of = |officer: &str| held.iter().filter(|(_, holds)| holds == officer).map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!((of(&first_id).len(), of(&second_id).len()), (2, 2), "{held:?}");
    for id in of(&first_id) {
        first.step(id, "recommend", &json!({ "advice": "decline", "opinion": "不宜担保" }), 200).await;
        firm.staff("reviewer").step(id, "review", &json!({ "opinion": "同意" }), 200).await;
        firm.staff("executive").step(id, "refuse", &json!({ "reason": "不宜担保" }), 200).await;
    }
    for _ in 0..2 {
        let id = all.farmer_of(&server, ELSEWHERE).await;
        assert_eq!(place(firm, &id).await.1.as_deref(), Some(first_id.as_str()));
    }
    server.stop().await;
}

#[actix_web::test]
async fn where_nobody_can_take_it_it_waits_to_be_assigned_by_hand() {
    let server = Server::start().await;
    let all = departments(&server, "byhand").await;
    let (firm, south) = (&all.firm, &all.south);
    let id = all.farmer_of(&server, ELSEWHERE).await;
    let mine = all.applicant.get(&format!("/v1/my/applications/{id}"), 200).await;
    assert_eq!((mine.text("/state"), mine.text("/waits_for")), ("assigning".into(), "firm".into()));
    assert_eq!(place(firm, &id).await, (south.clone(), None));
    // Whoever is a reviewer, left, or does not exist gets nothing.
    let clerk = firm.staff("clerk");
    for nobody in [firm.staff_id("reviewer"), "stf_01jd8m1f5ne6xa9q2t4k7v3b8c".to_owned(), "x".to_owned()] {
        let refused = clerk.step(&id, "assign", &json!({ "officer": nobody }), 422).await;
        assert_eq!(refused.text("/errors/0/pointer"), "/officer");
    }
    // The case moves with its officer, and with it who sees it.
    let mut seers = vec![];
    for (login_name, department) in [("north-clerk", &all.north), ("south-clerk", south)] {
        let hire = Hire { login_name, role: "clerk", department, scope: "department" };
        seers.push(firm.hire(&server, &hire).await.0);
    }
    let case = format!("/v1/applications/{id}");
    seers[0].get(&case, 404).await;
    seers[1].get(&case, 200).await;
    let (officer, officer_id) = all.officer(&server, "north", &all.north).await;
    officer.get(&case, 404).await;
    // The clerk of the other department cannot reach it, nor take it over.
    let take = json!({ "officer": officer_id });
    seers[0].act(&format!("{case}/assign"), mine.version.expect("a version"), &take, 404).await;
    seers[1].step(&id, "assign", &take, 200).await;
    assert_eq!(place(firm, &id).await, (all.north.clone(), Some(officer_id)));
    officer.get(&case, 200).await;
    seers[0].get(&case, 200).await;
    seers[1].get(&case, 404).await;
    server.stop().await;
}

/// What one member of staff sees: the queue, the counts and how many are theirs.
async fn seen(who: &Caller) -> (BTreeSet<String>, i64, i64) {
    let (mut ids, mut path) = (BTreeSet::new(), "/v1/applications?limit=2".to_owned());
    loop {
        let page = who.get(&path, 200).await;
        for entry in page.body["items"].as_array().expect("a page") {
            assert!(ids.insert(entry["id"].as_str().expect("an id").to_owned()), "no row stands twice");
        }
        match page.body["next"].as_str() {
            Some(next) => path = format!("/v1/applications?limit=2&cursor={next}"),
            None => break,
        }
    }
    let counts = who.get("/v1/applications/counts", 200).await;
    let states = counts.body["states"].as_array().expect("states");
    let sum = states.iter().filter_map(|state| state["count"].as_i64()).sum();
    (ids, sum, counts.body["mine"].as_i64().expect("a count"))
}

/// Everything about an application that a member of staff could ask for.
async fn ask_for_everything(owner: &Caller, who: &Caller, clerk: bool, id: &str, expected: u16) {
    let documents = owner.get(&format!("/v1/my/applications/{id}/documents"), 200).await;
    let case = format!("/v1/applications/{id}");
    for part in ["", "/timeline", "/changes", "/documents", "/authorisations", "/pulls", "/assessments"] {
        who.get(&format!("{case}{part}"), expected).await;
    }
    for document in documents.body["items"].as_array().expect("documents") {
        // What shows personal data is not for clerks; of what lies outside, not even that is said.
        let hidden = clerk && expected == 200 && document["item_key"] == "id_card";
        let document = document["id"].as_str().expect("an id");
        who.get(&format!("{case}/documents/{document}/download"), if hidden { 403 } else { expected }).await;
    }
    if expected != 404 {
        return;
    }
    let act = async |action: &str, body: Value| {
        who.act(&format!("{case}/{action}"), 1, &body, 404).await;
    };
    act("return", json!({ "items": [{ "item": "/contact/phone", "reason": "请核对" }] })).await;
    act("send-back", json!({ "to": "screening", "reason": "请核对" })).await;
    if clerk {
        act("assign", json!({ "officer": "stf_01jd8m1f5ne6xa9q2t4k7v3b8c" })).await;
    } else {
        act("recommend", json!({ "advice": "decline", "opinion": "不宜担保" })).await;
        act("recollect", json!({ "reason": "请核对" })).await;
        act("reveal", json!({ "reason": "请核对" })).await;
    }
}

#[actix_web::test]
async fn each_scope_shows_its_rows_and_hides_the_others() {
    let server = Server::start().await;
    let all = departments(&server, "scopes").await;
    let firm = &all.firm;
    let (north_one, _) = all.officer(&server, "north-one", &all.north).await;
    let (north_two, _) = all.officer(&server, "north-two", &all.north).await;
    let (below, _) = all.officer(&server, "below", &all.below).await;
    all.officer(&server, "south", &all.south).await;
    let mut cases = vec![];
    for region in ["330203", "330203", "330203", "330106", "330106", ELSEWHERE] {
        cases.push(all.farmer_of(&server, region).await);
    }
    // A draft is nobody's but its owner's.
    let draft = firm.person_draft(&server, &all.applicant).await.0;
    let ids = |places: &[usize]| places.iter().map(|at| cases[*at].clone()).collect::<BTreeSet<_>>();
    let hire = async |login_name: &str, department: &str, scope: &str| {
        firm.hire(&server, &Hire { login_name, role: "clerk", department, scope }).await.0
    };
    let owned = async |who: &Caller| seen(who).await.0;
    let (one, two) = (owned(&north_one).await, owned(&north_two).await);
    assert!(one.is_disjoint(&two) && one.union(&two).cloned().collect::<BTreeSet<_>>() == ids(&[0, 1, 2]));
    let rows: [(Caller, bool, BTreeSet<String>, usize); 9] = [
        (north_one, false, one.clone(), one.len()),
        (north_two, false, two.clone(), two.len()),
        (below, false, ids(&[3, 4]), 2),
        (hire("own", &all.north, "own").await, true, ids(&[]), 0),
        (hire("north-only", &all.north, "department").await, true, ids(&[0, 1, 2]), 0),
        (hire("north-tree", &all.north, "department_tree").await, true, ids(&[0, 1, 2, 3, 4]), 0),
        (hire("below-tree", &all.below, "department_tree").await, true, ids(&[3, 4]), 0),
        (hire("south-tree", &all.south, "department_tree").await, true, ids(&[5]), 0),
        (hire("everything", &all.south, "all").await, true, ids(&[0, 1, 2, 3, 4, 5]), 0),
    ];
    for (at, (who, clerk, expected, own)) in rows.iter().enumerate() {
        let (shown, counted, mine) = seen(who).await;
        assert_eq!(&shown, expected, "row {at}");
        assert_eq!((counted, mine), (expected.len() as i64, *own as i64), "row {at}");
        for id in cases.iter().chain([&draft]) {
            let status = if expected.contains(id) { 200 } else { 404 };
            ask_for_everything(&all.applicant, who, *clerk, id, status).await;
        }
        let theirs = who.get("/v1/applications?officer=me", 200).await;
        assert_eq!(theirs.body["items"].as_array().map(Vec::len), Some(*own), "row {at}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_narrower_scope_holds_at_once() {
    let server = Server::start().await;
    let all = departments(&server, "narrower").await;
    let (firm, farmer) = (&all.firm, &all.farmer);
    all.officer(&server, "south", &all.south).await;
    let id = all.farmer_of(&server, ELSEWHERE).await;
    let case = format!("/v1/applications/{id}");
    let hire = Hire { login_name: "moving", role: "clerk", department: &all.south, scope: "department" };
    let (clerk, clerk_id) = firm.hire(&server, &hire).await;
    clerk.get(&case, 200).await;
    let admin = firm.staff("administrator");
    let change = async |body: Value| {
        // Tokens carry whole seconds: a new one must be younger than the change.
        let path = format!("/v1/staff/{clerk_id}");
        let version = admin.get(&path, 200).await.version.expect("a version");
        admin.patch(&path, version, &body, 200).await;
        server.app.clock.advance(chrono::Duration::seconds(2));
        server.with_token(&firm.log_in(&server, "moving", 200).await.text("/access_token"))
    };
    let narrow = change(json!({ "data_scope": "own" })).await;
    clerk.get(&case, 401).await;
    narrow.get(&case, 404).await;
    let moved = change(json!({ "data_scope": "department", "department": all.north })).await;
    moved.get(&case, 404).await;
    let back = change(json!({ "department": all.south })).await;
    back.get(&case, 200).await;
    let filtered = back.get(&format!("/v1/applications?product={farmer}&region=11"), 200).await;
    assert_eq!(filtered.text("/items/0/id"), id);
    server.stop().await;
}

#[actix_web::test]
async fn deliveries_are_seen_and_sent_again_as_far_as_the_data_scope_reaches() {
    let server = Server::start().await;
    let all = departments(&server, "letters").await;
    let firm = &all.firm;
    all.officer(&server, "north-one", &all.north).await;
    all.officer(&server, "south-one", &all.south).await;
    let (north, south) = (all.farmer_of(&server, "330203").await, all.farmer_of(&server, ELSEWHERE).await);
    let hire = async |login_name: &str, department: &str, scope: &str| {
        firm.hire(&server, &Hire { login_name, role: "clerk", department, scope }).await.0
    };
    let about = async |who: &Caller| {
        let page = who.get("/v1/deliveries?limit=100", 200).await;
        let items = page.body["items"].as_array().expect("deliveries").clone();
        items.iter().map(|one| one["application_id"].as_str().unwrap_or("none").to_owned()).collect::<BTreeSet<_>>()
    };
    let ids = |ids: &[&String]| ids.iter().map(|id| (*id).clone()).collect::<BTreeSet<_>>();
    assert_eq!(about(&hire("north-own", &all.north, "own").await).await, ids(&[]));
    assert_eq!(about(&hire("north-only", &all.north, "department").await).await, ids(&[&north]));
    assert_eq!(about(&hire("south-tree", &all.south, "department_tree").await).await, ids(&[&south]));
    let everything = about(&hire("everything", &all.south, "all").await).await;
    assert_eq!(everything, ids(&[&north, &south, &"none".to_owned()]));
    // Sending again reaches no further: it is not there, rather than not failed.
    let admin = firm.staff("administrator");
    let of_north = admin.get("/v1/deliveries?limit=100", 200).await;
    let items = of_north.body["items"].as_array().expect("deliveries");
    let one = items.iter().find(|one| one["application_id"] == json!(north)).expect("one")["id"].clone();
    let again = format!("/v1/deliveries/{}/retry", one.as_str().expect("an id"));
    admin.post(&again, &json!({}), 409).await;
    let hire = Hire { login_name: "south-admin", role: "administrator", department: &all.south, scope: "department" };
    let (narrow, _) = firm.hire(&server, &hire).await;
    narrow.post(&again, &json!({}), 404).await;
    server.stop().await;
}
