//! The life of a limit over HTTP: every operation once, what it refuses, and what the books say after it.

use serde_json::{Value, json};

use super::support::{Books, amount, grounds};
use crate::support::{Answer, Caller, Server};

/// The limit as it is now.
async fn seen(books: &Books, limit: &str) -> Answer {
    books.executive.get(&format!("/v1/limits/{limit}"), 200).await
}

/// An operation on a limit as it is now.
async fn turn(books: &Books, who: &Caller, limit: &str, action: &str, body: &Value, expected: u16) -> Answer {
    let version = seen(books, limit).await.version.expect("a version");
    who.act(&format!("/v1/limits/{limit}/{action}"), version, body, expected).await
}

fn part(amount_fen: i64) -> Value {
    json!({ "amount_fen": amount_fen, "revolving": true, "reason": "拆分" })
}

/// Granted, allocated, reserved, drawn, spent and free.
fn columns(limit: &Value) -> [i64; 6] {
    ["granted", "allocated", "reserved", "drawn", "spent", "free"]
        .map(|name| limit[format!("{name}_fen")].as_i64().unwrap_or_else(|| panic!("no {name}: {limit:#}")))
}

#[actix_web::test]
async fn every_fen_is_in_one_place_from_the_grant_to_the_end() {
    let server = Server::start().await;
    let books = Books::open(&server, "fen").await;
    let limit = books.limit(&server, "13900000001", 50_000_000).await;
    let a = turn(&books, &books.manager, &limit, "split", &part(20_000_000), 201).await;
    assert_eq!(columns(&a.body["limit"]), [20_000_000, 0, 0, 0, 0, 20_000_000]);
    let a = a.text("/limit/id");
    let b = turn(&books, &books.manager, &limit, "split", &part(10_000_000), 201).await.text("/limit/id");
    let deep = turn(&books, &books.manager, &a, "split", &part(5_000_000), 201).await.text("/limit/id");
    assert_eq!(columns(&seen(&books, &limit).await.body), [50_000_000, 30_000_000, 0, 0, 0, 20_000_000]);

    let over = json!({ "to": b, "amount_fen": 15_000_001, "reason": "调剂" });
    let refused = turn(&books, &books.manager, &a, "move", &over, 409).await;
    assert_eq!(
        (refused.code(), refused.text("/errors/0/code")),
        ("limit_not_enough".into(), "limit_not_enough_free".into())
    );
    let moved = json!({ "to": b, "amount_fen": 15_000_000, "reason": "调剂" });
    turn(&books, &books.manager, &a, "move", &moved, 200).await;
    assert_eq!(columns(&seen(&books, &b).await.body), [25_000_000, 0, 0, 0, 0, 25_000_000]);

    let reservation = books.reserve(&b, 8_000_000).await;
    let (drawdown, _) = books.draw(&reservation, 3_000_000).await;
    assert_eq!(columns(&seen(&books, &b).await.body), [25_000_000, 0, 5_000_000, 3_000_000, 0, 17_000_000]);
    let size = json!({ "amount_fen": 7_999_999, "reason": "调减" });
    let refused = turn(&books, &books.executive, &b, "resize", &size, 409).await;
    assert_eq!(refused.text("/errors/0/code"), "limit_below_use");
    turn(&books, &books.executive, &b, "resize", &json!({ "amount_fen": 8_000_000, "reason": "调减" }), 200).await;
    assert_eq!(columns(&seen(&books, &limit).await.body), [50_000_000, 13_000_000, 0, 0, 0, 37_000_000]);

    let released = books.finance.post(&format!("/v1/reservations/{reservation}/release"), &grounds(), 200).await;
    assert_eq!(released.text("/reservation/state"), "closed");
    books.finance.post(&format!("/v1/drawdowns/{drawdown}/repay"), &amount(3_000_000), 200).await;
    for part in [&b, &deep, &a] {
        let closed = turn(&books, &books.manager, part, "close", &grounds(), 200).await;
        assert_eq!(closed.text("/limit/state"), "closed");
    }
    assert_eq!(columns(&seen(&books, &limit).await.body), [50_000_000, 0, 0, 0, 0, 50_000_000]);
    turn(&books, &books.manager, &limit, "close", &grounds(), 200).await;
    let again = turn(&books, &books.manager, &limit, "close", &grounds(), 409).await;
    assert_eq!(again.code(), "limit_not_usable");
    server.stop().await;
}

#[actix_web::test]
async fn a_frozen_limit_takes_back_but_gives_nothing() {
    let server = Server::start().await;
    let books = Books::open(&server, "frozen").await;
    let limit = books.limit(&server, "13900000001", 50_000_000).await;
    let part = turn(&books, &books.manager, &limit, "split", &part(20_000_000), 201).await.text("/limit/id");
    let reservation = books.reserve(&part, 8_000_000).await;
    let (drawdown, _) = books.draw(&reservation, 3_000_000).await;
    turn(&books, &books.manager, &limit, "freeze", &grounds(), 200).await;
    // what stands above is enough: the part itself was not frozen
    let draw = format!("/v1/reservations/{reservation}/draw");
    for (path, body) in [(format!("/v1/limits/{part}/reserve"), amount(1)), (draw.clone(), amount(1))] {
        let refused = books.finance.post(&path, &body, 409).await;
        assert_eq!(refused.text("/errors/0/code"), "limit_above_blocked", "{path}");
    }
    books.finance.post(&format!("/v1/drawdowns/{drawdown}/repay"), &amount(1_000_000), 200).await;
    books.finance.post(&format!("/v1/reservations/{reservation}/release"), &grounds(), 200).await;
    turn(&books, &books.manager, &limit, "thaw", &grounds(), 200).await;
    books.reserve(&part, 18_000_000).await;
    let refused = books.finance.post(&draw, &amount(1), 409).await;
    assert_eq!(refused.text("/errors/0/code"), "reservation_ended");
    server.stop().await;
}

#[actix_web::test]
async fn a_mistake_is_taken_back_once_by_new_entries() {
    let server = Server::start().await;
    let books = Books::open(&server, "mistake").await;
    let limit = books.limit(&server, "13900000001", 50_000_000).await;
    let reservation = books.reserve(&limit, 8_000_000).await;
    let (drawdown, draw) = books.draw(&reservation, 3_000_000).await;
    let repaid = books.finance.post(&format!("/v1/drawdowns/{drawdown}/repay"), &amount(1_000_000), 200).await;
    let correct = |operation: &str| format!("/v1/limit-operations/{operation}/correct");
    let early = books.executive.post(&correct(&draw), &grounds(), 409).await;
    assert_eq!(early.text("/errors/0/code"), "drawdown_partly_repaid");
    let taken = books.executive.post(&correct(&repaid.text("/operation")), &grounds(), 200).await;
    assert_eq!(
        (taken.text("/entries/0/kind"), taken.body["entries"][0]["adds"]["drawn_fen"].as_i64()),
        ("corrected".into(), Some(1_000_000))
    );
    assert_eq!(taken.body["entries"][0]["corrects"], repaid.body["entries"][0]["id"]);
    books.executive.post(&correct(&draw), &grounds(), 200).await;
    let twice = books.executive.post(&correct(&draw), &grounds(), 409).await;
    assert_eq!(twice.text("/errors/0/code"), "entry_already_corrected");
    assert_eq!(columns(&seen(&books, &limit).await.body), [50_000_000, 0, 8_000_000, 0, 0, 42_000_000]);
    // whoever uses limits does not take entries back, and the other way round
    books.finance.post(&correct(&draw), &grounds(), 403).await;
    books.executive.post(&format!("/v1/limits/{limit}/reserve"), &amount(1), 403).await;
    let freeze = turn(&books, &books.manager, &limit, "freeze", &grounds(), 200).await.text("/operation");
    let refused = books.executive.post(&correct(&freeze), &grounds(), 409).await;
    assert_eq!(refused.text("/errors/0/code"), "entry_not_correctable");
    server.stop().await;
}

#[actix_web::test]
async fn what_is_sent_wrong_is_named_with_what_to_do() {
    let server = Server::start().await;
    let books = Books::open(&server, "wrong").await;
    let limit = books.limit(&server, "13900000001", 50_000_000).await;
    for (asked, code) in
        [(0, "limit_amount_not_positive"), (-1, "limit_amount_not_positive"), (i64::MIN, "limit_amount_not_positive")]
    {
        let refused = books.finance.post(&format!("/v1/limits/{limit}/reserve"), &amount(asked), 422).await;
        assert_eq!(
            (refused.text("/errors/0/pointer"), refused.text("/errors/0/code")),
            ("/amount_fen".into(), code.into())
        );
    }
    for asked in [50_000_001, i64::MAX] {
        let refused = books.finance.post(&format!("/v1/limits/{limit}/reserve"), &amount(asked), 409).await;
        assert_eq!(refused.code(), "limit_not_enough", "{asked}");
    }
    let silent = json!({ "amount_fen": 1, "reason": " " });
    let refused = books.finance.post(&format!("/v1/limits/{limit}/reserve"), &silent, 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/reason");
    let long_ago = json!({ "amount_fen": 1, "reason": "测试", "lapses_at": "2020-01-01T00:00:00Z" });
    let refused = books.finance.post(&format!("/v1/limits/{limit}/reserve"), &long_ago, 422).await;
    assert_eq!(refused.text("/errors/0/pointer"), "/lapses_at");
    let stale = books.manager.act(&format!("/v1/limits/{limit}/freeze"), 99, &grounds(), 409).await;
    assert_eq!(stale.code(), "stale");
    books.manager.post(&format!("/v1/limits/{limit}/freeze"), &grounds(), 428).await;
    server.stop().await;
}
