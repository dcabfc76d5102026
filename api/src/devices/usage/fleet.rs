//! `GET /v1/equipment-utilisation`: a page of machines with how much each was used in a month.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::frame;
use super::hours::MonthQuery;
use super::store::months;
use super::view::MachineUse;
use crate::app::App;
use crate::error::Result;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which month, and where the page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FleetQuery {
    /// The month; the present one if not said.
    #[param(example = "2026-11", max_length = 7)]
    month: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// A machine in a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct MachineMonth {
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// Its number.
    #[schema(example = "SB20261129-0001")]
    pub number: String,
    /// Its name.
    #[schema(example = "数控车床CK6140")]
    pub name: String,
    /// Days of which anything is known.
    #[schema(example = 22, minimum = 0)]
    pub days: i64,
    /// How much it was used.
    #[serde(flatten)]
    pub used: MachineUse,
}

/// A page of machines with how much each was used in a month, in the order in which they were registered.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(FleetQuery),
    responses((status = 200, description = "The machines", body = Page<MachineMonth>))
)]
#[get("/v1/equipment-utilisation")]
pub async fn list_equipment_utilisation(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    Params(query): Params<FleetQuery>,
) -> Result<Reply<Page<MachineMonth>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let month = MonthQuery { month: query.month }.month(frame::today(&tx))?.days();
    let scope = departments_of(&tx, &access.principal).await?;
    let page = cursor.page(
        months::page(&tx, &scope, month.from(), cursor).await?,
        |row| row.id,
        |row| {
            let equipment = Id::<kind::Equipment>::from_uuid(row.id).to_string();
            let (days, used) = (row.days(), MachineUse::of_month(&row));
            Ok(MachineMonth { equipment, number: row.number, name: row.name, days, used })
        },
    )?;
    Ok(Reply::ok(page))
}
