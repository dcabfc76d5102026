//! `GET /v1/sharing-agreements`: every agreement that was entered, newest first, with what became of it.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, Filter};
use super::view::{self, AgreementView};
use crate::app::App;
use crate::error::Result;
use crate::limits::proposal::{ProposalState, Viewer};
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which agreements are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgreementListQuery {
    /// Only those in this state.
    #[param(inline)]
    pub state: Option<ProposalState>,
    /// Only those with this bank.
    #[param(value_type = Option<String>, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub bank_id: Option<Id<kind::Customer>>,
    /// Only those for this product.
    #[param(value_type = Option<String>, example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product_id: Option<Id<kind::Product>>,
    /// Only those whose dates cover this day.
    #[param(example = "2026-11-22")]
    pub day: Option<NaiveDate>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// The firm's sharing agreements, newest first.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(AgreementListQuery),
    responses((status = 200, description = "A page of agreements", body = Page<AgreementView>))
)]
#[get("/v1/sharing-agreements")]
pub async fn list_sharing_agreements(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<AgreementListQuery>,
) -> Result<Reply<Page<AgreementView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let filter = Filter {
        state: query.state,
        bank: query.bank_id.map(|id| id.uuid()),
        product: query.product_id.map(|id| id.uuid()),
        on: query.day,
    };
    let tx = access.read(&app).await?;
    let page = cursor.page(store::page(&tx, &filter, &cursor).await?, |row| row.id, Ok)?;
    let items = view::agreements(&tx, page.items, Viewer::of(&access)).await?;
    Ok(Reply::ok(Page { items, next: page.next }))
}
