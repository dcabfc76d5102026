//! `GET /v1/limits/export`: a workbook of limits, of the ledger of some days, and of balances and head-room. Everything is
//! read first and written then, off the event loop; who took it away stands in the audit chain before it leaves.

mod rows;
mod sheets;

use actix_web::http::header;
use actix_web::{HttpResponse, get, web::Data};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::day;
use super::head_room;
use super::list::{LimitStateWord, LimitsQuery, wanted};
use crate::app::App;
use crate::error::{Error, Language, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::Params;
use crate::platform::outside::storage::attachment;

/// What a workbook is.
const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Days of the ledger if nothing is said.
const DAYS_DEFAULT: u64 = 30;
/// Most days of the ledger.
const DAYS_MAX: u64 = 366;
/// Most limits of a workbook: all of it is in memory while it is written, since a file beside it would hold names in clear.
const LIMITS_MAX: usize = 20_000;
/// Most entries of a workbook.
const ENTRIES_MAX: usize = 20_000;

/// What the workbook is to hold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Only limits for this product.
    #[param(max_length = 64, example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    product: Option<String>,
    /// Only limits that stand so today.
    #[param(inline)]
    state: Option<LimitStateWord>,
    /// The ledger of the last so many days, 1 to 366; 30 if nothing is said.
    #[param(minimum = 1, maximum = 366, example = 30)]
    days: Option<u64>,
    /// The ledger from this day on, instead of `days`.
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// The ledger up to this day, and balances and head-room at its end; today if not said, never later.
    #[param(example = "2026-11-29")]
    to: Option<NaiveDate>,
}

/// A workbook.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct LimitsWorkbook(#[allow(dead_code, reason = "only the document's schema is made of it")] Vec<u8>);

impl ExportQuery {
    /// From which day to which the ledger is wanted.
    fn period(&self, tx: &TenantTx) -> Result<(NaiveDate, NaiveDate)> {
        let to = day::asked(tx, "to", self.to)?;
        let back = |days: u64| to.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(to);
        let from = match (self.from, self.days) {
            (Some(_), Some(_)) => {
                return Err(Error::parameter("days", "unwanted", "与from只能填一个", "is not wanted beside from"));
            }
            (Some(from), None) => day::asked(tx, "from", Some(from))?,
            (None, Some(days)) if (1..=DAYS_MAX).contains(&days) => back(days),
            (None, Some(_)) => return Err(Error::parameter("days", "range", "应在1到366之间", "is 1 to 366")),
            (None, None) => back(DAYS_DEFAULT),
        };
        if from > to {
            return Err(Error::parameter("from", "order", "不能晚于截止日期", "is not later than the last day"));
        }
        if from < back(DAYS_MAX) {
            let (zh, en) = ("一次最多导出366天的台账，请缩短期间", "one workbook holds at most 366 days of the ledger");
            return Err(Error::parameter("from", "range", zh, en));
        }
        Ok((from, to))
    }

    fn limits(&self) -> LimitsQuery {
        LimitsQuery { product: self.product.clone(), state: self.state, ..LimitsQuery::default() }
    }
}

/// Reads everything that the workbook is to hold.
async fn read(tx: &TenantTx, access: &Access<may::ReadLimits>, query: &ExportQuery) -> Result<sheets::Contents> {
    let (from, to) = query.period(tx)?;
    let scope = departments_of(tx, &access.principal).await?;
    let limits = rows::limits(tx, &scope, &wanted(tx, &query.limits())?).await?;
    let entries = rows::entries(tx, &scope, (from, to), &limits).await?;
    let (head_room, balances) = head_room::on(tx, &scope, to, Language::Zh).await?;
    let limits = limits.shown(tx).await?;
    Ok(sheets::Contents { from, to, limits, entries, balances, head_room })
}

/// A workbook of the limits that the caller sees (sheet 1), of their ledger from a day to a day (sheet 2), and of the firm's
/// balances and head-room at the end of the last day (sheet 3). At most 20,000 limits and 20,000 entries.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(ExportQuery),
    responses((
        status = 200,
        description = "The workbook",
        body = LimitsWorkbook,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ))
)]
#[get("/v1/limits/export")]
pub async fn export_limits(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<ExportQuery>,
) -> Result<HttpResponse> {
    let tx = access.read(&app).await?;
    let contents = read(&tx, &access, &query).await?;
    drop(tx);
    let (from, to) = (contents.from, contents.to);
    let detail = json!({
        "from": from, "to": to, "limits": contents.limits.len(), "entries": contents.entries.len(),
        "product": query.product, "state": query.state,
    });
    let written = tokio::task::spawn_blocking(move || sheets::workbook(&contents)).await;
    let workbook = written.map_err(Error::internal)?.map_err(Error::internal)?;
    let tx = access.begin(&app).await?;
    let act = Act::new("limit.export", "tenant", tx.tenant()).detail(detail);
    tx.commit(act).await?;
    let name = attachment(&format!("授信额度_{from}_{to}.xlsx"));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, MEDIA_TYPE))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(workbook))
}
