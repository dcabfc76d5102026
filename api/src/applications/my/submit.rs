//! `POST /v1/my/applications/{id}/submit`: submits a draft, or resubmits what was returned. Everything that is missing is
//! said at once; nothing that was entered before is lost.

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::{Action, ReturnItem};
use domain::applications::changes::needs_new_data;
use domain::applications::number::ApplicationNumber;
use domain::applications::state::{Actor, ApplicationState as S};
use domain::id::kind;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::mending::{self, MendingNote};
use super::own;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::view::AfterAction;
use crate::applications::{pipeline, store, transition};
use crate::documents;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// What is submitted is what was saved. After a return each item is mended or explained here.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct Submission {
    /// What the applicant says of returned items that they did not change, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub notes: Vec<MendingNote>,
}

/// Submits a draft, or resubmits what was returned. A returned item that was neither changed nor explained in `notes` is
/// answered with 422 `incomplete`, `not_mended`.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = Submission,
    responses((status = 200, description = "Submitted; how it stands now", body = AfterAction))
)]
#[post("/v1/my/applications/{id}/submit")]
pub async fn submit_application(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<Submission>,
) -> Result<HttpResponse> {
    let actor = Actor::applicant(access.principal.id);
    let work = async |tx: &TenantTx| {
        let mut case = own::lock(tx, access.principal.id, id.uuid()).await?;
        seen.check(case.row.version, Some(&case.row.state))?;
        let notes = mending::read_notes(tx, &case, &body.notes).await?;
        let act = submit(tx, &mut case, &actor, notes).await?;
        let view = AfterAction::of(&case, &actor, context.language);
        Ok(Reply::ok(view).version(case.row.version).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

async fn submit(tx: &TenantTx, case: &mut Case, actor: &Actor, notes: Vec<ReturnItem>) -> Result<Act> {
    let action = action_for(tx, case, notes).await?;
    let form = case.form.submitted(&case.product);
    case.take_form(tx, form).await?;
    if case.row.number.is_none() {
        case.row.number = Some(next_number(tx).await?);
    }
    if case.row.department_id.is_none() {
        case.row.department_id = Some(pipeline::department(tx, case).await?);
    }
    case.row.submitted_at = Some(tx.now());
    let act = transition::perform(tx, case, &action, actor).await?;
    let versions = documents::versions_now(tx, case.files()).await?;
    store::add_submission(tx, &case.row, &case.form, versions).await?;
    store::resolve_returns(tx, case.id()).await?;
    Ok(act)
}

/// What submitting means in the present state.
async fn action_for(tx: &TenantTx, case: &Case, notes: Vec<ReturnItem>) -> Result<Action> {
    if !case.facts.state.is_editable() {
        return Ok(Action::Submit { missing: vec![] });
    }
    let mut missing = case.missing(tx).await?;
    if case.facts.state != S::Returned {
        return Ok(Action::Submit { missing });
    }
    missing.extend(mending::untouched(tx, case, &notes).await?);
    let last = store::last_submissions(tx, case.id(), 1).await?;
    // what was held back for want of somebody entitled is asked for again as well
    let needs_new_data =
        case.facts.entitlement_open || last.first().is_none_or(|last| needs_new_data(&last.form, &case.form));
    Ok(Action::Resubmit { missing, needs_new_data, notes })
}

async fn next_number(tx: &TenantTx) -> Result<String> {
    let date = TenantZone::default().date_of(tx.now());
    let sequence = tx.next_number(&format!("application/{date}")).await?;
    let sequence = u32::try_from(sequence).map_err(Error::internal)?;
    Ok(ApplicationNumber::new(date, sequence).map_err(Error::internal)?.to_string())
}
