//! `GET /v1/client`: the asking client itself, what it may do with this token, and what it used today.

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use domain::clients::scope::Scope;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::form::ClientLimits;
use super::gate::Key;
use super::store::{self, Said};
use super::view::{ClientKindWord, ScopeView, scope_views};
use crate::app::App;
use crate::error::{Code, Error, Result, say};
use crate::platform::access::{Access, may};
use crate::platform::db::ActorKind;
use crate::platform::http::{Context, Reply};

/// The asking client.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnClientView {
    /// Its id, which is its `client_id`.
    #[schema(example = "cli_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What the firm calls it.
    #[schema(example = "示例银行信贷系统")]
    pub name: String,
    /// Whose system it is.
    pub kind: ClientKindWord,
    /// The same in words.
    #[schema(example = "银行")]
    pub kind_label: String,
    /// What it may do with this token.
    pub scopes: Vec<ScopeView>,
    /// How much it may ask.
    pub limits: ClientLimits,
    /// What it used today, this request included.
    pub today: ClientToday,
    /// When this token ends.
    pub expires_at: DateTime<Utc>,
}

/// What a client used today.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientToday {
    /// The day, in Beijing.
    pub day: NaiveDate,
    /// Requests so far.
    #[schema(example = 1200, minimum = 0)]
    pub used: i64,
    /// Requests that are left.
    #[schema(example = 98_800, minimum = 0)]
    pub left: i64,
    /// Seconds until the next day begins.
    #[schema(example = 3600, minimum = 0)]
    pub resets_in_s: u64,
}

/// The asking client's id.
///
/// # Errors
/// `forbidden` to whoever is none.
pub(super) fn id(access: &Access<may::OwnClient>) -> Result<Uuid> {
    match access.principal.kind {
        ActorKind::Client => Ok(access.principal.id),
        _ => Err(Error::new(Code::Forbidden)),
    }
}

/// Who am I, what may I do, and what is left of today.
#[utoipa::path(
    tag = "client",
    security(("token" = ["own.client"])),
    responses((status = 200, description = "The client", body = OwnClientView))
)]
#[get("/v1/client")]
pub async fn read_own_client(
    access: Access<may::OwnClient>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<OwnClientView>> {
    let tx = access.read(&app).await?;
    let row = store::get(&tx, id(&access)?).await?.ok_or_else(Error::not_found)?;
    let Said { name, kind, limits, .. } = store::said(&row)?;
    let (day, used, resets_in_s) = app.clients.used_today(Key { tenant: tx.tenant(), client: row.id }, &app);
    let left = i64::try_from(limits.per_day).unwrap_or(i64::MAX).saturating_sub(used).max(0);
    Ok(Reply::ok(OwnClientView {
        id: Id::<kind::ApiClient>::from_uuid(row.id).to_string(),
        name,
        kind: ClientKindWord(kind),
        kind_label: say(&kind.words(), context.language),
        scopes: scope_views(&Scope::within(access.principal.permissions), context.language),
        limits: ClientLimits::of(limits),
        today: ClientToday { day, used, left, resets_in_s },
        expires_at: access.expires_at,
    }))
}
