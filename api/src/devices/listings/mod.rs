//! Circulation 设备流转 (R10.4): machines that are offered, supported by their score, their use and what they are worth. The
//! domain's table says which step leads where and who may take it; a machine that secures a guarantee is offered to nobody.

mod act;
mod change;
mod create;
mod enquiries;
mod form;
mod list;
mod offers;
mod publish;
mod read;
mod redraft;
mod release;
mod reserve;
mod sell;
mod store;
mod view;
mod withdraw;

pub(in crate::devices) use store::has_open;
pub(in crate::devices) use view::{ListingBrief, open_brief};

use chrono::Duration;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// How far back offers in vain count, days.
const UNSOLD_LOOK_BACK_DAYS: i64 = 365;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_listings)
        .service(list::list_my_listings)
        .service(create::create_listing)
        .service(create::create_my_listing)
        .service(read::read_listing)
        .service(read::read_my_listing)
        .service(change::change_listing)
        .service(change::change_my_listing)
        .service(publish::publish_listing)
        .service(publish::publish_my_listing)
        .service(reserve::reserve_listing)
        .service(reserve::reserve_my_listing)
        .service(release::release_listing)
        .service(release::release_my_listing)
        .service(sell::sell_listing)
        .service(withdraw::withdraw_listing)
        .service(withdraw::withdraw_my_listing)
        .service(redraft::redraft_listing)
        .service(redraft::redraft_my_listing)
        .service(offers::list_offers)
        .service(offers::read_offer)
        .configure(enquiries::routes);
}

/// Days of the past year on which a machine was offered and not sold; none if it never was.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn unsold_days(tx: &TenantTx, equipment: Uuid) -> Result<Option<u32>> {
    let since = tx.now() - Duration::days(UNSOLD_LOOK_BACK_DAYS);
    let times = store::offered(tx, equipment).await?;
    if times.is_empty() {
        return Ok(None);
    }
    let days = times.iter().map(|(from, to)| (to.unwrap_or(tx.now()) - (*from).max(since)).num_days().max(0));
    Ok(Some(u32::try_from(days.sum::<i64>()).unwrap_or(u32::MAX)))
}
