//! `GET /v1/customers/{id}/accesses`: who of which channel looked at a record, when and under which share.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, AccessRow};
use crate::app::App;
use crate::customers::channels;
use crate::customers::clients::scope;
use crate::customers::words::{ChannelBrief, ColleagueBrief};
use crate::error::Result;
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Page, PageParams, Params, Reply};

/// One look at a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerAccessView {
    /// When.
    pub at: DateTime<Utc>,
    /// From which channel.
    pub channel: ChannelBrief,
    /// Who.
    pub staff: Option<ColleagueBrief>,
    /// Under which share; none where the customer was the channel's own.
    #[schema(example = "shr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub share: Option<String>,
    /// The request, as the audit log has it.
    #[schema(example = "01930c3e8f7a7c1e9d0b5a4f3e2d1c0b")]
    pub request_id: String,
}

/// Looks at a customer's record by channels, the latest first.
#[utoipa::path(
    tag = "shares",
    security(("token" = ["customers.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of looks", body = Page<CustomerAccessView>))
)]
#[get("/v1/customers/{id}/accesses")]
pub async fn list_accesses(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    id: At<kind::Customer>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<CustomerAccessView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let customer = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = store::looks(&tx, customer.id, cursor).await?;
    let staff: Vec<Uuid> = rows.iter().map(|row| row.staff_id).collect();
    let staff = people::staff_brief(&tx, &staff).await?;
    let names: Vec<Uuid> = rows.iter().map(|row| row.channel_id).collect();
    let names = channels::names(&tx, &names).await?;
    let view = |row: AccessRow| {
        Ok(CustomerAccessView {
            at: row.at,
            channel: ChannelBrief::of(row.channel_id, &names),
            staff: ColleagueBrief::of(row.staff_id, &staff),
            share: row.share_id.map(|id| Id::<kind::Share>::from_uuid(id).to_string()),
            request_id: row.request_id,
        })
    };
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}
