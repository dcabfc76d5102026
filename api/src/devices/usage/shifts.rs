//! `PUT /v1/equipment/{id}/shifts` and `GET …/shift-use`: when a machine is meant to work, and how much of that it did.

use actix_web::{get, put, web::Data};
use chrono::NaiveDate;
use domain::devices::utilisation::{Day, DayEnergy, Seconds, Shift, ShiftCalendar, ShiftFault, by_shift};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::days::DaysQuery;
use super::frame;
use super::store::{self, days::between};
use super::stored::domain_spans;
use super::view::{MachineUse, StateSeconds};
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, IfMatch, Params, Reply};

/// Most characters of a shift's name.
const NAME_CHARS_MAX: usize = 30;

/// A shift.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftBody {
    /// Its name.
    #[schema(example = "早班", min_length = 1, max_length = 30)]
    pub name: String,
    /// The weekdays on which it begins, 1 (Monday) to 7.
    #[schema(example = json!([1, 2, 3, 4, 5]), max_items = 7)]
    pub weekdays: Vec<u8>,
    /// When it begins, minutes since midnight.
    #[schema(example = 480, minimum = 0, maximum = 1439)]
    pub from_min: i64,
    /// When it ends, minutes since midnight; not after its begin where it ends on the next day.
    #[schema(example = 960, minimum = 0, maximum = 1440)]
    pub to_min: i64,
}

/// When a machine is meant to work.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftsBody {
    /// The shifts.
    #[schema(max_items = 24)]
    pub shifts: Vec<ShiftBody>,
}

/// A shift on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftUseView {
    /// The day on which it began.
    #[schema(example = "2026-11-28")]
    pub day: NaiveDate,
    /// The shift.
    #[schema(example = "早班")]
    pub shift: String,
    /// How much the machine was used. Errors and energy are told by day, not by shift.
    #[serde(flatten)]
    pub used: MachineUse,
}

/// How much of its shifts a machine worked.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftUseList {
    /// The calendar.
    pub shifts: Vec<ShiftBody>,
    /// Each shift of each day of which anything is known.
    pub items: Vec<ShiftUseView>,
}

impl ShiftsBody {
    fn checked(&self) -> Result<ShiftCalendar> {
        let shifts = self.shifts.iter().map(|one| Shift {
            name: one.name.trim().to_owned(),
            weekdays: one.weekdays.clone(),
            from_min: one.from_min,
            to_min: one.to_min,
        });
        let calendar = ShiftCalendar { shifts: shifts.collect() };
        let wrong = |code: &str, zh: &str, en: &str| Error::fields(vec![FieldProblem::new("/shifts", code, zh, en)]);
        let named = |shift: &Shift| (1..=NAME_CHARS_MAX).contains(&shift.name.chars().count());
        if !calendar.shifts.iter().all(named) {
            return Err(wrong("name", "班次名称应为1至30个字", "A shift's name has 1 to 30 characters"));
        }
        calendar.check().map_err(|fault| {
            let (zh, en) = match fault {
                ShiftFault::Weekday => {
                    ("星期应为1（周一）至7（周日），且不重复", "A weekday is 1 (Monday) to 7 and stands once")
                }
                ShiftFault::Minute => {
                    ("时间应为当日0点起的分钟数，0至1440", "A time is minutes since midnight, 0 to 1,440")
                }
                ShiftFault::Count => ("最多24个班次", "At most 24 shifts"),
            };
            wrong(&fault.to_string(), zh, en)
        })?;
        Ok(calendar)
    }

    fn of(calendar: ShiftCalendar) -> Self {
        let shift = |one: Shift| ShiftBody {
            name: one.name,
            weekdays: one.weekdays,
            from_min: one.from_min,
            to_min: one.to_min,
        };
        Self { shifts: calendar.shifts.into_iter().map(shift).collect() }
    }
}

/// Says when a machine is meant to work.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = ShiftsBody,
    responses((status = 200, description = "The calendar", body = ShiftsBody))
)]
#[put("/v1/equipment/{id}/shifts")]
pub async fn set_shifts(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    seen: IfMatch,
    Body(body): Body<ShiftsBody>,
) -> Result<Reply<ShiftsBody>> {
    let calendar = body.checked()?;
    let tx = access.begin(&app).await?;
    let machine = equipment::scope::lock(&tx, &access.principal, at.uuid()).await?;
    seen.check(machine.version, Some(&machine.state))?;
    let after = serde_json::to_value(&calendar)?;
    store::set_shifts(&tx, &machine, after.clone()).await?;
    let detail = serde_json::json!({ "before": machine.shifts, "after": after });
    tx.commit(Act::new("equipment.shifts", "equipment", machine.id).detail(detail)).await?;
    Ok(Reply::ok(ShiftsBody::of(calendar)).version(machine.version.saturating_add(1)))
}

/// How much of its shifts a machine worked, day by day. A night shift belongs to the day on which it begins.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(DaysQuery),
    responses((status = 200, description = "The shifts", body = ShiftUseList))
)]
#[get("/v1/equipment/{id}/shift-use")]
pub async fn list_shift_use(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    at: At<kind::Equipment>,
    Params(query): Params<DaysQuery>,
) -> Result<Reply<ShiftUseList>> {
    let tx = access.read(&app).await?;
    let machine = equipment::scope::find(&tx, &access.principal, at.uuid()).await?;
    let stretch = query.stretch(frame::today(&tx))?;
    let thresholds = frame::asked_thresholds(&machine, query.thresholds.as_deref())?;
    let rows = between(&tx, machine.id, thresholds, stretch.half_open()).await?;
    let calendar: ShiftCalendar = machine.shifts.clone().map(serde_json::from_value).transpose()?.unwrap_or_default();
    let days = rows.iter().map(|row| {
        let (spans, energy) = (domain_spans(row)?, DayEnergy::default());
        let seconds = Seconds::default();
        Ok(Day { day: row.day, spans, seconds, ahead_s: 0, uncertain_ms: 0, energy, readings: 0 })
    });
    let used = by_shift(&days.collect::<Result<Vec<_>>>()?, &calendar);
    let items = used.iter().filter_map(|one| {
        let shift = calendar.shifts.get(one.shift)?.name.clone();
        let s = one.seconds;
        let seconds = StateSeconds {
            offline: s.offline,
            off: s.off,
            standby: s.standby,
            working: s.working,
            overload: s.overload,
        };
        let used = MachineUse::of(seconds, (s.unknown, 0), 0, None);
        Some(ShiftUseView { day: one.day, shift, used: MachineUse { error: None, ..used } })
    });
    let items = items.collect();
    Ok(Reply::ok(ShiftUseList { shifts: ShiftsBody::of(calendar).shifts, items }))
}
