//! `GET /v1/my/inbox`: the applicant's messages, newest first.

use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::view::{self, InboxMessageView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which messages are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// Only unread ones (true) or only read ones (false); both if not said.
    pub unread: Option<bool>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// The applicant's own messages, newest first.
#[utoipa::path(
    tag = "inbox",
    security(("token" = ["own.inbox"])),
    params(InboxQuery),
    responses((status = 200, description = "A page of messages", body = Page<InboxMessageView>))
)]
#[get("/v1/my/inbox")]
pub async fn list_inbox(
    access: Access<may::OwnInbox>,
    app: Data<App>,
    Params(query): Params<InboxQuery>,
) -> Result<Reply<Page<InboxMessageView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let rows = store::messages(&tx, access.principal.id, query.unread, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| view::message(&tx, row))?))
}
