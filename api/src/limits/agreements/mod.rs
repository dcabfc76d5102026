//! Sharing agreements: who bears the loss, from when to when, entered by one and approved by another. The door for the
//! ledger is [`agreement_for`].

mod approve;
mod decide;
mod end;
mod in_force;
mod list;
mod propose;
mod read;
mod reject;
mod store;
mod view;
mod withdraw;

use chrono::NaiveDate;
use domain::limits::sharing::Agreement;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(propose::propose_sharing_agreement)
        .service(list::list_sharing_agreements)
        // before the one by id, whose place it would otherwise be
        .service(in_force::read_shares_in_force)
        .service(read::read_sharing_agreement)
        .service(approve::approve_sharing_agreement)
        .service(reject::reject_sharing_agreement)
        .service(withdraw::withdraw_sharing_agreement)
        .service(end::end_sharing_agreement);
}

/// The approved agreement that holds for a drawdown on a day, the most exact one: of bank and product, of the bank, of the
/// product, of neither; of equals the one that began last, and of those the one approved last.
///
/// # Errors
/// If the database fails.
pub(in crate::limits) async fn agreement_for(
    tx: &TenantTx,
    bank: Option<Uuid>,
    product: Uuid,
    day: NaiveDate,
) -> Result<Option<(Uuid, Agreement)>> {
    let found = store::most_exact(tx, bank, product, day).await?;
    found.map(|row| Ok((row.id, store::agreement(&row)?))).transpose()
}
