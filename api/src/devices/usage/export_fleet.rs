//! `GET /v1/equipment-utilisation/export`: every machine that the caller sees with how much it was used in a month, as a workbook
//! or as comma-separated lines; who took it away stands in the audit chain before it leaves.

use actix_web::{HttpResponse, get, web::Data};
use domain::id::{Id, kind};
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::export::{COLUMNS, HEADINGS, UseFile, cells, fields};
use super::frame;
use super::hours::MonthQuery;
use super::store::months::{self, MonthRow};
use super::view::MachineUse;
use crate::app::App;
use crate::error::Result;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::export::{FileKind, answer};
use crate::platform::http::{Cursor, Params};
use crate::platform::sheet::{Cell, Column, Looks, Sheet};

/// Most machines of one file.
const MACHINES_MAX: usize = 20_000;
/// Machines that are read at once.
const MACHINES_AT_ONCE: u64 = 1_000;

/// Which month, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportFleetQuery {
    /// The month; the present one if not said.
    #[param(example = "2026-11", max_length = 7)]
    month: Option<String>,
    /// As what; a workbook if not said.
    #[param(inline)]
    format: Option<FileKind>,
}

const FIRST: [Column; 3] = [("设备编号", 20.0), ("设备名称", 24.0), ("有数据天数", 12.0)];

/// How much machines were used in a month, one row each, as a workbook or as comma-separated lines.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(ExportFleetQuery),
    responses((
        status = 200,
        description = "The file",
        content(
            (UseFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (UseFile = "text/csv")
        )
    ))
)]
#[get("/v1/equipment-utilisation/export")]
pub async fn export_equipment_utilisation(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    Params(query): Params<ExportFleetQuery>,
) -> Result<HttpResponse> {
    let tx = access.read(&app).await?;
    let month = MonthQuery { month: query.month }.month(frame::today(&tx))?;
    let scope = departments_of(&tx, &access.principal).await?;
    let (mut rows, mut after) = (vec![], None);
    while rows.len() < MACHINES_MAX {
        let at = Cursor { after, limit: MACHINES_AT_ONCE };
        let some = months::page(&tx, &scope, month.days().from(), at).await?;
        after = some.last().map(|row| row.id);
        if after.is_none() {
            break;
        }
        rows.extend(some);
    }
    drop(tx);
    let (file, count) = (query.format.unwrap_or_default(), rows.len());
    let bytes = file.write((month.to_string(), rows), workbook, lines).await?;
    let tx = access.begin(&app).await?;
    let detail = serde_json::json!({ "month": month.to_string(), "format": file, "machines": count });
    tx.commit(Act::new("equipment.export_utilisation", "tenant", access.principal.tenant).detail(detail)).await?;
    Ok(answer(file, &format!("设备使用率_{month}"), bytes))
}

fn workbook((month, rows): &(String, Vec<MonthRow>)) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    let mut sheet = Sheet::begin(book.add_worksheet(), &looks, "设备使用率")?;
    sheet.row([Cell::Text(month.clone())])?;
    sheet.headings(&[&FIRST[..], &COLUMNS].concat())?;
    for row in rows {
        let first = [Cell::Text(row.number.clone()), Cell::Text(row.name.clone()), Cell::Whole(row.days())];
        sheet.row(first.into_iter().chain(cells(&MachineUse::of_month(row))))?;
    }
    book.save_to_buffer()
}

fn lines((_, rows): &(String, Vec<MonthRow>)) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(vec![]);
    out.write_record(["equipment", "number", "name", "days"].into_iter().chain(HEADINGS))?;
    for row in rows {
        let equipment = Id::<kind::Equipment>::from_uuid(row.id).to_string();
        let first = [equipment, row.number.clone(), harmless(&row.name), row.days().to_string()];
        out.write_record(first.into_iter().chain(fields(&MachineUse::of_month(row))))?;
    }
    Ok(out.into_inner()?)
}

/// A text that a spreadsheet does not take for a formula when it opens the lines.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
