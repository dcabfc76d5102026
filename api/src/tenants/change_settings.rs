//! `PUT /v1/settings`: the firm changes its settings, all of them at once, so that nothing is changed unseen.

use actix_web::{put, web::Data};

use super::{notices, settings::Settings, store, view::SettingsView};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, IfMatch, Reply};

/// Changes the firm's settings.
#[utoipa::path(
    tag = "settings",
    security(("token" = ["settings.change"])),
    request_body = Settings,
    responses((status = 200, description = "The settings as they are now", body = SettingsView))
)]
#[put("/v1/settings")]
pub async fn change_settings(
    access: Access<may::ChangeSettings>,
    app: Data<App>,
    seen: IfMatch,
    Body(settings): Body<Settings>,
) -> Result<Reply<SettingsView>> {
    settings.check()?;
    let tx = access.begin(&app).await?;
    let row = store::lock(&tx).await?.ok_or_else(|| Error::new(Code::Internal))?;
    seen.check(row.version, None)?;
    let before: Settings = serde_json::from_value(row.body.clone())?;
    notices::keep(&tx, &before, &settings).await?;
    let (version, after) = (row.version + 1, serde_json::to_value(&settings)?);
    store::replace(&tx, after.clone(), version).await?;
    let act = Act::new("settings.change", "tenant", tx.tenant());
    tx.commit(act.detail(serde_json::json!({ "before": row.body, "after": after }))).await?;
    Ok(Reply::ok(SettingsView { settings, version }).version(version))
}
