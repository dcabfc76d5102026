//! Sockets, and who sees them.

use chrono::{Duration, Utc};
use serde_json::{Value, json};

use super::support::{Plant, reading};
use crate::support::{Firm, Hire, Server, db_try, on_postgres};

#[actix_web::test]
async fn a_socket_is_put_on_record_once_and_labelled() {
    let server = Server::start().await;
    let plant = Plant::with(&server, Firm::create(&server, "sockets").await, "own", "hmac").await;
    let (admin, reader) = (&plant.admin, plant.firm.staff("clerk"));
    let body = json!({ "source": plant.source.id, "device": "lathe", "channel": 1, "label": "一号车间" });
    let made = admin.post("/v1/sockets", &body, 201).await;
    assert_eq!(admin.post("/v1/sockets", &body, 409).await.code(), "socket_known");
    for (field, value) in
        [("channel", json!(-1)), ("channel", json!(40_000)), ("device", json!("")), ("device", json!("d".repeat(129)))]
    {
        let mut bad = body.clone();
        bad[field] = value;
        assert_eq!(admin.post("/v1/sockets", &bad, 422).await.text("/errors/0/pointer"), format!("/{field}"));
    }
    let path = format!("/v1/sockets/{}", made.text("/id"));
    reader.patch(&path, 1, &json!({ "label": "x" }), 403).await;
    let changed = admin.patch(&path, 1, &json!({ "label": " " }), 200).await;
    assert_eq!((changed.body["label"].clone(), changed.version), (Value::Null, Some(2)));
    let seen = reader.get(&path, 200).await;
    assert_eq!((seen.body["last"].clone(), seen.version), (Value::Null, Some(2)));
    let other = plant.source("own", "token", &Value::Null).await;
    let second = plant.socket_of(&other, "lathe", 0).await;
    let ids = async |query: &str| {
        let page = reader.get(&format!("/v1/sockets{query}"), 200).await;
        let items = page.body["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [made.text("/id"), second.clone()]);
    assert_eq!(ids(&format!("?source={}", other.id)).await, [second]);
    assert_eq!(ids("?unbound=false").await, [] as [String; 0]);
    assert_eq!(ids("?unbound=true").await.len(), 2);
    server.stop().await;
}

/// A machine of an officer or of nobody, and a socket at it for a while; behind the API, whose part this is not.
async fn db_bind(server: &Server, firm: &Firm, socket: &str, officer: Option<&str>, from: &str, to: Option<&str>) {
    let literal = |id: uuid::Uuid| if on_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) };
    let uuid = |text: &str| {
        let (_, rest) = text.split_once('_').expect("an id");
        let as_socket = format!("skt_{rest}");
        domain::id::Id::<domain::id::kind::Socket>::parse(&as_socket).expect("an id").uuid()
    };
    let (machine, binding, tenant) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7(), literal(firm.tenant));
    let officer = officer.map_or("NULL".to_owned(), |id| literal(uuid(id)));
    let now = Utc::now().to_rfc3339();
    let to = to.map_or("NULL".to_owned(), |to| format!("'{to}'"));
    let (machine, binding, socket) = (literal(machine), literal(binding), literal(uuid(socket)));
    let sql = [
        format!(
            "INSERT INTO equipment (tenant_id, id, number, name, category, papers, monitoring, state, officer_id, version, \
             created_at, updated_at) VALUES ({tenant}, {machine}, {machine_number}, 'x', 'lathe', '{{}}', 'none', 'in_use', \
             {officer}, 1, '{now}', '{now}')",
            machine_number = format_args!("'{}'", uuid::Uuid::now_v7())
        ),
        format!(
            "INSERT INTO socket_bindings (tenant_id, id, socket_id, equipment_id, from_at, to_at, version, created_by, \
             created_at) VALUES ({tenant}, {binding}, {socket}, {machine}, '{from}', {to}, 1, {machine}, '{now}')"
        ),
    ];
    for one in sql {
        db_try(server, firm, &one).await.unwrap_or_else(|error| panic!("{error}: {one}"));
    }
}

#[actix_web::test]
async fn whoever_sees_only_some_machines_sees_their_sockets_from_when_they_came() {
    let server = Server::start().await;
    let plant = Plant::with(&server, Firm::create(&server, "scopes").await, "own", "hmac").await;
    let department = plant.firm.default_department().await;
    let hire = Hire { login_name: "narrow", role: "investigator", department: &department, scope: "own" };
    let (narrow, me) = plant.firm.hire(&server, &hire).await;
    let (mine, theirs, moved, free) = (
        plant.socket("mine", 0).await,
        plant.socket("theirs", 0).await,
        plant.socket("moved", 0).await,
        plant.socket("free", 0).await,
    );
    let now = Utc::now();
    let hour = |ago: i64| (now - Duration::hours(ago)).to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    db_bind(&server, &plant.firm, &mine, Some(&me), &hour(9), None).await;
    db_bind(&server, &plant.firm, &theirs, None, &hour(9), None).await;
    db_bind(&server, &plant.firm, &moved, None, &hour(9), Some(&hour(5))).await;
    db_bind(&server, &plant.firm, &moved, Some(&me), &hour(5), None).await;
    for device in ["mine", "theirs", "moved", "free"] {
        for ago in [8, 1] {
            plant.send(&reading(device, now - Duration::hours(ago), 1.0), 200).await;
        }
    }
    let listed = narrow.get("/v1/sockets", 200).await;
    let ids: Vec<_> = listed.body["items"].as_array().expect("items").iter().map(|i| i["id"].clone()).collect();
    assert_eq!(ids, [json!(mine), json!(moved), json!(free)]);
    for (socket, seen) in [(&mine, 2), (&moved, 1), (&free, 2)] {
        narrow.get(&format!("/v1/sockets/{socket}"), 200).await;
        let said = narrow.get(&format!("/v1/sockets/{socket}/readings"), 200).await;
        assert_eq!(said.body["items"].as_array().map(Vec::len), Some(seen), "{:#}", said.body);
    }
    narrow.get(&format!("/v1/sockets/{theirs}"), 404).await;
    narrow.get(&format!("/v1/sockets/{theirs}/readings"), 404).await;
    let everybody = plant.firm.staff("investigator");
    assert_eq!(everybody.get("/v1/sockets", 200).await.body["items"].as_array().map(Vec::len), Some(4));
    assert_eq!(everybody.get("/v1/sockets?unbound=true", 200).await.text("/items/0/id"), free);
    server.stop().await;
}
