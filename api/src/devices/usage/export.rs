//! `GET /v1/equipment/{id}/days/export`: a machine's days as a workbook or as comma-separated lines. Written off the event
//! loop; who took it away stands in the audit chain before it leaves.

use actix_web::{HttpResponse, get, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::days::DaysQuery;
use super::frame;
use super::store::days::between;
use super::view::{DayView, MachineUse};
use crate::app::App;
use crate::devices::equipment;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::export::{FileKind, answer};
use crate::platform::http::{At, Params};
use crate::platform::sheet::{Cell, Column, Looks, Sheet};

/// Which days, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportDaysQuery {
    /// The first day; 30 days up to the last if not said.
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// The last day; today if not said, never later.
    #[param(example = "2026-11-29")]
    to: Option<NaiveDate>,
    /// As what; a workbook if not said.
    #[param(inline)]
    format: Option<FileKind>,
}

/// A file of how machines were used.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct UseFile(#[allow(dead_code, reason = "only the document's schema is made of it")] Vec<u8>);

/// The columns of how much a machine was used.
pub(super) const COLUMNS: [Column; 10] = [
    ("离线（秒）", 12.0),
    ("关机（秒）", 12.0),
    ("待机（秒）", 12.0),
    ("工作（秒）", 12.0),
    ("过载（秒）", 12.0),
    ("未知（秒）", 12.0),
    ("未到（秒）", 12.0),
    ("使用率", 10.0),
    ("误差", 10.0),
    ("电量（千瓦时）", 16.0),
];
/// The same as headings of lines.
pub(super) const HEADINGS: [&str; 10] = [
    "offline_s",
    "off_s",
    "standby_s",
    "working_s",
    "overload_s",
    "unknown_s",
    "ahead_s",
    "utilisation",
    "error",
    "energy_kwh",
];
const FIRST: [Column; 1] = [("日期", 12.0)];
const LAST: [Column; 3] = [("电量依据", 12.0), ("读数", 10.0), ("计算时间", 20.0)];

/// A machine's days, one row each, as a workbook or as comma-separated lines.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(ExportDaysQuery),
    responses((
        status = 200,
        description = "The file",
        content(
            (UseFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (UseFile = "text/csv")
        )
    ))
)]
#[get("/v1/equipment/{id}/days/export")]
pub async fn export_equipment_days(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<ExportDaysQuery>,
) -> Result<HttpResponse> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    let asked = DaysQuery { from: query.from, to: query.to, thresholds: None };
    let stretch = asked.stretch(frame::today(&tx))?;
    let rows = between(&tx, machine.id, frame::thresholds_id(&machine), stretch.half_open()).await?;
    let days: Vec<DayView> = rows.iter().map(DayView::of).collect();
    drop(tx);
    let file = query.format.unwrap_or_default();
    let bytes = file.write((machine.name.clone(), days), workbook, lines).await?;
    let tx = access.begin(&app).await?;
    let detail = serde_json::json!({ "from": stretch.from, "to": stretch.to, "format": file });
    tx.commit(Act::new("equipment.export", "equipment", machine.id).detail(detail)).await?;
    Ok(answer(file, &format!("{}_{}_{}", machine.number, stretch.from, stretch.to), bytes))
}

/// How much a machine was used, as cells: seconds in each state, unknown and to come, utilisation and error, energy.
pub(super) fn cells(used: &MachineUse) -> impl Iterator<Item = Cell> {
    let seconds = &used.seconds;
    let states = [seconds.offline, seconds.off, seconds.standby, seconds.working, seconds.overload];
    let shares = [used.utilisation, used.error].map(|share| Cell::share(per_10_000(share)));
    let energy = used.energy_kwh.map_or(Cell::Nothing, Cell::Decimal);
    states.into_iter().chain([used.unknown_s, used.ahead_s]).map(Cell::Whole).chain(shares).chain([energy])
}

/// The same as fields of a line.
pub(super) fn fields(used: &MachineUse) -> impl Iterator<Item = String> {
    let seconds = &used.seconds;
    let states = [seconds.offline, seconds.off, seconds.standby, seconds.working, seconds.overload];
    let numbers = [used.utilisation, used.error, used.energy_kwh];
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let whole = states.into_iter().chain([used.unknown_s, used.ahead_s]).map(|seconds| seconds.to_string());
    whole.chain(numbers.map(number))
}

fn basis(day: &DayView) -> &'static str {
    match day.energy_basis.as_str() {
        "counter" => "电表读数",
        "increment" => "电量增量",
        "power" => "功率推算",
        _ => "无",
    }
}

fn per_10_000(share: Option<f64>) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "a share of at most 1")]
    share.map(|share| (share * 10_000.0).round() as i64)
}

fn workbook((name, days): &(String, Vec<DayView>)) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    let sheet = book.add_worksheet();
    let mut sheet = Sheet::begin(sheet, &looks, "运行日报")?;
    sheet.row([Cell::Text(name.clone())])?;
    sheet.headings(&[&FIRST[..], &COLUMNS, &LAST].concat())?;
    for day in days {
        let mut row = vec![Cell::Day(day.day)];
        row.extend(cells(&day.used));
        row.extend([
            Cell::Text(basis(day).to_owned()),
            Cell::Whole(day.readings.into()),
            Cell::Instant(day.computed_at),
        ]);
        sheet.row(row)?;
    }
    book.save_to_buffer()
}

fn lines((_, days): &(String, Vec<DayView>)) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(vec![]);
    out.write_record(["day"].into_iter().chain(HEADINGS).chain(["energy_basis", "readings", "computed_at"]))?;
    for day in days {
        let last = [day.energy_basis.clone(), day.readings.to_string(), day.computed_at.to_rfc3339()];
        out.write_record([day.day.to_string()].into_iter().chain(fields(&day.used)).chain(last))?;
    }
    Ok(out.into_inner()?)
}
