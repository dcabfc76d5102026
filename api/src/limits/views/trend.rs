//! `GET /v1/head-room/trend`: how the liability balance, net assets and the bound between them came about.

use actix_web::{get, web::Data};
use chrono::{Days, NaiveDate};
use domain::limits::overview::{
    FirmDay, TREND_POINTS_MAX, TrendPoint, days_of_change, newest_row, point, weights_id_on,
};
use domain::limits::parameters::Parameter;
use domain::limits::rules::Composition;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::day;
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::law::{Frame, past};
use crate::limits::store::exposures::{self, Exposure};
use crate::limits::store::views::history;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Params, Reply};

/// Days that are looked back if no first day is said.
const DAYS_DEFAULT: u64 = 365;
/// Most rows of the firm that are read: each day may have one by each of several weights.
const ROWS_MAX: usize = 2_000;
/// Most approved figures that are read.
const PARAMETERS_MAX: usize = 2_000;
/// Most days that are computed from the entries, because their weights were approved after them.
const COMPUTED_MAX: usize = 40;

/// From when to when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// The first day; a year before the last if not said.
    #[param(example = "2026-01-01")]
    from: Option<NaiveDate>,
    /// The last day; today if not said, never later.
    #[param(example = "2026-11-29")]
    to: Option<NaiveDate>,
}

/// The firm at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendDay {
    /// The day.
    #[schema(example = "2026-11-29")]
    pub day: NaiveDate,
    /// Net assets in fen; null where none are entered for the day.
    #[schema(example = 10_000_000_000_i64)]
    pub net_assets_fen: Option<i64>,
    /// The liability balance.
    #[schema(example = 300_000_000)]
    pub liability_fen: i64,
    /// The most that it may be.
    #[schema(example = 100_000_000_000_i64)]
    pub bound_fen: Option<i64>,
    /// How much more it may be; below 0 where it is too much already.
    #[schema(example = 99_700_000_000_i64)]
    pub room_fen: Option<i64>,
    /// The liability balance as a multiple of net assets in 1/10,000, rounded up: 100,000 is 10 times.
    #[schema(example = 300)]
    pub multiple_bp: Option<i64>,
}

impl TrendDay {
    fn of(point: &TrendPoint) -> Self {
        Self {
            day: point.day,
            net_assets_fen: point.net_assets.map(|fen| fen.0),
            liability_fen: point.liability.0,
            bound_fen: point.bound.map(|fen| fen.0),
            room_fen: point.room.map(|fen| fen.0),
            multiple_bp: point.multiple_bp,
        }
    }
}

/// How it came about.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendView {
    /// The first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
    /// The last day.
    #[schema(example = "2026-11-29")]
    pub to: NaiveDate,
    /// The first day and each later one on which something changed, at most 400; between them everything stood still.
    pub items: Vec<TrendDay>,
}

fn firm_day(row: &Exposure) -> FirmDay {
    let whole = |value: i64| u64::try_from(value).unwrap_or(0);
    FirmDay {
        day: row.day,
        weights: row.weights_id,
        liability: Fen(row.liability_fen),
        composition: Composition {
            in_force: Fen(row.in_force_fen),
            in_force_small: Fen(row.in_force_small_fen),
            clients: whole(row.clients),
            clients_small: whole(row.clients_small),
        },
    }
}

/// Refuses a time in which too much happened to show it.
fn few(count: usize, most: usize) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    let (zh, en) = ("期间内变动过多，请缩短期间", "too much changed in this time; ask for less of it");
    Err(Error::parameter("from", "too_many", zh, en))
}

async fn read(tx: &TenantTx, from: NaiveDate, to: NaiveDate) -> Result<(Vec<Parameter>, Vec<FirmDay>)> {
    let and_one = |most: usize| i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let parameters = history::parameters(tx, to, and_one(PARAMETERS_MAX)).await?;
    let rows = history::of_firm(tx, (from, to), and_one(ROWS_MAX)).await?;
    few(parameters.len(), PARAMETERS_MAX)?;
    few(rows.len(), ROWS_MAX)?;
    Ok((parameters, rows.iter().map(firm_day).collect()))
}

/// The points of a time: from what is kept where the day's own weights wrote it, else from the entries.
async fn points(tx: &TenantTx, from: NaiveDate, to: NaiveDate) -> Result<Vec<TrendPoint>> {
    let (parameters, rows) = read(tx, from, to).await?;
    let days = days_of_change(&parameters, &rows, from, to);
    few(days.len(), TREND_POINTS_MAX)?;
    let mut points = Vec::with_capacity(days.len());
    let mut computed = 0;
    for day in days {
        let weights = weights_id_on(&parameters, day);
        let (liability, composition) = match newest_row(&rows, weights, day) {
            Some(row) => (row.liability, row.composition),
            // nothing had ever been drawn by then
            None if !rows.iter().any(|row| row.day <= day) => (Fen::ZERO, Composition::default()),
            None => {
                computed += 1;
                few(computed, COMPUTED_MAX)?;
                let frame = Frame::of(parameters.clone(), day);
                let figures = past::figures(tx, &frame, &[]).await?;
                (figures.balances(&exposures::firm()).liability, figures.composition())
            }
        };
        points.push(point(&parameters, day, liability, &composition));
    }
    Ok(points)
}

/// The liability balance against its bound over time: one point for each day on which the balance, net assets, the bounds or
/// the weights changed.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(TrendQuery),
    responses((status = 200, description = "The points, in the order of days", body = TrendView))
)]
#[get("/v1/head-room/trend")]
pub async fn read_head_room_trend(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<TrendQuery>,
) -> Result<Reply<TrendView>> {
    let tx = access.read(&app).await?;
    let to = day::asked(&tx, "to", query.to)?;
    let from = query.from.or_else(|| to.checked_sub_days(Days::new(DAYS_DEFAULT))).unwrap_or(to);
    let from = day::asked(&tx, "from", Some(from))?;
    if from > to {
        return Err(Error::parameter("from", "order", "不能晚于截止日期", "is not later than the last day"));
    }
    let items = points(&tx, from, to).await?.iter().map(TrendDay::of).collect();
    Ok(Reply::ok(TrendView { from, to, items }))
}
