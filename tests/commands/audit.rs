//! `zhidan audit verify`: whole chains are said to be whole; a row that was tampered with is named and fails the command.

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::{Connection, Executor, Row, SqliteConnection};

use crate::support::{Firm, Server, on_postgres, zhidan};

/// Changes the tenant's rows behind the product's back: as the owner of the tables, on PostgreSQL.
async fn db_tamper(server: &Server, firm: &Firm, sql: &str) {
    assert_eq!(db_change(server, firm, sql).await, 1, "{sql}");
}

/// The same with any number of rows, which it gives.
async fn db_change(server: &Server, firm: &Firm, sql: &str) -> u64 {
    if on_postgres() {
        let mut db = server.db_owner().await;
        let bind = format!("SELECT set_config('app.tenant_id', '{}', false)", firm.tenant);
        db.execute(sqlx::AssertSqlSafe(bind)).await.expect("the tenant");
        db.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect(sql).rows_affected()
    } else {
        let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
        let tenant = format!("{sql} AND tenant_id = x'{}'", firm.tenant.simple());
        db.execute(sqlx::AssertSqlSafe(tenant)).await.expect(sql).rows_affected()
    }
}

/// What whoever can write the database, but has no key, makes of the last row: another action, and a hash that fits.
async fn db_forge_last(server: &Server, firm: &Firm) {
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    let sql = format!(
        "SELECT seq, at, actor_kind, actor, object_kind, object, request_id, detail, previous_hash FROM audit_entries \
         WHERE tenant_id = x'{}' ORDER BY seq DESC LIMIT 1",
        firm.tenant.simple()
    );
    let row = db.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("the last row");
    let (seq, at): (i64, chrono::DateTime<chrono::Utc>) = (row.get("seq"), row.get("at"));
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(firm.tenant.as_bytes());
    part(&seq.to_be_bytes());
    part(&at.timestamp_micros().to_be_bytes());
    part(row.get::<String, _>("actor_kind").as_bytes());
    part(&row.get::<Vec<u8>, _>("actor"));
    part(b"nothing.happened");
    part(row.get::<String, _>("object_kind").as_bytes());
    part(&row.get::<Vec<u8>, _>("object"));
    part(row.get::<String, _>("request_id").as_bytes());
    part(&row.get::<Vec<u8>, _>("detail"));
    part(&row.get::<Vec<u8>, _>("previous_hash"));
    let hash: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let entry = format!("UPDATE audit_entries SET action = 'nothing.happened', hash = x'{hash}' WHERE seq = {seq}");
    db_tamper(server, firm, &entry).await;
    db_tamper(server, firm, &format!("UPDATE audit_heads SET hash = x'{hash}' WHERE seq = {seq}")).await;
}

#[actix_web::test]
async fn who_has_no_key_cannot_forge_a_chain_nor_make_it_vanish() {
    let server = Server::start().await;
    let (forged, headless) = (Firm::create_bare(&server, "forged").await, Firm::create_bare(&server, "headless").await);
    let emptied = Firm::create_bare(&server, "emptied").await;
    let verify = async || zhidan(server.settings(), &["audit", "verify"]).await;
    assert_eq!(verify().await.code, 0);
    db_tamper(&server, &headless, "DELETE FROM audit_heads WHERE true").await;
    assert!(db_change(&server, &emptied, "DELETE FROM audit_entries WHERE true").await > 1);
    db_tamper(&server, &emptied, "DELETE FROM audit_heads WHERE true").await;
    if !on_postgres() {
        db_forge_last(&server, &forged).await;
    }
    let seen = verify().await;
    assert_eq!(seen.code, 1, "{seen:?}");
    assert!(seen.out.contains("headless: broken at row") && seen.out.contains("the head is missing"), "{seen:?}");
    assert!(seen.out.contains("emptied: broken at row 1: there is no row at all"), "{seen:?}");
    let line = seen.out.lines().find(|line| line.starts_with("forged: ")).expect("it is named");
    assert_eq!(line.ends_with("its content was changed"), !on_postgres(), "{seen:?}");
    server.stop().await;
}

#[actix_web::test]
async fn heads_kept_elsewhere_show_a_tail_that_was_cut_with_care() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create_bare(&server, "shortened").await, Firm::create_bare(&server, "intact").await);
    let folder = std::env::temp_dir().join(format!("zhidan-heads-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("heads.jsonl");
    let path = file.display().to_string();
    let verify =
        async |arguments: &[&str]| zhidan(server.settings(), &[&["audit", "verify"], arguments].concat()).await;
    let add = async |firm: &Firm, name: &str| {
        firm.staff("administrator").post("/v1/departments", &json!({ "name": name }), 201).await;
    };
    add(&firm, "一部").await;
    let first = verify(&[]).await;
    let heads = first.out.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let slugs: Vec<_> = heads.map(|head| (head["slug"].clone(), head["seq"].as_i64(), head["hash"].clone())).collect();
    assert_eq!(slugs.len(), 2, "{first:?}");
    assert!(
        slugs.iter().all(|(_, seq, hash)| seq.is_some_and(|seq| seq > 1) && hash.as_str().map(str::len) == Some(64))
    );
    std::fs::write(&file, &first.out).expect("the heads are kept");
    // Chains go on; what was printed lies on them still.
    add(&firm, "二部").await;
    add(&other, "二部").await;
    assert_eq!(verify(&["--expect", &path]).await.code, 0);
    let kept = slugs.iter().find(|(slug, ..)| slug == "shortened").and_then(|(_, seq, _)| *seq).expect("its head");
    let shorter = kept - 1;
    let cut = format!("DELETE FROM audit_entries WHERE seq > {shorter}");
    assert!(db_change(&server, &firm, &cut).await >= 2);
    let head = format!(
        "UPDATE audit_heads SET seq = {shorter}, hash = (SELECT hash FROM audit_entries e \
         WHERE e.tenant_id = audit_heads.tenant_id AND e.seq = {shorter}) WHERE true"
    );
    db_tamper(&server, &firm, &head).await;
    assert_eq!(verify(&[]).await.code, 0, "alone, the chain does not show it");
    let shown = verify(&["--expect", &path]).await;
    assert_eq!(shown.code, 1, "{shown:?}");
    assert!(shown.out.contains(&format!("shortened: broken at row {kept}: the row is missing")), "{shown:?}");
    assert!(shown.out.contains("intact: whole, "), "{shown:?}");
    assert_eq!(verify(&["--expect", &path, "--tenant", "intact"]).await.code, 0);
    // Nor does it help to write on: the row of that number is another.
    add(&firm, "三部").await;
    let grown = verify(&["--expect", &path]).await;
    assert!(grown.code == 1 && grown.out.contains(&format!("broken at row {kept}: it is not the row")), "{grown:?}");
    for (text, reason) in [("nothing", "holds no head"), ("{\"seq\": 1}", "line 1: no head")] {
        std::fs::write(&file, text).expect("another file");
        let refused = verify(&["--expect", &path]).await;
        assert!(refused.code == 1 && refused.err.contains(reason), "{refused:?}");
    }
    let _ = std::fs::remove_dir_all(folder);
    server.stop().await;
}

#[actix_web::test]
async fn a_tampered_row_is_named_and_the_other_chains_are_read_on() {
    let server = Server::start().await;
    let (firm, other) = (Firm::create(&server, "tampered").await, Firm::create(&server, "untouched").await);
    for n in 0..5 {
        let department = json!({ "name": format!("部门{n}") });
        firm.staff("administrator").post("/v1/departments", &department, 201).await;
    }
    let verify = async |arguments: &[&str]| {
        let all = [&["audit", "verify"], arguments].concat();
        zhidan(server.settings(), &all).await
    };
    let whole = verify(&[]).await;
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.contains("tampered: whole, ") && whole.out.contains("untouched: whole, "), "{whole:?}");
    for (spoil, mend, row, reason) in [
        (
            "UPDATE audit_entries SET action = 'x' || action WHERE seq = 5",
            Some("UPDATE audit_entries SET action = substr(action, 2) WHERE seq = 5"),
            5,
            "its content was changed",
        ),
        (
            "UPDATE audit_entries SET request_id = request_id || 'x' WHERE seq = 7",
            Some("UPDATE audit_entries SET request_id = substr(request_id, 1, length(request_id) - 1) WHERE seq = 7"),
            7,
            "its content was changed",
        ),
        ("DELETE FROM audit_entries WHERE seq = 3", None, 3, "the row is missing"),
    ] {
        db_tamper(&server, &firm, spoil).await;
        let broken = verify(&[]).await;
        assert_eq!(broken.code, 1, "{spoil}: {broken:?}");
        assert!(broken.out.contains(&format!("tampered: broken at row {row}: {reason}")), "{spoil}: {broken:?}");
        assert!(broken.out.contains("untouched: whole, "), "{broken:?}");
        assert!(broken.err.contains("1 audit chain(s) do not hold"), "{broken:?}");
        if let Some(mend) = mend {
            db_tamper(&server, &firm, mend).await;
            assert_eq!(verify(&[]).await.code, 0, "{mend}");
        }
    }
    // A cut tail leaves no row that is wrong, but the head knows how many there were.
    let tail = "seq = (SELECT max(seq) FROM audit_entries e WHERE e.tenant_id = audit_entries.tenant_id)";
    db_tamper(&server, &other, &format!("DELETE FROM audit_entries WHERE {tail}")).await;
    let both = verify(&[]).await;
    assert!(both.code == 1 && both.err.contains("2 audit chain(s) do not hold"), "{both:?}");
    assert!(both.out.contains("its tail was cut or changed"), "{both:?}");
    let one = verify(&["--tenant", "untouched"]).await;
    assert!(one.code == 1 && !one.out.contains("tampered:"), "{one:?}");
    let unknown = verify(&["--tenant", "nobody"]).await;
    assert!(unknown.code == 1 && unknown.err.contains("there is no tenant \"nobody\""), "{unknown:?}");
    server.stop().await;
}

#[actix_web::test]
async fn ends_are_signed_every_day_and_a_cut_tail_or_a_forged_line_shows() {
    let folder = std::env::temp_dir().join(format!("zhidan-heads-{}", uuid::Uuid::now_v7()));
    let server = Server::start_with(&[("ZHIDAN_AUDIT__HEADS_DIR", &folder.display().to_string())]).await;
    let firm = Firm::create(&server, "daily").await;
    server.app.clock.advance(chrono::Duration::days(1));
    api::platform::jobs::plan(&server.app, &api::jobs::SCHEDULE).await.expect("planned");
    server.work().await;
    let auditor = firm.log_in(&server, "auditor", 200).await;
    let auditor = server.with_token(&auditor.text("/access_token"));
    let listed = auditor.get("/v1/audit-heads", 200).await;
    let head = listed.body["items"][0].clone();
    let lines = std::fs::read_to_string(folder.join("daily.txt")).expect("the operator's file");
    let line: serde_json::Value = serde_json::from_str(lines.lines().last().expect("a line")).expect("JSON");
    assert_eq!((&line["seq"], &line["hash"]), (&head["seq"], &head["hash"]));
    assert_eq!(line["statement"], head["statement"]);
    // nobody is let in by it
    server.with_token(head["statement"].as_str().expect("a statement")).get("/v1/session", 401).await;
    let file = folder.join("daily.txt").display().to_string();
    let verify = async |file: &str| zhidan(server.settings(), &["audit", "verify", "--expect", file]).await;
    let whole = verify(&file).await;
    assert_eq!(whole.code, 0, "{whole:?}");
    let mut forged = line.clone();
    forged["hash"] = json!("00".repeat(32));
    let other = folder.join("forged.txt");
    std::fs::write(&other, forged.to_string()).expect("written");
    let ran = verify(&other.display().to_string()).await;
    assert!(ran.code == 1 && ran.out.contains("not as it was signed"), "{ran:?}");
    let cut = format!("UPDATE audit_heads SET seq = seq WHERE seq < {}", head["seq"]);
    assert_eq!(db_change(&server, &firm, &cut).await, 0);
    let _ = std::fs::remove_dir_all(folder);
    server.stop().await;
}
