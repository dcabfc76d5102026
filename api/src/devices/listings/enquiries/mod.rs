//! Enquiries 询盘: applicants ask about offers, owners or staff answer. What they write is sealed; who asks sees their own,
//! the seller's side sees those about theirs.

mod answer;
mod ask;
mod close;
mod list;
mod store;
mod tell;
mod view;

use domain::devices::listing::EnquiryState;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::store::EnquiryRow;
use super::act::By;
use super::store::{self as listings, ListingRow};
use crate::devices::equipment::store::{Row as Machine, lock_any};
use crate::devices::equipment::words::known;
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ask::ask_about_offer)
        .service(list::list_enquiries)
        .service(list::list_my_listing_enquiries)
        .service(list::list_my_enquiries)
        .service(answer::answer_enquiry)
        .service(answer::answer_my_enquiry)
        .service(close::close_enquiry)
        .service(close::close_my_enquiry);
}

/// An enquiry with its listing and machine, all locked: the machine first, as by everybody who moves a listing. Without `by`
/// it is for whoever asked, who need not reach the machine.
async fn lock(tx: &TenantTx, by: Option<By<'_>>, id: Uuid) -> Result<(EnquiryRow, ListingRow, Machine)> {
    let row = store::get(tx, id).await?.ok_or_else(Error::not_found)?;
    let (listing, machine) = match by {
        Some(by) => by.lock(tx, row.listing_id).await?,
        None => {
            let listing = known(listings::get(tx, row.listing_id).await?)?;
            let machine = known(lock_any(tx, listing.equipment_id).await?)?;
            (known(listings::lock(tx, listing.id).await?)?, machine)
        }
    };
    let row = store::lock(tx, id).await?.ok_or_else(Error::not_found)?;
    Ok((row, listing, machine))
}

/// An enquiry about this listing with where it stands, locked; none where it is about none or another.
pub(super) async fn lock_state(tx: &TenantTx, listing: Uuid, id: Uuid) -> Result<Option<(Uuid, EnquiryState)>> {
    let Some(row) = store::lock(tx, id).await?.filter(|row| row.listing_id == listing) else { return Ok(None) };
    Ok(Some((row.id, known(EnquiryState::from_code(&row.state))?)))
}
