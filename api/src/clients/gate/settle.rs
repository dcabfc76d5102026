//! Writing down what was counted, once a second and apart from any answer: a database that is slow or away makes the counts late,
//! and no client wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use chrono::NaiveDate;
use uuid::Uuid;

use super::book::Taken;
use crate::app::App;
use crate::clients::store::{days, requests};
use crate::error::Result;
use crate::platform::access::system_tx;

/// How often it is written down. So much, and what a client may ask in it, a day's quota can be overshot by for each replica more
/// than one; and so much of the counts is lost with a process that is killed.
const AGAIN: Duration = Duration::from_secs(1);
/// Under which name it is done.
const BY: &str = "clients.settle";

/// Writes down what was counted so far. What cannot be written now is kept for the next time.
pub async fn settle(app: &App) {
    let _one = app.clients.settling.lock().await;
    let taken = app.clients.book().take();
    for (tenant, taken) in taken {
        match write(app, tenant, &taken).await {
            Ok(totals) => app.clients.book().landed(tenant, &totals),
            Err(error) => {
                tracing::warn!(cause = %error, tenant = %tenant.simple(), "use of clients could not be written down");
                let lost = app.clients.book().came_back(tenant, taken);
                metrics::counter!("zhidan_client_log_dropped_total").increment(lost as u64);
            }
        }
    }
}

/// Writes what was counted of one firm, in the order of its clients, as every process does.
async fn write(app: &App, tenant: Uuid, taken: &Taken) -> Result<Vec<(Uuid, NaiveDate, i64)>> {
    let tx = system_tx(app, tenant, BY, true).await?;
    let mut totals = Vec::with_capacity(taken.days.len());
    for ((client, day), counts) in &taken.days {
        totals.push((*client, *day, days::add(&tx, *client, *day, counts).await?));
    }
    requests::add(&tx, &taken.lines).await?;
    tx.commit_bookkeeping().await?;
    Ok(totals)
}

/// Writes down what was counted every second, until it is told to stop; whoever stops it writes down the rest.
pub fn start_settling(app: &App, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (app, stop) = (app.clone(), Arc::clone(stop));
    actix_web::rt::spawn(async move {
        let mut tick = tokio::time::interval(AGAIN);
        while !stop.load(Ordering::Relaxed) {
            tick.tick().await;
            settle(&app).await;
        }
    })
}
