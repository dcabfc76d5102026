//! `GET /v1/limits/expiring`: what ends soon, limits and reservations together, in the order of time.

use actix_web::{get, web::Data};
use chrono::{DateTime, Days, Utc};
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::entry::LimitEntry;
use crate::app::App;
use crate::error::{Error, Language, Result};
use crate::limits::law::today;
use crate::limits::store::views::lists;
use crate::limits::store::{LimitRow, Reservation};
use crate::limits::subject::Names;
use crate::limits::view::ReservationView;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Context, Params, Reply};

/// Most days that are looked ahead.
const DAYS_MAX: u64 = 366;
const DAYS_DEFAULT: u64 = 30;
/// Most rows that are shown.
const ROWS_MAX: usize = 200;

/// How far ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpiringQuery {
    /// Within how many days, 0 to 366; 30 if not said. 0 is today alone.
    #[param(minimum = 0, maximum = 366, example = 30)]
    within_days: Option<u64>,
}

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The limit's last day.
    Limit,
    /// A reservation lapses.
    Reservation,
}

/// Something that ends.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpiringEntry {
    /// What it is that ends.
    pub kind: Ending,
    /// From this instant on it is over.
    pub ends_at: DateTime<Utc>,
    /// The limit, or that of the reservation.
    pub limit: LimitEntry,
    /// The reservation, where it is one.
    pub reservation: Option<ReservationView>,
}

/// What ends soon.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpiringSoon {
    /// In the order of time; at most 200.
    pub items: Vec<ExpiringEntry>,
    /// Whether this is all of it; if not, ask for fewer days.
    #[schema(example = true)]
    pub complete: bool,
}

/// A row on its way to the answer.
enum Row {
    Limit(Box<LimitRow>),
    Reservation(Reservation),
}

async fn rows(tx: &TenantTx, access: &Access<may::ReadLimits>, days: u64) -> Result<Vec<(DateTime<Utc>, Row)>> {
    let scope = departments_of(tx, &access.principal).await?;
    let (zone, today) = (TenantZone::default(), today(tx));
    let far = || Error::internal(anyhow::anyhow!("the calendar ends"));
    let last = today.checked_add_days(Days::new(days)).ok_or_else(far)?;
    let after = last.succ_opt().and_then(|day| zone.start_of(day)).ok_or_else(far)?;
    let most = u64::try_from(ROWS_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut all = vec![];
    for row in lists::ending_limits(tx, &scope, (today, last), most).await? {
        all.push((zone.start_of(row.valid_to).ok_or_else(far)?, Row::Limit(Box::new(row))));
    }
    for row in lists::ending_reservations(tx, &scope, after, most).await? {
        all.push((row.lapses_at, Row::Reservation(row)));
    }
    all.sort_by_key(|(ends_at, row)| match row {
        Row::Limit(row) => (*ends_at, 0, row.id),
        Row::Reservation(row) => (*ends_at, 1, row.id),
    });
    Ok(all)
}

async fn shown(tx: &TenantTx, rows: Vec<(DateTime<Utc>, Row)>, language: Language) -> Result<Vec<ExpiringEntry>> {
    let of_reservations = rows.iter().filter_map(|(_, row)| match row {
        Row::Reservation(row) => Some(row.limit_id),
        Row::Limit(_) => None,
    });
    let mut limits = lists::limits_by_id(tx, &of_reservations.collect::<Vec<_>>()).await?;
    limits.extend(rows.iter().filter_map(|(_, row)| match row {
        Row::Limit(row) => Some(LimitRow::clone(row)),
        Row::Reservation(_) => None,
    }));
    let names = Names::of_limits(tx, &limits).await?;
    let mut items = Vec::with_capacity(rows.len());
    for (ends_at, row) in rows {
        let (kind, limit, reservation) = match &row {
            Row::Limit(row) => (Ending::Limit, row.id, None),
            Row::Reservation(row) => (Ending::Reservation, row.limit_id, Some(ReservationView::of(tx, row, language)?)),
        };
        let limit = limits.iter().find(|one| one.id == limit).ok_or_else(Error::not_found)?;
        items.push(ExpiringEntry { kind, ends_at, limit: LimitEntry::of(tx, limit, &names, language)?, reservation });
    }
    Ok(items)
}

/// Limits and open reservations that end soon, within the caller's data scope.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(ExpiringQuery),
    responses((status = 200, description = "What ends, in the order of time", body = ExpiringSoon))
)]
#[get("/v1/limits/expiring")]
pub async fn list_expiring_limits(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    Params(query): Params<ExpiringQuery>,
) -> Result<Reply<ExpiringSoon>> {
    let days = query.within_days.unwrap_or(DAYS_DEFAULT);
    if days > DAYS_MAX {
        return Err(Error::parameter("within_days", "range", "应在0到366之间", "is 0 to 366"));
    }
    let tx = access.read(&app).await?;
    let mut all = rows(&tx, &access, days).await?;
    let complete = all.len() <= ROWS_MAX;
    all.truncate(ROWS_MAX);
    Ok(Reply::ok(ExpiringSoon { items: shown(&tx, all, context.language).await?, complete }))
}
