//! `PATCH /v1/enterprises/{id}`: staff mend an enterprise record; what is not sent stays, null empties.

use actix_web::{patch, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use domain::person::RealName;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::check;
use super::store::{self, Fields};
use super::view::EnterpriseView;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, IfMatch, Reply};

/// What is to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseChange {
    /// Its unified social credit code.
    #[serde(default, deserialize_with = "never_null")]
    #[schema(value_type = String, required = false, example = "91340600MA2PBMA74B", min_length = 18, max_length = 40)]
    pub(super) credit_code: Option<String>,
    /// Its full name as registered.
    #[serde(default, deserialize_with = "never_null")]
    #[schema(value_type = String, required = false, example = "示例农业发展有限公司", min_length = 2, max_length = 100)]
    pub(super) full_name: Option<String>,
    /// Its region's code (GB/T 2260).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "340600", max_length = 6)]
    pub(super) region: Option<Option<String>>,
    /// Its industry's code (GB/T 4754).
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "0111", max_length = 4)]
    pub(super) industry: Option<Option<String>>,
    /// Its address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "示例路1号", max_length = 200)]
    pub(super) address: Option<Option<String>>,
    /// Its legal representative's name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "张示例", min_length = 2, max_length = 50)]
    pub(super) legal_representative: Option<Option<String>>,
    /// Its registered capital in fen.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, example = 100_000_000, minimum = 0, maximum = 10_000_000_000_000_i64)]
    pub(super) registered_capital_fen: Option<Option<i64>>,
    /// When it was established.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>, example = "2018-05-21")]
    pub(super) established_on: Option<Option<NaiveDate>>,
}

/// Tells null, which empties, from what was not sent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Refuses null for what cannot be empty.
fn never_null<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    String::deserialize(value).map(Some)
}

impl EnterpriseChange {
    fn is_empty(&self) -> bool {
        self.credit_code.is_none()
            && self.full_name.is_none()
            && self.region.is_none()
            && self.industry.is_none()
            && self.address.is_none()
            && self.legal_representative.is_none()
            && self.registered_capital_fen.is_none()
            && self.established_on.is_none()
    }
}

/// Changes an enterprise record.
#[utoipa::path(
    tag = "enterprises",
    security(("token" = ["enterprises.manage"])),
    request_body = EnterpriseChange,
    responses((status = 200, description = "The enterprise as it is now", body = EnterpriseView))
)]
#[patch("/v1/enterprises/{id}")]
pub async fn change_enterprise(
    access: Access<may::ManageEnterprises>,
    app: Data<App>,
    id: At<kind::Enterprise>,
    seen: IfMatch,
    Body(change): Body<EnterpriseChange>,
) -> Result<Reply<EnterpriseView>> {
    if change.is_empty() {
        return Err(Error::new(Code::NothingToChange));
    }
    let tx = access.begin(&app).await?;
    let old = store::lock(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(old.version, None)?;
    let before = Fields::of(&tx, &old)?;
    let after = check::apply(before.clone(), &change, tx.now())?;
    let row = store::replace(&tx, &old, &after).await?;
    let version = row.version;
    let view = EnterpriseView::of(&tx, row)?;
    let detail = serde_json::json!({ "before": told(&before), "after": told(&after) });
    tx.commit(Act::new("enterprises.change", "enterprise", old.id).detail(detail)).await?;
    Ok(Reply::ok(view).version(version))
}

/// The record for the audit chain, which seals it.
fn told(fields: &Fields) -> serde_json::Value {
    serde_json::json!({
        "credit_code": fields.credit_code,
        "full_name": fields.full_name,
        "region": fields.region,
        "industry": fields.industry,
        "address": fields.address,
        "legal_representative": fields.legal_representative.as_ref().map(RealName::expose),
        "registered_capital_fen": fields.registered_capital_fen,
        "established_on": fields.established_on,
    })
}
