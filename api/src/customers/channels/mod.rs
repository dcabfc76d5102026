//! Channels: parties inside the firm (a branch, a bank, a partner) whose people log in as the firm's staff.

mod change;
mod create;
mod form;
mod list;
mod members;
mod store;
mod view;

pub(super) use store::{is_active, lock_active, member_channel, names};

use domain::customers::ChannelKind;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_channels)
        .service(list::list_channel_places)
        .service(list::read_channel)
        .service(create::create_channel)
        .service(change::change_channel)
        .service(members::list_channel_members)
        .service(members::add_channel_member)
        .service(members::remove_channel_member);
}

/// The channel that the caller belongs to, which works.
///
/// # Errors
/// `no_channel`, or a failing database.
pub(super) async fn own_channel(tx: &TenantTx, who: &Principal) -> Result<Uuid> {
    member_channel(tx, who.id).await?.ok_or_else(|| Error::new(Code::NoChannel))
}

/// Adds a channel with one member on behalf of the product itself. Audit is the caller's.
///
/// # Errors
/// `name_taken`, or a failing database.
pub async fn add_channel(tx: &TenantTx, name: &str, kind: ChannelKind, member: Uuid) -> Result<Uuid> {
    let row = store::insert(tx, name, kind).await?;
    store::add_member(tx, row.id, member).await?;
    Ok(row.id)
}
