//! `POST /v1/channels`: adds a channel.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};

use super::form::{self, NewChannel};
use super::store;
use super::view::{ChannelView, for_audit};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Adds a channel, which works from now on; its people are put into it by whoever manages staff.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["customers.manage"])),
    request_body = NewChannel,
    responses((status = 201, description = "The channel", body = ChannelView))
)]
#[post("/v1/channels")]
pub async fn create_channel(
    access: Access<may::ManageCustomers>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewChannel>,
) -> Result<HttpResponse> {
    let name = form::name(&body.name)?;
    idem.run(&app, &access, &body, async |tx| {
        let row = store::insert(tx, &name, body.kind.0).await?;
        let act = Act::new("channel.create", "channel", row.id);
        let act = act.detail(serde_json::json!({ "after": for_audit(&row) }));
        let location = format!("/v1/channels/{}", Id::<kind::Channel>::from_uuid(row.id));
        Ok(Reply::created(location, ChannelView::of(&row, context.language)?).version(row.version).done(act))
    })
    .await
}
