//! Many at once: a key has one effect, a limit is never over-committed, of two who do the same one wins. On PostgreSQL the
//! callers are spread over three replicas. How often each race is run follows the environment (`ZHIDAN_SEEDS`,
//! `ZHIDAN_PAIRS`; `ZHIDAN_PROVE=1` for the figures that are promised).

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::support::{
    APPROVED, Books, Draws, amount, assert_whole, count, db_rows, grant_body, grounds, post_with_key,
};
use crate::support::{Caller, Firm, Replica, Server, on_postgres};

const REPLICAS: usize = 3;
const CALLERS: usize = 16;
/// Calls that each caller makes in one history.
const CALLS: usize = 12;

/// The server's replicas, as many as the database lets there be.
struct Fleet {
    server: Server,
    others: Vec<Replica>,
}

impl Fleet {
    async fn start() -> Self {
        let server = Server::start().await;
        let mut others = vec![];
        for _ in 1..if on_postgres() { REPLICAS } else { 1 } {
            others.push(server.replica().await);
        }
        Self { server, others }
    }

    /// Somebody of the firm at each replica.
    async fn at_each(&self, firm: &Firm, name: &str) -> Vec<Caller> {
        let token = firm.log_in(&self.server, name, 200).await.text("/access_token");
        let urls = std::iter::once(&self.server.url).chain(self.others.iter().map(|other| &other.url));
        urls.map(|url| Caller::new(url, Some(token.clone()))).collect()
    }

    async fn stop(self) {
        for other in self.others {
            other.stop().await;
        }
        self.server.stop().await;
    }
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {body}"))
}

fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {body:#}")).to_owned()
}

async fn entries(server: &Server, firm: &Firm) -> i64 {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM limit_entries WHERE tenant_id = $tenant";
    db_rows(server, firm, sql, |row| row.whole(0)).await[0]
}

#[actix_web::test]
async fn fifty_calls_on_one_key_have_one_effect_and_one_answer() {
    const AT_ONCE: usize = 50;
    let fleet = Fleet::start().await;
    let books = Books::open(&fleet.server, "keys").await;
    let limit = books.limit(&fleet.server, "13900000311", 50_000_000).await;
    let (finance, executive) =
        (fleet.at_each(&books.firm, "finance").await, fleet.at_each(&books.firm, "executive").await);
    let once = async |who: &[Caller], path: String, body: Value| {
        let before = entries(&fleet.server, &books.firm).await;
        let key = uuid::Uuid::now_v7().to_string();
        let calls = (0..AT_ONCE).map(|number| post_with_key(&who[number % who.len()], &path, &key, &body));
        let answers = join_all(calls).await;
        let (status, first) = answers[0].clone();
        assert_eq!(status, 200, "{path}: {first}");
        assert!(answers.iter().all(|answer| *answer == (200, first.clone())), "{path}: answers differ");
        assert_eq!(entries(&fleet.server, &books.firm).await, before + 1, "{path}");
        parsed(&first)
    };
    let reserved = once(&finance, format!("/v1/limits/{limit}/reserve"), amount(3_000_000)).await;
    let reservation = text(&reserved, "/reservation/id");
    let drawn = once(&finance, format!("/v1/reservations/{reservation}/draw"), amount(2_000_000)).await;
    let drawdown = text(&drawn, "/drawdown/id");
    let repaid = once(&finance, format!("/v1/drawdowns/{drawdown}/repay"), amount(500_000)).await;
    let operation = text(&repaid, "/operation");
    once(&executive, format!("/v1/limit-operations/{operation}/correct"), grounds()).await;
    once(&finance, format!("/v1/reservations/{reservation}/release"), grounds()).await;
    assert_whole(fleet.server.settings()).await;
    fleet.stop().await;
}

/// What one caller came to: what it holds reserved and owes drawn, as far as it was told.
#[derive(Default)]
struct Told {
    reserved: i64,
    drawn: i64,
    refused: usize,
}

/// One caller's calls: reserves, draws a part or all of it, releases the rest, repays some of it.
async fn history(who: Caller, limit: String, seed: u64) -> Told {
    let (mut draws, mut told) = (Draws::new(seed), Told::default());
    let post = async |path: String, body: Value| {
        let key = uuid::Uuid::now_v7().to_string();
        let (status, text) = post_with_key(&who, &path, &key, &body).await;
        assert!(status == 200 || status == 409, "{path}: {status}: {text}");
        (status == 200).then(|| parsed(&text))
    };
    for _ in 0..CALLS {
        let asked = draws.within(1, 300_000);
        let Some(made) = post(format!("/v1/limits/{limit}/reserve"), amount(asked)).await else {
            told.refused += 1;
            continue;
        };
        told.reserved += asked;
        let reservation = text(&made, "/reservation/id");
        let part = draws.within(1, asked);
        if draws.one_in(12) {
            continue;
        }
        let drawn = post(format!("/v1/reservations/{reservation}/draw"), amount(part)).await.expect("it is its own");
        (told.reserved, told.drawn) = (told.reserved - part, told.drawn + part);
        if part < asked && !draws.one_in(6) {
            post(format!("/v1/reservations/{reservation}/release"), grounds()).await.expect("it is its own");
            told.reserved -= asked - part;
        }
        let back = if draws.one_in(3) { draws.within(1, part) } else { part };
        let drawdown = text(&drawn, "/drawdown/id");
        if draws.one_in(12) {
            continue;
        }
        post(format!("/v1/drawdowns/{drawdown}/repay"), amount(back)).await.expect("it is its own");
        told.drawn -= back;
    }
    told
}

#[actix_web::test]
async fn a_limit_is_never_over_committed() {
    let seeds = count("ZHIDAN_SEEDS", 2, 32);
    let fleet = Fleet::start().await;
    let mut books = Books::open(&fleet.server, "crowd").await;
    let approval = books.approval(&fleet.server, "13900000312", 0).await;
    let (mut refused, mut calls) = (0, 0);
    for seed in 0..seeds as u64 {
        // a new limit of its own for each seed, small enough that it is full most of the time
        books.log_in_again(&fleet.server).await;
        let granted = 2_000_000;
        let limit = books.grant(&fleet.server, &approval, granted, true).await;
        let at = fleet.at_each(&books.firm, "finance").await;
        let all = (0..CALLERS * at.len())
            .map(|number| history(at[number % at.len()].clone(), limit.clone(), seed * 1_000 + number as u64));
        let told = join_all(all).await;
        calls += told.len() * CALLS;
        refused += told.iter().map(|one| one.refused).sum::<usize>();
        let sql = "SELECT reserved_fen, drawn_fen, granted_fen FROM limits WHERE tenant_id = $tenant ORDER BY id DESC LIMIT 1";
        let stands =
            db_rows(&fleet.server, &books.firm, sql, |row| (row.whole(0), row.whole(1), row.whole(2))).await[0];
        let sum = |of: fn(&Told) -> i64| told.iter().map(of).sum::<i64>();
        assert_eq!(stands, (sum(|one| one.reserved), sum(|one| one.drawn), granted), "seed {seed}");
        let over = "SELECT CAST(count(*) AS BIGINT) FROM limit_entries WHERE tenant_id = $tenant \
                    AND reserved_after_fen + drawn_after_fen + allocated_after_fen + spent_after_fen > granted_after_fen";
        assert_eq!(db_rows(&fleet.server, &books.firm, over, |row| row.whole(0)).await, [0], "seed {seed}");
    }
    assert!(refused > 0, "the limits were too large to be fought for");
    println!("{seeds} seeds, {calls} reservations asked for, {refused} refused");
    assert_whole(fleet.server.settings()).await;
    fleet.stop().await;
}

/// Sends the same twice at once under two keys: one is done, the other is told that it is not; gives the answer of the one.
async fn pair(who: &[Caller], path: &str, version: Option<i64>, body: &Value) -> Value {
    let calls = (0..2).map(|number| {
        let key = uuid::Uuid::now_v7().to_string();
        let mut request = who[number % who.len()].request(reqwest::Method::POST, path).header("Idempotency-Key", key);
        if let Some(version) = version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        let request = request.json(body);
        async move {
            let answer = request.send().await.expect("an answer");
            (answer.status().as_u16(), answer.text().await.expect("a body"))
        }
    });
    let mut answers = join_all(calls).await;
    answers.sort();
    assert_eq!((answers[0].0, answers[1].0), (200, 409), "{path}: {answers:?}");
    parsed(&answers[0].1)
}

#[actix_web::test]
async fn of_two_at_once_one_wins() {
    let pairs = count("ZHIDAN_PAIRS", 20, 500);
    let fleet = Fleet::start().await;
    let mut books = Books::open(&fleet.server, "pairs").await;
    let limit = books.limit(&fleet.server, "13900000313", 50_000_000).await;
    let (mut finance, mut executive) = (vec![], vec![]);
    for round in 0..pairs {
        if round % 50 == 0 {
            books.log_in_again(&fleet.server).await;
            (finance, executive) =
                (fleet.at_each(&books.firm, "finance").await, fleet.at_each(&books.firm, "executive").await);
        }
        let whole = amount(1_000_000);
        let reservation = books.reserve(&limit, 1_000_000).await;
        let drawn = pair(&finance, &format!("/v1/reservations/{reservation}/draw"), None, &whole).await;
        let repay = format!("/v1/drawdowns/{}/repay", text(&drawn, "/drawdown/id"));
        let repaid = pair(&finance, &repay, None, &whole).await;
        let correct = format!("/v1/limit-operations/{}/correct", text(&repaid, "/operation"));
        pair(&executive, &correct, None, &grounds()).await;
        books.finance.post(&repay, &whole, 200).await;
        let reservation = books.reserve(&limit, 1_000_000).await;
        pair(&finance, &format!("/v1/reservations/{reservation}/release"), None, &grounds()).await;
        let figure = json!({
            "value": { "kind": "net_assets", "amount_fen": 100_000_000_000i64 + round as i64 },
            "effective_from": "2020-01-01", "source": "审计报告",
        });
        let parameter = books.finance.post("/v1/parameters", &figure, 201).await.text("/id");
        pair(&executive, &format!("/v1/parameters/{parameter}/approve"), Some(1), &json!({})).await;
    }
    let approvals = count("ZHIDAN_APPROVAL_PAIRS", 2, 20);
    for round in 0..approvals {
        books.log_in_again(&fleet.server).await;
        let applicant = books.firm.applicant(&fleet.server, &format!("139000004{round:02}")).await;
        // the third demonstration firm is refused by its score
        let id = books.reviewed(&fleet.server, &applicant, round % 2).await;
        let version = books.executive.get(&format!("/v1/applications/{id}"), 200).await.version;
        let terms = json!({ "amount_fen": 20_000_000, "term_months": 12, "limit": { "revolving": true } });
        let executive = fleet.at_each(&books.firm, "executive").await;
        pair(&executive, &format!("/v1/applications/{id}/approve"), version, &terms).await;
    }
    println!("{pairs} × draw, repay, correct, release, approve a parameter; {approvals} × approve an application");
    assert_whole(fleet.server.settings()).await;
    fleet.stop().await;
}

#[actix_web::test]
async fn amounts_at_the_edges_are_refused_and_change_nothing() {
    let server = Server::start().await;
    let books = Books::open(&server, "edges").await;
    let approval = books.approval(&server, "13900000314", 0).await;
    let limit = books.grant(&server, &approval, 10_000_000, true).await;
    let reservation = books.reserve(&limit, 1_000_000).await;
    let (drawdown, _) = books.draw(&reservation, 400_000).await;
    let part = json!({ "amount_fen": 2_000_000, "revolving": true, "reason": "拆分" });
    let split = format!("/v1/limits/{limit}/split");
    let a = books.manager.act(&split, 3, &part, 201).await.text("/limit/id");
    let b = books.manager.act(&split, 4, &part, 201).await.text("/limit/id");
    const MOST: i64 = 100_000_000_000_000;
    // 10,000,000 granted, of it 1,000,000 in use and 4,000,000 split off
    let free = 5_000_000;
    type Row<'a> = (&'a Caller, String, Option<i64>, &'a [(i64, u16)]);
    let rows: [Row<'_>; 6] = [
        (
            &books.finance,
            format!("/v1/limits/{limit}/reserve"),
            None,
            &[(i64::MAX, 409), (MOST + 1, 409), (free + 1, 409)],
        ),
        (&books.finance, format!("/v1/reservations/{reservation}/draw"), None, &[(i64::MAX, 409), (600_001, 409)]),
        (&books.finance, format!("/v1/drawdowns/{drawdown}/repay"), None, &[(i64::MAX, 409), (400_001, 409)]),
        (&books.manager, split, Some(5), &[(i64::MAX, 422), (MOST + 1, 422), (free + 1, 409)]),
        (&books.manager, format!("/v1/limits/{a}/move"), Some(1), &[(i64::MAX, 409), (2_000_001, 409)]),
        (
            &books.executive,
            format!("/v1/limits/{limit}/resize"),
            Some(5),
            &[(i64::MAX, 422), (MOST + 1, 422), (APPROVED + 1, 409), (4_999_999, 409)],
        ),
    ];
    let before = entries(&server, &books.firm).await;
    for (who, path, version, edges) in rows {
        let never = [(0, 422), (-1, 422), (i64::MIN, 422), (i64::MIN + 1, 422)];
        for (fen, status) in never.iter().chain(edges) {
            let mut body = amount(*fen);
            if path.ends_with("split") {
                body["revolving"] = json!(true);
            }
            if path.ends_with("move") {
                body["to"] = json!(b);
            }
            let answer = match version {
                Some(version) => who.act(&path, version, &body, *status).await,
                None => who.post(&path, &body, *status).await,
            };
            assert!(!answer.code().is_empty(), "{path} {fen}");
        }
        for odd in [json!(9_223_372_036_854_775_808_u64), json!(1.5), json!(1e300), json!("5"), json!(null)] {
            let mut body = amount(0);
            body["amount_fen"] = odd.clone();
            let key = uuid::Uuid::now_v7().to_string();
            let mut request = who.request(reqwest::Method::POST, &path).header("Idempotency-Key", key);
            if let Some(version) = version {
                request = request.header("If-Match", format!("\"{version}\""));
            }
            let status = request.json(&body).send().await.expect("an answer").status().as_u16();
            assert!(status == 400 || status == 422, "{path} {odd}: {status}");
        }
    }
    for (fen, status) in [(0, 422), (-1, 422), (i64::MIN, 422), (i64::MAX, 422), (APPROVED - 10_000_000 + 1, 409)] {
        books.executive.post("/v1/limits", &grant_body(&server, &approval, fen, true), status).await;
    }
    assert_eq!(entries(&server, &books.firm).await, before, "nothing was written");
    // and to the fen what there is
    books.reserve(&limit, free).await;
    books.draw(&reservation, 600_000).await;
    books.finance.post(&format!("/v1/drawdowns/{drawdown}/repay"), &amount(400_000), 200).await;
    books.grant(&server, &approval, APPROVED - 10_000_000, false).await;
    assert_whole(server.settings()).await;
    server.stop().await;
}
