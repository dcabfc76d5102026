//! A tenant with one of everything that has an id, so that another tenant's callers have something to ask for.

use std::collections::BTreeMap;

use domain::clients::scope::Scope;
use serde_json::{Value, json};

use crate::support::{Caller, Firm, Hire, LimitFirm, Server, db_add_alarm, db_add_socket, id_number, sample_sources};

/// A tenant with one of everything.
pub struct World {
    /// Its applicant, who owns the application.
    pub applicant: Caller,
    /// The platform's operator.
    pub operator: Caller,
    /// A client of a third party that may do all that one can.
    pub client: Caller,
    firm: Firm,
    /// What stands for `{id}` under each path's beginning, and for other places.
    things: BTreeMap<&'static str, String>,
}

impl World {
    /// Makes it through the API.
    pub async fn make(server: &Server, slug: &str) -> Self {
        let firm = Firm::create(server, slug).await;
        sample_sources(server, &firm);
        let applicant = firm.applicant(server, "13900000001").await;
        let mut things = BTreeMap::new();
        let application = firm.submitted(server, &applicant, 0).await;
        let mine = format!("/v1/my/applications/{application}");
        let first = async |caller: &Caller, path: &str| {
            let all = caller.get(path, 200).await;
            all.body["items"][0]["id"]
                .as_str()
                .unwrap_or_else(|| panic!("nothing at {path}: {:#}", all.body))
                .to_owned()
        };
        things.insert("document", first(&applicant, &format!("{mine}/documents")).await);
        things.insert("authorisation", first(&applicant, &format!("{mine}/authorisations")).await);
        let officer = firm.staff("investigator");
        things.insert("assessment", first(&officer, &format!("/v1/applications/{application}/assessments")).await);
        things.insert("/v1/my/inbox", first(&applicant, "/v1/my/inbox").await);
        let admin = firm.staff("administrator");
        for path in [
            "/v1/staff",
            "/v1/departments",
            "/v1/products",
            "/v1/message-templates",
            "/v1/scorecards",
            "/v1/deliveries",
        ] {
            things.insert(path, first(&admin, path).await);
        }
        let role = json!({ "name": "查询员", "permissions": ["products.read"] });
        things.insert("/v1/roles", admin.post("/v1/roles", &role, 201).await.text("/id"));
        for (path, body) in written() {
            things.insert(path, admin.post(path, &body, 201).await.text("/id"));
        }
        things.extend(log_ins(server, &firm).await);
        let finance = firm.staff("finance");
        for (path, body) in entered() {
            things.insert(path, finance.post(path, &body, 201).await.text("/id"));
        }
        let enterprise =
            json!({ "credit_code": "9133010099DEM0013K", "full_name": "示例一号智能设备有限公司（示例）" });
        things.insert("/v1/enterprises", first_or_new(&officer, &enterprise).await);
        things.extend(customers(&firm).await);
        things.extend(limits(server, &firm).await);
        things.extend(equipment(server, &firm, &applicant).await);
        things.extend(telemetry(server, &firm).await);
        things.extend(webhooks(&firm).await);
        let (client, known) = client(server, &firm).await;
        things.extend(known);
        things.extend(requests(&firm, &applicant).await);
        things.insert("/v1/my/applications", application.clone());
        things.insert("/v1/applications", application);
        // A tenant of its own for what suspends: the others must go on.
        let spare = json!({
            "slug": format!("{slug}-spare"), "name": "示例备用机构",
            "administrator": { "login_name": "administrator", "name": "示例管理员", "email": "spare@spare.example.com" },
        });
        let made = firm.operator.post("/v1/platform/tenants", &spare, 201).await;
        things.insert("/v1/platform/tenants", made.text("/tenant/id"));
        Self { applicant, operator: firm.operator.clone(), client, firm, things }
    }

    /// The member of staff with a role.
    pub fn staff(&self, role: &str) -> Caller {
        self.firm.staff(role)
    }

    /// A documented path with this tenant's ids in it.
    pub fn fill(&self, path: &str) -> String {
        let area = path.split("/{id}").next().unwrap_or(path);
        let area = area.replace("/v1/t/{tenant}", "/v1");
        // whose log-ins may end without anybody missing them
        let spared = path.starts_with("/v1/staff/{id}/se");
        let area = if spared { "spare staff".to_owned() } else { area };
        let mut filled = path.replace("{tenant}", &self.firm.slug).replace("{notice}", "privacy");
        if path.contains("{id}") {
            let id = self.things.get(area.as_str()).unwrap_or_else(|| panic!("no thing for {path}"));
            filled = filled.replace("{id}", id);
        }
        filled =
            filled.replace("{dimension}", "client").replace("{category}", "lathe").replace("{class}", "deliveries");
        if area.ends_with("/equipment") {
            filled = filled.replace("{document}", &self.things["equipment document"]);
        }
        for place in ["document", "authorisation", "assessment", "staff", "session", "delivery", "credential"] {
            filled = filled.replace(&format!("{{{place}}}"), &self.things[place]);
        }
        filled
    }

    /// Every id of this tenant.
    pub fn ids(&self) -> Vec<String> {
        self.things.values().cloned().collect()
    }
}

/// Somebody who is logged in, and a second log-in of the clerk.
async fn log_ins(server: &Server, firm: &Firm) -> Vec<(&'static str, String)> {
    let department = firm.default_department().await;
    let hire = Hire { login_name: "spare", role: "clerk", department: &department, scope: "own" };
    let (spare, id) = firm.hire(server, &hire).await;
    let session = spare.get("/v1/session", 200).await.text("/session");
    let second = firm.log_in(server, "clerk", 200).await.text("/access_token");
    let second = server.with_token(&second).get("/v1/session", 200).await.text("/session");
    vec![("spare staff", id), ("session", session), ("/v1/sessions", second)]
}

async fn first_or_new(officer: &Caller, enterprise: &Value) -> String {
    let found = officer.get("/v1/enterprises", 200).await;
    match found.body["items"][0]["id"].as_str() {
        Some(id) => id.to_owned(),
        None => officer.post("/v1/enterprises", enterprise, 201).await.text("/id"),
    }
}

/// A customer with a relation, shared with a channel that has a member.
async fn customers(firm: &Firm) -> Vec<(&'static str, String)> {
    let (clerk, admin) = (firm.staff("clerk"), firm.staff("administrator"));
    let channel = json!({ "name": "示例渠道", "kind": "partner" });
    let channel = clerk.post("/v1/channels", &channel, 201).await.text("/id");
    let member = json!({ "staff": firm.staff_id("channel") });
    admin.post(&format!("/v1/channels/{channel}/members"), &member, 201).await;
    let mut ids = vec![];
    for order in [21, 22] {
        let person = json!({ "kind": "person", "name": "王示例", "class": "farmer",
            "id_number": id_number("330106", "19820304", order) });
        ids.push(clerk.post("/v1/customers", &person, 201).await.text("/id"));
    }
    let spouse = json!({ "other": ids[1], "kind": "spouse", "source": "declared", "valid_from": "2020-01-01" });
    let relation = clerk.post(&format!("/v1/customers/{}/relations", ids[0]), &spouse, 201).await.text("/id");
    let share = json!({ "channel": channel, "purpose": "示例" });
    let share =
        firm.staff("executive").post(&format!("/v1/customers/{}/shares", ids[0]), &share, 201).await.text("/id");
    vec![
        ("/v1/channels", channel),
        ("/v1/customers", ids[0].clone()),
        ("/v1/channel/customers", ids[0].clone()),
        ("/v1/relations", relation),
        ("/v1/customer-shares", share),
        // Somebody who belongs to no channel, so that nobody is taken out of one before the others had their turn.
        ("staff", firm.staff_id("clerk")),
    ]
}

/// A granted limit with a part, of which something is set aside and something drawn.
async fn limits(server: &Server, firm: &Firm) -> Vec<(&'static str, String)> {
    let books = LimitFirm::of(server, firm.clone(), 1).await;
    let first = books.first.clone();
    let reservation = books.reserve(&first.limit, 3_000).await;
    let drawn = books.draw(&reservation, 1_000).await;
    vec![
        ("/v1/limit-approvals", first.approval),
        ("/v1/limits", first.limit.clone()),
        ("/v1/my/limits", first.limit),
        ("/v1/reservations", reservation.clone()),
        ("/v1/my/reservations", reservation),
        ("/v1/drawdowns", drawn.text("/drawdown/id")),
        ("/v1/limit-operations", drawn.text("/operation")),
    ]
}

/// A machine of the applicant's with a socket and a score, offered, about which somebody else asks.
async fn equipment(server: &Server, firm: &Firm, owner: &Caller) -> Vec<(&'static str, String)> {
    let (clerk, scorer) = (firm.staff("clerk"), firm.staff("post_guarantee"));
    let title = json!({ "ownership": "owned", "registry": "clear", "registry_searched_on": "2026-01-05" });
    let machine = json!({ "name": "示例车床", "category": "lathe", "owner_phone": "13900000001",
        "papers": { "title": title } });
    let machine = clerk.post("/v1/equipment", &machine, 201).await.text("/id");
    let path = format!("/v1/equipment/{machine}");
    let document = json!({ "kind": "invoice", "file_name": "示例.pdf", "media_type": "application/pdf", "bytes": 100 });
    let document = owner.post(&format!("/v1/my/equipment/{machine}/documents"), &document, 201).await;
    let socket = db_add_socket(server, firm, "plug-world").await;
    let binding = clerk.post(&format!("{path}/bindings"), &json!({ "socket": socket }), 201).await.text("/id");
    let score = scorer.post(&format!("{path}/scores"), &json!({}), 201).await.text("/id");
    let listing = json!({ "title": "示例", "description": "示例", "price_fen": 100_000 });
    let listing = owner.post(&format!("/v1/my/equipment/{machine}/listings"), &listing, 201).await.text("/id");
    owner.act(&format!("/v1/my/listings/{listing}/publish"), 1, &json!({}), 200).await;
    let buyer = firm.applicant(server, "13900000002").await;
    let ask = json!({ "question": "示例" });
    let enquiry = buyer.post(&format!("/v1/offers/{listing}/enquiries"), &ask, 201).await.text("/id");
    let figures = json!({ "off_below_mw": 3_000, "working_from_mw": 600_000 });
    let thresholds = scorer.post(&format!("{path}/thresholds"), &figures, 201).await.text("/id");
    let rule = json!({ "kind": "idle_too_long", "minutes": 60, "clear_after_minutes": 10, "severity": "notice" });
    let rule = json!({ "equipment": machine, "rule": rule });
    let rule = scorer.post("/v1/alarm-rules", &rule, 201).await.text("/id");
    let alarm = db_add_alarm(server, firm, &rule, &machine).await;
    vec![
        ("/v1/thresholds", thresholds),
        ("/v1/alarm-rules", rule),
        ("/v1/alarms", alarm.clone()),
        ("/v1/my/alarms", alarm),
        ("equipment document", document.text("/document/id")),
        ("/v1/equipment", machine.clone()),
        ("/v1/my/equipment", machine),
        ("/v1/bindings", binding),
        ("/v1/equipment-scores", score),
        ("/v1/listings", listing.clone()),
        ("/v1/my/listings", listing.clone()),
        ("/v1/offers", listing),
        ("/v1/enquiries", enquiry.clone()),
        ("/v1/my/enquiries", enquiry),
    ]
}

/// A source of readings with a socket, and something of it that was set aside.
async fn telemetry(server: &Server, firm: &Firm) -> Vec<(&'static str, String)> {
    let admin = firm.staff("administrator");
    let source = json!({ "name": "示例网关", "format": "own", "verification": "token" });
    let made = admin.post("/v1/telemetry-sources", &source, 201).await;
    let source = made.text("/source/id");
    let socket = json!({ "source": source, "device": "known" });
    let socket = admin.post("/v1/sockets", &socket, 201).await.text("/id");
    let message = json!({ "device": "unknown", "at": server.app.clock.now().to_rfc3339(), "power_w": 1 });
    let anyone = server.anyone();
    let request = anyone.request(reqwest::Method::POST, &format!("/v1/t/{}/telemetry/{source}", firm.slug));
    anyone.send(request.header("Zhidan-Token", made.text("/secret")).json(&message), 200).await;
    let aside = admin.get("/v1/quarantined-readings", 200).await.text("/items/0/id");
    vec![
        ("/v1/telemetry-sources", source.clone()),
        ("/v1/telemetry", source),
        ("/v1/sockets", socket),
        ("/v1/quarantined-readings", aside),
    ]
}

/// A copy of the applicant's data, and a request that was recorded for them.
async fn requests(firm: &Firm, applicant: &Caller) -> Vec<(&'static str, String)> {
    let copy = applicant.post("/v1/my/data-exports", &json!({}), 201).await.text("/id");
    let asked = json!({ "kind": "export", "phone": "13900000001", "reason": "示例书面申请" });
    let request = firm.staff("security_officer").post("/v1/privacy-requests", &asked, 201).await.text("/id");
    vec![("/v1/my/data-exports", copy), ("/v1/privacy-requests", request)]
}

/// An address of a third party that something is on its way to.
async fn webhooks(firm: &Firm) -> Vec<(&'static str, String)> {
    let admin = firm.staff("administrator");
    let address = json!({ "url": "https://hooks.invalid/zhidan" });
    let endpoint = admin.post("/v1/webhook-endpoints", &address, 201).await.text("/endpoint/id");
    let tried = admin.post(&format!("/v1/webhook-endpoints/{endpoint}/test"), &json!({}), 202).await;
    vec![("/v1/webhook-endpoints", endpoint), ("delivery", tried.text("/id"))]
}

/// A client of a third party with all scopes, and an own one to be asked about.
async fn client(server: &Server, firm: &Firm) -> (Caller, Vec<(&'static str, String)>) {
    let admin = firm.staff("administrator");
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| scope.code()).collect();
    let limits = json!({ "rate_per_second": 1000, "burst": 5000, "at_once": 200, "per_day": 1_000_000 });
    let client = json!({ "name": "示例银行", "kind": "bank", "scopes": scopes, "limits": limits });
    let made = admin.post("/v1/clients", &client, 201).await;
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        made.text("/client/id"),
        made.text("/secret")
    );
    let anyone = server.anyone();
    let request = anyone.request(reqwest::Method::POST, &format!("/v1/t/{}/oauth/token", firm.slug));
    let request = request.header("Content-Type", "application/x-www-form-urlencoded").body(form);
    let token = anyone.send(request, 200).await.text("/access_token");
    let spare = json!({ "name": "示例商户", "kind": "merchant", "scopes": ["limits.read"] });
    let spare = admin.post("/v1/clients", &spare, 201).await;
    let known = vec![("/v1/clients", spare.text("/client/id")), ("credential", spare.text("/client/credentials/0/id"))];
    (server.with_token(&token), known)
}

/// What staff write.
fn written() -> [(&'static str, Value); 3] {
    [
        ("/v1/policies", json!({ "title": "示例政策", "body": "示例", "source": "示例", "conditions": {} })),
        ("/v1/articles", json!({ "title": "示例文章", "summary": "示例", "body": "示例" })),
        ("/v1/glossary", json!({ "term": "示例名词", "meaning": "示例" })),
    ]
}

/// What finance enters.
fn entered() -> [(&'static str, Value); 2] {
    let net_assets = json!({ "kind": "net_assets", "amount_fen": 10_000_000_000i64 });
    let shares = json!({ "bank_bp": 2000, "firm_bp": 8000, "reguarantor_bp": 0, "government_bp": 0 });
    [
        ("/v1/parameters", json!({ "value": net_assets, "effective_from": "2026-01-01", "source": "示例" })),
        (
            "/v1/sharing-agreements",
            json!({ "name": "示例协议", "shares": shares, "valid_from": "2026-01-01", "document": "示例" }),
        ),
    ]
}
