//! `GET /v1/alarms` and `/v1/alarms/{id}`: what was found wrong.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::store::owners::{self, Whole};
use super::store::{self, Narrow};
use super::view::{AlarmKindWord, AlarmStateWord, AlarmView};
use crate::app::App;
use crate::devices::equipment::scope::By;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
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

impl AlarmsQuery {
    /// What is asked for, of one applicant's machines or of all, and where the page begins.
    pub(super) fn read(&self, applicant: Option<Uuid>) -> Result<(Narrow, Cursor)> {
        let machine = self.equipment.as_deref().map(|text| {
            let unknown = || {
                Error::new(Code::InvalidParameter).detail("equipment：没有找到该设备。", "equipment: no such machine.")
            };
            Id::<kind::Equipment>::parse(text).map(|id| id.uuid()).ok_or_else(unknown)
        });
        let narrow = Narrow {
            machine: machine.transpose()?,
            applicant,
            kind: self.kind.map(|word| word.0.code().to_owned()),
            state: self.state.map(|word| word.0),
        };
        Ok((narrow, Cursor::read(self.limit, self.cursor.as_deref())?))
    }
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
    let (narrow, cursor) = query.read(None)?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = store::page(&tx, &scope, &narrow, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.firms.id, |row| AlarmView::of(&row, context.language))?))
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
    let row = found(&tx, By::Staff(&access.principal), at.uuid()).await?;
    Ok(Reply::ok(AlarmView::of(&row, context.language)?).version(row.firms.version))
}

/// An alarm of a machine that `by` reaches.
pub(super) async fn found(tx: &TenantTx, by: By<'_>, id: Uuid) -> Result<Whole> {
    let row = owners::get(tx, id).await?.ok_or_else(Error::not_found)?;
    by.machine(tx, row.firms.equipment_id, false).await?;
    Ok(row)
}
