//! The credit limit's part of the story: granted with the approval, split, drawn, refused at the legal bound, released and
//! drawn again; and what the applicant sees of each. At the end everything is repaid, so that it can be played again.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::client::{Actor, Answer};
use super::decide::Cast;

/// Yuan in fen.
const fn yuan(amount: i64) -> i64 {
    amount * 100
}

/// What the accounts say on other days than the day of the loss.
const NET_ASSETS: i64 = yuan(100_000_000);
/// Net assets after a loss: one client may then have 200,000 yuan.
const AFTER_A_LOSS: i64 = yuan(2_000_000);

/// Plays it.
pub async fn play(cast: &Cast, applicant: &Actor, application: &str) -> anyhow::Result<()> {
    let (limit, part) = split(cast, applicant, application).await?;
    let (reservation, drawdown) = draw(cast, applicant, &part).await?;
    at_the_bound(cast, applicant, &part, &reservation).await?;
    give_back(cast, applicant, &limit, &part, &reservation, &drawdown).await
}

fn number(answer: &Answer, pointer: &str) -> anyhow::Result<i64> {
    let found = answer.body.pointer(pointer).and_then(Value::as_i64);
    found.with_context(|| format!("the answer has no number at {pointer}: {}", answer.body))
}

/// The applicant's limit with this number.
fn mine<'a>(seen: &'a Answer, id: &str) -> anyhow::Result<&'a Value> {
    let items = seen.body.get("items").and_then(Value::as_array).context("limits")?;
    let all = items.iter().flat_map(|top| std::iter::once(top).chain(top["parts"].as_array().into_iter().flatten()));
    let mut all = all;
    all.find(|limit| limit["id"] == id).with_context(|| format!("no limit {id}: {}", seen.body))
}

/// The limit that came with the approval, and a part of it for one bank.
async fn split(cast: &Cast, applicant: &Actor, application: &str) -> anyhow::Result<(String, String)> {
    let seen = applicant.get("申请人看到授信额度", "/v1/my/limits").await?;
    let limit = seen.text("/items/0/id")?;
    ensure!(number(&seen, "/items/0/granted_fen")? == yuan(800_000), "the approved amount is granted: {}", seen.body);
    let approvals = cast.executive.get("审批人查看批复与已授信金额", "/v1/limit-approvals").await?;
    ensure!(approvals.body.to_string().contains(application), "the approval is there: {}", approvals.body);
    let banks = cast.keeper.get("查看合作银行", "/v1/customers?kind=bank").await?;
    let order = json!({
        "amount_fen": yuan(500_000), "revolving": true, "bank": banks.text("/items/0/id")?, "label": "示例银行专用",
        "reason": "按合作银行拆分", "document": "额度分配单-示例-001",
    });
    let made = cast.keeper.make("拆分出一家银行的分项", &format!("/v1/limits/{limit}"), "split", &order).await?;
    let part = made.text("/limit/id")?;
    let too_much = json!({ "amount_fen": yuan(300_001), "revolving": true, "reason": "超出可用" });
    let split = format!("/v1/limits/{limit}/split");
    cast.keeper.on_seen("拆分超过可用额度被拒绝", &format!("/v1/limits/{limit}"), &split, &too_much, 409).await?;
    let seen = applicant.get("申请人看到分项", "/v1/my/limits").await?;
    ensure!(mine(&seen, &part)?["free_fen"] == yuan(500_000), "the part is free: {}", seen.body);
    Ok((limit, part))
}

/// The applicant asks, finance draws what the bank has paid out.
async fn draw(cast: &Cast, applicant: &Actor, part: &str) -> anyhow::Result<(String, String)> {
    let ask = json!({ "amount_fen": yuan(300_000), "purpose": "采购原料" });
    let asked = applicant.post("申请人申请用款30万元", &format!("/v1/my/limits/{part}/reserve"), &ask, 201).await?;
    let reservation = asked.text("/id")?;
    let paid = json!({ "amount_fen": yuan(200_000), "reason": "银行放款", "document": "放款通知书-示例-001" });
    let draw = format!("/v1/reservations/{reservation}/draw");
    let drawn = cast.finance.post("银行放款20万元，登记用款", &draw, &paid, 200).await?;
    ensure!(number(&drawn, "/limit/drawn_fen")? == yuan(200_000), "it is drawn: {}", drawn.body);
    let seen = applicant.get("申请人看到已用与可用", "/v1/my/limits").await?;
    let shown = mine(&seen, part)?;
    ensure!(shown["drawn_fen"] == yuan(200_000) && shown["free_fen"] == yuan(200_000), "{}", seen.body);
    Ok((reservation, drawn.text("/drawdown/id")?))
}

/// Finance enters net assets and another person approves them.
async fn net_assets(cast: &Cast, amount_fen: i64, source: &str) -> anyhow::Result<()> {
    let day = domain::time::TenantZone::default().date_of(chrono::Utc::now());
    let value = json!({ "kind": "net_assets", "amount_fen": amount_fen });
    let body = json!({ "value": value, "effective_from": day, "source": source });
    let entered = cast.finance.post("财务录入净资产", "/v1/parameters", &body, 201).await?;
    let path = format!("/v1/parameters/{}", entered.text("/id")?);
    cast.executive.act("他人复核净资产", &path, "approve", &json!({})).await?;
    Ok(())
}

/// After a loss the bound for one client is lower: the draw is refused with its figures, and what is within passes.
async fn at_the_bound(cast: &Cast, applicant: &Actor, part: &str, reservation: &str) -> anyhow::Result<()> {
    net_assets(cast, AFTER_A_LOSS, "示例：亏损后的净资产").await?;
    let ask = json!({ "operation": "draw", "reservation": reservation, "amount_fen": yuan(100_000) });
    let told = cast.finance.post("试算再用10万元", "/v1/limits/what-if", &ask, 200).await?;
    ensure!(told.body["allowed"] == false, "the what-if says no: {}", told.body);
    let paid = json!({ "amount_fen": yuan(100_000), "reason": "银行再次放款" });
    let draw = format!("/v1/reservations/{reservation}/draw");
    let refused = cast.finance.post("超过单户上限，用款被拒绝", &draw, &paid, 409).await?;
    ensure!(refused.body["code"] == "limit_rules_broken", "by the rules: {}", refused.body);
    let figures = refused.body["figures"].as_array().context("figures")?;
    let rule = figures.iter().find(|figure| figure["rule"] == "one_client").context("the rule is named")?;
    let expected = [("before_fen", yuan(150_000)), ("after_fen", yuan(225_000)), ("bound_fen", yuan(200_000))];
    for (name, amount) in expected {
        ensure!(rule[name] == amount, "{name} of {rule}");
    }
    let seen = applicant.get("申请人看到额度未变", "/v1/my/limits").await?;
    ensure!(mine(&seen, part)?["drawn_fen"] == yuan(200_000), "nothing was drawn: {}", seen.body);
    Ok(())
}

/// The rest goes back, a part is repaid, and the limit is drawn on again; in the end all is repaid.
async fn give_back(
    cast: &Cast,
    applicant: &Actor,
    limit: &str,
    part: &str,
    reservation: &str,
    drawdown: &str,
) -> anyhow::Result<()> {
    let why = json!({ "reason": "本笔不再放款" });
    cast.finance.post("释放剩余占用", &format!("/v1/reservations/{reservation}/release"), &why, 200).await?;
    let repay = |fen: i64| json!({ "amount_fen": fen, "reason": "客户还款", "document": "还款凭证-示例-001" });
    cast.finance.post("还款10万元", &format!("/v1/drawdowns/{drawdown}/repay"), &repay(yuan(100_000)), 200).await?;
    let seen = applicant.get("申请人看到额度恢复", "/v1/my/limits").await?;
    ensure!(mine(&seen, part)?["free_fen"] == yuan(400_000), "repayment restores it: {}", seen.body);
    let ask = json!({ "amount_fen": yuan(150_000), "purpose": "再次采购原料" });
    let asked = applicant.post("申请人再次申请用款", &format!("/v1/my/limits/{part}/reserve"), &ask, 201).await?;
    let draw = format!("/v1/reservations/{}/draw", asked.text("/id")?);
    let paid = json!({ "amount_fen": yuan(150_000), "reason": "银行再次放款" });
    let again = cast.finance.post("在上限之内再次用款", &draw, &paid, 200).await?;
    net_assets(cast, NET_ASSETS, "示例：增资后的净资产").await?;
    for (drawdown, fen) in [(drawdown.to_owned(), yuan(100_000)), (again.text("/drawdown/id")?, yuan(150_000))] {
        cast.finance.post("还清", &format!("/v1/drawdowns/{drawdown}/repay"), &repay(fen), 200).await?;
    }
    cast.executive.get("台账", &format!("/v1/limits/{part}/entries")).await?;
    cast.executive.get("三项余额", "/v1/balances?of=firm").await?;
    cast.executive.get("监管限额余地", "/v1/head-room").await?;
    let seen = applicant.get("申请人看到额度全部可用", &format!("/v1/my/limits/{limit}")).await?;
    let free = number(&seen, "/free_fen")? + number(&seen, "/parts/0/free_fen")?;
    ensure!(free == yuan(800_000), "all is free again: {}", seen.body);
    Ok(())
}
