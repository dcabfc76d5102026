//! `POST /v1/customers/{id}/shares`: lets a channel look at a customer's record that is not its own.

use actix_web::{HttpResponse, post, web::Data};
use domain::customers::{NewShare as Judged, ShareFault};
use domain::id::{Id, kind};
use domain::time::TenantZone;

use super::form::NewShare;
use super::store::{self, Fresh, ShareRow};
use super::view::ShareView;
use crate::app::App;
use crate::customers::channels;
use crate::customers::clients::{scope, store::Row};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, Idempotency, Reply};

/// Most shares of one customer, over time.
const SHARES_MAX: u64 = 1_000;
/// Most characters of a purpose or a document.
const WORDS_CHARS_MAX: usize = 200;

/// Shares a customer's record with a channel, from today on, until it ends or is withdrawn. What the channel sees is
/// masked as for staff, and every look is logged.
#[utoipa::path(
    tag = "shares",
    security(("token" = ["customers.share"])),
    request_body = NewShare,
    responses((status = 201, description = "The share", body = ShareView))
)]
#[post("/v1/customers/{id}/shares")]
pub async fn share_customer(
    access: Access<may::ShareCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    idem: Idempotency,
    Body(body): Body<NewShare>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        // Locked, so that of two who share it with one channel at once one sees the other's.
        let customer = scope::lock(tx, &access.principal, id.uuid()).await?;
        let row = grant(tx, &customer, &body).await?;
        let detail = serde_json::json!({
            "customer": id.0, "channel": body.channel, "purpose": body.purpose, "document": body.document,
            "valid_from": row.valid_from, "valid_to": row.valid_to,
        });
        let act = Act::new("customers.share", "share", row.id).detail(detail);
        let location = format!("/v1/customers/{}/shares", Id::<kind::Customer>::from_uuid(customer.id));
        Ok(Reply::created(location, ShareView::one(tx, &row, context.language).await?).version(1).done(act))
    })
    .await
}

async fn grant(tx: &TenantTx, customer: &Row, typed: &NewShare) -> Result<ShareRow> {
    let mut checks = Checks::new();
    let purpose = checks.line("/purpose", &typed.purpose, WORDS_CHARS_MAX);
    let document = checks.maybe_line("/document", typed.document.as_deref().unwrap_or_default(), WORDS_CHARS_MAX);
    let (channel, today) = (typed.channel.uuid(), TenantZone::default().date_of(tx.now()));
    let Some(channel_active) = channels::lock_active(tx, channel).await? else {
        checks.problem("/channel", "unknown", "没有这个渠道", "there is no such channel");
        return Err(checks.refuse());
    };
    let judged = Judged {
        valid_from: today,
        valid_to: typed.valid_to,
        own: customer.channel_id == Some(channel),
        channel_active,
        shared_already: !store::with_channel(tx, channel, &[customer.id], today).await?.is_empty(),
    };
    for fault in judged.faults() {
        let pointer = if fault == ShareFault::Period { "/valid_to" } else { "/channel" };
        let words = fault.words();
        checks.problem(pointer, fault.code(), words.zh, words.en);
    }
    checks.done()?;
    if store::count(tx, customer.id).await? >= SHARES_MAX {
        return Err(Error::new(Code::TooManyItems));
    }
    let document = Some(document.as_str()).filter(|text| !text.is_empty());
    let (valid_from, valid_to) = (today, typed.valid_to);
    store::insert(tx, &Fresh { customer: customer.id, channel, purpose: &purpose, document, valid_from, valid_to })
        .await
}
