//! `PATCH /v1/channels/{id}`: renames a channel, stops it, or lets it work again.

use actix_web::{patch, web::Data};
use domain::id::kind;

use super::form::{self, ChannelChange};
use super::store;
use super::view::{ChannelView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes a channel. Of one that no longer works nobody sees a customer, own or shared, from now on.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["customers.manage"])),
    request_body = ChannelChange,
    responses((status = 200, description = "As it is now", body = ChannelView))
)]
#[patch("/v1/channels/{id}")]
pub async fn change_channel(
    access: Access<may::ManageCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Channel>,
    seen: IfMatch,
    Body(body): Body<ChannelChange>,
) -> Result<Reply<ChannelView>> {
    if body.name.is_none() && body.active.is_none() {
        return Err(Error::new(Code::NothingToChange));
    }
    let name = body.name.as_deref().map(form::name).transpose()?;
    let tx = access.begin(&app).await?;
    let before = store::lock(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(before.version, None)?;
    let mut row = before.clone();
    row.name = name.unwrap_or(row.name);
    row.active = body.active.unwrap_or(row.active);
    row.version = row.version.saturating_add(1);
    store::save(&tx, row.clone()).await?;
    let detail = serde_json::json!({ "before": for_audit(&before), "after": for_audit(&row) });
    tx.commit(Act::new("channel.change", "channel", row.id).detail(detail)).await?;
    Ok(Reply::ok(ChannelView::of(&row, context.language)?).version(row.version))
}
