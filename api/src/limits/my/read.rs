//! `GET /v1/my/limits/{id}`: one limit of the caller's, its parts, and what is set aside and drawn.

use actix_web::{get, web::Data};
use domain::id::kind;
use uuid::Uuid;

use super::view::{MyLimitDetail, Names, tree};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::store::{self, uses};
use crate::limits::view::{DrawdownView, ReservationView};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// One of the caller's limits, with its parts.
#[utoipa::path(
    tag = "my limits",
    security(("token" = ["own.limits"])),
    responses((status = 200, description = "The limit", body = MyLimitDetail))
)]
#[get("/v1/my/limits/{id}")]
pub async fn read_my_limit(
    access: Access<may::OwnLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
) -> Result<Reply<MyLimitDetail>> {
    let tx = access.read(&app).await?;
    let rows = store::mine(&tx, access.principal.id).await?;
    let top = rows.iter().find(|row| row.id == at.uuid()).ok_or_else(Error::not_found)?;
    let names = Names::of(&tx, &rows).await?;
    let limit = tree(&tx, top, &rows, &names, context.language)?;
    let under = below(top.id, &rows);
    let reservations = uses::reservations_under(&tx, &under).await?;
    let drawdowns = uses::drawdowns_under(&tx, &under).await?;
    Ok(Reply::ok(MyLimitDetail {
        limit,
        reservations: reservations
            .iter()
            .map(|row| ReservationView::of(&tx, row, context.language))
            .collect::<Result<_>>()?,
        drawdowns: drawdowns.iter().map(DrawdownView::of).collect(),
    })
    .version(top.version))
}

/// A limit and everything below it.
fn below(top: Uuid, rows: &[store::LimitRow]) -> Vec<Uuid> {
    let mut found = vec![top];
    let mut next = 0;
    while let Some(id) = found.get(next).copied() {
        found.extend(rows.iter().filter(|row| row.parent_id == Some(id)).map(|row| row.id));
        next = next.saturating_add(1);
    }
    found
}
