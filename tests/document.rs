//! The document: what the code serves is what is committed, and everything in it can be read.

use crate::support::Server;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");

#[test]
fn the_committed_document_is_what_the_code_serves() {
    let now = api::openapi::document().to_pretty_json().expect("JSON");
    let kept = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(kept.trim() == now.trim(), "openapi/openapi.json is stale; mend it with: just document");
}

#[test]
fn the_committed_tables_are_what_the_code_says() {
    let access = api::tables::access().expect("the table");
    for (name, now, least) in [("errors", api::tables::errors(), 50), ("access", access, 120)] {
        let path = format!("{}/../docs/{name}.md", env!("CARGO_MANIFEST_DIR"));
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let mend = format!("cargo run --quiet -- table {name} > docs/{name}.md");
        assert!(kept == now, "docs/{name}.md is stale; mend it with: {mend}");
        assert!(now.lines().filter(|line| line.starts_with("| `")).count() >= least, "docs/{name}.md is short");
    }
}

#[test]
fn the_page_about_webhooks_names_every_event_and_every_wait() {
    use domain::webhooks::{event::EventType, schedule::WAITS_S};
    let page = include_str!("../docs/webhooks.md");
    for event in EventType::ALL {
        assert!(page.contains(&format!("| `{}` | {} |", event.code(), event.words().zh)), "{}", event.code());
    }
    let said = |wait_s: i64| match wait_s {
        0..60 => format!("{wait_s}秒"),
        60..3_600 => format!("{}分", wait_s / 60),
        _ => format!("{}小时", wait_s / 3_600),
    };
    let waits = WAITS_S.map(said).join(" | ");
    assert!(page.contains(&format!("| 立即 | {waits} |")), "{waits}");
}

#[actix_web::test]
async fn the_server_serves_it_with_a_page_that_needs_no_other_host() {
    let server = Server::start().await;
    let anyone = server.anyone();
    let served = anyone.get("/openapi.json", 200).await;
    assert_eq!(served.body["openapi"], "3.1.0");
    let page =
        anyone.request(reqwest::Method::GET, "/docs/").send().await.expect("an answer").text().await.expect("a page");
    assert!(page.contains("swagger") && page.contains("<title>智担") && !page.contains("https://"), "{page}");
    // Swagger UI would otherwise send the document's address to a validator on another host.
    let started = anyone.request(reqwest::Method::GET, "/docs/swagger-initializer.js").send().await.expect("an answer");
    let started = started.text().await.expect("a script").replace(char::is_whitespace, "");
    assert!(started.contains("\"validatorUrl\":\"none\"") && !started.contains("https://"), "{started}");
    let errors = anyone
        .request(reqwest::Method::GET, "/docs/errors")
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a page");
    assert!(errors.contains("id=\"idempotency_key_reused\""));
    anyone.get("/health", 200).await;
    anyone.get("/ready", 200).await;
    let wrong = anyone.send(anyone.request(reqwest::Method::PUT, "/v1/session"), 405).await;
    assert!(wrong.headers.get("allow").expect("Allow").to_str().expect("text").contains("GET"));
    assert_eq!(anyone.get("/v1/nothing", 404).await.code(), "not_found");
    server.stop().await;
}

#[test]
fn every_operation_has_a_tag_a_summary_and_described_answers() {
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
            assert!(ids.insert(id.to_owned()), "{id} stands twice");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{id} has no summary");
            assert!(operation["tags"].as_array().is_some_and(|t| !t.is_empty()), "{id} has no tag");
            for (status, answer) in operation["responses"].as_object().expect("responses") {
                assert!(answer["description"].as_str().is_some_and(|d| !d.is_empty()), "{id} {status}");
            }
        }
    }
}

#[test]
fn the_headers_that_a_client_acts_on_stand_in_the_document() {
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let answers = |path: &str, method: &str| document["paths"][path][method]["responses"].clone();
    assert!(answers("/v1/my/applications/{id}", "get")["200"]["headers"]["ETag"].is_object());
    assert!(answers("/v1/my/applications", "post")["201"]["headers"]["Location"].is_object());
    let mut seen = 0;
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("operations").values() {
            let id = &operation["operationId"];
            assert!(operation["responses"]["429"]["headers"]["Retry-After"].is_object(), "{id}");
            let parameters = operation["parameters"].as_array().expect("parameters");
            assert!(parameters.iter().any(|p| p["name"] == "Accept-Language"), "{id}");
            if let Some(seen_version) = parameters.iter().find(|p| p["name"] == "If-Match") {
                assert!(seen_version["description"].as_str().is_some_and(|d| d.contains("version")), "{id}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[actix_web::test]
async fn the_forms_example_is_taken_as_it_stands() {
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let schemas = &document["components"]["schemas"];
    let example = |schema: &str, field: &str| schemas[schema]["properties"][field]["example"].clone();
    let server = Server::start().await;
    let firm = crate::support::Firm::create_bare(&server, "examples").await;
    let applicant = firm.applicant(&server, "13900000051").await;
    for (product, kind, fields) in [
        ("loan_enterprise", "enterprise", ["full_name", "credit_code"]),
        ("loan_farmer", "person", ["real_name", "id_number"]),
    ] {
        let product = firm.product(&server, product).await;
        let start = serde_json::json!({ "product_id": product, "subject_kind": kind });
        let made = applicant.post("/v1/my/applications", &start, 201).await;
        let mut form = serde_json::json!({
            "industry": example("ApplicationForm", "industry"), "region": example("ApplicationForm", "region"),
            "contact": { "name": example("FormContact", "name"), "phone": example("FormContact", "phone") },
            "subject": {},
        });
        for field in fields {
            form["subject"][field] = example("FormSubject", field);
        }
        let path = format!("/v1/my/applications/{}", made.text("/id"));
        applicant.patch(&path, made.version.expect("a version"), &form, 200).await;
    }
    let listed = server.anyone().get("/v1/reference/industries?parent=C13", 200).await;
    assert!(listed.body["items"].as_array().is_some_and(|items| !items.is_empty()));
    server.stop().await;
}

/// A field of a schema, wherever in it the schema has it.
fn field<'a>(schema: &'a serde_json::Value, name: &str) -> Option<&'a serde_json::Value> {
    let here = schema.pointer(&format!("/properties/{name}"));
    let rows = schema.pointer("/properties/items/items").and_then(|items| field(items, name));
    here.or(rows).or_else(|| schema["allOf"].as_array()?.iter().find_map(|part| field(part, name)))
}

#[test]
fn what_takes_one_of_a_few_words_lists_them() {
    use domain::applications::action::ActionKind;
    use domain::limits::operation::LimitAction;
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    // A list in prose is a list that no program sees.
    let mut prose = vec![];
    for (name, schema) in schemas {
        for (field, of) in schema["properties"].as_object().into_iter().flatten() {
            let described = of["description"].as_str().unwrap_or_default();
            let is_word = |part: &&str| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !part.is_empty();
            let words = described.split('`').skip(1).step_by(2).filter(is_word).count();
            let text = of["type"] == "string" || of["type"].as_array().is_some_and(|t| t.contains(&"string".into()));
            if text && words >= 2 && of.get("enum").is_none() && of.get("pattern").is_none() {
                prose.push(format!("{name}.{field}"));
            }
        }
    }
    assert!(prose.is_empty(), "{prose:?}");
    for (schema, name) in
        [("StaffApplication", "score_outcome"), ("Page_QueueEntry", "score_outcome"), ("StepView", "status")]
    {
        let found = field(&schemas[schema], name).or_else(|| field(&schemas["QueueEntry"], name));
        assert!(found.is_some_and(|found| found["enum"].is_array()), "{schema}.{name}: {found:?}");
    }
    let operations: Vec<_> = document["paths"].as_object().expect("paths").values().collect();
    let operations: Vec<_> = operations
        .iter()
        .flat_map(|item| item.as_object().expect("operations").values())
        .map(|o| &o["operationId"])
        .collect();
    let listed = &field(&schemas["MyApplication"], "allowed_actions").expect("the field")["items"]["enum"];
    for (action, operation) in api::openapi::ACTIONS {
        assert!(operations.iter().any(|id| *id == operation), "{operation}");
        assert!(listed.as_array().is_some_and(|words| words.iter().any(|word| word == action)), "{action}: {listed}");
    }
    let listed = &field(&schemas["LimitDetail"], "allowed_actions").expect("the field")["items"]["enum"];
    for (action, operation) in api::openapi::LIMIT_ACTIONS {
        assert!(operations.iter().any(|id| *id == operation), "{operation}");
        assert!(listed.as_array().is_some_and(|words| words.iter().any(|word| word == action)), "{action}: {listed}");
    }
    for action in LimitAction::ALL {
        let own = matches!(action, LimitAction::Expire | LimitAction::Lapse);
        let known = api::openapi::LIMIT_ACTIONS.iter().any(|(known, _)| *known == action.code());
        assert_eq!(known, !own, "{}", action.code());
    }
    for kind in ActionKind::ALL {
        let code = serde_json::to_value(kind).expect("a word");
        let own = api::openapi::OWN_ACTIONS.contains(&kind);
        assert_eq!(api::openapi::ACTIONS.iter().any(|(action, _)| code == *action), !own, "{code}");
    }
}

/// Where in a schema an object has no form at all.
fn formless(schema: &serde_json::Value, place: &str, found: &mut Vec<String>) {
    use serde_json::Value;
    match schema {
        Value::Object(members) => {
            let is_object = schema["type"] == "object"
                || schema["type"].as_array().is_some_and(|types| types.contains(&"object".into()));
            let formed = ["properties", "additionalProperties", "allOf", "oneOf"];
            if is_object && !formed.iter().any(|key| members.contains_key(*key)) {
                found.push(place.to_owned());
            }
            for (key, value) in members.iter().filter(|(key, _)| *key != "example") {
                formless(value, &format!("{place}/{key}"), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| formless(item, place, found)),
        _ => {}
    }
}

#[test]
fn every_object_has_a_form() {
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let mut found = vec![];
    formless(&document["paths"], "paths", &mut found);
    formless(&document["components"]["schemas"], "schemas", &mut found);
    assert!(found.is_empty(), "{found:#?}");
    let schemas = &document["components"]["schemas"];
    for (schema, description) in schemas.as_object().expect("schemas").iter().filter(|(name, _)| {
        name.starts_with("Scorecard")
            || ["AdmissionScorecardBody", "PersonalScorecardBody", "AuditDetail"].contains(&name.as_str())
    }) {
        for (name, member) in description["properties"].as_object().into_iter().flatten() {
            assert!(member["description"].is_string() || member["$ref"].is_string(), "{schema}.{name} is described");
        }
    }
    let forms = schemas["ScorecardBody"]["oneOf"].as_array().expect("a form for each kind");
    assert_eq!(forms.len(), 4);
}
