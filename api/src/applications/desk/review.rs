//! The reviewer's step, and the way back to any earlier one, which loses nothing.

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::Action;
use domain::applications::machine::earlier_steps;
use domain::applications::state::ApplicationState as S;
use domain::consent::{ConsentState, SubjectKind};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::Step;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::refusal;
use crate::applications::view::{AfterAction, StateName};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// The reviewer's opinion.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The opinion.
    #[schema(example = "风险可控，同意提交审批", min_length = 1, max_length = 1000)]
    pub opinion: String,
}

/// Where it is to go back to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBack {
    /// One of the earlier steps that the application names.
    pub to: StateName,
    /// Why.
    #[schema(example = "请补充现场核查情况", min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Why.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The reason.
    #[schema(example = "数据源已恢复，重新采集", min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Passes an application on to approval. A reviewer who does not agree sends it back or returns it.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.review"])),
    request_body = Review,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/review")]
pub async fn review_application(
    access: Access<may::ReviewApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Review>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |_, _| {
        Ok(Action::ReviewPass { opinion: refusal::reason("/opinion", &body.opinion)? })
    })
    .await
}

/// Sends an application back to an earlier step. Officers, reviewers and approvers may, each from their own step.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    request_body = SendBack,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/send-back")]
pub async fn send_back_application(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<SendBack>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |tx, case| back_to(tx, case, body.to.into(), &body.reason).await).await
}

/// Collects an enterprise's data once more, when there was a gap; afterwards it is scored again and comes back to its
/// officer.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.reassess"])),
    request_body = Why,
    responses((status = 200, description = "Collecting again; how it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/recollect")]
pub async fn recollect_application(
    access: Access<may::ReassessApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Why>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |tx, case| {
        if case.facts.subject == SubjectKind::Person {
            return Err(Error::new(Code::IllegalTransition).detail(
                "个人申请不采集数据，无需重新采集。",
                "No data is collected for a person's application, so there is nothing to collect again.",
            ));
        }
        back_to(tx, case, S::Collecting, &body.reason).await
    })
    .await
}

/// Back to an earlier step; to the collection only while the applicant's consent is in force, since nothing would be
/// collected without it.
async fn back_to(tx: &TenantTx, case: &Case, to: S, reason: &str) -> Result<Action> {
    let reason = refusal::reason("/reason", reason)?;
    if to != S::Collecting || !earlier_steps(&case.facts).contains(&to) {
        return Ok(Action::SendBack { to, reason });
    }
    let ended = |zh: &str, en: &str| Err(Error::new(Code::ConsentEnded).detail(zh, en));
    match case.consent(tx).await? {
        ConsentState::Granted => Ok(Action::SendBack { to, reason }),
        ConsentState::Revoked => ended(
            "申请人已撤回授权，请先退回申请人重新授权。",
            "The applicant revoked the authorisation; return it to them to grant it again first.",
        ),
        _ => ended(
            "数据授权已失效，请先退回申请人重新授权。",
            "The authorisation is no longer in force; return it to the applicant to grant it again first.",
        ),
    }
}
