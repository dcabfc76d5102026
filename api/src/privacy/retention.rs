//! `GET /v1/retention-rules` and `PUT /v1/retention-rules/{class}`: for how long each kind of data is kept, why, and on which ground;
//! and the firm's own period, within the bounds.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, get, put, web::Data};
use domain::privacy::{Class, Period};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::outcome::DataClassWord;
use super::store;
use crate::app::App;
use crate::error::{Code, Error, FieldProblem, Language, Result, say};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, IfMatch, Reply};

/// What holds for a kind of data.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRuleView {
    /// The kind of data.
    pub class: DataClassWord,
    /// What people call it.
    #[schema(example = "短信与邮件")]
    pub class_label: String,
    /// What it is held for.
    #[schema(example = "告知办理进度，核对是否送达")]
    pub purpose: String,
    /// The law that allows or asks it.
    #[schema(example = "履行合同所必需（个人信息保护法第13条第2项）")]
    pub ground: String,
    /// For how many days it is kept; null for as long as what it belongs to is there.
    #[schema(example = 180)]
    pub days: Option<u32>,
    /// The least that may be set; null where the firm sets nothing.
    #[schema(example = 30)]
    pub days_min: Option<u32>,
    /// The most.
    #[schema(example = 1095)]
    pub days_max: Option<u32>,
    /// From when the days count.
    #[schema(example = "产生之日")]
    pub counts_from: String,
    /// What becomes of it when a person's data is erased.
    #[schema(example = "删除")]
    pub at_erasure: String,
    /// Version for `If-Match`; 0 where the firm has set nothing.
    #[schema(example = 0, minimum = 0)]
    pub version: i64,
}

impl RetentionRuleView {
    fn of(class: Class, set: Option<u32>, version: i64, language: Language) -> Self {
        let rule = class.rule();
        let (days_min, days_max) = match rule.period {
            Period::Between { min, max, .. } => (Some(min), Some(max)),
            Period::Fixed(_) | Period::WithOwner => (None, None),
        };
        Self {
            class: DataClassWord(class),
            class_label: say(&class.words(), language),
            purpose: say(&rule.purpose, language),
            ground: say(&rule.ground, language),
            days: class.days(set),
            days_min,
            days_max,
            counts_from: say(&rule.counts_from, language),
            at_erasure: say(&rule.at_erasure, language),
            version,
        }
    }
}

/// What holds for every kind of data.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionRules {
    /// Kind by kind.
    pub items: Vec<RetentionRuleView>,
}

/// The firm's own period.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionPeriod {
    /// Days, within the bounds of the kind.
    #[schema(example = 365, minimum = 1, maximum = 36500)]
    pub days: u32,
}

impl FromRequest for DataClassWord {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request.match_info().get("class").and_then(Class::from_code);
        ready(named.map(Self).ok_or_else(Error::not_found))
    }
}

/// For how long each kind of data is kept, why and on which ground.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["settings.read"])),
    responses((status = 200, description = "Every kind of data", body = RetentionRules))
)]
#[get("/v1/retention-rules")]
pub async fn list_retention_rules(
    access: Access<may::ReadSettings>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<RetentionRules>> {
    let tx = access.read(&app).await?;
    let set = store::rules(&tx).await?;
    let view = |class: &Class| {
        let (days, version) = set.get(class.code()).map_or((None, 0), |(days, version)| (Some(*days), *version));
        RetentionRuleView::of(*class, days, version, context.language)
    };
    Ok(Reply::ok(RetentionRules { items: Class::ALL.iter().map(view).collect() }))
}

/// Sets for how long the firm keeps a kind of data. What is past the new period goes with the next purge, within a day.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["privacy.handle"])),
    params(("class" = DataClassWord, Path, description = "The kind of data", example = "deliveries")),
    request_body = RetentionPeriod,
    responses((status = 200, description = "What holds now", body = RetentionRuleView))
)]
#[put("/v1/retention-rules/{class}")]
pub async fn change_retention_rule(
    access: Access<may::HandlePrivacyRequests>,
    app: Data<App>,
    context: Context,
    class: DataClassWord,
    seen: IfMatch,
    Body(body): Body<RetentionPeriod>,
) -> Result<Reply<RetentionRuleView>> {
    let class = class.0;
    let Period::Between { min, max, .. } = class.rule().period else {
        return Err(Error::new(Code::IllegalTransition)
            .detail("此类数据的保存期限不能由机构设置。", "A firm does not set the period of this kind of data."));
    };
    if !(min..=max).contains(&body.days) {
        let (zh, en) = (format!("应在{min}至{max}天之间"), format!("must be from {min} to {max} days"));
        return Err(Error::fields(vec![FieldProblem::new("/days", "range", zh, en)]));
    }
    let tx = access.begin(&app).await?;
    people::proven(&tx, &access.principal).await?;
    let (before, version) = store::lock_rule(&tx, class).await?;
    seen.check(version, None)?;
    let version = version + 1;
    store::set_rule(&tx, class, i32::try_from(body.days).unwrap_or(i32::MAX), version).await?;
    let act = Act::new("retention_rule.change", "tenant", tx.tenant());
    let detail = json!({ "class": class.code(), "before": before, "after": body.days });
    tx.commit(act.detail(detail)).await?;
    Ok(Reply::ok(RetentionRuleView::of(class, Some(body.days), version, context.language)).version(version))
}
