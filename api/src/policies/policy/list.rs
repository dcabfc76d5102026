//! `GET /v1/policies`: all policies, drafts included, newest first.

use actix_web::{get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::publication::Publication;
use super::super::{store, view, view::PolicyCard};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which policies are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PolicyListQuery {
    /// Only those in this state.
    #[param(inline)]
    pub status: Option<Publication>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// The firm's policies, drafts included.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    params(PolicyListQuery),
    responses((status = 200, description = "A page of policies", body = Page<PolicyCard>))
)]
#[get("/v1/policies")]
pub async fn list_policies(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    Params(query): Params<PolicyListQuery>,
) -> Result<Reply<Page<PolicyCard>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let rows = store::policies(&tx, query.status, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(view::policy_card(row)))?))
}
