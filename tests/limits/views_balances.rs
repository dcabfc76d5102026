//! Balances of any day, against figures worked out by hand.

use chrono::{Days, Duration, NaiveDate};
use serde_json::{Value, json};

use crate::support::{Caller, LimitFirm, Server, today};

/// Nominal, in-force, liability, concentration.
fn four(body: &Value) -> [i64; 4] {
    ["nominal_fen", "in_force_fen", "liability_fen", "concentration_fen"]
        .map(|name| body[name].as_i64().unwrap_or_else(|| panic!("no {name}: {body:#}")))
}

async fn of(who: &Caller, query: &str) -> [i64; 4] {
    four(&who.get(&format!("/v1/balances?{query}"), 200).await.body)
}

/// Six million two hundred and fifty thousand yuan, of which the firm's eight tenths are exactly five million.
const AT_THE_BOUND: i64 = 625_000_000;

/// A firm that shares 2:8 with its bank, and its first client has drawn up to the bound of the weights.
async fn at_the_bound(server: &Server, slug: &str) -> (LimitFirm, NaiveDate) {
    let books = LimitFirm::create(server, slug).await;
    let day = today(server);
    books.agree(2_000, day - Days::new(400)).await;
    books.use_of(&books.first.limit, AT_THE_BOUND).await;
    (books, day)
}

#[actix_web::test]
async fn one_fen_over_five_million_weighs_all_of_it() {
    let server = Server::start().await;
    let (books, day) = at_the_bound(&server, "weights").await;
    let reader = books.staff("clerk");
    let client = format!("of=client&id={}", books.first.customer);
    // 6,250,000 less two tenths is 5,000,000, three quarters of which are 3,750,000 yuan
    let at_the_bound = [AT_THE_BOUND, 500_000_000, 375_000_000, 375_000_000];
    let product = books.firm.product(&server, "loan_enterprise").await;
    let region = reader.get("/v1/balances/by/region", 200).await.text("/items/0/id");
    let industry = reader.get("/v1/balances/by/industry", 200).await.text("/items/0/id");
    let subjects = [
        "of=firm".to_owned(),
        client.clone(),
        format!("of=group&id={}", books.first.customer),
        format!("of=bank&id={}", books.bank),
        format!("of=product&id={product}"),
        format!("of=region&id={region}"),
        format!("of=industry&id={industry}"),
    ];
    for query in &subjects {
        assert_eq!(of(&reader, query).await, at_the_bound, "{query}");
    }
    // The bank bears nothing of one fen: two tenths of it round to 0. The client is now one fen over, and all weighs whole.
    let fen = books.use_of(&books.first.limit, 1).await;
    for query in &subjects {
        assert_eq!(of(&reader, query).await, [625_000_001, 500_000_001, 500_000_001, 500_000_001], "{query}");
    }
    books.repay(&fen, 1).await;
    for query in &subjects {
        assert_eq!(of(&reader, query).await, at_the_bound, "{query}");
        let yesterday = format!("{query}&day={}", day - Days::new(1));
        assert_eq!(of(&reader, &yesterday).await, [0; 4], "{yesterday}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_day_stays_as_it_was_whatever_comes_after() {
    let server = Server::start().await;
    let (mut books, first) = at_the_bound(&server, "days").await;
    let client = format!("of=client&id={}", books.first.customer);
    let day = |later: u64| first + Days::new(later);
    let at = |later: u64| format!("{client}&day={}", day(later));
    // The second day: one fen more, and on the third it is repaid.
    books.later(&server, Duration::days(1)).await;
    let fen = books.use_of(&books.first.limit, 1).await;
    books.later(&server, Duration::days(1)).await;
    books.repay(&fen, 1).await;
    // The fourth: the client is found to be larger than small, so that everything weighs whole.
    books.later(&server, Duration::days(1)).await;
    books.class(&server, &books.first.customer, "other").await;
    let whole = [AT_THE_BOUND, 500_000_000, 500_000_000, 500_000_000];
    let mut expected = vec![
        [AT_THE_BOUND, 500_000_000, 375_000_000, 375_000_000],
        [625_000_001, 500_000_001, 500_000_001, 500_000_001],
        [AT_THE_BOUND, 500_000_000, 375_000_000, 375_000_000],
        whole,
    ];
    // From the fifth on other loans weigh nine tenths, entered and approved the day before.
    let weights = json!({
        "kind": "weights", "housing_bp": 3000, "loan_bp": 9_000, "bond_aa_bp": 8000, "bond_bp": 10_000, "other_bp": 10_000,
        "concentration_bond_aa_bp": 6000,
        "small_micro": { "client_balance_max_fen": 500_000_000i64, "weight_bp": 7500 },
        "farmer": { "client_balance_max_fen": 200_000_000i64, "weight_bp": 7500 },
    });
    let parameter = books.enter(&weights, day(4)).await;
    assert_eq!(of(&books.staff("clerk"), &at(3)).await, whole, "not before their day");
    books.later(&server, Duration::days(1)).await;
    expected.push([AT_THE_BOUND, 500_000_000, 450_000_000, 450_000_000]);
    let reader = books.staff("clerk");
    for written in [false, true] {
        for (later, expected) in (0u64..).zip(&expected) {
            assert_eq!(of(&reader, &at(later)).await, *expected, "day {later}, written: {written}");
            assert_eq!(of(&reader, &format!("day={}", day(later))).await, *expected, "the firm on day {later}");
            let listed = reader.get(&format!("/v1/balances/by/client?day={}", day(later)), 200).await;
            assert_eq!(four(&listed.body["items"][0]), *expected, "listed on day {later}");
        }
        // The next draw writes the balances of the day by the new weights; what is read stays the same.
        let fen = books.use_of(&books.first.limit, 1).await;
        books.repay(&fen, 1).await;
    }
    let now = reader.get(&format!("/v1/balances?{client}"), 200).await;
    assert_eq!((now.text("/weights"), now.text("/day")), (parameter, day(4).to_string()));
    let before = reader.get(&format!("/v1/balances?{}", at(3)), 200).await;
    assert_eq!(before.body["weights"], Value::Null);
    // Weights that are approved late, for days that are over, hold for those days: eight tenths on the fourth.
    let mut late = weights.clone();
    late["loan_bp"] = json!(8_000);
    books.enter(&late, day(3)).await;
    assert_eq!(of(&reader, &at(3)).await, [AT_THE_BOUND, 500_000_000, 400_000_000, 400_000_000]);
    for unmoved in [0, 1, 2, 4] {
        let place = usize::try_from(unmoved).expect("small");
        assert_eq!(of(&reader, &at(unmoved)).await, expected[place], "day {unmoved}");
    }
    server.stop().await;
}

#[actix_web::test]
async fn a_group_is_the_sum_of_its_members_by_the_links_of_the_day() {
    let server = Server::start().await;
    let (books, day) = at_the_bound(&server, "group").await;
    let other = books.farmer(&server, 1, 20_000_000).await;
    books.use_of(&other.limit, 10_000_000).await;
    let (clerk, company) = (books.staff("clerk"), books.first.customer.clone());
    let group = async |who: &Caller, id: &str, on: NaiveDate| {
        let seen = who.get(&format!("/v1/balances?of=group&id={id}&day={on}"), 200).await;
        (four(&seen.body), seen.body["members"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(group(&clerk, &company, day).await, ([AT_THE_BOUND, 500_000_000, 375_000_000, 375_000_000], 1));
    let link = |kind: &str, from: NaiveDate| json!({ "other": other.customer, "kind": kind, "source": "registry", "valid_from": from });
    let relations = format!("/v1/customers/{company}/relations");
    clerk.post(&relations, &link("guarantor", day - Days::new(9)), 201).await;
    assert_eq!(group(&clerk, &company, day).await.1, 1, "a guarantor does not count by default");
    clerk.post(&relations, &link("controller", day), 201).await;
    // The farmer's 100,000 yuan without an agreement are all the firm's, and weigh three quarters.
    let together = [635_000_000, 510_000_000, 382_500_000, 382_500_000];
    assert_eq!(group(&clerk, &company, day).await, (together, 2));
    assert_eq!(group(&clerk, &other.customer, day).await, (together, 2));
    assert_eq!(group(&clerk, &company, day - Days::new(1)).await, ([0; 4], 1));
    let seen = clerk.get(&format!("/v1/balances?of=group&id={company}"), 200).await;
    let members: Vec<_> =
        seen.body["members"].as_array().expect("members").iter().map(|one| one["name"].clone()).collect();
    assert!(
        members.contains(&json!("**例")) && members.contains(&json!("示例一号智能设备有限公司（示例）")),
        "{members:?}"
    );
    assert_eq!(of(&clerk, &format!("of=client&id={company}")).await[0], AT_THE_BOUND, "alone it is what it was");
    assert_eq!(of(&clerk, "of=firm").await, together);
    server.stop().await;
}

#[actix_web::test]
async fn the_largest_come_first_page_by_page() {
    let server = Server::start().await;
    let (books, _) = at_the_bound(&server, "pages").await;
    for (order, amount) in [(1, 7_000_000), (2, 9_000_000), (3, 7_000_000)] {
        let farmer = books.farmer(&server, order, 20_000_000).await;
        books.use_of(&farmer.limit, amount).await;
    }
    let reader = books.staff("clerk");
    let (mut path, mut seen) = ("/v1/balances/by/client?limit=2".to_owned(), vec![]);
    loop {
        let page = reader.get(&path, 200).await;
        seen.extend(page.body["items"].as_array().expect("rows").iter().map(|row| four(row)[1]));
        let Some(next) = page.body["next"].as_str() else { break };
        path = format!("/v1/balances/by/client?limit=2&cursor={next}");
    }
    assert_eq!(seen, [500_000_000, 9_000_000, 7_000_000, 7_000_000]);
    let products = reader.get("/v1/balances/by/product", 200).await;
    assert_eq!(
        (products.text("/items/0/name"), four(&products.body["items"][1])[0]),
        ("小微企业贷款担保".into(), 23_000_000)
    );
    let banks = reader.get("/v1/balances/by/bank", 200).await;
    assert_eq!(
        (banks.text("/items/0/id"), banks.body["items"].as_array().map(Vec::len)),
        (books.bank.clone(), Some(1))
    );
    server.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_asked_is_refused_with_what_is_wrong() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "asked").await;
    let reader = books.staff("clerk");
    let tomorrow = today(&server) + Days::new(1);
    for (query, pointer) in [
        (format!("day={tomorrow}"), "?day"),
        ("day=1989-12-31".to_owned(), "?day"),
        ("day=x".to_owned(), "?day"),
        ("of=nobody".to_owned(), "?of"),
        ("of=client".to_owned(), "?id"),
        ("of=client&id=x".to_owned(), "?id"),
        ("of=firm&id=x".to_owned(), "?id"),
        ("of=region&id=999999".to_owned(), "?id"),
        ("of=industry&id=x".to_owned(), "?id"),
        (format!("of=product&id={}", books.bank), "?id"),
    ] {
        let refused = reader.get(&format!("/v1/balances?{query}"), 400).await;
        assert_eq!(refused.text("/errors/0/pointer"), pointer, "{query}: {:#}", refused.body);
    }
    let nobody = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c";
    for query in [
        format!("of=client&id={nobody}"),
        format!("of=group&id={nobody}"),
        format!("of=bank&id={}", books.first.customer),
    ] {
        reader.get(&format!("/v1/balances?{query}"), 404).await;
    }
    reader.get(&format!("/v1/balances/by/client?day={tomorrow}"), 400).await;
    for cursor in ["x", "1_", "1_a%25", "x_330106"] {
        reader.get(&format!("/v1/balances/by/client?cursor={cursor}"), 400).await;
    }
    reader.get("/v1/balances/by/firm", 404).await;
    assert_eq!(of(&reader, "").await, [0; 4], "a firm that has drawn nothing stands for nothing");
    server.stop().await;
}
