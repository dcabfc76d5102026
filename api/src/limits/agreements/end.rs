//! `POST /v1/sharing-agreements/{id}/end`: an agreement ends earlier than it would. What was drawn under it stays shared as
//! it was.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use domain::limits::parameters::ParameterState;
use domain::limits::sharing::SharingFault;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::store::{self, Row};
use super::view::{self, AgreementView};
use crate::app::App;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::limits::proposal::{Viewer, check_day, state_of};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Idempotency, IfMatch, Reply};

/// When an agreement is to end.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementEnd {
    /// The last day on which it still holds: today or later, not before its first day, and earlier than it would end.
    #[schema(example = "2026-12-31")]
    pub last_day: NaiveDate,
}

/// Ends an approved sharing agreement early.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.approve"])),
    request_body = AgreementEnd,
    responses((status = 200, description = "The agreement with its end", body = AgreementView))
)]
#[post("/v1/sharing-agreements/{id}/end")]
pub async fn end_sharing_agreement(
    access: Access<may::ApproveParameters>,
    app: Data<App>,
    at: At<kind::Agreement>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<AgreementEnd>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    check_day(&mut checks, "/last_day", body.last_day);
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        let row = store::lock(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        seen.check(row.version, Some(&row.state))?;
        let current = json!({ "etag": format!("\"{}\"", row.version), "state": row.state });
        if state_of(&row.state)? != ParameterState::Approved {
            let (zh, en) = ("只有已复核的协议可以终止。", "Only an approved agreement can be ended.");
            return Err(Error::new(Code::IllegalTransition).detail(zh, en).current(current));
        }
        let today = TenantZone::default().date_of(tx.now());
        let ended = store::agreement(&row)?.end(body.last_day, today).map_err(|fault| refused(fault, &row, current))?;
        let (id, before) = (row.id, row.valid_to);
        let row = store::end(tx, row, &ended).await?;
        let version = row.version;
        let shown = view::agreement(tx, row, Viewer::of(&access)).await?;
        let detail = json!({ "before": { "valid_to": before }, "after": shown });
        Ok(Reply::ok(shown).version(version).done(Act::new("agreement.end", "agreement", id).detail(detail)))
    })
    .await
}

fn refused(fault: SharingFault, row: &Row, current: serde_json::Value) -> Error {
    let (zh, en) = match fault {
        SharingFault::Ended => return Error::new(Code::AlreadyEnded).current(current),
        SharingFault::EndPast => (
            "最后一日不能早于今天：此前的用款已按该协议分担".to_owned(),
            "is today or later: what was drawn until now was shared by the agreement".to_owned(),
        ),
        SharingFault::EndBeforeStart => (
            format!("最后一日不能早于生效日{}", row.valid_from),
            format!("is not before the first day, {}", row.valid_from),
        ),
        _ => (
            "协议只能提前终止；需要延长的，请录入新的协议".to_owned(),
            "is earlier than the agreement ends anyway; to prolong it, enter a new one".to_owned(),
        ),
    };
    Error::fields(vec![FieldProblem::new("/last_day", "order", zh, en)])
}
