//! `GET /v1/deliveries` and `POST /v1/deliveries/{id}/retry`: how every SMS and mail went, within the caller's data scope.
//! They stand in this area because only here it is known which applications somebody sees.

use actix_web::{HttpResponse, get, post, web::Data};
use domain::id::kind;

use super::scope;
use crate::app::App;
use crate::applications::store;
use crate::error::Result;
use crate::messages::{self, DeliveryQuery, DeliveryView};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Idempotency, Page, Params, Reply};

/// SMS and mails, newest first, as far as the caller's data scope reaches: what is about no application is for those who
/// see the whole firm.
#[utoipa::path(
    tag = "messages",
    security(("token" = ["deliveries.read"])),
    params(DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryView>))
)]
#[get("/v1/deliveries")]
pub async fn list_deliveries(
    access: Access<may::ReadDeliveries>,
    app: Data<App>,
    Params(query): Params<DeliveryQuery>,
) -> Result<Reply<Page<DeliveryView>>> {
    let tx = access.read(&app).await?;
    let within = store::deliveries_within(&tx, &scope::of(&tx, &access.principal).await?);
    Ok(Reply::ok(messages::deliveries(&tx, &query, within).await?))
}

/// Queues a failed delivery again.
#[utoipa::path(
    tag = "messages",
    security(("token" = ["templates.manage"])),
    responses((status = 202, description = "Queued again", body = DeliveryView))
)]
#[post("/v1/deliveries/{id}/retry")]
pub async fn retry_delivery(
    access: Access<may::ManageTemplates>,
    app: Data<App>,
    at: At<kind::Delivery>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let within = store::deliveries_within(tx, &scope::of(tx, &access.principal).await?);
        let (view, act) = messages::retry(tx, at.uuid(), within).await?;
        Ok(Reply::accepted(view).done(act))
    })
    .await
}
