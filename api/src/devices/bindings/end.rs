//! `POST /v1/bindings/{id}/end`: a socket is no longer at a machine, since now or since some time ago.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{self, BindingView};
use super::{BACK_DAYS_MAX, ended, store};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::devices::equipment::words::known;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Idempotency, IfMatch, Reply};

/// Most characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// When and why a binding ends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingEnd {
    /// Since when, at most 400 days ago; now if not said.
    #[schema(example = "2026-11-29T00:00:00Z")]
    pub at: Option<DateTime<Utc>>,
    /// The reason, for the machine's history.
    #[schema(example = "插座移至二号车床", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Ends a binding. Days after its end are counted anew.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = BindingEnd,
    responses((status = 200, description = "The binding as it is now", body = BindingView))
)]
#[post("/v1/bindings/{id}/end")]
pub async fn end_binding(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    id: At<kind::Binding>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<BindingEnd>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        // whose it is never changes; the machine is locked before its binding
        let row = store::get(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
        let machine = scope::lock(tx, &access.principal, row.equipment_id).await?;
        store::lock_socket(tx, row.socket_id).await?;
        let row = store::lock(tx, row.id).await?.ok_or_else(Error::not_found)?;
        seen.check(row.version, None)?;
        if row.to_at.is_some() {
            return Err(Error::new(Code::AlreadyEnded));
        }
        let at = body.at.unwrap_or(tx.now());
        if at <= row.from_at || at > tx.now() || at < tx.now() - Duration::days(BACK_DAYS_MAX) {
            let mut checks = Checks::new();
            checks.problem(
                "/at",
                "range",
                format!("结束时间应晚于绑定的开始时间，不晚于现在，且不早于{BACK_DAYS_MAX}天前"),
                format!("is later than the beginning, not later than now, not more than {BACK_DAYS_MAX} days ago"),
            );
            return Err(checks.refuse());
        }
        let row = store::end(tx, row, at).await?;
        ended(tx, machine.id, &row, at, Some(&reason)).await?;
        let detail = serde_json::json!({ "equipment": machine.id, "at": at, "reason": reason });
        let act = Act::new("equipment.end_binding", "binding", row.id).detail(detail);
        let version = row.version;
        let shown = known(view::views(tx, vec![row]).await?.pop())?;
        Ok(Reply::ok(shown).version(version).done(act))
    })
    .await
}
