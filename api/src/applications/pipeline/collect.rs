//! The job `application.collect`: one attempt at the data of a round. It ends with all data there, with another attempt
//! later, with the gap named, or with the doubt whether whoever consented may; an application never waits here for ever.

use chrono::Duration;
use domain::applications::action::Action;
use domain::applications::state::{Actor, ApplicationState as S};

use super::{COLLECT, Order, waiting};
use crate::app::App;
use crate::applications::transition;
use crate::data::{self, Collected};
use crate::error::{Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue_at, finish};

/// Failures of our own (not of a source) after which the application goes on to an officer without the data.
const FAILURES_MAX: i32 = 5;
/// What the gap is called where no authorisation is in force any more.
const CONSENT: &str = "数据授权（已撤回或过期）";
/// What the gap is called where collecting itself failed.
const FAILED: &str = "全部数据来源（采集未能完成）";

/// Collects.
///
/// # Errors
/// If the database or the storage fails; then the same attempt is run again.
pub async fn collect(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = open(app, job, false).await?;
    let order: Order = job.payload(&tx)?;
    let case = waiting_unlocked(&tx, order).await?;
    tx.commit_bookkeeping().await?;
    if !case {
        return Ok(Outcome::Done);
    }
    let collected = data::collect_round(app, job.tenant, order.application, order.round, job).await;
    let action = match collected {
        Ok(Collected::Again { wait_s }) => return again(app, job, order, wait_s).await.map_err(JobError::from),
        Ok(Collected::Complete { absent }) => Action::Collected { absent },
        Ok(Collected::Gap { missing }) if missing.is_empty() => gap(FAILED),
        Ok(Collected::Gap { missing }) => Action::CollectionGap { sources: missing },
        Ok(Collected::ConsentEnded) => gap(CONSENT),
        Ok(Collected::Doubted { doubt }) => Action::EntitlementDoubted { doubt },
        Err(error) if job.attempt < FAILURES_MAX => return Err(error.into()),
        Err(error) => {
            tracing::error!(job = %job.id, cause = %error, "collecting failed for good; an officer goes on without it");
            gap(FAILED)
        }
    };
    Ok(move_on(app, job, order, &action).await?)
}

fn gap(source: &str) -> Action {
    Action::CollectionGap { sources: vec![source.to_owned()] }
}

async fn open(app: &App, job: &Job, writes: bool) -> Result<TenantTx> {
    system_tx(app, job.tenant, &job.id.to_string(), writes).await
}

async fn waiting_unlocked(tx: &TenantTx, order: Order) -> Result<bool> {
    let row = crate::applications::store::find(tx, order.application).await?;
    Ok(row.is_some_and(|row| row.state == S::Collecting.code() && row.round == order.round))
}

async fn again(app: &App, job: &Job, order: Order, wait_s: i64) -> Result<Outcome> {
    let tx = open(app, job, true).await?;
    enqueue_at(&tx, COLLECT, &order, tx.now() + Duration::seconds(wait_s.clamp(0, 86_400))).await?;
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

async fn move_on(app: &App, job: &Job, order: Order, action: &Action) -> Result<Outcome, Error> {
    let tx = open(app, job, true).await?;
    let Some(mut case) = waiting(&tx, order, S::Collecting).await? else {
        return Ok(Outcome::Done);
    };
    let act = transition::perform(&tx, &mut case, action, &Actor::system()).await?;
    finish(&tx, job).await?;
    tx.commit(act).await?;
    app.jobs_wake.notify_waiters();
    Ok(Outcome::Finished)
}
