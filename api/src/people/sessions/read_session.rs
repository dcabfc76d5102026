//! `GET /v1/session`: who the caller is, from the token alone, without asking the database.

use actix_web::get;
use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::ActorKind;
use crate::platform::http::Reply;

/// The caller's log-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// applicant, staff or operator.
    #[schema(example = "staff")]
    pub kind: String,
    /// The account.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: Option<String>,
    /// The firm.
    #[schema(example = "ten_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub tenant: String,
    /// The log-in.
    #[schema(example = "ses_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub session: String,
    /// What the caller may do.
    #[schema(example = json!(["session", "applications.read"]))]
    pub permissions: Vec<String>,
    /// Which rows staff see: own, department, department_tree or all.
    #[schema(example = "department")]
    pub data_scope: Option<String>,
    /// The department of staff.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<String>,
    /// When the access token ends.
    pub expires_at: DateTime<Utc>,
}

/// Who am I, and what may I do.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    responses((status = 200, description = "The log-in that the token speaks for", body = SessionView))
)]
#[get("/v1/session")]
pub async fn read_session(access: Access<may::KeepSession>) -> Result<Reply<SessionView>> {
    let who = &access.principal;
    let is_staff = who.kind == ActorKind::Staff;
    Ok(Reply::ok(SessionView {
        kind: who.kind.key().to_owned(),
        id: person_id(who.kind, who.id),
        tenant: Id::<kind::Tenant>::from_uuid(who.tenant).to_string(),
        session: Id::<kind::Session>::from_uuid(who.session).to_string(),
        permissions: who.permissions.iter().map(|permission| permission.key().to_owned()).collect(),
        data_scope: is_staff.then(|| who.scope.key().to_owned()),
        department: who.department.map(|id| Id::<kind::Department>::from_uuid(id).to_string()),
        expires_at: access.expires_at,
    }))
}

fn person_id(actor: ActorKind, id: Uuid) -> Option<String> {
    match actor {
        ActorKind::Applicant => Some(Id::<kind::Applicant>::from_uuid(id).to_string()),
        ActorKind::Staff => Some(Id::<kind::Staff>::from_uuid(id).to_string()),
        ActorKind::Client => Some(Id::<kind::ApiClient>::from_uuid(id).to_string()),
        ActorKind::Operator | ActorKind::System => None,
    }
}
