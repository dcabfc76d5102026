//! `GET /v1/equipment/{id}/days`: how much a machine was used, day by day.

use actix_web::{get, web::Data};
use chrono::{Days, NaiveDate};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::frame;
use super::store::days::between;
use super::view::{DayView, MachineUse, StateSeconds, seconds_of};
use super::when::Stretch;
use crate::app::App;
use crate::devices::equipment::{self, store::Row as MachineRow};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Params, Reply};

/// Days if nothing is said.
const DAYS_DEFAULT: u64 = 30;
/// Most days at once.
pub(super) const DAYS_MAX: u64 = 400;

/// Which days, and by which thresholds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DaysQuery {
    /// The first day; 30 days up to the last if not said.
    #[param(example = "2026-11-01")]
    pub(super) from: Option<NaiveDate>,
    /// The last day; today if not said, never later.
    #[param(example = "2026-11-29")]
    pub(super) to: Option<NaiveDate>,
    /// By these thresholds instead of those in force: what was counted before they changed is kept. `standard` names those
    /// of a machine that has none.
    #[param(example = "thr_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub(super) thresholds: Option<String>,
}

impl DaysQuery {
    pub(super) fn stretch(&self, today: NaiveDate) -> Result<Stretch> {
        Stretch::asked(today, (self.from, self.to), DAYS_DEFAULT, DAYS_MAX)
    }
}

/// A machine's days.
#[derive(Debug, Serialize, ToSchema)]
pub struct DaysView {
    /// By which thresholds they were counted: an id, or `standard`.
    #[schema(example = "thr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub thresholds: String,
    /// All of them together.
    pub total: MachineUse,
    /// Each day of which anything is known, in order.
    pub days: Vec<DayView>,
}

/// How much a machine was used, day by day. Days of which nothing is known are not among them.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(DaysQuery),
    responses((status = 200, description = "The days and their sum", body = DaysView))
)]
#[get("/v1/equipment/{id}/days")]
pub async fn list_equipment_days(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<DaysQuery>,
) -> Result<Reply<DaysView>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    Ok(Reply::ok(days_of(&tx, &machine, &query).await?))
}

/// The days of a machine that was reached.
pub(super) async fn days_of(tx: &TenantTx, machine: &MachineRow, query: &DaysQuery) -> Result<DaysView> {
    let stretch = query.stretch(frame::today(tx))?;
    let thresholds = frame::asked_thresholds(machine, query.thresholds.as_deref())?;
    let rows = between(tx, machine.id, thresholds, stretch.half_open()).await?;
    let days: Vec<DayView> = rows.iter().map(DayView::of).collect();
    Ok(DaysView { thresholds: frame::shown(thresholds), total: total(&rows), days })
}

/// All days together.
pub(super) fn total(rows: &[super::store::days::DayRow]) -> MachineUse {
    let (mut seconds, mut unknown, mut ahead, mut weighed) = (StateSeconds::default(), 0, 0, 0_i64);
    let mut energy: Option<i64> = None;
    for row in rows {
        let own = seconds_of(row);
        seconds = seconds.plus(own);
        unknown += i64::from(row.seconds_unknown);
        ahead += i64::from(row.seconds_ahead);
        weighed = weighed.saturating_add(i64::from(row.error_ppm).saturating_mul(own.known()));
        energy = match (energy, row.energy_mwh) {
            (sum, None) => sum,
            (sum, Some(more)) => Some(sum.unwrap_or(0).saturating_add(more)),
        };
    }
    MachineUse::of(seconds, (unknown, ahead), weighed, energy)
}

/// The day after.
pub(super) fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}
