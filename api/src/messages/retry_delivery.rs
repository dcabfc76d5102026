//! `POST /v1/deliveries/{id}/retry`: after the cause of a failure is mended (a template approved, an account paid), staff
//! send the same message again.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;

use super::tell::{CONTENT_PLACE, Content, Deliver};
use super::view::{self, DeliveryView};
use super::{DELIVER, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Idempotency, Reply};
use crate::platform::jobs;

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
        let mut row = store::lock_delivery(tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
        check(tx, &row)?;
        let detail = serde_json::json!({ "event": row.event, "attempts": row.attempts, "error": row.error });
        row.state = "queued".to_owned();
        row.error = None;
        row.ended_at = None;
        store::change_delivery(tx, &row).await?;
        jobs::enqueue(tx, DELIVER, &Deliver { delivery: row.id, counted: false }).await?;
        let act = Act::new("delivery.retry", "delivery", row.id).detail(detail);
        Ok(Reply::accepted(view::delivery(tx, row)).done(act))
    })
    .await
}

fn check(tx: &TenantTx, row: &store::DeliveryRow) -> Result<()> {
    if row.state != "failed" {
        return Err(Error::new(Code::IllegalTransition)
            .detail("只有发送失败的消息可以重发。", "Only a delivery that failed can be sent again.")
            .current(serde_json::json!({ "state": row.state })));
    }
    let usable = |content: Content| content.not_after.is_none_or(|end| tx.now() < end);
    let content = tx.open_json::<Content>(CONTENT_PLACE, row.id, &row.content_sealed);
    if !content.is_ok_and(usable) {
        return Err(Error::new(Code::IllegalTransition).detail(
            "其中的验证码或链接已失效，请让对方重新获取。",
            "Its code or link no longer works; the receiver asks for a new one.",
        ));
    }
    Ok(())
}
