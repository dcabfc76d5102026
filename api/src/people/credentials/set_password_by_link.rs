//! `POST /v1/t/{tenant}/passwords`: sets a password with a one-time link, the first one or a new one.

use actix_web::{post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{former, links, set_password, staff, store};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people::{fields, password, password_rules, sessions};
use crate::platform::access::system_tx;
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Context, Reply, Slug};
use crate::tenants;

/// A link's token and the password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordByLink {
    /// The token in the link.
    #[schema(min_length = 1, max_length = 64)]
    pub token: String,
    /// The password: at least 12 characters, no common one, without the log-in name.
    #[schema(example = "correct horse battery", min_length = 12, max_length = 128)]
    pub password: String,
}

/// Sets a password with a one-time link.
#[utoipa::path(
    tag = "log-in",
    request_body = PasswordByLink,
    responses(
        (status = 204, description = "Set; every log-in of the account has ended"),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json"),
        (status = 410, description = "The link was used or has expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/t/{tenant}/passwords")]
pub async fn set_password_by_link(
    slug: Slug,
    app: Data<App>,
    from: Context,
    Body(body): Body<PasswordByLink>,
) -> Result<Reply<()>> {
    app.throttle.login(&app, from.from).await?;
    if body.token.is_empty() || body.token.chars().nth(links::TOKEN_CHARS_MAX).is_some() {
        return Err(fields::one("/token", "length", "链接不完整，请重新打开", "the link is not whole; open it again"));
    }
    let tenant = tenants::by_slug(&app, &slug.0).await?.id;
    let tx = system_tx(&app, tenant, &from.request_id, false).await?;
    let row = usable(&tx, &body.token, false).await?;
    let before = former::hashes(&tx, row.id, row.password_hash.clone()).await?;
    drop(tx);
    password_rules::check("/password", &body.password, &row.login_name)?;
    former::refuse(&app, "/password", &body.password, before).await?;
    let hash = password::hash(body.password).await?;
    let tx = system_tx(&app, tenant, &from.request_id, true).await?;
    let row = usable(&tx, &body.token, true).await?;
    links::void(&tx, row.id).await?;
    set_password(&tx, row.id, hash).await?;
    let revoked = sessions::end_all(&tx, row.id).await?;
    tx.commit(Act::new("staff.password_set", "staff", row.id)).await?;
    revoked.note(&app);
    Ok(Reply::ok(()))
}

fn used() -> Error {
    Error::new(Code::LinkUsed)
}

/// The member of staff whose link this is, if it still works.
async fn usable(tx: &TenantTx, token: &str, lock: bool) -> Result<staff::StaffRow> {
    let link = store::live_link(tx, links::hash(tx, token), false).await?.ok_or_else(used)?;
    if !lock {
        let row = staff::find(tx, link.staff_id).await?.ok_or_else(used)?;
        return if row.status == "disabled" { Err(used()) } else { Ok(row) };
    }
    // The person before the link, as whoever voids links locks them; the link may have been voided meanwhile.
    let row = staff::lock(tx, link.staff_id).await?.ok_or_else(used)?;
    store::live_link(tx, link.secret_hash, true).await?.ok_or_else(used)?;
    if row.status == "disabled" { Err(used()) } else { Ok(row) }
}
