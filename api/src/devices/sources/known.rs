//! Sources as messages need them, secrets included, kept for some seconds: a message of one reading would else cost more in
//! looking its source up than in storing what it says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::devices::intake::Verification;
use domain::devices::messages::Format;
use domain::time::TenantZone;
use moka::future::Cache;
use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::devices::quarantine;
use crate::error::{Code, Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::outside::Secret;
use crate::tenants;

/// How long a source, or that there is none, is believed without asking.
const LIFETIME: Duration = Duration::from_secs(5);
const SOURCES_KEPT: u64 = 10_000;

/// An active source of an active firm.
pub(in crate::devices) struct KnownSource {
    pub tenant: Uuid,
    pub id: Uuid,
    pub format: Format,
    pub verification: Verification,
    pub zone: TenantZone,
    secret: Secret,
    previous: Option<(Secret, DateTime<Utc>)>,
    /// What is left of the room in its quarantine, where what is accepted is taken in later.
    room: AtomicU64,
}

impl KnownSource {
    /// The secrets that hold at an instant.
    pub fn secrets(&self, now: DateTime<Utc>) -> impl Iterator<Item = &str> {
        let previous = self.previous.iter().filter(move |(_, until)| now < *until).map(|(secret, _)| secret);
        std::iter::once(&self.secret).chain(previous).map(Secret::reveal)
    }

    /// The secret that was given last, which is what messages are encrypted with.
    pub fn newest_secret(&self) -> &str {
        self.secret.reveal()
    }

    /// Takes room in its quarantine for what may have to be set aside; says whether there was as much when it was looked at.
    pub fn take_room(&self, rows: u64) -> bool {
        self.room.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(rows)).is_ok()
    }
}

/// What was read of an address, and which change of sources was the last before.
type Remembered = (u64, Option<Arc<KnownSource>>);

/// What is known of the sources that addresses name.
pub(in crate::devices) struct KnownSources {
    known: Cache<(String, Uuid), Remembered>,
    /// The same by the firm's id, whether active or not.
    once: Cache<(Uuid, Uuid), Remembered>,
    /// Changes made in this process; whatever was read before the last of them is read anew.
    changes: AtomicU64,
}

impl Default for KnownSources {
    fn default() -> Self {
        let known = Cache::builder().max_capacity(SOURCES_KEPT).time_to_live(LIFETIME).build();
        let once = Cache::builder().max_capacity(SOURCES_KEPT).time_to_live(LIFETIME).build();
        Self { known, once, changes: AtomicU64::new(0) }
    }
}

impl KnownSources {
    /// What is known without asking the database: whether there is such a source, if anything.
    pub async fn remembered(&self, slug: &str, id: Uuid) -> Option<Option<Arc<KnownSource>>> {
        let (after, known) = self.known.get(&(slug.to_owned(), id)).await?;
        (after == self.changes.load(Ordering::Acquire)).then_some(known)
    }

    /// The active source of an active firm, asked for only where it is not remembered.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find(&self, app: &App, slug: &str, id: Uuid, request: &str) -> Result<Option<Arc<KnownSource>>> {
        match self.remembered(slug, id).await {
            Some(known) => Ok(known),
            None => self.look_up(app, slug, id, request).await,
        }
    }

    /// The active source of an active firm that an address names.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn look_up(&self, app: &App, slug: &str, id: Uuid, request: &str) -> Result<Option<Arc<KnownSource>>> {
        let after = self.changes.load(Ordering::Acquire);
        let found = read(app, slug, id, request).await?.map(Arc::new);
        self.known.insert((slug.to_owned(), id), (after, found.clone())).await;
        Ok(found)
    }

    /// The source of a message that was accepted when it was active: what was accepted then counts, whatever it is now.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn once_known(&self, app: &App, firm: Uuid, id: Uuid, request: &str) -> Result<Option<Arc<KnownSource>>> {
        let after = self.changes.load(Ordering::Acquire);
        if let Some((since, known)) = self.once.get(&(firm, id)).await
            && since == after
        {
            return Ok(known);
        }
        let found = match system_tx(app, firm, request, false).await {
            Ok(tx) => store::get(&tx, id).await?.map(|row| known(&tx, &row, 0)).transpose()?.map(Arc::new),
            Err(error) if error.code() == Code::NotFound => None,
            Err(error) => return Err(error),
        };
        self.once.insert((firm, id), (after, found.clone())).await;
        Ok(found)
    }

    /// Believes nothing that was read before a change made here; other processes see it within some seconds.
    pub fn forget(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }
}

async fn read(app: &App, slug: &str, id: Uuid, request: &str) -> Result<Option<KnownSource>> {
    let tenant = match tenants::by_slug(app, slug).await {
        Ok(row) => row.id,
        Err(error) if matches!(error.code(), Code::NotFound | Code::TenantSuspended) => return Ok(None),
        Err(error) => return Err(error),
    };
    let tx = system_tx(app, tenant, request, false).await?;
    let Some(row) = store::get(&tx, id).await?.filter(|row| row.active) else { return Ok(None) };
    // without a stream a message is set aside, or refused, while its sender waits
    let room = if app.buffer.is_some() { quarantine::room(&tx, id).await? } else { 0 };
    known(&tx, &row, room).map(Some)
}

fn known(tx: &TenantTx, row: &store::SourceRow, room: u64) -> Result<KnownSource> {
    let (secret, previous) = store::secrets(tx, row)?;
    let broken = || Error::new(Code::Internal);
    Ok(KnownSource {
        tenant: tx.tenant(),
        id: row.id,
        format: Format::from_code(&row.format).ok_or_else(broken)?,
        verification: Verification::from_code(&row.verification).ok_or_else(broken)?,
        zone: TenantZone::parse(&row.zone).map_err(|_| broken())?,
        secret: Secret::new(secret),
        previous: previous.map(|(secret, until)| (Secret::new(secret), until)),
        room: AtomicU64::new(room),
    })
}
