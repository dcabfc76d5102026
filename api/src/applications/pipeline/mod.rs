//! What happens to an application by itself: its data is collected, it is scored, an officer gets it. Each step is a job
//! that ends in the transaction of its effect, so that a step happens once however often a worker dies.

mod assign;
mod collect;
mod screen;

pub use collect::collect;
pub use screen::screen;

pub(super) use assign::department;

use domain::applications::state::ApplicationState as S;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::case::Case;
use super::store;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::jobs::enqueue;

/// The kind of job that collects one round's data.
pub const COLLECT: &str = "application.collect";
/// The kind of job that scores an application.
pub const SCREEN: &str = "application.screen";

/// What such a job is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Order {
    application: Uuid,
    round: i32,
}

/// Sets in motion what an application waits for in its present state.
pub(super) async fn follow(tx: &TenantTx, case: &mut Case) -> Result<()> {
    let order = Order { application: case.id(), round: case.row.round };
    match case.facts.state {
        S::Collecting => enqueue(tx, COLLECT, &order).await.map(drop),
        S::Screening => enqueue(tx, SCREEN, &order).await.map(drop),
        S::Assigning => assign::assign(tx, case).await,
        _ => Ok(()),
    }
}

/// The application that a job is about, locked, if it still waits for just this job: the applicant may have withdrawn it
/// meanwhile, or somebody sent it elsewhere.
async fn waiting(tx: &TenantTx, order: Order, state: S) -> Result<Option<Case>> {
    match store::lock(tx, order.application).await? {
        Some(row) if row.state == state.code() && row.round == order.round => Ok(Some(Case::open(tx, row).await?)),
        _ => Ok(None),
    }
}
