//! How every SMS and mail went, failures above all, and once more for one that failed: after its cause is mended (a
//! template approved, an account paid) the same message is sent again. The routes belong to the applications area, since
//! who may see a delivery follows from the application that it is about.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::DELIVER;
use super::store::{self, DeliveryRow, Within};
use super::tell::{CONTENT_PLACE, Content, Deliver};
use super::view::{self, DeliveryState, DeliveryView};
use crate::error::{Code, Error, Result};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Cursor, Page};
use crate::platform::jobs;

/// By SMS or by mail.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryChannel {
    /// SMS.
    Sms,
    /// Mail.
    Mail,
}

/// Which deliveries are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// How they stand.
    #[param(inline)]
    pub state: Option<DeliveryState>,
    /// How they travel.
    #[param(inline)]
    pub channel: Option<DeliveryChannel>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// A page of deliveries, newest first, as far as `within` reaches.
///
/// # Errors
/// A wrong limit or cursor, or a failing database.
pub async fn deliveries(tx: &TenantTx, query: &DeliveryQuery, within: Within) -> Result<Page<DeliveryView>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let channel = query.channel.map(|channel| match channel {
        DeliveryChannel::Sms => "sms",
        DeliveryChannel::Mail => "mail",
    });
    let rows = store::deliveries(tx, within, (query.state.map(DeliveryState::key), channel), &cursor).await?;
    cursor.page(rows, |row| row.id, |row| Ok(view::delivery(tx, row)))
}

/// Queues a failed delivery again, if `within` reaches it.
///
/// # Errors
/// `not_found`; `illegal_transition` where it did not fail, or says what holds no longer; a failing database.
pub async fn retry(tx: &TenantTx, id: Uuid, within: Within) -> Result<(DeliveryView, Act)> {
    let mut row = store::lock_delivery(tx, within, id).await?.ok_or_else(Error::not_found)?;
    check(tx, &row)?;
    let detail = serde_json::json!({ "event": row.event, "attempts": row.attempts, "error": row.error });
    row.state = "queued".to_owned();
    row.error = None;
    row.ended_at = None;
    store::change_delivery(tx, &row).await?;
    jobs::enqueue(tx, DELIVER, &Deliver { delivery: row.id, counted: false }).await?;
    let act = Act::new("delivery.retry", "delivery", row.id).detail(detail);
    Ok((view::delivery(tx, row), act))
}

fn check(tx: &TenantTx, row: &DeliveryRow) -> Result<()> {
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
