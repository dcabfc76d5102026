//! The approver's decision, within their authority: yes with amount, term and conditions, or no with a reason.

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::{Action, Terms};
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::Step;
use super::review::Why;
use crate::app::App;
use crate::applications::refusal;
use crate::applications::view::AfterAction;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// What is granted.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Amount in fen: at most what was requested, and within the approver's authority.
    #[schema(example = 40_000_000, minimum = 1)]
    pub amount_fen: i64,
    /// Term in months.
    #[schema(example = 12, minimum = 1, maximum = 360)]
    pub term_months: u16,
    /// Conditions, each 1 to 1000 characters.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["追加实际控制人连带责任保证"]))]
    pub conditions: Vec<String>,
}

/// Approves an application.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.approve"])),
    request_body = Approval,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/approve")]
pub async fn approve_application(
    access: Access<may::ApproveApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Approval>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |_, _| {
        let conditions = body.conditions.iter().enumerate();
        let conditions = conditions
            .map(|(i, text)| refusal::reason(&format!("/conditions/{i}"), text))
            .collect::<Result<Vec<_>>>()?;
        let terms = Terms { amount: Fen(body.amount_fen), months: body.term_months };
        Ok(Action::Approve { terms, conditions })
    })
    .await
}

/// Refuses an application; the applicant reads the reason.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.approve"])),
    request_body = Why,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/refuse")]
pub async fn refuse_application(
    access: Access<may::ApproveApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Why>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |_, _| {
        Ok(Action::Refuse { reason: refusal::reason("/reason", &body.reason)? })
    })
    .await
}
