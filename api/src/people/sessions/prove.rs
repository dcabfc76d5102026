//! `POST /v1/session/proof`: a member of staff proves once more who they are, for what asks it. A wrong try counts as one at
//! logging in does.

use actix_web::{post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{has_password, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::people::credentials::{self, Tried};
use crate::people::{fields, password, second_factor, staff};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, Reply};

/// What proves somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The password.
    #[schema(example = "correct horse battery", min_length = 1, max_length = 128)]
    pub password: String,
    /// Where there is a second factor: the six digits that the app shows, or a recovery code.
    #[serde(default)]
    #[schema(example = "287082", max_length = 20)]
    pub code: Option<String>,
}

/// Proves who the caller is; it holds for fifteen minutes of this log-in.
#[utoipa::path(
    tag = "session",
    security(("token" = ["session"])),
    request_body = Proof,
    responses((status = 204, description = "Proven"))
)]
#[post("/v1/session/proof")]
pub async fn prove(access: Access<may::KeepSession>, app: Data<App>, Body(body): Body<Proof>) -> Result<Reply<()>> {
    let who = access.principal;
    has_password(&who)?;
    let mut checks = Checks::new();
    if body.password.is_empty() || body.password.chars().nth(password::CHARS_MAX).is_some() {
        checks.problem("/password", "length", "应为1至128个字符", "has 1 to 128 characters");
    }
    second_factor::check(&mut checks, body.code.as_deref());
    checks.done()?;
    let tx = access.read(&app).await?;
    let stored = staff::store::find(&tx, who.id).await?.ok_or_else(Error::not_found)?.password_hash;
    drop(tx);
    let right = password::verify(&app, body.password, stored.clone()).await?;
    let tx = access.begin(&app).await?;
    let code = body.code.as_deref();
    let (tried, _) = credentials::count_both(&tx, who.id, stored.as_deref(), right, code).await?;
    match tried {
        Tried::Right => {
            store::prove(&tx, who.session).await?;
            tx.commit(Act::new("session.prove", "session", who.session)).await?;
            Ok(Reply::ok(()))
        }
        tried => {
            tx.commit_bookkeeping().await?;
            // Not 401, which would tell a client that its token had ended.
            Err(match tried {
                Tried::Locked(error) => error,
                Tried::Unfinished => {
                    let (zh, en) = ("请填写动态口令或恢复码", "give the app's code, or a recovery code");
                    fields::one("/code", "second_factor_needed", zh, en)
                }
                _ if right => fields::one(
                    "/code",
                    "wrong_second_factor",
                    "动态口令不正确或已使用过",
                    "the code does not fit or was used before",
                ),
                _ => fields::one("/password", "wrong_password", "密码不正确", "this is not the password"),
            })
        }
    }
}
