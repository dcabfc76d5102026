//! `GET /v1/alarms` and `/v1/alarms/{id}`: what was found wrong.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, Narrow};
use super::view::{AlarmKindWord, AlarmStateWord, AlarmView};
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Cursor, Page, Params, Reply};

/// Which alarms.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlarmsQuery {
    /// Only of this machine.
    #[param(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    equipment: Option<String>,
    /// Only of this kind.
    #[param(inline)]
    kind: Option<AlarmKindWord>,
    /// Only those that stand so.
    #[param(inline)]
    state: Option<AlarmStateWord>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// What was found wrong with the machines that the caller sees, the newest first.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["equipment.read"])),
    params(AlarmsQuery),
    responses((status = 200, description = "The alarms", body = Page<AlarmView>))
)]
#[get("/v1/alarms")]
pub async fn list_alarms(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    Params(query): Params<AlarmsQuery>,
) -> Result<Reply<Page<AlarmView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let machine = query.equipment.as_deref().map(|text| {
        let unknown =
            || Error::new(Code::InvalidParameter).detail("equipment：没有找到该设备。", "equipment: no such machine.");
        Id::<kind::Equipment>::parse(text).map(|id| id.uuid()).ok_or_else(unknown)
    });
    let narrow = Narrow {
        machine: machine.transpose()?,
        applicant: None,
        kind: query.kind.map(|word| word.0.code().to_owned()),
        state: query.state.map(|word| word.0),
    };
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = store::page(&tx, &scope, &narrow, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| AlarmView::of(&row, context.language))?))
}

/// One alarm.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The alarm", body = AlarmView))
)]
#[get("/v1/alarms/{id}")]
pub async fn read_alarm(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
) -> Result<Reply<AlarmView>> {
    let tx = access.read(&app).await?;
    let row = store::alarm(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    equipment::scope::find(&tx, &access.principal, row.equipment_id).await?;
    Ok(Reply::ok(AlarmView::of(&row, context.language)?).version(row.version))
}
