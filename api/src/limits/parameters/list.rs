//! `GET /v1/parameters`: every parameter that was entered, newest first, with what became of it.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, Filter};
use super::subject::key_filter;
use super::view::{self, ParameterView};
use crate::app::App;
use crate::error::Result;
use crate::limits::proposal::{ProposalState, Viewer};
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which parameters are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ParameterListQuery {
    /// Only those of this key, as a parameter shows it; `ceiling` for all ceilings.
    #[param(max_length = 100, example = "net_assets")]
    pub key: Option<String>,
    /// Only those in this state.
    #[param(inline)]
    pub state: Option<ProposalState>,
    /// Only those that begin on or before this day.
    #[param(example = "2026-11-22")]
    pub day: Option<NaiveDate>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// The firm's parameters, newest first.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(ParameterListQuery),
    responses((status = 200, description = "A page of parameters", body = Page<ParameterView>))
)]
#[get("/v1/parameters")]
pub async fn list_parameters(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<ParameterListQuery>,
) -> Result<Reply<Page<ParameterView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let key = query.key.as_deref().map(key_filter).transpose()?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, &Filter { key, state: query.state, begun_by: query.day }, &cursor).await?;
    let page = cursor.page(rows, |row| row.id, Ok)?;
    let items = view::parameters(&tx, page.items, Viewer::of(&access)).await?;
    Ok(Reply::ok(Page { items, next: page.next }))
}
