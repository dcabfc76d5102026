//! `GET /v1/balances/by/{dimension}`: the balances of all clients, banks, products, regions or industries, the largest first.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, get, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::balances::{BalanceFigures, weights};
use super::day;
use super::subject::{BalanceDimension, name, shown};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::law::standing::balances;
use crate::limits::law::{Frame, many, past};
use crate::limits::store::exposures::Exposure;
use crate::limits::subject::Names;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Params, Reply};

/// Most characters of a subject in a cursor.
const SUBJECT_CHARS_MAX: usize = 32;

/// Which day and page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BalancesByQuery {
    /// The day at whose end; today if not said, never later.
    #[param(example = "2026-11-29")]
    day: Option<NaiveDate>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before, of the same day.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

impl FromRequest for BalanceDimension {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request.match_info().get("dimension").and_then(Self::from_key);
        ready(named.ok_or_else(Error::not_found))
    }
}

/// Balances of one of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectBalances {
    /// The id or code.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called.
    #[schema(example = "示例农业有限公司")]
    pub name: Option<String>,
    /// Its balances.
    #[serde(flatten)]
    pub balances: BalanceFigures,
}

/// A page of balances at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalancesPage {
    /// The day.
    #[schema(example = "2026-11-29")]
    pub day: NaiveDate,
    /// Of what.
    pub dimension: BalanceDimension,
    /// The parameter whose weights hold on the day; null for the statutory ones.
    #[schema(example = "par_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub weights: Option<String>,
    /// Those with something outstanding, the largest in-force balance first.
    pub items: Vec<SubjectBalances>,
    /// Cursor of the next page; null on the last.
    #[schema(example = "40000000000_330106")]
    pub next: Option<String>,
}

/// The last row seen: its in-force balance and its subject.
fn after(cursor: Option<&str>) -> Result<Option<(i64, String)>> {
    let Some(text) = cursor else { return Ok(None) };
    let bad = || Error::parameter("cursor", "cursor", "应取自上一页的next", "is the next of the page before");
    let (in_force, subject) = text.split_once('_').ok_or_else(bad)?;
    let is_plain =
        (1..=SUBJECT_CHARS_MAX).contains(&subject.len()) && subject.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let in_force = in_force.parse().ok().filter(|_| is_plain).ok_or_else(bad)?;
    Ok(Some((in_force, subject.to_owned())))
}

fn next(rows: &[Exposure]) -> Option<String> {
    rows.last().map(|row| format!("{}_{}", row.in_force_fen, row.subject))
}

/// The balances of all of a kind at the end of a day, a page of them. Clients are those that the caller sees.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(BalancesByQuery, ("dimension" = BalanceDimension, Path, description = "Of what", example = "client")),
    responses((status = 200, description = "One page, the largest first", body = BalancesPage))
)]
#[get("/v1/balances/by/{dimension}")]
pub async fn list_balances(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    dimension: BalanceDimension,
    Params(query): Params<BalancesByQuery>,
) -> Result<Reply<BalancesPage>> {
    let limit = Cursor::read(query.limit, None)?.limit;
    let after = after(query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let day = day::asked(&tx, "day", query.day)?;
    let scope = departments_of(&tx, &access.principal).await?;
    let frame = Frame::on(&tx, day).await?;
    let figures = past::figures(&tx, &frame, &[]).await?;
    let place = after.as_ref().map(|(in_force, subject)| (*in_force, subject.as_str()));
    let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = many::page(&tx, &frame, &figures, (dimension.key(), &scope), place, most).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let named = matches!(dimension, BalanceDimension::Client | BalanceDimension::Bank);
    let customers = rows.iter().filter_map(|row| Uuid::try_parse(&row.subject).ok()).filter(|_| named);
    let names = Names::read(&tx, customers).await?;
    let items = rows.iter().map(|row| SubjectBalances {
        id: shown(dimension.key(), &row.subject),
        name: name(dimension.key(), &row.subject, &names),
        balances: BalanceFigures::of(&balances(Some(row))),
    });
    let items = items.collect();
    let next = next(&rows).filter(|_| more);
    Ok(Reply::ok(BalancesPage { day, dimension, weights: weights(&frame), items, next }))
}
