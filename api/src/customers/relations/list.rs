//! `GET /v1/customers/{id}/relations`: how a customer is and was related.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store;
use super::view::{About, RelationView};
use crate::app::App;
use crate::customers::clients::scope;
use crate::customers::plausible_day;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Cursor, Page, Params, Reply};

/// Which relations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RelationsQuery {
    /// Only those that hold on this day.
    #[param(example = "2026-06-30")]
    day: Option<NaiveDate>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// A customer's relations, the latest recorded first, those that ended too.
#[utoipa::path(
    tag = "relations",
    security(("token" = ["customers.read"])),
    params(RelationsQuery),
    responses((status = 200, description = "A page of relations", body = Page<RelationView>))
)]
#[get("/v1/customers/{id}/relations")]
pub async fn list_relations(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    Params(query): Params<RelationsQuery>,
) -> Result<Reply<Page<RelationView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let day = query.day.map(plausible_day).transpose()?;
    let tx = access.read(&app).await?;
    let customer = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = store::page(&tx, customer.id, day, cursor).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| RelationView::of(&tx, &row, &about))?))
}
