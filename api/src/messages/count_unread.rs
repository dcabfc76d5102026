//! `GET /v1/my/inbox/unread-count`: the number beside the bell, cheap enough to ask for often.

use actix_web::{get, web::Data};

use super::store;
use super::view::UnreadCount;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::Reply;

/// How many of the applicant's messages are unread.
#[utoipa::path(
    tag = "inbox",
    security(("token" = ["own.inbox"])),
    responses((status = 200, description = "The number of unread messages", body = UnreadCount))
)]
#[get("/v1/my/inbox/unread-count")]
pub async fn count_unread_messages(access: Access<may::OwnInbox>, app: Data<App>) -> Result<Reply<UnreadCount>> {
    let tx = access.read(&app).await?;
    let unread = store::unread(&tx, access.principal.id).await?;
    Ok(Reply::ok(UnreadCount { unread }))
}
