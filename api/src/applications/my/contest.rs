//! `POST …/withdraw` and `POST …/human-review`: the applicant takes the application back, or asks that a person looks at
//! an automatic refusal (PIPL art. 24).

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::Action;
use domain::applications::state::{Actor, ApplicationState as S};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{discard, own};
use crate::app::App;
use crate::applications::view::AfterAction;
use crate::applications::{refusal, transition};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// A reason, if the applicant wants to give one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyIfAny {
    /// The reason.
    #[schema(example = "资金需求已解决", max_length = 1000)]
    pub reason: Option<String>,
}

/// Withdraws an application. A draft that is withdrawn is discarded.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = WhyIfAny,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/my/applications/{id}/withdraw")]
pub async fn withdraw_application(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<WhyIfAny>,
) -> Result<HttpResponse> {
    let actor = Actor::applicant(access.principal.id);
    let work = async |tx: &TenantTx| {
        let mut case = own::lock(tx, access.principal.id, id.uuid()).await?;
        seen.check(case.row.version, Some(&case.row.state))?;
        let reason = refusal::reason_if_any("/reason", body.reason.as_deref())?;
        let act = match case.facts.state {
            S::Draft => discard::discard(tx, &mut case, reason).await?,
            _ => transition::perform(tx, &mut case, &Action::Withdraw { reason }, &actor).await?,
        };
        let view = AfterAction::of(&case, &actor, context.language);
        Ok(Reply::ok(view).version(case.row.version).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

/// Asks for a person's review of an automatic refusal.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = WhyIfAny,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/my/applications/{id}/human-review")]
pub async fn request_human_review(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<WhyIfAny>,
) -> Result<HttpResponse> {
    let actor = Actor::applicant(access.principal.id);
    let work = async |tx: &TenantTx| {
        let mut case = own::lock(tx, access.principal.id, id.uuid()).await?;
        seen.check(case.row.version, Some(&case.row.state))?;
        let reason = refusal::reason_if_any("/reason", body.reason.as_deref())?;
        let act = transition::perform(tx, &mut case, &Action::RequestHumanReview { reason }, &actor).await?;
        let view = AfterAction::of(&case, &actor, context.language);
        Ok(Reply::ok(view).version(case.row.version).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}
