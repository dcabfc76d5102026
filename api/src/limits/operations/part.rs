//! `POST /v1/limits/{id}/split` and `/move`: parts of a limit.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Step;
use super::body::{id, maybe_id, why};
use crate::app::App;
use crate::error::{ProblemBody, Result};
use crate::limits::ledger::{Operation, PartOrder, Why};
use crate::limits::view::OperationView;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch};

const LABEL_CHARS_MAX: usize = 60;

/// A part to be split off.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// How much, in fen: at most what the limit has free.
    #[schema(example = 20_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Whether repayment restores it; only a revolving limit has revolving parts.
    pub revolving: bool,
    /// For which product, if for another than the whole's.
    #[serde(default)]
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub product: Option<String>,
    /// At which bank: a customer of that kind.
    #[serde(default)]
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub bank: Option<String>,
    /// For which member of the holder's group.
    #[serde(default)]
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub member: Option<String>,
    /// What people call it.
    #[serde(default)]
    #[schema(example = "示例农商行专用", max_length = 60)]
    pub label: Option<String>,
    /// Its first day; the whole's if not said.
    #[serde(default)]
    #[schema(example = "2026-12-01")]
    pub valid_from: Option<NaiveDate>,
    /// Its first day after; the whole's if not said.
    #[serde(default)]
    #[schema(example = "2027-06-01")]
    pub valid_to: Option<NaiveDate>,
    /// Why.
    #[schema(example = "按合作银行拆分", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "额度分配单-2026-001", max_length = 100)]
    pub document: Option<String>,
}

impl NewPart {
    /// What the ledger is asked.
    pub(in crate::limits) fn order(&self, limit: Uuid) -> Result<(Operation, Why)> {
        let mut checks = Checks::new();
        let label = self.label.as_deref().map(|text| checks.maybe_line("/label", text, LABEL_CHARS_MAX));
        checks.done()?;
        let part = PartOrder {
            amount: Fen(self.amount_fen),
            revolving: self.revolving,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            product: maybe_id::<kind::Product>("/product", self.product.as_deref())?,
            bank: maybe_id::<kind::Customer>("/bank", self.bank.as_deref())?,
            member: maybe_id::<kind::Customer>("/member", self.member.as_deref())?,
            label: label.filter(|text| !text.is_empty()),
        };
        Ok((Operation::Split { limit, part }, why("/reason", &self.reason, self.document.as_deref())?))
    }
}

/// Splits a part off a limit, over a product, a bank or a member of the holder's group, to any depth up to six.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.manage"])),
    request_body = NewPart,
    responses(
        (status = 201, description = "The new part", body = OperationView),
        (status = 409, description = "Not enough is free, the limit cannot be used, or a rule would be broken", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/split")]
pub async fn split_limit(
    access: Access<may::ManageLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<NewPart>,
) -> Result<HttpResponse> {
    let order = body.order(at.uuid())?;
    Step { seen: Some(seen), idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// What moves from one part to another.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Where it goes: another part of the same limit.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub to: String,
    /// How much, in fen: at most what the part has free.
    #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Why.
    #[schema(example = "银行额度调剂", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "额度分配单-2026-002", max_length = 100)]
    pub document: Option<String>,
}

/// Hands what one part has free to another part of the same limit.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.manage"])),
    request_body = Move,
    responses(
        (status = 200, description = "The part that gave", body = OperationView),
        (status = 409, description = "Not enough is free, or one of the two cannot be used", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/move")]
pub async fn move_limit(
    access: Access<may::ManageLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Move>,
) -> Result<HttpResponse> {
    let to = id::<kind::Limit>("/to", &body.to)?;
    let operation = Operation::Move { from: at.uuid(), to, amount: Fen(body.amount_fen) };
    let order = (operation, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: Some(seen), idempotency, language: context.language }.run(&app, &access, &body, order).await
}
