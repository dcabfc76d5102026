//! The operator's and the staff's part of the story.

use anyhow::{Context, ensure};
use serde_json::json;

use super::client::Actor;
use super::stage::Stage;

/// The staff who play.
pub struct Cast {
    investigator: Actor,
    reviewer: Actor,
    pub(super) executive: Actor,
    pub(super) finance: Actor,
    pub(super) keeper: Actor,
}

/// A tenant is created, its administrator sets a password by link, it is suspended and resumed.
pub async fn tenant(stage: &Stage, anyone: &Actor) -> anyhow::Result<()> {
    let key = json!({ "operator_key": stage.key("operator.key")? });
    let session = anyone.post("平台运营方登录", "/v1/platform/sessions", &key, 200).await?;
    let operator = anyone.logged_in("平台", &session)?;
    let slug = format!("demo-{}", uuid::Uuid::now_v7().simple());
    let slug = slug.get(..30).unwrap_or(&slug).to_owned();
    let new = json!({
        "slug": slug, "name": "示例二号融资担保有限公司（示例）",
        "administrator": { "login_name": "administrator", "name": "示例管理员", "email": format!("administrator@{slug}.example.com") },
    });
    let made = operator.post("开通机构", "/v1/platform/tenants", &new, 201).await?;
    let link = made.text("/link")?;
    let token = link.split("token=").nth(1).context("a token in the link")?;
    let password = format!("示例密码 {}", uuid::Uuid::now_v7());
    let firm = format!("/v1/t/{slug}");
    let set = json!({ "token": token, "password": password });
    anyone.post("首任管理员用一次性链接设密码", &format!("{firm}/passwords"), &set, 204).await?;
    anyone.post("链接不能用第二次", &format!("{firm}/passwords"), &set, 410).await?;
    let login = json!({ "login_name": "administrator", "password": password });
    anyone.post("管理员登录", &format!("{firm}/staff-sessions"), &login, 200).await?;
    let tenant = format!("/v1/platform/tenants/{}", made.text("/tenant/id")?);
    operator.post("暂停机构", &format!("{tenant}/suspend"), &json!({}), 200).await?;
    anyone.post("暂停后不能登录", &format!("{firm}/staff-sessions"), &login, 403).await?;
    operator.post("恢复机构", &format!("{tenant}/resume"), &json!({}), 200).await?;
    Ok(())
}

/// The demonstration firm's staff log in.
pub async fn staff(stage: &Stage, anyone: &Actor) -> anyhow::Result<Cast> {
    let password = stage.key("demo.password")?;
    let log_in = async |login_name: &str, name: &str| {
        let body = json!({ "login_name": login_name, "password": password });
        let session = anyone.post(&format!("{name}登录"), "/v1/t/demo/staff-sessions", &body, 200).await?;
        anyone.logged_in(name, &session)
    };
    Ok(Cast {
        investigator: log_in("investigator", "项目经理").await?,
        reviewer: log_in("reviewer", "风控审查").await?,
        executive: log_in("executive", "审批人").await?,
        finance: log_in("finance", "财务").await?,
        keeper: log_in("post_guarantee", "保后管理员").await?,
    })
}

/// The officer looks, returns with a reason, and sees what changed.
pub async fn investigate(cast: &Cast, applicant: &Actor, id: &str) -> anyhow::Result<()> {
    let (case, mine) = (format!("/v1/applications/{id}"), format!("/v1/my/applications/{id}"));
    let officer = &cast.investigator;
    officer.get("查看待办队列", "/v1/applications?state=investigating").await?;
    officer.get("查看申请（个人信息已脱敏）", &case).await?;
    officer.get("查看采集记录", &format!("{case}/pulls")).await?;
    let scores = officer.get("查看评分与理由", &format!("{case}/assessments")).await?;
    ensure!(scores.body["items"].as_array().is_some_and(|a| !a.is_empty()), "there is an assessment");
    let why = json!({ "items": [{ "item": "/contact/phone", "reason": "电话无法接通，请更换联系电话" }] });
    officer.act("退回，逐项写明原因", &case, "return", &why).await?;
    let asked = applicant.get("申请人看到需要补正的事项", &format!("{mine}/return-items")).await?;
    ensure!(asked.body["items"].as_array().is_some_and(|a| a.len() == 1), "one item is asked for");
    let seen = applicant.get("打开申请", &mine).await?;
    let mend = json!({ "contact": { "phone": "13900000003" } });
    applicant.call("更正联系电话", reqwest::Method::PATCH, &mine, Some(&mend), Some(seen.version), 200).await?;
    applicant.act("补正后再次提交", &mine, "submit", &json!({})).await?;
    let changes = officer.get("项目经理看到改了什么", &format!("{case}/changes")).await?;
    ensure!(changes.body.to_string().contains("/contact/phone"), "the change is shown: {}", changes.body);
    let advice = json!({ "advice": "grant", "opinion": "现场核实经营正常，建议担保。", "amount_fen": 80_000_000i64, "term_months": 12 });
    officer.act("提交审查", &case, "recommend", &advice).await?;
    Ok(())
}

/// Review by another, approval within authority, and what the applicant sees of it.
pub async fn approve(cast: &Cast, applicant: &Actor, id: &str) -> anyhow::Result<()> {
    let (case, mine) = (format!("/v1/applications/{id}"), format!("/v1/my/applications/{id}"));
    cast.reviewer.act("审查通过", &case, "review", &json!({ "opinion": "同意，风险可控。" })).await?;
    let terms = json!({ "amount_fen": 80_000_000i64, "term_months": 12, "conditions": ["实际控制人提供连带责任保证"], "limit": { "revolving": true } });
    cast.executive.act("审批通过，同时授信", &case, "approve", &terms).await?;
    let seen = applicant.get("申请人看到结果", &mine).await?;
    ensure!(seen.body["state"] == "approved", "it is approved: {}", seen.body);
    applicant.get("进度", &format!("{mine}/progress")).await?;
    applicant.get("时间线", &format!("{mine}/timeline")).await?;
    applicant.get("评分结果说明", &format!("{mine}/result")).await?;
    applicant.get("站内消息", "/v1/my/inbox").await?;
    Ok(())
}

/// An automatic refusal, and the person's review that anybody may ask for.
pub async fn contest(cast: &Cast, applicant: &Actor, id: &str) -> anyhow::Result<()> {
    let mine = format!("/v1/my/applications/{id}");
    let is = |state: &'static str| move |b: &serde_json::Value| b["state"] == state;
    applicant.until("等待评分", &mine, is("refused")).await?;
    applicant.get("拒绝的理由与可以怎么做", &format!("{mine}/result")).await?;
    applicant.act("申请人工复核", &mine, "human-review", &json!({ "reason": "请人工核实我司经营情况" })).await?;
    applicant.until("转由人员办理", &mine, is("investigating")).await?;
    cast.investigator.get("项目经理接手复核", &format!("/v1/applications/{id}")).await?;
    Ok(())
}
