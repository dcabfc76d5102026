//! Machines as these tests need them.

use serde_json::{Value, json};

use crate::support::{Caller, Server, today};

/// The ids in a page.
pub fn ids(body: &Value) -> Vec<String> {
    let items = body["items"].as_array().unwrap_or_else(|| panic!("no page: {body:#}"));
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// The pointers of a refusal's fields with their codes.
pub fn problems(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let all = body["errors"].as_array().unwrap_or_else(|| panic!("no fields: {body:#}"));
    all.iter().map(|one| (text(&one["pointer"]), text(&one["code"]))).collect()
}

/// Pairs of texts, as [`problems`] gives them.
pub fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// Papers of a lathe that leave nothing to wish for.
pub fn papers(server: &Server) -> Value {
    let today = today(server);
    let ago = |days: u64| today - chrono::Days::new(days);
    json!({
        "basic": { "maker": "示例机床", "model": "CK6140", "serial_number": "SN-0001", "made_on": ago(400), "bought_on": ago(390),
            "price_fen": 20_000_000, "condition": "new", "rated_power_w": 7_500, "nameplate_matches": true },
        "use": { "place": "owned", "operator": "own_staff", "maintenance_contract": true, "last_maintained_on": ago(30),
            "insured_until": today + chrono::Days::new(200) },
        "title": { "ownership": "owned", "invoice": true, "paid_in_full": true, "registry": "clear",
            "registry_searched_on": ago(5), "disputed": false },
        "control": { "locator": true, "site_access": true, "beneficiary": true, "remote_stop": true },
        "disposal": { "machine": "standard", "market": "active", "buy_back": true, "dismantling_share_bp": 300,
            "realisation_share_bp": 7_000 },
    })
}

/// Puts a lathe with the best papers on record; `more` goes over the body. Gives its id.
pub async fn machine(server: &Server, clerk: &Caller, more: &Value) -> String {
    let mut body = json!({ "name": "示例车床", "category": "lathe", "papers": papers(server) });
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    clerk.post("/v1/equipment", &body, 201).await.text("/id")
}

/// The version of what is at a path.
pub async fn version(who: &Caller, path: &str) -> i64 {
    who.get(path, 200).await.version.expect("a version")
}

/// The kinds of a machine's history, oldest first.
pub async fn life(who: &Caller, machine: &str) -> Vec<String> {
    let all = who.get(&format!("/v1/equipment/{machine}/life?limit=100"), 200).await;
    let items = all.body["items"].as_array().expect("a history");
    items.iter().map(|item| item["kind"].as_str().expect("a kind").to_owned()).collect()
}
