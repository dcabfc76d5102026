//! The approver's decision, within their authority: yes with amount, term and conditions, or no with a reason.

use actix_web::{HttpResponse, post, web::Data};
use domain::access::Permission;
use domain::applications::action::{Action, Terms};
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::Step;
use super::review::Why;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::refusal;
use crate::applications::view::AfterAction;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::limits::{self, GrantedLimit};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
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
    /// The credit limit that is granted with it; without one it is granted later (`POST /v1/limits`). Needs `limits.grant`,
    /// and if a rule of the law or the firm is broken nothing is approved either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<GrantedLimit>,
}

/// Approves an application.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.approve"])),
    request_body = Approval,
    responses(
        (status = 200, description = "How it stands now", body = AfterAction),
        (status = 409, description = "Not in this state, or a limit that would break a rule", body = ProblemBody, content_type = "application/problem+json")
    )
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
    let grants = access.principal.permissions.has(Permission::GrantLimits);
    if body.limit.is_some() && !grants {
        return Err(Error::new(Code::Forbidden));
    }
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    let make = async |_: &TenantTx, _: &mut Case| {
        let conditions = body.conditions.iter().enumerate();
        let conditions = conditions
            .map(|(i, text)| refusal::reason(&format!("/conditions/{i}"), text))
            .collect::<Result<Vec<_>>>()?;
        let terms = Terms { amount: Fen(body.amount_fen), months: body.term_months };
        Ok(Action::Approve { terms, conditions })
    };
    step.run_then(&app, &access, &body, make, async |tx, case| match &body.limit {
        Some(limit) => limits::grant_at_once(tx, &access.principal, case.id(), limit).await,
        None => Ok(()),
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
