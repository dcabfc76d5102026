//! The firm's dated parameters: entered by finance, approved by another, never changed. The door for the ledger is
//! [`approved`].

mod approve;
mod check;
mod decide;
mod in_force;
mod list;
mod propose;
mod read;
mod reject;
mod store;
mod subject;
mod value;
mod view;
mod withdraw;

use chrono::NaiveDate;
use domain::limits::parameters::{self, Parameter, ParameterValue, Verdict};
use domain::money::Fen;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(propose::propose_parameter)
        .service(list::list_parameters)
        // before the one by id, whose place it would otherwise be
        .service(in_force::read_parameters_in_force)
        .service(read::read_parameter)
        .service(approve::approve_parameter)
        .service(reject::reject_parameter)
        .service(withdraw::withdraw_parameter);
}

/// Of every key the approved parameter that holds on a day, by key, for the functions of `domain::limits::parameters`
/// asked about that day. One statement.
///
/// # Errors
/// If the database fails.
pub(in crate::limits) async fn approved(tx: &TenantTx, day: NaiveDate) -> Result<Vec<Parameter>> {
    store::in_force(tx, day, None).await?.iter().map(store::parameter).collect()
}

/// Net assets that a firm begins with, entered by one and approved by another.
pub struct FirstNetAssets<'a> {
    /// How much.
    pub amount: Fen,
    /// The first day on which they hold.
    pub from: NaiveDate,
    /// Where the figure comes from.
    pub source: &'a str,
    /// Who entered it.
    pub entered_by: Uuid,
    /// Who approved it.
    pub approved_by: Uuid,
}

/// Enters and approves net assets without HTTP, by the same rules. Audit is the caller's.
///
/// # Errors
/// Where one person is both, or the database fails.
pub async fn begin_with(tx: &TenantTx, first: &FirstNetAssets<'_>) -> Result<()> {
    let value = ParameterValue::NetAssets { amount: first.amount };
    let entered = parameters::propose(Uuid::now_v7(), value, first.from, first.entered_by).map_err(Error::internal)?;
    let row = store::insert(tx, &entered, first.source).await?;
    let approved =
        parameters::decide(&entered, Verdict::Approve, first.approved_by, tx.now()).map_err(Error::internal)?;
    store::decide(tx, row, &approved).await?;
    Ok(())
}
