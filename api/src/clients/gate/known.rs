//! What is known of clients, believed for a second: then a client's limits, scopes and addresses are read anew, with what all
//! processes together have counted of its day.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::access::PermissionSet;
use domain::clients::limits::Limits;
use domain::clients::scope;
use domain::clients::standing::ClientState;
use domain::network::Network;
use moka::future::Cache;

use super::book::{Book, Key, day_of};
use crate::app::App;
use crate::clients::store::{self, days};
use crate::error::Result;
use crate::platform::access::system_tx;

/// How long a client is believed to be as it was read. Whatever is changed here is read at once; what is changed elsewhere within
/// this time.
const LIFETIME: Duration = Duration::from_millis(900);
const CLIENTS_KNOWN: u64 = 10_000;

/// What holds for an active client.
#[derive(Debug)]
pub(super) struct Rules {
    pub limits: Limits,
    pub allow: Vec<Network>,
    pub permissions: PermissionSet,
}

/// The clients that ask this process.
pub struct Clients {
    rules: Cache<Key, Option<Arc<Rules>>>,
    book: Mutex<Book>,
    /// Held by whoever writes down what was counted: one at a time.
    pub(super) settling: tokio::sync::Mutex<()>,
}

impl Default for Clients {
    fn default() -> Self {
        Self {
            rules: Cache::builder().max_capacity(CLIENTS_KNOWN).time_to_live(LIFETIME).build(),
            book: Mutex::default(),
            settling: tokio::sync::Mutex::default(),
        }
    }
}

impl Clients {
    /// The book of this process.
    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a client used of its day so far, as far as this process knows.
    pub(in crate::clients) fn used_today(&self, key: Key, app: &App) -> (chrono::NaiveDate, i64, u64) {
        let (day, reset_s) = day_of(app.clock.now());
        (day, self.book().used(key, day), reset_s)
    }

    /// What holds for a client; nothing where there is none, or it is disabled.
    pub(super) async fn rules(&self, app: &App, key: Key, request_id: &str) -> Result<Option<Arc<Rules>>> {
        if let Some(known) = self.rules.get(&key).await {
            return Ok(known);
        }
        let tx = system_tx(app, key.tenant, request_id, false).await?;
        let row = store::get(&tx, key.client).await?;
        let row = row.filter(|row| row.state == ClientState::Active.code());
        let found = match row {
            None => None,
            Some(row) => {
                let said = store::said(&row)?;
                let (day, _) = day_of(tx.now());
                let admitted = days::admitted(&tx, row.id, day).await?;
                self.book().seen(key, day, admitted);
                let permissions = scope::allowed(&said.scopes);
                Some(Arc::new(Rules { limits: said.limits, allow: said.allow, permissions }))
            }
        };
        self.rules.insert(key, found.clone()).await;
        Ok(found)
    }

    /// Has a client read anew, after a change that was made here.
    pub(in crate::clients) async fn forget(&self, key: Key) {
        self.rules.invalidate(&key).await;
    }
}
