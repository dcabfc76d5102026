//! `GET /v1/settings`: what the firm has set for itself.

use actix_web::{get, web::Data};

use super::{settings, view::SettingsView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::Reply;

/// The firm's settings.
#[utoipa::path(
    tag = "settings",
    security(("token" = ["settings.read"])),
    responses((status = 200, description = "The settings; the ETag is what If-Match wants", body = SettingsView))
)]
#[get("/v1/settings")]
pub async fn read_settings(access: Access<may::ReadSettings>, app: Data<App>) -> Result<Reply<SettingsView>> {
    let tx = access.read(&app).await?;
    let (settings, version) = settings::load(&tx).await?;
    Ok(Reply::ok(SettingsView { settings, version }).version(version))
}
