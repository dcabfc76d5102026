//! The officer's steps: back to the applicant with a reason per item, or on to review with a recommendation.

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::{Action, Advice, REASON_CHARS_MAX, ReturnItem, Terms};
use domain::applications::refusal::Refusal;
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::Step;
use crate::app::App;
use crate::applications::detail::place_of;
use crate::applications::refusal;
use crate::applications::view::AfterAction;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// What the applicant is to mend.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// One entry per field or document.
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<ItemToMend>,
}

/// One thing to mend.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemToMend {
    /// JSON pointer of a field, `#` and the key of a checklist item, or `/authorisation`.
    #[schema(example = "#business_licence", max_length = 100)]
    pub item: String,
    /// Why, and how to mend it.
    #[schema(example = "照片不清晰，请重新拍摄", min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// What the officer recommends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    /// To grant or to decline.
    pub advice: AdviceName,
    /// The opinion.
    #[schema(example = "经营稳定，建议担保", min_length = 1, max_length = 1000)]
    pub opinion: String,
    /// Proposed amount in fen, where it is to be granted.
    #[schema(example = 40_000_000, minimum = 1)]
    pub amount_fen: Option<i64>,
    /// Proposed term in months, where it is to be granted.
    #[schema(example = 12, minimum = 1, maximum = 360)]
    pub term_months: Option<u16>,
}

/// The advice.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviceName {
    /// To grant it on the terms given.
    Grant,
    /// To refuse it.
    Decline,
}

/// Returns an application to the applicant, item by item. Reviewers and approvers may do so too.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    request_body = Return,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/return")]
pub async fn return_application(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Return>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |_, case| {
        let (mut items, mut problems) = (vec![], vec![]);
        for (i, item) in body.items.iter().enumerate() {
            match ReturnItem::new(place_of(&item.item), &item.reason, &case.product, &case.form) {
                Ok(item) => items.push(item),
                Err(refused) => {
                    let words = refused.words();
                    let part = if refused == Refusal::UnknownItem { "item" } else { "reason" };
                    problems.push(FieldProblem::new(format!("/items/{i}/{part}"), refused.code(), words.zh, words.en));
                }
            }
        }
        if problems.is_empty() { Ok(Action::Return { items }) } else { Err(Error::fields(problems)) }
    })
    .await
}

/// Hands in the investigation with a recommendation.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.investigate"])),
    request_body = Recommendation,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/recommend")]
pub async fn recommend_application(
    access: Access<may::InvestigateApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Recommendation>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |tx, case| {
        let opinion = refusal::reason("/opinion", &body.opinion)?;
        let advice = match body.advice {
            AdviceName::Decline => Advice::Decline,
            AdviceName::Grant => Advice::Grant(terms(body.amount_fen, body.term_months)?),
        };
        // once the data is there, an authorisation that has ended since does not stand against the investigation
        let mut missing = case.missing(tx).await?;
        missing.retain(|gap| gap.place != domain::applications::completeness::Place::Consent);
        Ok(Action::Recommend { advice, opinion, missing })
    })
    .await
}

fn terms(amount_fen: Option<i64>, term_months: Option<u16>) -> Result<Terms> {
    match (amount_fen, term_months) {
        (Some(amount), Some(months)) => Ok(Terms { amount: Fen(amount), months }),
        (amount, _) => Err(refusal::wrong_field(
            if amount.is_none() { "/amount_fen" } else { "/term_months" },
            "required",
            "建议同意时请填写金额和期限",
            "A recommendation to grant names an amount and a term",
        )),
    }
}

const _: () = assert!(REASON_CHARS_MAX == 1_000, "the document says 1000");
