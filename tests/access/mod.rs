//! Caller × operation → status, for every operation of the document. An operation without a row fails the suite, and so
//! does a row without an operation, or one whose document names another permission.

mod caching;
mod table;
mod table_clients;
mod table_privacy;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{APPLICANT, OPERATOR, Permission, STAFF_ROLES};
use domain::clients::scope::{self, Scope};
use serde_json::{Value, json};

use crate::support::{Caller, Server};
use table::{Row, TABLE, What};
use table_clients::CLIENTS;
use table_privacy::PRIVACY;
use world::World;

/// What clients of third parties do not get although they may read what it belongs to: files, which nobody has masked.
const PEOPLES: [&str; 2] = ["download_document", "download_equipment_document"];

/// One operation as the document has it.
struct Operation {
    id: String,
    method: reqwest::Method,
    path: String,
    permission: Option<Permission>,
    has_body: bool,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(api::openapi::document()).expect("JSON");
    let mut all = vec![];
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let scope = operation["x-permission"].as_str();
            all.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                permission: scope.map(|key| Permission::from_key(key).unwrap_or_else(|| panic!("{path}: {key}"))),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    all
}

#[test]
fn every_operation_has_its_row_and_every_row_its_operation() {
    let documented: BTreeMap<String, Option<Permission>> =
        operations().into_iter().map(|o| (o.id, o.permission)).collect();
    let mut wrong = vec![];
    let mut rows = BTreeSet::new();
    for Row { operation, permission, .. } in TABLE.iter().chain(CLIENTS).chain(PRIVACY) {
        rows.insert((*operation).to_owned());
        match documented.get(*operation) {
            None => wrong.push(format!("{operation}: not in the document")),
            Some(found) if found.map(Permission::key) != permission.map(Permission::key) => {
                wrong.push(format!("{operation}: the document asks for {found:?}, the table for {permission:?}"));
            }
            Some(_) => {}
        }
    }
    for (id, permission) in &documented {
        if !rows.contains(id) {
            let what = permission.map_or("None".to_owned(), |p| format!("Some(P::{p:?})"));
            wrong.push(format!("no row: Row {{ operation: {id:?}, permission: {what}, what: What::… }},"));
        }
    }
    assert!(wrong.is_empty(), "mend tests/access/table.rs:\n{}", wrong.join("\n"));
}

async fn ask(caller: &Caller, operation: &Operation, path: &str) -> (u16, Value) {
    let mut request = caller.request(operation.method.clone(), path);
    request = request.header("If-Match", "\"0\"").header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
    if operation.has_body {
        request = request.json(&json!({}));
    }
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or(Value::Null))
}

/// What went wrong with one cell, if anything.
fn judge(row: &Row, who: &str, holds: bool, home: bool, status: u16, body: &Value) -> Option<String> {
    let code = body["code"].as_str().unwrap_or_default();
    let cell = |expected: &str| Some(format!("{}: {who} got {status} {code}, expected {expected}", row.operation));
    if status >= 500 {
        return cell("no failure");
    }
    match (row.permission, who) {
        (None, _) => (status == 401 && code == "unauthenticated" || status == 403 && code == "forbidden")
            .then(|| cell("to be let in"))
            .flatten(),
        (Some(_), "nobody") => (status != 401).then(|| cell("401")).flatten(),
        (Some(_), _) if !holds => (status != 403 || code != "forbidden").then(|| cell("403 forbidden")).flatten(),
        (Some(_), _) => {
            let let_in = status != 401 && !(status == 403 && code == "forbidden");
            match row.what {
                // Another tenant's row does not exist for the same role. A stale If-Match or an empty body may be named
                // first only if that says nothing of the row, which is why both are refused before it is looked for.
                What::Thing if !home => (status != 404 && status != 422).then(|| cell("404")).flatten(),
                _ => (!let_in).then(|| cell("to be let in")).flatten(),
            }
        }
    }
}

#[actix_web::test]
async fn each_caller_is_let_in_where_the_table_says_and_nowhere_else() {
    let server = Server::start().await;
    let (home, away) = (World::make(&server, "home").await, World::make(&server, "away").await);
    let mut wrong = vec![];
    for operation in operations() {
        let Some(row) = TABLE.iter().chain(CLIENTS).chain(PRIVACY).find(|row| row.operation == operation.id) else {
            continue;
        };
        if row.what == What::EndsSession {
            continue;
        }
        let path = home.fill(&operation.path);
        let mut callers: Vec<(String, Caller, bool, bool)> = vec![("nobody".into(), server.anyone(), false, true)];
        for (world, at_home) in [(&home, true), (&away, false)] {
            let place = if at_home { "" } else { " of another tenant" };
            let held = |set: &[Permission]| row.permission.is_some_and(|p| set.contains(&p));
            let held_by_client = row.permission.is_some_and(|p| scope::allowed(Scope::ALL).has(p));
            let open_to_clients = operation.method == reqwest::Method::GET && !PEOPLES.contains(&row.operation);
            let may = held_by_client && open_to_clients;
            callers.push((format!("client{place}"), world.client.clone(), may, at_home));
            callers.push((format!("applicant{place}"), world.applicant.clone(), held(&APPLICANT), at_home));
            for role in STAFF_ROLES {
                callers.push((format!("{}{place}", role.key), world.staff(role.key), held(role.permissions), at_home));
            }
        }
        callers.push((
            "operator".into(),
            home.operator.clone(),
            row.permission.is_some_and(|p| OPERATOR.contains(&p)),
            true,
        ));
        for (who, caller, holds, at_home) in &callers {
            let (status, body) = ask(caller, &operation, &path).await;
            wrong.extend(judge(row, who, *holds, *at_home, status, &body));
            if row.what == What::List && !at_home && *holds {
                let text = body.to_string();
                wrong.extend(
                    home.ids()
                        .iter()
                        .filter(|id| text.contains(id.as_str()))
                        .map(|id| format!("{}: {who} sees {id}", row.operation)),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong cells:\n{}", wrong.len(), wrong.join("\n"));
    server.stop().await;
}
