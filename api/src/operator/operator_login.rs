//! `POST /v1/platform/sessions`: the operator's key becomes a short-lived access token.

use actix_web::{post, web::Data};
use domain::access::{DataScope, OPERATOR, PermissionSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::Principal;
use crate::platform::db::ActorKind;
use crate::platform::http::{Body, Context, Reply};

/// The operator's key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorLogin {
    /// As in the setting `ZHIDAN_OPERATOR_KEY`, or the file `operator.key` under the data folder.
    #[schema(min_length = 1, max_length = 256)]
    pub operator_key: String,
}

/// The operator's log-in; there is no refresh token, the key is presented again.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperatorSession {
    /// For the `Authorization` header.
    pub access_token: String,
    /// Seconds until it ends.
    #[schema(example = 600)]
    pub expires_in_s: i64,
}

/// Logs the operator in.
#[utoipa::path(
    tag = "platform",
    request_body = OperatorLogin,
    responses(
        (status = 200, description = "Logged in", body = OperatorSession),
        (status = 401, description = "The key is not right", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/platform/sessions")]
pub async fn operator_login(
    app: Data<App>,
    from: Context,
    Body(body): Body<OperatorLogin>,
) -> Result<Reply<OperatorSession>> {
    app.throttle.login(&app, from.from).await?;
    let expected = app.config.operator_key.reveal();
    if expected.is_empty() || !same(&body.operator_key, expected) {
        tracing::warn!(request_id = %from.request_id, "a wrong operator key was tried");
        return Err(Error::new(Code::Unauthenticated).detail("密钥不正确。", "The key is not right."));
    }
    let principal = Principal {
        kind: ActorKind::Operator,
        id: Uuid::nil(),
        tenant: Uuid::nil(),
        session: Uuid::now_v7(),
        permissions: PermissionSet::of(&OPERATOR),
        scope: DataScope::Own,
        department: None,
    };
    let issued = app.tokens.issue(&principal, app.clock.now())?;
    Ok(Reply::ok(OperatorSession { access_token: issued.token, expires_in_s: issued.expires_in_s }))
}

/// Compares by hash, so that the time tells neither the length nor a beginning that fits.
fn same(offered: &str, expected: &str) -> bool {
    let (offered, expected) = (Sha256::digest(offered.trim()), Sha256::digest(expected.trim()));
    aws_lc_rs::constant_time::verify_slices_are_equal(&offered, &expected).is_ok()
}
