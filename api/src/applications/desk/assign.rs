//! `POST /v1/applications/{id}/assign`: gives an application to an officer, or to another one.

use actix_web::{HttpResponse, post, web::Data};
use domain::access::Permission;
use domain::applications::action::Action;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::Step;
use crate::app::App;
use crate::applications::refusal;
use crate::applications::view::AfterAction;
use crate::error::Result;
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// Who gets it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The officer.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub officer: String,
}

/// Assigns an application.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.assign"])),
    request_body = Assignment,
    responses((status = 200, description = "How it stands now", body = AfterAction))
)]
#[post("/v1/applications/{id}/assign")]
pub async fn assign_application(
    access: Access<may::AssignApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Assignment>,
) -> Result<HttpResponse> {
    let step = Step { id: id.uuid(), seen, idempotency, language: context.language };
    step.run(&app, &access, &body, async |tx, case| {
        let officer = officer(tx, "/officer", &body.officer).await?;
        // the case moves with its officer, so that those who see the department's work see it
        case.row.department_id = department_of(tx, officer).await?.or(case.row.department_id);
        Ok(Action::Assign { to: officer })
    })
    .await
}

/// An officer who can take cases.
pub(super) async fn officer(tx: &TenantTx, pointer: &str, text: &str) -> Result<Uuid> {
    let unknown = || {
        refusal::wrong_field(
            pointer,
            "officer_unknown",
            "没有这位可办理申请的项目经理，请重新选择",
            "There is no such officer who can take cases; choose another",
        )
    };
    let id = Id::<kind::Staff>::parse(text).ok_or_else(unknown)?.uuid();
    let officers = people::officers_with(tx, Permission::InvestigateApplications, None).await?;
    if officers.contains(&id) { Ok(id) } else { Err(unknown()) }
}

/// The department of a member of staff.
pub(super) async fn department_of(tx: &TenantTx, officer: Uuid) -> Result<Option<Uuid>> {
    Ok(people::staff_brief(tx, &[officer]).await?.get(&officer).map(|brief| brief.department))
}
