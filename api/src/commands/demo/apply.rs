//! The applicant's part of the story.

use anyhow::{Context, ensure};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::client::{Actor, Answer};
use super::stage::Stage;
use crate::demonstration::SAMPLE_PDF;
use crate::demonstration::sources::{FIRMS, ID_NUMBER};

const FIRM: &str = "/v1/t/demo";

/// Reading and matching policies without logging in.
pub async fn policies(anyone: &Actor) -> anyhow::Result<()> {
    anyone.get("阅读政策", &format!("{FIRM}/policies")).await?;
    anyone.get("查名词解释", &format!("{FIRM}/glossary")).await?;
    let query = json!({ "guarantee_kind": "loan_enterprise", "applicant_kind": "small_enterprise" });
    anyone.post("按担保类型与主体匹配政策", &format!("{FIRM}/policy-matches"), &query, 200).await?;
    Ok(())
}

/// A new applicant logs in with a code.
pub async fn log_in(stage: &Stage, anyone: &Actor) -> anyhow::Result<Actor> {
    let front = anyone.get("打开首页，阅读隐私政策与协议的版本", FIRM).await?;
    let phone = format!("139{:08}", rand::random_range(0..100_000_000u32));
    let mark = stage.mark()?;
    anyone.post("获取短信验证码", &format!("{FIRM}/sms-codes"), &json!({ "phone": phone }), 202).await?;
    let login = json!({
        "phone": phone, "code": stage.code(&phone, mark).await?,
        "privacy_version": front.text("/privacy_version")?, "terms_version": front.text("/terms_version")?,
    });
    let session = anyone.post("验证码登录，账号即建立", &format!("{FIRM}/applicant-sessions"), &login, 200).await?;
    anyone.logged_in("申请人", &session)
}

/// An enterprise's application from the first page to the submission; gives its id.
pub async fn fill_in_and_submit(
    stage: &Stage,
    anyone: &Actor,
    applicant: &Actor,
    firm: usize,
) -> anyhow::Result<String> {
    let _ = stage;
    let firm = FIRMS.get(firm).context("a demonstration firm")?;
    let lookup = format!("/v1/my/enterprise-lookup?credit_code={}", firm.credit_code);
    applicant.get("按统一社会信用代码带出企业信息", &lookup).await?;
    let products = anyone.get("查看产品与资料清单", &format!("{FIRM}/products")).await?;
    let product = enterprise_product(&products)?;
    let start = json!({ "product_id": product["id"], "subject_kind": "enterprise" });
    let draft = applicant.post("新建申请", "/v1/my/applications", &start, 201).await?;
    let id = draft.text("/id")?;
    let mine = format!("/v1/my/applications/{id}");
    let wrong = json!({ "contact": { "phone": "12345" } });
    applicant.call("填错手机号，提示如何更正", Method::PATCH, &mine, Some(&wrong), Some(draft.version), 422).await?;
    let form = form(firm, product);
    let saved = applicant.call("保存草稿", Method::PATCH, &mine, Some(&form), Some(draft.version), 200).await?;
    let refused = applicant
        .call(
            "先行提交，一次列出全部缺项",
            Method::POST,
            &format!("{mine}/submit"),
            Some(&json!({})),
            Some(saved.version),
            422,
        )
        .await?;
    let errors = refused.body["errors"].as_array().context("the missing items")?;
    ensure!(errors.len() >= 2, "more than one thing is missing");
    for item in missing_items(&saved) {
        upload(applicant, &mine, &item).await?;
    }
    let person = firm.legal_representative;
    let consent = json!({ "capacity": "legal_representative", "real_name": person, "id_number": ID_NUMBER });
    let path = format!("{mine}/authorisations");
    let stranger = json!({ "capacity": "legal_representative", "real_name": "示例路人", "id_number": ID_NUMBER });
    applicant.post("他人冒称法定代表人，不予授权", &path, &stranger, 422).await?;
    applicant.post(&format!("法定代表人{person}授权查询税务与发票"), &path, &consent, 201).await?;
    applicant.act("提交申请", &mine, "submit", &json!({})).await?;
    Ok(id)
}

fn enterprise_product(products: &Answer) -> anyhow::Result<&Value> {
    let items = products.body["items"].as_array().context("products")?;
    items.iter().find(|p| p["terms"]["kind"] == "loan_enterprise").context("a product for enterprises")
}

/// Keys of the checklist items that are still missing.
fn missing_items(application: &Answer) -> Vec<String> {
    let all = application.body["missing"].as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|m| m["place"].as_str()?.strip_prefix('#').map(str::to_owned)).collect()
}

/// Uploads one file for a checklist item.
pub async fn upload(applicant: &Actor, mine: &str, item: &str) -> anyhow::Result<()> {
    let file = json!({ "item_key": item, "file_name": format!("{item}.pdf"), "media_type": "application/pdf", "bytes": SAMPLE_PDF.len() });
    let started = applicant.post(&format!("申请上传：{item}"), &format!("{mine}/documents"), &file, 201).await?;
    applicant.put_file(&started, SAMPLE_PDF).await?;
    let finish = format!("{mine}/documents/{}/finish", started.text("/document/id")?);
    let done = applicant.post("上传完成，检查通过", &finish, &json!({}), 200).await?;
    ensure!(done.body["state"] == "ready", "the file is ready: {}", done.body);
    Ok(())
}

fn form(firm: &crate::demonstration::sources::Firm, product: &Value) -> Value {
    let terms = &product["terms"];
    let extra: Map<String, Value> = terms["extra_fields"]
        .as_array()
        .map(|fields| fields.iter().filter_map(|f| Some((f["key"].as_str()?.to_owned(), extra_value(f)))).collect())
        .unwrap_or_default();
    json!({
        "amount_fen": 100_000_000i64, "term_months": 12, "purpose": terms["purposes"][0]["code"], "bank": "示例银行",
        "region": firm.region, "industry": firm.industry,
        "contact": { "name": "张示例", "phone": "13900000002" },
        "subject": { "full_name": firm.name, "credit_code": firm.credit_code, "capacity": "legal_representative" },
        "extra": extra,
    })
}

fn extra_value(field: &Value) -> Value {
    let takes = &field["takes"];
    match takes["kind"].as_str() {
        Some("choice") => takes["choices"][0]["code"].clone(),
        Some("number" | "money") => takes.get("min").filter(|m| !m.is_null()).cloned().unwrap_or(json!(10)),
        Some("date") => json!("2015-06-01"),
        _ => json!("示例"),
    }
}
