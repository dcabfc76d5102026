//! What a first start on this machine brings along: a demonstration firm with people in every role, products, policies
//! and up to five enterprises with real invoices. Everything in it is fictional but the invoices, and it is for
//! loopback alone: its password lies in the data folder.

mod customers;
pub mod machines;
pub mod sources;

use std::collections::HashMap;

use anyhow::Context;
use chrono::{Datelike, NaiveDate};
use domain::access::{DataScope, STAFF_ROLES};
use domain::money::Fen;
use domain::person::{CreditCode, EmailAddress, RealName};
use domain::time::TenantZone;
use uuid::Uuid;

use crate::app::App;
use crate::config::read_or_make_key;
use crate::customers::{Registration, upsert_from_registration};
use crate::limits::{self, FirstNetAssets};
use crate::operator::{NewTenant, provision};
use crate::people::{self, NewStaff};
use crate::platform::access::system_tx;
use crate::platform::db::{Act, PlatformTx, TenantTx};
use crate::policies;

/// A page that stands for any document.
pub const SAMPLE_PDF: &[u8] = include_bytes!("data/sample.pdf");
/// The demonstration firm's name in addresses.
pub const SLUG: &str = "demo";
/// The file in the data folder's keys that holds its people's password.
pub const PASSWORD_FILE: &str = "demo.password";
const REQUEST: &str = "zhidan-demonstration";
/// What the demonstration's approver may approve, fen.
const AUTHORITY_FEN: i64 = 500_000_000;

/// The demonstration firm's net assets: a hundred million yuan, so that limits can be granted from the first day.
const NET_ASSETS: Fen = Fen(10_000_000_000);

/// Makes the demonstration firm unless it is there.
///
/// # Errors
/// A failing database or disk.
pub async fn ensure(app: &App) -> anyhow::Result<()> {
    let tx = PlatformTx::read(&app.db).await?;
    let found = tx.tenant_by_slug(SLUG).await?;
    tx.commit().await?;
    if found.is_some() {
        return Ok(());
    }
    let today = TenantZone::default().date_of(app.clock.now());
    sources::write(&app.config.sources_dir.join(SLUG), today)?;
    let password = read_or_make_key(&app.config.data_dir, PASSWORD_FILE)?;
    let new = NewTenant {
        slug: SLUG.to_owned(),
        name: "示例融资担保有限公司（示例）".to_owned(),
        login_name: "administrator".to_owned(),
        administrator: RealName::parse("示例管理员").map_err(|e| anyhow::anyhow!("{e:?}"))?,
        email: email("administrator")?,
    };
    let made = provision(app, &new, REQUEST).await?;
    let tx = system_tx(app, made.tenant, REQUEST, true).await?;
    people::give_password(&tx, made.administrator, password.clone()).await?;
    let mut ids = HashMap::new();
    for role in STAFF_ROLES.iter().filter(|role| role.key != "administrator") {
        let person = NewStaff {
            login_name: role.key.to_owned(),
            name: RealName::parse(&format!("示例{}", role.label_zh)).map_err(|e| anyhow::anyhow!("{e:?}"))?,
            email: email(role.key)?,
            department: made.department,
            roles: vec![role.key.to_owned()],
            scope: DataScope::All,
            authority_fen: if role.key == "executive" { AUTHORITY_FEN } else { 0 },
        };
        ids.insert(role.key, people::add_ready(&tx, &person, password.clone()).await?);
    }
    net_assets(&tx, &ids, today).await?;
    enterprises(&tx).await?;
    let member = *ids.get("channel").context("somebody of a channel")?;
    customers::make(&tx, made.department, member, today).await?;
    machines::make(&tx, made.department, *ids.get("investigator").context("an investigator")?, today).await?;
    policies::create_samples(&tx).await?;
    tx.commit(Act::new("tenant.demonstrate", "tenant", made.tenant)).await?;
    Ok(())
}

/// The figure of the last year's accounts, entered by one and approved by another as everybody's is.
async fn net_assets(tx: &TenantTx, ids: &HashMap<&str, Uuid>, today: NaiveDate) -> anyhow::Result<()> {
    let first = FirstNetAssets {
        amount: NET_ASSETS,
        from: NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today),
        source: "示例",
        entered_by: *ids.get("finance").context("somebody of finance")?,
        approved_by: *ids.get("executive").context("an executive")?,
    };
    Ok(limits::begin_with(tx, &first).await?)
}

async fn enterprises(tx: &TenantTx) -> anyhow::Result<()> {
    for firm in &sources::FIRMS {
        let code = CreditCode::parse(firm.credit_code).map_err(|e| anyhow::anyhow!("{e:?}"))?;
        let person = RealName::parse(firm.legal_representative).map_err(|e| anyhow::anyhow!("{e:?}"))?;
        let registration = Registration {
            credit_code: &code,
            full_name: firm.name,
            region: Some(firm.region),
            industry: Some(firm.industry),
            address: None,
            legal_representative: Some(&person),
            registered_capital: None,
            established_on: None,
        };
        upsert_from_registration(tx, &registration).await?;
    }
    Ok(())
}

fn email(login_name: &str) -> anyhow::Result<EmailAddress> {
    let text = format!("{}@demo.example.com", login_name.replace('_', "-"));
    EmailAddress::parse(&text).map_err(|e| anyhow::anyhow!("{e:?}")).context(text)
}

/// Refuses to serve the demonstration firm to others than this machine.
///
/// # Errors
/// If the firm is there and not suspended.
pub async fn refuse_elsewhere(app: &App) -> anyhow::Result<()> {
    let tx = PlatformTx::read(&app.db).await?;
    let found = tx.tenant_by_slug(SLUG).await?;
    tx.commit().await?;
    anyhow::ensure!(
        found.is_none_or(|tenant| tenant.suspended),
        "this database holds the demonstration firm, whose password is in the data folder: suspend it \
         (POST /v1/platform/tenants/{{id}}/suspend) before listening on an address that others can reach"
    );
    Ok(())
}

/// How to begin, for whoever started the product.
///
/// # Errors
/// If the data folder cannot be read.
pub fn welcome(app: &App) -> anyhow::Result<String> {
    let (url, keys) = (&app.config.public_url, app.config.data_dir.join("keys"));
    let password = read_or_make_key(&app.config.data_dir, PASSWORD_FILE)?;
    let roles: Vec<_> = STAFF_ROLES.iter().map(|role| format!("{}（{}）", role.key, role.label_zh)).collect();
    Ok(format!(
        "智担 Zhidan 已启动 · running\n\
         \x20 API            {url}/v1\n\
         \x20 接口文档 docs  {url}/docs/\n\
         \x20 健康 health    {url}/health\n\
         \x20 示例机构 firm  {SLUG}（/v1/t/{SLUG}/…）\n\
         \x20 员工登录 staff POST {url}/v1/t/{SLUG}/staff-sessions，密码 password：{password}\n\
         \x20               {}\n\
         \x20 申请人登录     POST {url}/v1/t/{SLUG}/sms-codes，验证码显示在本日志中（SMS codes appear in this log）\n\
         \x20 平台运营方     POST {url}/v1/platform/sessions，密钥在 {}\n\
         \x20 完整演示 demo  zhidan demo",
        roles.join("、"),
        keys.join("operator.key").display()
    ))
}
