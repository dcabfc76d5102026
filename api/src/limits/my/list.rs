//! `GET /v1/my/limits`: the caller's limits, each with its parts and what is free.

use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{MyLimit, Names, tree};
use crate::app::App;
use crate::error::Result;
use crate::limits::store;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Reply};

/// The caller's limits.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyLimits {
    /// Those that were granted, each with its parts, the newest first.
    pub items: Vec<MyLimit>,
}

/// The caller's limits with their parts.
#[utoipa::path(
    tag = "my limits",
    security(("token" = ["own.limits"])),
    responses((status = 200, description = "The limits, the newest first", body = MyLimits))
)]
#[get("/v1/my/limits")]
pub async fn list_my_limits(
    access: Access<may::OwnLimits>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<MyLimits>> {
    let tx = access.read(&app).await?;
    let rows = store::mine(&tx, access.principal.id).await?;
    let names = Names::of(&tx, &rows).await?;
    let tops = rows.iter().rev().filter(|row| row.parent_id.is_none());
    let items = tops.map(|top| tree(&tx, top, &rows, &names, context.language)).collect::<Result<_>>()?;
    Ok(Reply::ok(MyLimits { items }))
}
