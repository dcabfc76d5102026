//! Head-room against each bound of a day, and how it came about.

use chrono::{Days, Duration};
use serde_json::{Value, json};

use crate::support::{LimitFirm, NET_ASSETS, Server, today};

/// Figure, bound, room, share.
fn line(value: &Value) -> [i64; 4] {
    ["figure_fen", "bound_fen", "room_fen", "share_bp"]
        .map(|name| value[name].as_i64().unwrap_or_else(|| panic!("no {name}: {value:#}")))
}

#[actix_web::test]
async fn each_bound_is_shown_with_what_stands_under_it() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "bounds").await;
    let day = today(&server);
    books.agree(2_000, day - Days::new(400)).await;
    books.use_of(&books.first.limit, 625_000_000).await;
    let other = books.farmer(&server, 1, 20_000_000).await;
    books.use_of(&other.limit, 10_000_000).await;
    let clerk = books.staff("clerk");
    let link = json!({ "other": other.customer, "kind": "controller", "source": "registry", "valid_from": day });
    clerk.post(&format!("/v1/customers/{}/relations", books.first.customer), &link, 201).await;
    let product = books.firm.product(&server, "loan_enterprise").await;
    for (dimension, subject, measure, bound) in [
        ("product", product.as_str(), "in_force", 500_000_000i64),
        ("bank", books.bank.as_str(), "nominal", 624_999_999),
        ("region", "110000", "liability", 100),
    ] {
        let value = json!({ "kind": "ceiling", "dimension": dimension, "subject": subject, "measure": measure, "bound_fen": bound });
        books.enter(&value, day).await;
    }
    let seen = clerk.get("/v1/head-room", 200).await;
    // All clients are small or farmers, so that fifteen times net assets hold: 382,500,000 of 150,000,000,000 fen
    assert_eq!(line(&seen.body["liability"]), [382_500_000, 15 * NET_ASSETS, 149_617_500_000, 26]);
    assert_eq!(
        (seen.body["leverage"]["bound_bp"].clone(), seen.body["leverage"]["raised"].clone()),
        (json!(150_000), json!(true))
    );
    assert!(
        seen.text("/leverage/reason").contains("户数占100%，均已达到50%和80%"),
        "{}",
        seen.text("/leverage/reason")
    );
    let clients: Vec<_> = seen.body["clients"].as_array().expect("clients").iter().map(line).collect();
    assert_eq!(
        clients,
        [[375_000_000, 1_000_000_000, 625_000_000, 3_750], [7_500_000, 1_000_000_000, 992_500_000, 75]]
    );
    assert_eq!(seen.text("/clients/0/subject_name"), "示例一号智能设备有限公司（示例）");
    assert_eq!(line(&seen.body["groups"][0]), [382_500_000, 1_500_000_000, 1_117_500_000, 2_550]);
    assert_eq!(seen.body["groups"][0]["members"].as_array().map(Vec::len), Some(2));
    let ceilings: Vec<_> = seen.body["ceilings"].as_array().expect("ceilings").iter().collect();
    let shown: Vec<_> = ceilings
        .iter()
        .map(|one| (one["rule"].as_str().unwrap_or_default(), line(one), one["is_over"] == true))
        .collect();
    assert_eq!(
        shown,
        [
            ("product_ceiling", [500_000_000, 500_000_000, 0, 10_000], false),
            ("region_ceiling", [0, 100, 100, 0], false),
            ("bank_ceiling", [625_000_000, 624_999_999, -1, 10_001], true),
        ]
    );
    assert_eq!(
        (ceilings[0]["subject"].clone(), ceilings[2]["subject_name"].clone()),
        (json!(product), json!("示例农村商业银行"))
    );

    let yesterday = clerk.get(&format!("/v1/head-room?day={}", day - Days::new(1)), 200).await;
    assert_eq!(line(&yesterday.body["liability"]), [0, 10 * NET_ASSETS, 10 * NET_ASSETS, 0]);
    assert_eq!((yesterday.body["clients"].clone(), yesterday.body["ceilings"].clone()), (json!([]), json!([])));
    assert!(yesterday.text("/leverage/reason").contains("没有在保业务"));
    // Before the first accounts were entered there was nothing to judge by.
    let before = clerk.get(&format!("/v1/head-room?day={}", day - Days::new(401)), 200).await;
    assert_eq!(
        (before.body["net_assets_fen"].clone(), before.body["liability"]["bound_fen"].clone()),
        (Value::Null, Value::Null)
    );
    clerk.get(&format!("/v1/head-room?day={}", day + Days::new(1)), 400).await;
    server.stop().await;
}

#[actix_web::test]
async fn the_trend_has_a_point_for_each_day_of_change() {
    let server = Server::start().await;
    let mut books = LimitFirm::create(&server, "trend").await;
    let first = today(&server);
    books.agree(2_000, first - Days::new(400)).await;
    books.use_of(&books.first.limit, 625_000_000).await;
    // Two quiet days, then one fen that weighs everything whole; the next day half of the net assets are lost.
    books.later(&server, Duration::days(3)).await;
    let fen = books.use_of(&books.first.limit, 1).await;
    let loss = json!({ "kind": "net_assets", "amount_fen": NET_ASSETS / 2 });
    books.enter(&loss, first + Days::new(4)).await;
    books.later(&server, Duration::days(2)).await;
    books.repay(&fen, 1).await;
    let path = format!("/v1/head-room/trend?from={}", first - Days::new(7));
    let seen = books.staff("clerk").get(&path, 200).await;
    let points: Vec<_> = seen.body["items"]
        .as_array()
        .expect("points")
        .iter()
        .map(|point| {
            let number = |name: &str| point[name].as_i64().unwrap_or(-1);
            let day: chrono::NaiveDate = point["day"].as_str().and_then(|day| day.parse().ok()).expect("a day");
            (
                (day - first).num_days(),
                number("net_assets_fen"),
                number("liability_fen"),
                number("bound_fen"),
                number("multiple_bp"),
            )
        })
        .collect();
    let half = NET_ASSETS / 2;
    assert_eq!(
        points,
        [
            (-7, NET_ASSETS, 0, 10 * NET_ASSETS, 0),
            (0, NET_ASSETS, 375_000_000, 15 * NET_ASSETS, 375),
            (3, NET_ASSETS, 500_000_001, 15 * NET_ASSETS, 501),
            (4, half, 500_000_001, 15 * half, 1_001),
            (5, half, 375_000_000, 15 * half, 750),
        ]
    );
    assert_eq!(seen.body["items"][4]["room_fen"], 15 * half - 375_000_000);
    assert_eq!(seen.text("/to"), today(&server).to_string());

    // Late weights for days that are over: their liability is computed from the entries.
    let weights = json!({
        "kind": "weights", "housing_bp": 3000, "loan_bp": 10_000, "bond_aa_bp": 8000, "bond_bp": 10_000, "other_bp": 10_000,
        "concentration_bond_aa_bp": 6000,
        "small_micro": { "client_balance_max_fen": 500_000_000i64, "weight_bp": 5000 },
        "farmer": { "client_balance_max_fen": 200_000_000i64, "weight_bp": 7500 },
    });
    books.enter(&weights, first + Days::new(2)).await;
    let seen = books.staff("clerk").get(&path, 200).await;
    let liabilities: Vec<_> =
        seen.body["items"].as_array().expect("points").iter().map(|point| point["liability_fen"].as_i64()).collect();
    let expected = [0, 375_000_000, 250_000_000, 500_000_001, 500_000_001, 250_000_000];
    assert_eq!(liabilities, expected.map(Some));
    let clerk = books.staff("clerk");
    for bad in [
        format!("from={}", today(&server) + Days::new(1)),
        format!("from={}&to={}", first, first - Days::new(1)),
        "to=x".to_owned(),
    ] {
        clerk.get(&format!("/v1/head-room/trend?{bad}"), 400).await;
    }
    let alone = clerk.get(&format!("/v1/head-room/trend?from={first}&to={first}"), 200).await;
    assert_eq!(alone.body["items"].as_array().map(Vec::len), Some(1));
    server.stop().await;
}
