//! The workbook: what it holds, that texts stay texts, and that it is kept who took it away.

use chrono::{Days, Duration, NaiveDate};
use reqwest::Method;
use serde_json::json;

use crate::support::{Caller, Cell, Hire, LimitFirm, Server, Workbook, today};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn export(who: &Caller, query: &str) -> Workbook {
    let answer = who.request(Method::GET, &format!("/v1/limits/export{query}")).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers()["content-type"], MEDIA_TYPE);
    let name = answer.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert!(name.starts_with("attachment; filename=\"") && name.contains("filename*=UTF-8''%E6%8E%88"), "{name}");
    Workbook::read(answer.bytes().await.expect("the file").to_vec())
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// A day as a spreadsheet counts it.
#[allow(clippy::cast_precision_loss, reason = "some ten thousands")]
fn number(day: NaiveDate) -> Cell {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a day");
    Cell::Number((day - first).num_days() as f64)
}

#[actix_web::test]
async fn limits_ledger_and_balances_come_as_one_workbook() {
    let server = Server::start().await;
    let books = LimitFirm::create(&server, "export").await;
    let day = today(&server);
    books.agree(2_000, day - Days::new(400)).await;
    let evil = "=HYPERLINK(\"http://example.invalid\";\"<&>\")";
    let part = books.split(&books.first.limit, 200_000_000, &json!({ "label": evil })).await;
    let body = json!({ "amount_fen": 12_345, "reason": "+1-1", "document": "@SUM(A1)" });
    books.staff("finance").post(&format!("/v1/limits/{part}/reserve"), &body, 200).await;
    books.use_of(&books.first.limit, 100_000_001).await;
    let reader = books.staff("executive");
    let book = export(&reader, "").await;
    assert_eq!(book.names, ["授信额度", "额度台账", "余额与监管指标"]);
    assert_eq!(book.sheets.iter().map(Vec::len).collect::<Vec<_>>()[..2], [3, 7], "headings and rows");
    let number_of = reader.get(&format!("/v1/limits/{part}"), 200).await.text("/number");
    assert_eq!(book.cell(0, 2, "额度编号"), text(&number_of));
    assert_eq!((book.cell(0, 2, "名称"), book.cell(0, 1, "名称")), (text(evil), Cell::Empty));
    assert_eq!(
        (book.cell(0, 1, "授信金额（元）"), book.cell(0, 2, "占用（元）")),
        (Cell::Number(7_000_000.0), Cell::Number(123.45))
    );
    assert_eq!(
        (book.cell(0, 1, "在用（元）"), book.cell(0, 1, "可用（元）")),
        (Cell::Number(1_000_000.01), Cell::Number(3_999_999.99))
    );
    assert_eq!((book.cell(0, 1, "生效日"), book.cell(0, 1, "状态")), (number(day), text("生效")));
    assert_eq!(
        (book.cell(0, 1, "客户"), book.cell(0, 1, "银行")),
        (text("示例一号智能设备有限公司（示例）"), text("示例农村商业银行"))
    );
    assert_eq!(book.cell(0, 2, "上级额度"), book.cell(0, 1, "额度编号"));
    let reasons: Vec<_> = (1..7).map(|row| book.cell(1, row, "事由")).collect();
    assert!(reasons.contains(&text("+1-1")) && reasons.contains(&text("银行放款")), "{reasons:?}");
    assert_eq!((book.cell(1, 1, "记账日"), book.cell(1, 1, "经办人")), (number(day), text("示例员工")));
    assert!((1..7).any(|row| book.cell(1, row, "文件") == text("@SUM(A1)")));
    let formula = |cell: &Cell| matches!(cell, Cell::Formula(_));
    assert!(!book.sheets.iter().flatten().flatten().any(formula), "nothing is a formula");
    // 1,000,000.01 yuan, of which the bank bears 200,000.00: 800,000.01, three quarters of which round to 600,000.01
    let figures: Vec<_> = (1..6).map(|row| (book.cell(2, row, "指标"), book.cell(2, row, "数额（元）"))).collect();
    let expected = [
        ("净资产", 100_000_000.0),
        ("名义在保余额", 1_000_000.01),
        ("在保余额", 800_000.01),
        ("融资担保责任余额", 600_000.01),
        ("融资担保责任余额", 600_000.01),
    ];
    assert_eq!(figures, expected.map(|(name, figure)| (text(name), Cell::Number(figure))));
    assert_eq!(
        (book.cell(2, 6, "指标"), book.cell(2, 6, "上限（元）")),
        (text("单一被担保人责任余额"), Cell::Number(10_000_000.0))
    );

    let log = books.staff("auditor").get("/v1/audit-entries?action=limit.export", 200).await;
    assert_eq!(log.text("/items/0/actor"), books.firm.staff_id("executive"));
    assert_eq!(
        (log.body["items"][0]["detail"]["limits"].clone(), log.body["items"][0]["detail"]["entries"].clone()),
        (json!(2), json!(6))
    );
    server.stop().await;
}

#[actix_web::test]
async fn a_workbook_holds_what_was_asked_for_and_no_more_than_is_seen() {
    let server = Server::start().await;
    let mut books = LimitFirm::create(&server, "asking").await;
    let first = today(&server);
    books.reserve(&books.first.limit, 1_000).await;
    books.later(&server, Duration::days(3)).await;
    books.reserve(&books.first.limit, 2_000).await;
    let reader = books.staff("executive");
    let rows = async |query: &str| {
        let book = export(&reader, query).await;
        [book.sheets[0].len() - 1, book.sheets[1].len() - 1]
    };
    assert_eq!(rows("").await, [1, 3]);
    assert_eq!(rows("?days=1").await, [1, 1]);
    assert_eq!(rows("?days=3").await, [1, 1]);
    assert_eq!(rows("?days=4").await, [1, 3]);
    assert_eq!(rows(&format!("?from={first}&to={first}")).await, [1, 2]);
    assert_eq!(rows("?state=frozen").await, [0, 3]);
    for bad in [
        "days=0".to_owned(),
        "days=367".to_owned(),
        format!("days=3&from={first}"),
        format!("from={}", today(&server) + Days::new(1)),
        format!("from={}", today(&server) - Days::new(366)),
        format!("from={first}&to={}", first - Days::new(1)),
        "product=x".to_owned(),
    ] {
        reader.get(&format!("/v1/limits/export?{bad}"), 400).await;
    }
    let elsewhere = json!([]);
    let administrator =
        server.with_token(&books.firm.log_in(&server, "administrator", 200).await.text("/access_token"));
    let body = json!({ "name": "示例分部", "parent": null, "rules": elsewhere });
    let department = administrator.post("/v1/departments", &body, 201).await.text("/id");
    let hire = Hire { login_name: "apart", role: "finance", department: &department, scope: "department" };
    let (apart, _) = books.firm.hire_by(&server, &administrator, &hire).await;
    let book = export(&apart, "").await;
    assert_eq!((book.sheets[0].len(), book.sheets[1].len()), (1, 1), "headings alone");
    server.stop().await;
}
