//! Who has their data erased asks for nothing else any more: what is not decided is withdrawn first, as if they had done it
//! themselves, so that nobody goes on working on it.

use domain::applications::action::Action;
use domain::applications::state::{Actor, ApplicationState as S};
use uuid::Uuid;

use super::discard;
use crate::applications::case::Case;
use crate::applications::{store, transition};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// Withdraws an application that is not decided yet; says whether there was anything to withdraw.
///
/// # Errors
/// `not_found`, or a failing database.
pub async fn withdraw_undecided(tx: &TenantTx, application: Uuid) -> Result<bool> {
    let row = store::lock(tx, application).await?.ok_or_else(Error::not_found)?;
    let mut case = Case::open(tx, row).await?;
    if case.facts.state.is_final() {
        return Ok(false);
    }
    let actor = Actor::applicant(case.row.applicant_id);
    if case.facts.state == S::Draft {
        discard::discard(tx, &mut case, None).await?;
    } else {
        transition::perform(tx, &mut case, &Action::Withdraw { reason: None }, &actor).await?;
    }
    Ok(true)
}
