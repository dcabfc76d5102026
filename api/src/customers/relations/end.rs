//! `POST /v1/relations/{id}/end`: a relation no longer holds; what it was until then stays on record.

use actix_web::{HttpResponse, post, web::Data};
use domain::customers::{EndFault, end_relation as decide};
use domain::id::kind;
use domain::time::TenantZone;

use super::form::RelationEnd;
use super::store::{self, RelationRow};
use super::view::{RelationView, for_audit};
use crate::app::App;
use crate::customers::REASON_CHARS_MAX;
use crate::customers::clients::scope;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, Principal, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

/// Ends a relation with a last day, which may lie in the past.
#[utoipa::path(
    tag = "relations",
    security(("token" = ["customers.manage"])),
    request_body = RelationEnd,
    responses((status = 200, description = "The relation as it is now", body = RelationView))
)]
#[post("/v1/relations/{id}/end")]
pub async fn end_relation(
    access: Access<may::ManageCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Relation>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<RelationEnd>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let before = store::lock(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
        must_see(tx, &access.principal, &before).await?;
        seen.check(before.version, None)?;
        let mut checks = Checks::new();
        let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
        let today = TenantZone::default().date_of(tx.now());
        let mut row = before.clone();
        match decide(row.valid_from, row.valid_to, body.last_day, today) {
            Ok(after) => row.valid_to = Some(after),
            Err(EndFault::AlreadyEnded) => return Err(Error::new(Code::AlreadyEnded)),
            Err(fault @ EndFault::LastDay) => {
                let zh = "最后一日不早于起始日，且须早于原定的最后一日";
                checks.problem(
                    "/last_day",
                    fault.code(),
                    zh,
                    "not before its first day, and earlier than it ends anyhow",
                );
            }
        }
        checks.done()?;
        row.ended_by = Some(access.principal.id);
        row.version = row.version.saturating_add(1);
        store::save(tx, row.clone()).await?;
        let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&row), "reason": reason });
        let act = Act::new("relation.end", "relation", row.id).detail(detail);
        let view = RelationView::one(tx, &row, context.language).await?;
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}

/// A relation is seen by whoever sees one of both.
async fn must_see(tx: &TenantTx, who: &Principal, row: &RelationRow) -> Result<()> {
    match scope::find(tx, who, row.b_id).await {
        Err(error) if error.code() == Code::NotFound => scope::find(tx, who, row.a_id).await.map(|_| ()),
        seen => seen.map(|_| ()),
    }
}
