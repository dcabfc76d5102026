//! `GET /v1/channels` and `GET /v1/channels/{id}` for those who work with customers, and `GET /v1/channel-places` for
//! those who put people into channels and see no customers.

use actix_web::{get, web::Data};
use domain::id::kind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::view::ChannelView;
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Context, Cursor, Page, Params, Reply};

/// Which channels.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChannelsQuery {
    /// Only those that work, or only those that do not.
    active: Option<bool>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's channels.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["customers.read"])),
    params(ChannelsQuery),
    responses((status = 200, description = "A page of channels, oldest first", body = Page<ChannelView>))
)]
#[get("/v1/channels")]
pub async fn list_channels(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    Params(query): Params<ChannelsQuery>,
) -> Result<Reply<Page<ChannelView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    page(&access.read(&app).await?, &query, cursor, &context).await
}

/// The firm's channels, to put people into.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["staff.read"])),
    params(ChannelsQuery),
    responses((status = 200, description = "A page of channels, oldest first", body = Page<ChannelView>))
)]
#[get("/v1/channel-places")]
pub async fn list_channel_places(
    access: Access<may::ReadStaff>,
    app: Data<App>,
    context: Context,
    Params(query): Params<ChannelsQuery>,
) -> Result<Reply<Page<ChannelView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    page(&access.read(&app).await?, &query, cursor, &context).await
}

async fn page(
    tx: &TenantTx,
    query: &ChannelsQuery,
    cursor: Cursor,
    context: &Context,
) -> Result<Reply<Page<ChannelView>>> {
    let rows = store::page(tx, query.active, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| ChannelView::of(&row, context.language))?))
}

/// One channel.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["customers.read"])),
    responses((status = 200, description = "The channel; the ETag is what If-Match wants", body = ChannelView))
)]
#[get("/v1/channels/{id}")]
pub async fn read_channel(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Channel>,
) -> Result<Reply<ChannelView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    Ok(Reply::ok(ChannelView::of(&row, context.language)?).version(row.version))
}
