//! `DELETE /v1/my/applications/{id}`: discards a draft. What was typed is erased; the row stays, empty, because the
//! timeline, an authorisation that was given and the audit chain refer to it.

use actix_web::{delete, web::Data};
use domain::applications::action::{Action, Reason};
use domain::applications::form::Form;
use domain::applications::state::{Actor, ApplicationState as S};
use domain::id::kind;

use super::own;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::transition;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, IfMatch, Reply};
use crate::{data, documents};

/// Discards a draft.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/v1/my/applications/{id}")]
pub async fn discard_application(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    seen: IfMatch,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let mut case = own::lock(&tx, access.principal.id, id.uuid()).await?;
    seen.check(case.row.version, Some(&case.row.state))?;
    if case.facts.state != S::Draft {
        return Err(Error::new(Code::IllegalTransition)
            .detail(
                "只有草稿可以删除；已提交的申请可以撤回。",
                "Only a draft can be discarded; withdraw what was submitted.",
            )
            .current(serde_json::json!({ "state": case.row.state })));
    }
    let act = discard(&tx, &mut case, None).await?;
    tx.commit(act).await?;
    app.jobs_wake.notify_waiters();
    Ok(Reply::ok(()))
}

/// Withdraws a draft, erases its form, takes its files away and ends its authorisation.
pub(super) async fn discard(tx: &TenantTx, case: &mut Case, reason: Option<Reason>) -> Result<Act> {
    let application = case.id();
    for document in documents::list_of(tx, case.files()).await? {
        if !document.is_gone() {
            // Only a draft is discarded, and no submission names the files of one.
            documents::remove(tx, case.files(), document.id, false).await?;
        }
    }
    if let Some(live) = data::live(tx, application).await? {
        data::revoke(tx, application, live.id).await?;
    }
    case.take_form(tx, Form::default()).await?;
    let actor = Actor::applicant(case.row.applicant_id);
    transition::perform(tx, case, &Action::Withdraw { reason }, &actor).await
}
