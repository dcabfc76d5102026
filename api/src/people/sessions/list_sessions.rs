//! `GET /v1/sessions`: where one is logged in.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, SessionRow};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::Reply;

/// A log-in that goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogIn {
    /// Its id.
    #[schema(example = "ses_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Whether it is the one that asks.
    #[schema(example = true)]
    pub this_one: bool,
    /// What the client called itself.
    #[schema(example = "Mozilla/5.0")]
    pub client: Option<String>,
    /// The address it was begun from.
    #[schema(example = "203.0.113.7")]
    pub address: Option<String>,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    pub renewed_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub ends_at: DateTime<Utc>,
}

/// Log-ins that go on.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogIns {
    /// Newest first.
    pub items: Vec<LogIn>,
}

impl LogIns {
    pub(super) fn of(rows: Vec<SessionRow>, asking: Uuid) -> Self {
        let shown = |row: SessionRow| LogIn {
            id: Id::<kind::Session>::from_uuid(row.id).to_string(),
            this_one: row.id == asking,
            client: row.user_agent,
            address: row.address,
            begun_at: row.created_at,
            renewed_at: row.rotated_at,
            ends_at: row.expires_at,
        };
        Self { items: rows.into_iter().map(shown).collect() }
    }
}

/// Where the caller is logged in.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses((status = 200, description = "The log-ins that go on", body = LogIns))
)]
#[get("/v1/sessions")]
pub async fn list_sessions(access: Access<may::KeepSession>, app: Data<App>) -> Result<Reply<LogIns>> {
    let who = access.principal;
    let tx = access.read(&app).await?;
    Ok(Reply::ok(LogIns::of(store::rows_of(&tx, who.id).await?, who.session)))
}
