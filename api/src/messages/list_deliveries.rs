//! `GET /v1/deliveries`: staff see how every SMS and mail went, failures above all.

use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::store;
use super::view::{self, DeliveryState, DeliveryView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// By SMS or by mail.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryChannel {
    /// SMS.
    Sms,
    /// Mail.
    Mail,
}

/// Which deliveries are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// How they stand.
    #[param(inline)]
    pub state: Option<DeliveryState>,
    /// How they travel.
    #[param(inline)]
    pub channel: Option<DeliveryChannel>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// SMS and mails, newest first.
#[utoipa::path(
    tag = "messages",
    security(("token" = ["deliveries.read"])),
    params(DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryView>))
)]
#[get("/v1/deliveries")]
pub async fn list_deliveries(
    access: Access<may::ReadDeliveries>,
    app: Data<App>,
    Params(query): Params<DeliveryQuery>,
) -> Result<Reply<Page<DeliveryView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let channel = query.channel.map(|channel| match channel {
        DeliveryChannel::Sms => "sms",
        DeliveryChannel::Mail => "mail",
    });
    let tx = access.read(&app).await?;
    let rows = store::deliveries(&tx, query.state.map(DeliveryState::key), channel, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::delivery(&tx, row)))?))
}
