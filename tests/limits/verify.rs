//! `zhidan ledger verify`: whole books are said to be whole; of whatever was changed behind the product's back the row is
//! named. And it is quick where there are very many entries.

use std::time::{Duration, Instant};

use domain::id::{Id, kind};
use serde_json::json;
use uuid::Uuid;

use super::filler::{ENTRIES_PER_USE, db_fill};
use super::support::{Books, amount, assert_whole, db_do, db_rows, grounds, literal};
use crate::support::{Ran, Server, db_try, on_postgres, zhidan};

/// Books in which every kind of row has been written.
struct Story {
    books: Books,
    root: Uuid,
    part: Uuid,
    reservation: Uuid,
    drawdown: Uuid,
}

fn uuid<K: domain::id::Kind>(text: &str) -> Uuid {
    Id::<K>::parse(text).unwrap_or_else(|| panic!("{text} is no id")).uuid()
}

async fn story(server: &Server) -> Story {
    let books = Books::open(server, "tampered").await;
    let root = books.limit(server, "13900000301", 10_000_000).await;
    let part = json!({ "amount_fen": 4_000_000, "revolving": true, "reason": "拆分" });
    let part = books.manager.act(&format!("/v1/limits/{root}/split"), 1, &part, 201).await.text("/limit/id");
    let reservation = books.reserve(&part, 3_000_000).await;
    let (drawdown, _) = books.draw(&reservation, 2_000_000).await;
    books.finance.post(&format!("/v1/drawdowns/{drawdown}/repay"), &amount(500_000), 200).await;
    let again = books.reserve(&root, 1_000_000).await;
    let (_, operation) = books.draw(&again, 400_000).await;
    books.executive.post(&format!("/v1/limit-operations/{operation}/correct"), &grounds(), 200).await;
    Story {
        books,
        root: uuid::<kind::Limit>(&root),
        part: uuid::<kind::Limit>(&part),
        reservation: uuid::<kind::Reservation>(&reservation),
        drawdown: uuid::<kind::Drawdown>(&drawdown),
    }
}

/// What is changed, how it is put right again, and what must be said of which row.
struct Tampering {
    spoil: String,
    mend: String,
    row: String,
    says: &'static str,
}

/// A change of one column of one row by as much as is put right again.
fn change(table: &str, id: Uuid, column: &str, by: i64, row: String, says: &'static str) -> Tampering {
    let set = |by: i64| {
        format!("UPDATE {table} SET {column} = {column} + ({by}) WHERE tenant_id = $tenant AND id = {}", literal(id))
    };
    Tampering { spoil: set(by), mend: set(-by), row, says }
}

fn named<K: domain::id::Kind>(word: &str, id: Uuid) -> String {
    format!("{word} {}", Id::<K>::from_uuid(id))
}

/// One entry of the part, by its kind.
async fn entry(server: &Server, story: &Story, kind: &str) -> Uuid {
    let sql = format!(
        "SELECT id FROM limit_entries WHERE tenant_id = $tenant AND kind = '{kind}' ORDER BY CASE WHEN limit_id = {} THEN 0 \
         ELSE 1 END, seq LIMIT 1",
        literal(story.part)
    );
    let found = db_rows(server, &story.books.firm, &sql, |row| row.id(0)).await;
    *found.first().unwrap_or_else(|| panic!("no {kind} entry"))
}

async fn approval(server: &Server, story: &Story) -> Uuid {
    let found =
        db_rows(server, &story.books.firm, "SELECT id FROM limit_approvals WHERE tenant_id = $tenant", |row| row.id(0));
    found.await[0]
}

async fn of_limits(server: &Server, story: &Story) -> Vec<Tampering> {
    let (root, part) = (named::<kind::Limit>("limit", story.root), named::<kind::Limit>("limit", story.part));
    let limit = |id, column, by, row: &String, says| change("limits", id, column, by, row.clone(), says);
    let sums = "its columns are not what its entries add up to";
    let frozen = |state: &str| {
        format!("UPDATE limits SET state = '{state}' WHERE tenant_id = $tenant AND id = {}", literal(story.part))
    };
    let id = approval(server, story).await;
    vec![
        limit(story.root, "granted_fen", 1, &root, sums),
        limit(story.root, "allocated_fen", -1, &root, "what is allocated is not what its open parts were granted"),
        limit(story.part, "reserved_fen", -1, &part, "what is reserved is not the rest of its open reservations"),
        limit(story.part, "drawn_fen", -1, &part, "what is drawn is not what is outstanding of its drawdowns"),
        limit(story.part, "entries", 1, &part, "(entries: "),
        limit(story.part, "depth", 1, &part, "its place in the tree is not possible (depth: 2, not 1)"),
        Tampering {
            spoil: frozen("frozen"),
            mend: frozen("active"),
            row: part,
            says: "its state is not what its entries say",
        },
        change(
            "limit_approvals",
            id,
            "granted_fen",
            1,
            named::<kind::LimitApproval>("approval", id),
            "what is granted of it is not what its limits were granted",
        ),
    ]
}

async fn of_uses(server: &Server, story: &Story) -> Vec<Tampering> {
    let reservation = named::<kind::Reservation>("reservation", story.reservation);
    let drawdown = named::<kind::Drawdown>("drawdown", story.drawdown);
    let held =
        |column, by, says| change("limit_reservations", story.reservation, column, by, reservation.clone(), says);
    let owed = |column, by, says| change("limit_drawdowns", story.drawdown, column, by, drawdown.clone(), says);
    let firm = |column: &str, by: i64| {
        format!(
            "UPDATE limit_exposures SET {column} = {column} + ({by}) WHERE tenant_id = $tenant AND dimension = 'firm'"
        )
    };
    let balance = |column: &str, by: i64| Tampering {
        spoil: firm(column, by),
        mend: firm(column, -by),
        row: "balance of firm firm".to_owned(),
        says: "it is not what the entries make",
    };
    let _ = server;
    vec![
        held("amount_fen", 1, "its amounts are not what its entries add up to (amount_fen: 3000001, not 3000000)"),
        held("drawn_fen", -1, "what is drawn of it is not what its drawdowns add up to"),
        owed("amount_fen", 1, "its amounts are not what its entries add up to (amount_fen: "),
        owed("repaid_fen", -1, "its amounts are not what its entries add up to (repaid_fen: "),
        balance("nominal_fen", 1),
        balance("in_force_fen", 1),
        balance("liability_fen", -1),
        balance("concentration_fen", 1),
        balance("clients", 1),
    ]
}

async fn of_entries(server: &Server, story: &Story) -> Vec<Tampering> {
    let mut all = vec![];
    let rows = [
        ("drawn", "drawn_fen", 1, "no entry of its kind adds this (drawn)"),
        ("drawn", "reserved_after_fen", 7, "it does not go on from the entry before (reserved_after_fen: "),
        ("reserved", "seq", 100, "it does not go on from the entry before (seq: "),
        ("repaid", "granted_after_fen", 1, "(granted_after_fen: "),
        ("corrected", "drawn_fen", -1, "it does not take back the entry that it names"),
        ("granted", "granted_fen", i64::MAX / 2, "an amount is beyond the largest limit; nothing was added up"),
    ];
    for (kind, column, by, says) in rows {
        let id = entry(server, story, kind).await;
        all.push(change("limit_entries", id, column, by, named::<kind::LimitEntry>("entry", id), says));
    }
    let (a, b) = (entry(server, story, "reserved").await, entry(server, story, "drawn").await);
    let set = |to: &str| format!("UPDATE limit_entries SET {to} WHERE tenant_id = $tenant AND id = {}", literal(b));
    let operation = |of: Uuid| {
        let sql = format!("SELECT operation_id FROM limit_entries WHERE tenant_id = $tenant AND id = {}", literal(of));
        async move { db_rows(server, &story.books.firm, &sql, |row| row.id(0)).await[0] }
    };
    let (first, own) = (operation(a).await, operation(b).await);
    all.push(Tampering {
        spoil: set(&format!("operation_id = {}", literal(first))),
        mend: set(&format!("operation_id = {}", literal(own))),
        row: named::<kind::LimitOperation>("operation", first),
        says: "its entries are not those of one operation",
    });
    all.push(Tampering {
        spoil: set(&format!("operation_id = {}", literal(Uuid::now_v7()))),
        mend: set(&format!("operation_id = {}", literal(own))),
        row: "kept reply to POST /v1/reservations/{id}/draw".to_owned(),
        says: "which it tells of, has no entry",
    });
    all
}

/// Where the books are kept from being changed: only who owns the tables can, and on SQLite the triggers go first.
async fn db_unlock(server: &Server, story: &Story) {
    let refused = db_try(server, &story.books.firm, "UPDATE limit_entries SET seq = seq").await;
    let why = if on_postgres() { "permission denied" } else { "only added to" };
    assert!(refused.is_err_and(|told| told.contains(why)), "who serves cannot change an entry");
    if on_postgres() {
        return;
    }
    for verb in ["update", "delete"] {
        db_do(server, &story.books.firm, &format!("DROP TRIGGER limit_entries_no_{verb}")).await;
    }
}

async fn verify(server: &Server) -> Ran {
    zhidan(server.settings(), &["ledger", "verify"]).await
}

#[actix_web::test]
async fn whatever_was_tampered_with_is_named() {
    let server = Server::start().await;
    let story = story(&server).await;
    let other = Books::open(&server, "untouched").await;
    let whole = verify(&server).await;
    assert!(
        whole.code == 0 && whole.out.contains("tampered: whole, ") && whole.out.contains(" of 2 limits"),
        "{whole:?}"
    );
    db_unlock(&server, &story).await;
    let mut all = of_limits(&server, &story).await;
    all.extend(of_uses(&server, &story).await);
    all.extend(of_entries(&server, &story).await);
    for Tampering { spoil, mend, row, says } in all {
        assert!(db_do(&server, &story.books.firm, &spoil).await > 0, "{spoil}");
        let seen = verify(&server).await;
        assert_eq!(seen.code, 1, "{spoil}: {seen:?}");
        let lines: Vec<&str> = seen.out.lines().filter(|line| line.starts_with("tampered: ")).collect();
        assert!(
            lines.iter().any(|line| line.contains(&row) && line.contains(says)),
            "{spoil}: {row}: {says}: {lines:#?}"
        );
        assert!(seen.out.contains("untouched: whole, 0 entries of 0 limits"), "{seen:?}");
        assert!(seen.err.contains("the ledger of 1 tenant(s) does not hold"), "{seen:?}");
        db_do(&server, &story.books.firm, &mend).await;
    }
    assert_eq!(verify(&server).await.code, 0, "all was put right again");
    // an entry that is gone
    let id = entry(&server, &story, "repaid").await;
    db_do(
        &server,
        &story.books.firm,
        &format!("DELETE FROM limit_entries WHERE tenant_id = $tenant AND id = {}", literal(id)),
    )
    .await;
    let seen = verify(&server).await;
    assert!(seen.code == 1 && seen.out.contains(&named::<kind::Drawdown>("drawdown", story.drawdown)), "{seen:?}");
    assert_eq!(zhidan(server.settings(), &["ledger", "verify", "--tenant", "untouched"]).await.code, 0);
    let unknown = zhidan(server.settings(), &["ledger", "verify", "--tenant", "nobody"]).await;
    assert!(unknown.code == 1 && unknown.err.contains("there is no tenant \"nobody\""), "{unknown:?}");
    drop(other);
    server.stop().await;
}

/// What the command may take for 100,000 entries. Beside the rest of the suite, and without optimisation, fewer are tried:
/// `ZHIDAN_LEDGER_ENTRIES` says how many.
const LONGEST: Duration = Duration::from_secs(10);

#[actix_web::test]
async fn very_many_entries_are_verified_within_ten_seconds() {
    let entries = u32::try_from(super::support::count("ZHIDAN_LEDGER_ENTRIES", 10_000, 100_000)).expect("a number");
    let server = Server::start().await;
    let books = Books::open(&server, "years").await;
    let root = books.limit(&server, "13900000302", 10_000_000).await;
    const PARTS: u32 = 20;
    for version in 1..=i64::from(PARTS) {
        let body = json!({ "amount_fen": 100_000, "revolving": true, "reason": "拆分" });
        let part = books.manager.act(&format!("/v1/limits/{root}/split"), version, &body, 201).await.text("/limit/id");
        let uses = entries.div_ceil(PARTS * ENTRIES_PER_USE);
        db_fill(&server, &books.firm, uuid::<kind::Limit>(&part), uses).await;
        let reservation = books.reserve(&part, 1_000).await;
        books.draw(&reservation, 600).await;
    }
    let begun = Instant::now();
    let seen = verify(&server).await;
    let took = begun.elapsed();
    assert_eq!(seen.code, 0, "{seen:?}");
    println!("{} in {took:?}", seen.out.trim());
    assert!(took < LONGEST, "{took:?}");
    assert_whole(server.settings()).await;
    server.stop().await;
}
