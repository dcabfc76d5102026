//! `GET /v1/sockets/{id}/readings`: what a socket said, in its order, page by page.

use actix_web::{get, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::id::kind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, After};
use super::view::ReadingView;
use crate::app::App;
use crate::devices::sockets;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Page, Params, Reply};

/// Most readings of a page.
const PAGE_MAX: u64 = 1_000;
const PAGE_DEFAULT: u64 = 100;

/// Which readings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadingsQuery {
    /// From this instant; a day before the end if not said.
    #[param(example = "2026-07-01T00:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// To before this one; now if not said.
    #[param(example = "2026-07-02T00:00:00Z")]
    to: Option<DateTime<Utc>>,
    /// Readings wanted, 1 to 1,000; 100 if not said.
    #[param(minimum = 1, maximum = 1000, example = 100)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// What a socket said between two instants. Whoever sees only some machines sees it from when it came to one of these.
#[utoipa::path(
    tag = "telemetry",
    security(("token" = ["equipment.read"])),
    params(ReadingsQuery),
    responses((status = 200, description = "A page of readings, earliest first", body = Page<ReadingView>))
)]
#[get("/v1/sockets/{id}/readings")]
pub async fn list_socket_readings(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    id: At<kind::Socket>,
    Params(query): Params<ReadingsQuery>,
) -> Result<Reply<Page<ReadingView>>> {
    let limit = query.limit.unwrap_or(PAGE_DEFAULT);
    let bad = |zh: &str, en: &str| Error::new(Code::InvalidParameter).detail(zh, en);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(bad("limit应在1到1000之间。", "limit is 1 to 1,000."));
    }
    let after = query.cursor.as_deref().map(|cursor| {
        place(cursor).ok_or_else(|| bad("cursor应取自上一页的next。", "cursor is the next of the page before."))
    });
    let after = after.transpose()?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let since_us = sockets::visible_since(&tx, &scope, id.uuid()).await?;
    let to = query.to.unwrap_or(tx.now());
    let day_before = || to.checked_sub_signed(Duration::days(1)).unwrap_or(to);
    let from_us = query.from.unwrap_or_else(day_before).timestamp_micros();
    let span = (since_us.map_or(from_us, |since| since.max(from_us)), to.timestamp_micros());
    let mut rows = store::page(&tx, id.uuid(), span, after, limit).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = rows.last().filter(|_| more).map(|((at, sequence, content), _)| format!("{at}.{sequence}.{content}"));
    Ok(Reply::ok(Page { items: rows.iter().map(|(_, reading)| ReadingView::of(reading)).collect(), next }))
}

/// The place that a cursor names.
fn place(cursor: &str) -> Option<After> {
    let mut parts = cursor.split('.');
    let place = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(place)
}
