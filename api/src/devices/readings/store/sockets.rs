//! What is known of those that send. A socket is never taken away and never called otherwise, so one that was found once is
//! remembered; one that was not is looked for each time. Which sources send again what they sent before is remembered for a
//! while, since it tells how their next message is best written.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use entity::sockets::{Column as C, Entity};
use moka::sync::Cache;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Given;
use crate::error::Result;
use crate::platform::db::TenantTx;

const SOCKETS_KEPT: u64 = 200_000;
/// Devices of one statement.
const DEVICES_AT_ONCE: usize = 1_000;

/// Sources of which it is remembered that they repeat themselves, and for how long.
const REPEATING_KEPT: u64 = 10_000;
const REPEATING_FOR: Duration = Duration::from_secs(600);

/// Sockets that were found, and sources that send things again.
pub(in crate::devices) struct KnownSockets {
    sockets: Cache<(Uuid, i32, String), Uuid>,
    repeating: Cache<Uuid, ()>,
}

impl Default for KnownSockets {
    fn default() -> Self {
        Self {
            sockets: Cache::builder().max_capacity(SOCKETS_KEPT).build(),
            repeating: Cache::builder().max_capacity(REPEATING_KEPT).time_to_live(REPEATING_FOR).build(),
        }
    }
}

impl KnownSockets {
    /// Whether a source lately sent again what it had sent.
    pub(super) fn repeats(&self, source: Uuid) -> bool {
        self.repeating.contains_key(&source)
    }

    /// It did so now.
    pub(super) fn repeated(&self, source: Uuid) {
        self.repeating.insert(source, ());
    }

    /// Whether a socket is known for a device and channel without looking for it.
    pub fn remembers(&self, source: Uuid, device: &str, channel: i32) -> bool {
        self.sockets.contains_key(&(source, channel, device.to_owned()))
    }

    /// The sockets that a message of `source` speaks of, as far as they are known.
    pub(super) async fn of<'a>(
        &self,
        tx: &TenantTx,
        source: Uuid,
        given: &'a [Given],
    ) -> Result<HashMap<(&'a str, i32), Uuid>> {
        let (mut found, mut sought) = (HashMap::new(), HashSet::new());
        for one in given {
            let name = (one.device.as_str(), one.channel);
            if found.contains_key(&name) || sought.contains(&name) {
                continue;
            }
            match self.sockets.get(&(source, one.channel, one.device.clone())) {
                Some(socket) => drop(found.insert(name, socket)),
                None => drop(sought.insert(name)),
            }
        }
        let mut devices: Vec<&str> = sought.iter().map(|(device, _)| *device).collect();
        devices.sort_unstable();
        devices.dedup();
        let mut there = HashMap::new();
        for some in devices.chunks(DEVICES_AT_ONCE) {
            let rows = read(tx, source, some).await?;
            there.extend(rows.into_iter().map(|(socket, device, channel)| ((device, channel), socket)));
        }
        for name in sought {
            if let Some((key, socket)) = there.remove_entry(&(name.0.to_owned(), name.1)) {
                found.insert(name, socket);
                self.sockets.insert((source, key.1, key.0), socket);
            }
        }
        Ok(found)
    }
}

async fn read(tx: &TenantTx, source: Uuid, devices: &[&str]) -> Result<Vec<(Uuid, String, i32)>> {
    let rows = tx.all::<Entity>().select_only().columns([C::Id, C::Device, C::Channel]);
    let rows = rows.filter(C::SourceId.eq(source)).filter(C::Device.is_in(devices.iter().copied()));
    Ok(rows.into_tuple().all(tx.raw()).await?)
}
