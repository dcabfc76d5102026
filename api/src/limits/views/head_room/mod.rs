//! `GET /v1/head-room`: how near the firm stands to each bound of the law and to its own ceilings on a day.

mod gather;
mod view;

pub use view::{HeadRoomLine, HeadRoomView};

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::limits::balances::Balances;
use serde::Deserialize;
use utoipa::IntoParams;

use super::day;
use crate::app::App;
use crate::error::{Language, Result};
use crate::limits::law::Frame;
use crate::limits::store::exposures;
use crate::people::scope::{ScopeFilter, departments_of};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Context, Params, Reply};

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HeadRoomQuery {
    /// The day at whose end; today if not said, never later.
    #[param(example = "2026-11-29")]
    day: Option<NaiveDate>,
}

/// How near the firm stands to each bound on a day, for somebody who sees this much of its clients; and its balances.
pub(super) async fn on(
    tx: &TenantTx,
    scope: &ScopeFilter,
    day: NaiveDate,
    language: Language,
) -> Result<(HeadRoomView, Balances)> {
    let frame = Frame::on(tx, day).await?;
    let gathered = gather::all(tx, &frame, scope).await?;
    let balances = gathered.figures.balances(&exposures::firm());
    Ok((view::of(&frame, &gathered, language), balances))
}

/// Each legal bound and each ceiling of the firm, with what stands under it: the liability balance by net assets, the ten
/// largest clients, the ten largest groups. Clients that the caller does not see are left out.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(HeadRoomQuery),
    responses((status = 200, description = "Figures, bounds and what is left", body = HeadRoomView))
)]
#[get("/v1/head-room")]
pub async fn read_head_room(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    Params(query): Params<HeadRoomQuery>,
) -> Result<Reply<HeadRoomView>> {
    let tx = access.read(&app).await?;
    let day = day::asked(&tx, "day", query.day)?;
    let scope = departments_of(&tx, &access.principal).await?;
    Ok(Reply::ok(on(&tx, &scope, day, context.language).await?.0))
}
