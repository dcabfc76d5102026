//! `GET /v1/audit-entries`: who did what, the latest first.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::id::{self, Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::detail::AuditDetail;
use super::store::{self, EntryRow};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::staff::staff_brief;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

const ACTION_CHARS_MAX: usize = 60;

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
    let narrow = store::Narrow {
        before: query.before()?,
        action: query.action()?,
        object: query.object()?,
        limit: limit.saturating_add(1),
    };
    let tx = access.read(&app).await?;
    let mut rows = store::page(&tx, &narrow).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = if more { rows.last().map(|(row, _)| row.seq.to_string()) } else { None };
    let staff: Vec<Uuid> = rows.iter().filter(|(row, _)| row.actor_kind == "staff").map(|(row, _)| row.actor).collect();
    let names = staff_brief(&tx, &staff).await?;
    let view = |(row, detail): (EntryRow, _)| {
        let name = names.get(&row.actor).map(|brief| brief.name.clone());
        AuditEntryView::of(row, name, detail)
    };
    Ok(Reply::ok(Page { items: rows.into_iter().map(view).collect(), next }))
}

fn bad(zh: &str, en: &str) -> Error {
    Error::new(Code::InvalidParameter).detail(zh, en)
}

impl AuditQuery {
    fn before(&self) -> Result<Option<i64>> {
        let read = |text: &String| {
            let digits = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
            digits.ok_or_else(|| bad("cursor应取自上一页的next。", "cursor is the next of the page before."))
        };
        self.cursor.as_ref().map(read).transpose()
    }

    fn action(&self) -> Result<Option<&str>> {
        match self.action.as_deref() {
            Some(action) if action.chars().nth(ACTION_CHARS_MAX).is_some() => {
                Err(bad("action过长。", "action is too long."))
            }
            action => Ok(action),
        }
    }

    fn object(&self) -> Result<Option<Uuid>> {
        let read = |text: &String| id::any(text).ok_or_else(|| bad("object应为编号。", "object is an id."));
        self.object.as_ref().map(read).transpose()
    }
}

impl AuditEntryView {
    fn of(row: EntryRow, actor_name: Option<String>, detail: Option<serde_json::Value>) -> Self {
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
            detail: detail.and_then(AuditDetail::of),
        }
    }
}
