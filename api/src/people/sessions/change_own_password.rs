//! `PUT /v1/session/password`: a member of staff changes their own password. Every other log-in of theirs ends.

use actix_web::{put, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use super::has_password;
use super::revoking::end_others;
use crate::app::App;
use crate::error::{Error, Result};
use crate::people::credentials::{self, Tried};
use crate::people::{fields, password, password_rules, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Reply};

/// The password in use and the one to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password in use.
    #[schema(min_length = 1, max_length = 128)]
    pub old_password: String,
    /// The password to come: at least 12 characters, no common one, without the log-in name.
    #[schema(min_length = 12, max_length = 128)]
    pub new_password: String,
}

/// Changes one's own password.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    request_body = PasswordChange,
    responses((status = 204, description = "Changed; all other log-ins have ended"))
)]
#[put("/v1/session/password")]
pub async fn change_own_password(
    access: Access<may::KeepSession>,
    app: Data<App>,
    Body(body): Body<PasswordChange>,
) -> Result<Reply<()>> {
    let who = access.principal;
    has_password(&who)?;
    let tx = access.read(&app).await?;
    let row = staff::store::find(&tx, who.id).await?.ok_or_else(Error::not_found)?;
    let before = credentials::former_hashes(&tx, who.id, None).await?;
    drop(tx);
    if body.new_password == body.old_password {
        let (zh, en) = ("新密码不能与原密码相同", "the new password is the one in use");
        return Err(fields::one("/new_password", "password_same", zh, en));
    }
    password_rules::check("/new_password", &body.new_password, &row.login_name)?;
    let right = password::verify(&app, body.old_password, row.password_hash.clone()).await?;
    let fresh = if right {
        // only who knows the password in use may learn which were used before
        credentials::refuse_former(&app, "/new_password", &body.new_password, before).await?;
        Some(password::hash(body.new_password).await?)
    } else {
        None
    };
    let tx = access.begin(&app).await?;
    let tried = credentials::count(&tx, who.id, row.password_hash.as_deref(), right).await?;
    match (tried, fresh) {
        (Tried::Right, Some(fresh)) => {
            credentials::set_password(&tx, who.id, fresh).await?;
            let revoked = end_others(&tx, who.id, who.session).await?;
            tx.commit(Act::new("staff.password_change", "staff", who.id)).await?;
            revoked.note(&app);
            Ok(Reply::ok(()))
        }
        (Tried::Locked(error), _) => {
            tx.commit_bookkeeping().await?;
            Err(error)
        }
        _ => {
            tx.commit_bookkeeping().await?;
            // Not 401, which would tell a client that its token had ended.
            Err(fields::one("/old_password", "wrong_password", "原密码不正确", "the password in use is not this one"))
        }
    }
}
