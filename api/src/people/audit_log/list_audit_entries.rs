//! `GET /v1/audit-entries`: who did what, the latest first.

use std::collections::BTreeSet;

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::id::{self, Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::detail::AuditDetail;
use super::store::{self, EntryRow};
use super::wanted::{Asked, cut};
use crate::app::App;
use crate::error::Result;
use crate::people::staff::staff_brief;
use crate::platform::access::{Access, may};
use crate::platform::audit::Detail;
use crate::platform::db::TenantTx;
use crate::platform::http::{Cursor, Page, Params, Reply};

/// How the list is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only this action.
    #[param(max_length = 60, example = "staff.create")]
    action: Option<String>,
    /// Only what was done to the thing with this id.
    #[param(max_length = 40, example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    object: Option<String>,
    /// Only what was done by whoever has this id.
    #[param(max_length = 40, example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    actor: Option<String>,
    /// Only what was done by this request or job.
    #[param(max_length = 64, example = "01j9z3q0x5c8v7n2m4k6h8g1f3")]
    request: Option<String>,
    /// Only from this instant on.
    #[param(example = "2026-11-01T00:00:00Z")]
    since: Option<DateTime<Utc>>,
    /// Only before this instant.
    #[param(example = "2026-12-01T00:00:00Z")]
    until: Option<DateTime<Utc>>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 19, pattern = "^[0-9]{1,19}$")]
    cursor: Option<String>,
}

/// One link of the audit chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    /// Its number in the chain.
    #[schema(example = 42)]
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// applicant, staff, client, operator or system.
    #[schema(example = "staff")]
    pub actor_kind: String,
    /// Who; none for the operator and the product itself.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub actor: Option<String>,
    /// Their name, if they are staff.
    #[schema(example = "钱示例")]
    pub actor_name: Option<String>,
    /// What was done.
    #[schema(example = "staff.create")]
    pub action: String,
    /// To what kind of thing.
    #[schema(example = "staff")]
    pub object_kind: String,
    /// To which.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8d")]
    pub object: String,
    /// The request, or the job.
    #[schema(example = "01j9z3q0x5c8v7n2m4k6h8g1f3")]
    pub request_id: String,
    /// The address that somebody asked from; none where the product acted by itself, and of entries from before it was kept.
    #[schema(example = "203.0.113.7")]
    pub from: Option<String>,
    /// What changed; null where nothing more is kept, or where it can no longer be opened.
    pub detail: Option<AuditDetail>,
}

/// The audit chain, the latest first.
#[utoipa::path(
    tag = "audit",
    security(("token" = ["audit.read"])),
    params(AuditQuery),
    responses((status = 200, description = "A page of entries", body = Page<AuditEntryView>))
)]
#[get("/v1/audit-entries")]
pub async fn list_audit_entries(
    access: Access<may::ReadAudit>,
    app: Data<App>,
    Params(query): Params<AuditQuery>,
) -> Result<Reply<Page<AuditEntryView>>> {
    let limit = Cursor::read(query.limit, None)?.limit;
    let wanted = query.asked().read()?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, &wanted, limit.saturating_add(1)).await?;
    let (rows, next) = cut(rows, limit, |(row, _)| row.seq);
    Ok(Reply::ok(Page { items: views(&tx, rows).await?, next }))
}

/// Entries as they are shown, with the names of those of the staff who acted.
pub(super) async fn views(tx: &TenantTx, rows: Vec<(EntryRow, Option<Detail>)>) -> Result<Vec<AuditEntryView>> {
    let staff: BTreeSet<Uuid> =
        rows.iter().filter(|(row, _)| row.actor_kind == "staff").map(|(row, _)| row.actor).collect();
    let names = staff_brief(tx, &staff.into_iter().collect::<Vec<_>>()).await?;
    let view = |(row, detail): (EntryRow, _)| {
        let name = names.get(&row.actor).map(|brief| brief.name.clone());
        AuditEntryView::of(row, name, detail)
    };
    Ok(rows.into_iter().map(view).collect())
}

impl AuditQuery {
    fn asked(self) -> Asked {
        let Self { action, object, actor, request, since, until, cursor, .. } = self;
        Asked { action, object, actor, request, since, until, cursor }
    }
}

impl AuditEntryView {
    fn of(row: EntryRow, actor_name: Option<String>, detail: Option<Detail>) -> Self {
        let actor = match row.actor_kind.as_str() {
            "staff" => Some(Id::<kind::Staff>::from_uuid(row.actor).to_string()),
            "applicant" => Some(Id::<kind::Applicant>::from_uuid(row.actor).to_string()),
            "client" => Some(Id::<kind::ApiClient>::from_uuid(row.actor).to_string()),
            _ => None,
        };
        Self {
            seq: row.seq,
            at: row.at,
            actor_kind: row.actor_kind,
            actor,
            actor_name,
            action: row.action,
            object: id::shown_as(&row.object_kind, row.object),
            object_kind: row.object_kind,
            request_id: row.request_id,
            from: detail.as_ref().and_then(|detail| detail.from).map(|from| from.to_string()),
            detail: detail.and_then(|detail| AuditDetail::of(detail.changed)),
        }
    }
}
