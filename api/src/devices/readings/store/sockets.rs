//! Which sockets a message speaks of. A socket is never taken away and never called otherwise, so one that was found once is
//! remembered; one that was not is looked for each time.

use std::collections::{HashMap, HashSet};

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

/// Sockets that were found.
pub(in crate::devices) struct KnownSockets(Cache<(Uuid, i32, String), Uuid>);

impl Default for KnownSockets {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(SOCKETS_KEPT).build())
    }
}

impl KnownSockets {
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
            match self.0.get(&(source, one.channel, one.device.clone())) {
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
                self.0.insert((source, key.1, key.0), socket);
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
