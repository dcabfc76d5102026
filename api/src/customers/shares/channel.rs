//! `/v1/channel/customers`: what a channel's people see and put on record. A look is logged in the transaction that shows
//! the record, so that there is none without its line.

use actix_web::{HttpResponse, get, post, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use domain::time::TenantZone;
use uuid::Uuid;

use super::channel_view::{ChannelCustomerEntry, ChannelCustomerView};
use super::form::NewChannelCustomer;
use super::store;
use crate::app::App;
use crate::customers::channels::own_channel;
use crate::customers::clients;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, Page, PageParams, Params, Reply};

fn today(tx: &TenantTx) -> NaiveDate {
    TenantZone::default().date_of(tx.now())
}

/// The caller's channel's own customers, and those shared with it and in force.
#[utoipa::path(
    tag = "channel",
    security(("token" = ["channel.customers"])),
    params(PageParams),
    responses((status = 200, description = "A page of customers, oldest record first", body = Page<ChannelCustomerEntry>))
)]
#[get("/v1/channel/customers")]
pub async fn list_channel_customers(
    access: Access<may::ChannelCustomers>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ChannelCustomerEntry>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let channel = own_channel(&tx, &access.principal).await?;
    let rows = store::seen_page(&tx, channel, today(&tx), cursor).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let shares = store::with_channel(&tx, channel, &ids, today(&tx)).await?;
    let view = |row: clients::store::Row| {
        let own = row.channel_id == Some(channel);
        let share = shares.iter().find(|share| !own && share.customer_id == row.id);
        ChannelCustomerEntry::of(&tx, &row, share)
    };
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}

/// One customer of the caller's channel, or shared with it. The look is logged.
#[utoipa::path(
    tag = "channel",
    security(("token" = ["channel.customers"])),
    responses((status = 200, description = "The customer, of persons masked", body = ChannelCustomerView))
)]
#[get("/v1/channel/customers/{id}")]
pub async fn read_channel_customer(
    access: Access<may::ChannelCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
) -> Result<Reply<ChannelCustomerView>> {
    let tx = access.begin(&app).await?;
    let channel = own_channel(&tx, &access.principal).await?;
    let row = store::seen(&tx, channel, today(&tx), id.uuid()).await?.ok_or_else(Error::not_found)?;
    let own = row.channel_id == Some(channel);
    let share = store::with_channel(&tx, channel, &[row.id], today(&tx)).await?.into_iter().find(|_| !own);
    if !own && share.is_none() {
        // Withdrawn between the two statements.
        return Err(Error::not_found());
    }
    let view = ChannelCustomerView::of(&tx, &row, share.as_ref(), context.language)?;
    let under = share.map(|share| share.id);
    store::log(&tx, row.id, channel, under).await?;
    let detail = serde_json::json!({ "channel": channel, "share": under });
    tx.commit(Act::new("channel.read_customer", "customer", row.id).detail(detail)).await?;
    Ok(Reply::ok(view))
}

/// Puts a customer on record as the channel's own.
#[utoipa::path(
    tag = "channel",
    security(("token" = ["channel.customers"])),
    request_body = NewChannelCustomer,
    responses((status = 201, description = "The customer, of persons masked", body = ChannelCustomerView))
)]
#[post("/v1/channel/customers")]
pub async fn create_channel_customer(
    access: Access<may::ChannelCustomers>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewChannelCustomer>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let channel = own_channel(tx, &access.principal).await?;
        let (row, fields) = clients::of_channel(tx, &access.principal, channel, &body.as_typed()).await?;
        let location = format!("/v1/channel/customers/{}", Id::<kind::Customer>::from_uuid(row.id));
        let view = ChannelCustomerView::of(tx, &row, None, context.language)?;
        Ok(Reply::created(location, view).done(clients::made(&row, &fields)))
    })
    .await
}
