//! `GET /v1/clients/{id}/usage` and `GET /v1/client/usage`: what a client used, by day.

use actix_web::{get, web::Data};
use chrono::{Duration, NaiveDate};
use domain::id::kind;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::own;
use super::store::{self, days};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Params, Reply};

/// Days that are shown if none are named.
const DAYS: i64 = 30;
/// Most days of one answer.
const DAYS_MAX: i64 = 366;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UsageQuery {
    /// The first day (Beijing); if not said, 29 days before the last.
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// The last day; if not said, today.
    #[param(example = "2026-11-30")]
    to: Option<NaiveDate>,
}

/// What a client used.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientUsage {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Days with requests, in their order. They are a second or two behind.
    pub days: Vec<ClientDay>,
}

/// A client's use of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientDay {
    /// The day, in Beijing.
    pub day: NaiveDate,
    /// Requests that were let in: what counts against the day's quota. Those that the client itself broke off are among them.
    #[schema(example = 1200, minimum = 0)]
    pub requests: i64,
    /// Of these, answered well.
    #[schema(example = 1150, minimum = 0)]
    pub succeeded: i64,
    /// Of these, refused because of what was asked (4xx).
    #[schema(example = 48, minimum = 0)]
    pub refused: i64,
    /// Of these, failed by our fault (5xx).
    #[schema(example = 2, minimum = 0)]
    pub failed: i64,
    /// Not let in: beyond a limit (429), or from an address that is not on the list (403).
    #[schema(example = 15, minimum = 0)]
    pub held_back: i64,
    /// Bytes of the answers' bodies, before they are compressed.
    #[schema(example = 734_003, minimum = 0)]
    pub bytes: i64,
}

impl UsageQuery {
    fn span(&self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
        let to = self.to.unwrap_or(today);
        let earlier = to.checked_sub_signed(Duration::days(DAYS - 1)).unwrap_or(to);
        let from = self.from.unwrap_or(earlier);
        if from > to {
            return Err(Error::parameter("from", "range", "不能晚于to", "is not after to"));
        }
        if (to - from).num_days() >= DAYS_MAX {
            return Err(Error::parameter("from", "range", "最多查询366天", "at most 366 days are shown"));
        }
        Ok((from, to))
    }
}

async fn shown(tx: &TenantTx, client: Uuid, query: &UsageQuery) -> Result<ClientUsage> {
    let (from, to) = query.span(TenantZone::default().date_of(tx.now()))?;
    let day = |row: days::DayRow| ClientDay {
        day: row.day,
        requests: row.admitted,
        succeeded: row.succeeded,
        refused: row.refused,
        failed: row.failed,
        held_back: row.held_back,
        bytes: row.bytes,
    };
    let days = days::between(tx, client, from, to).await?.into_iter().map(day).collect();
    Ok(ClientUsage { from, to, days })
}

/// What a client used, by day.
#[utoipa::path(
    tag = "clients",
    security(("token" = ["clients.manage"])),
    params(UsageQuery),
    responses((status = 200, description = "Its use", body = ClientUsage))
)]
#[get("/v1/clients/{id}/usage")]
pub async fn read_client_usage(
    access: Access<may::ManageClients>,
    app: Data<App>,
    at: At<kind::ApiClient>,
    Params(query): Params<UsageQuery>,
) -> Result<Reply<ClientUsage>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    Ok(Reply::ok(shown(&tx, row.id, &query).await?))
}

/// What the asking client used, by day.
#[utoipa::path(
    tag = "client",
    security(("token" = ["own.client"])),
    params(UsageQuery),
    responses((status = 200, description = "Its use", body = ClientUsage))
)]
#[get("/v1/client/usage")]
pub async fn read_own_usage(
    access: Access<may::OwnClient>,
    app: Data<App>,
    Params(query): Params<UsageQuery>,
) -> Result<Reply<ClientUsage>> {
    let tx = access.read(&app).await?;
    Ok(Reply::ok(shown(&tx, own::id(&access)?, &query).await?))
}
