//! `GET /v1/equipment-states` and `/v1/equipment/{id}/state`: what machines do right now.

use actix_web::{get, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::devices::reading::Reading;
use domain::devices::utilisation::{self, ordered};
use domain::id::{Id, kind};
use domain::time::TenantZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::counted::heard;
use super::frame::{self, Frame};
use crate::app::App;
use crate::devices::equipment::{self, store::Narrow};
use crate::devices::readings::Most;
use crate::devices::words::{MachineStateWord, say};
use crate::error::{Language, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// How far back is looked for what a machine does now, minutes: twice as long as any reading stands.
const LOOK_BACK_MIN: i64 = 30;
/// Most readings of a socket that are looked at for that: two a second.
const READINGS_MAX: u64 = 3_600;

/// What a machine does right now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveView {
    /// The machine.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// Its number.
    #[schema(example = "SB20261129-0001")]
    pub number: String,
    /// Its name.
    #[schema(example = "数控车床CK6140")]
    pub name: String,
    /// The state; null where nothing is known, which is not the same as switched off.
    pub state: Option<MachineStateWord>,
    /// The same in words.
    #[schema(example = "工作")]
    pub state_label: String,
    /// Since when, if that lies within the last half hour.
    pub since: Option<DateTime<Utc>>,
    /// When its socket last said anything within that time.
    pub heard_at: Option<DateTime<Utc>>,
    /// Power, watts, as last told.
    #[schema(example = 1_250.5)]
    pub power_w: Option<f64>,
    /// Voltage, volts.
    #[schema(example = 228.4)]
    pub voltage_v: Option<f64>,
    /// Current, amperes.
    #[schema(example = 5.6)]
    pub current_a: Option<f64>,
}

/// What a machine does right now.
pub(in crate::devices) async fn live(tx: &TenantTx, frame: &Frame, language: Language) -> Result<LiveView> {
    let now = tx.now();
    let lately = (now - Duration::minutes(LOOK_BACK_MIN), now);
    let stays = heard(tx, frame.machine.id, lately, Most::Last(READINGS_MAX)).await?;
    let zone = TenantZone::default();
    let today = zone.date_of(now);
    let day = utilisation::day_of_stays(&stays, zone, today, &frame.thresholds, Some(now));
    let stands_s = stays.last().map_or(0, |stay| stay.stand_s);
    let said: Vec<Reading> = stays.into_iter().flat_map(|stay| stay.readings).collect();
    let readings = ordered(&said);
    let last = day.spans.last().filter(|span| span.to_s > 0);
    let state = last.and_then(|span| span.state);
    let begun = last.filter(|span| span.state.is_some()).and_then(|span| {
        let start = zone.start_of(today)?;
        start.checked_add_signed(Duration::seconds(span.from_s))
    });
    let thousandth = |value: i64| super::view::kwh(value) * 1_000.0;
    let told = |of: fn(&Reading) -> Option<i64>| readings.iter().rev().find_map(of).map(thousandth);
    let unknown = domain::words::Words::new("未知", "Unknown");
    Ok(LiveView {
        equipment: Id::<kind::Equipment>::from_uuid(frame.machine.id).to_string(),
        number: frame.machine.number.clone(),
        name: frame.machine.name.clone(),
        state: state.map(MachineStateWord),
        state_label: say(&state.map_or(unknown, |state| state.words()), language),
        since: begun.filter(|at| *at > now - Duration::minutes(LOOK_BACK_MIN) + Duration::seconds(stands_s)),
        heard_at: readings.last().map(|reading| reading.at),
        power_w: told(|reading| reading.power_mw),
        voltage_v: told(|reading| reading.voltage_mv),
        current_a: told(|reading| reading.current_ma),
    })
}

/// What a machine does right now, from what its socket said in the last half hour.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "Its state", body = LiveView))
)]
#[get("/v1/equipment/{id}/state")]
pub async fn read_equipment_state(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Equipment>,
) -> Result<Reply<LiveView>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    let frame = frame::of(&tx, machine).await?;
    Ok(Reply::ok(live(&tx, &frame, context.language).await?))
}

/// What the machines of the firm do right now, in the order in which they were registered.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(PageParams),
    responses((status = 200, description = "The machines", body = Page<LiveView>))
)]
#[get("/v1/equipment-states")]
pub async fn list_equipment_states(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<LiveView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let mut views = vec![];
    for machine in equipment::store::page(&tx, &scope, &Narrow::default(), cursor).await? {
        let frame = frame::of(&tx, machine).await?;
        views.push((frame.machine.id, live(&tx, &frame, context.language).await?));
    }
    Ok(Reply::ok(cursor.page(views, |(id, _)| *id, |(_, view)| Ok(view))?))
}
