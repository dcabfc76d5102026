//! `GET /v1/audit-entries/export`: entries of the audit chain as a workbook or as comma-separated lines. Who took them away is
//! an entry itself, written before the file leaves.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::time::TenantZone;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::list_audit_entries::{AuditEntryView, views};
use super::store;
use super::wanted::Asked;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::export::{FileKind, answer};
use crate::platform::http::Params;
use crate::platform::sheet::{Cell, Column, Looks, Sheet, begins_like_a_formula};

/// Most entries of one file.
const ENTRIES_MAX: u64 = 50_000;

/// Which entries, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportAuditQuery {
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
    /// As what; a workbook if not said.
    #[param(inline)]
    format: Option<FileKind>,
}

/// A file of entries.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct AuditFile(#[allow(dead_code, reason = "only the document's schema is made of it")] Vec<u8>);

const COLUMNS: [Column; 11] = [
    ("序号", 10.0),
    ("时间", 20.0),
    ("操作者类型", 12.0),
    ("操作者", 32.0),
    ("姓名", 14.0),
    ("操作", 24.0),
    ("对象类型", 16.0),
    ("对象", 32.0),
    ("请求", 30.0),
    ("来源地址", 18.0),
    ("内容", 80.0),
];
const HEADINGS: [&str; 11] = [
    "seq",
    "at",
    "actor_kind",
    "actor",
    "actor_name",
    "action",
    "object_kind",
    "object",
    "request_id",
    "from",
    "detail",
];

/// Entries of the audit chain, the latest first: at most 50,000, else it asks for less.
#[utoipa::path(
    tag = "audit",
    security(("token" = ["audit.read"])),
    params(ExportAuditQuery),
    responses((
        status = 200,
        description = "The file",
        content(
            (AuditFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (AuditFile = "text/csv")
        )
    ))
)]
#[get("/v1/audit-entries/export")]
pub async fn export_audit_entries(
    access: Access<may::ReadAudit>,
    app: Data<App>,
    Params(query): Params<ExportAuditQuery>,
) -> Result<HttpResponse> {
    let ExportAuditQuery { action, object, actor, request, since, until, format } = query;
    let wanted = Asked { action, object, actor, request, since, until, cursor: None }.read()?;
    let tx = access.read(&app).await?;
    let today = TenantZone::default().date_of(tx.now());
    let rows = store::page(&tx, &wanted, ENTRIES_MAX.saturating_add(1)).await?;
    if rows.len() as u64 > ENTRIES_MAX {
        let (zh, en) = ("超过50000条，请缩小时间范围", "these are more than 50,000 entries: ask for a shorter time");
        return Err(Error::parameter("since", "too_many", zh, en));
    }
    let entries = views(&tx, rows).await?;
    drop(tx);
    let (file, count) = (format.unwrap_or_default(), entries.len());
    let bytes = file.write(entries, workbook, lines).await?;
    let tx = access.begin(&app).await?;
    let detail = serde_json::json!({
        "entries": count, "format": file, "action": wanted.action, "since": wanted.since, "until": wanted.until,
        "of": wanted.object, "by": wanted.actor, "request": wanted.request,
    });
    tx.commit(Act::new("audit.export", "audit", Uuid::nil()).detail(detail)).await?;
    Ok(answer(file, &format!("audit_{today}"), bytes))
}

fn detail(entry: &AuditEntryView) -> String {
    entry.detail.as_ref().and_then(|detail| serde_json::to_string(detail).ok()).unwrap_or_default()
}

/// Longest text that a cell of a workbook takes.
const CELL_CHARS_MAX: usize = 32_000;

fn workbook(entries: &Vec<AuditEntryView>) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    let sheet = book.add_worksheet();
    let mut sheet = Sheet::begin(sheet, &looks, "审计日志")?;
    sheet.headings(&COLUMNS)?;
    for entry in entries {
        sheet.row([
            Cell::Whole(entry.seq),
            Cell::Instant(entry.at),
            Cell::Text(entry.actor_kind.clone()),
            Cell::text(entry.actor.clone()),
            Cell::text(entry.actor_name.clone()),
            Cell::Text(entry.action.clone()),
            Cell::Text(entry.object_kind.clone()),
            Cell::Text(entry.object.clone()),
            Cell::Text(entry.request_id.clone()),
            Cell::text(entry.from.clone()),
            Cell::Text(detail(entry).chars().take(CELL_CHARS_MAX).collect()),
        ])?;
    }
    book.save_to_buffer()
}

fn lines(entries: &Vec<AuditEntryView>) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(vec![]);
    out.write_record(HEADINGS)?;
    for entry in entries {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let line = [
            entry.seq.to_string(),
            entry.at.to_rfc3339(),
            entry.actor_kind.clone(),
            text(&entry.actor),
            text(&entry.actor_name),
            entry.action.clone(),
            entry.object_kind.clone(),
            entry.object.clone(),
            entry.request_id.clone(),
            text(&entry.from),
            detail(entry),
        ];
        out.write_record(line.map(|text| if begins_like_a_formula(&text) { format!("'{text}") } else { text }))?;
    }
    Ok(out.into_inner()?)
}
