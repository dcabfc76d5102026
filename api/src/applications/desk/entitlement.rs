//! `POST /v1/applications/{id}/confirm-entitlement`: the officer has read the power of attorney, or cleared up who
//! represents the enterprise, and collection goes on.

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::Action;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::Step;
use crate::app::App;
use crate::applications::refusal;
use crate::applications::view::AfterAction;
use crate::data;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// What is confirmed, and what that rests on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The authorisation that was looked at; it has to be the one in force.
    #[schema(example = "aut_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub authorisation: String,
    /// What it rests on.
    #[schema(example = "已核对授权委托书原件及被授权人身份证", min_length = 1, max_length = 1000)]
    pub opinion: String,
}

/// Confirms that whoever gave the authorisation may; collection goes on. An officer who cannot confirm it returns the
/// application or recommends to decline it.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.investigate"])),
    request_body = Confirmation,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/confirm-entitlement")]
pub async fn confirm_entitlement(
    access: Access<may::InvestigateApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Confirmation>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    let by = access.principal.id;
    step.run(&app, &access, &body, async |tx, case| {
        let opinion = refusal::reason("/opinion", &body.opinion)?;
        // the state machine speaks first: who may not confirm does not learn of authorisations
        let action = Action::ConfirmEntitlement { opinion };
        if case.facts.entitlement_open {
            let given = Id::<kind::Authorisation>::parse(&body.authorisation).ok_or_else(unknown)?;
            data::confirm(tx, case.id(), given.uuid(), by).await?;
        }
        Ok(action)
    })
    .await
}

fn unknown() -> Error {
    refusal::wrong_field(
        "/authorisation",
        "unknown",
        "没有这个授权，请从该申请的授权列表中选择",
        "There is no such authorisation; choose one from the application's list",
    )
}
