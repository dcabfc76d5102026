//! `POST /v1/my/inbox/{id}/read`: the applicant has read a message. The first time counts; later ones change nothing.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::store;
use super::view::{self, InboxMessageView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Idempotency, Reply};

/// Notes that a message was read.
#[utoipa::path(
    tag = "inbox",
    security(("token" = ["own.inbox"])),
    responses((status = 200, description = "The message, read", body = InboxMessageView))
)]
#[post("/v1/my/inbox/{id}/read")]
pub async fn mark_message_read(
    access: Access<may::OwnInbox>,
    app: Data<App>,
    at: At<kind::Message>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    let applicant = access.principal.id;
    idem.run(&app, &access, &(), async |tx| {
        let row = store::lock_message(tx, applicant, at.uuid()).await?;
        let mut row = row.ok_or_else(Error::not_found)?;
        if row.read_at.is_none() {
            store::mark_read(tx, row.id).await?;
            row.read_at = Some(tx.now());
        }
        let id = row.id;
        Ok(Reply::ok(view::message(tx, row)?).done(Act::new("inbox.read", "message", id)))
    })
    .await
}
