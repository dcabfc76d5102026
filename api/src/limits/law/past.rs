//! Balances of any day. Where the day's rows were written by the weights that held on it, they are read; where not (the
//! weights were approved later, or nobody has asked since they began), they are computed from the entries.

use std::collections::{BTreeMap, HashMap};

use domain::limits::balances::Balances;
use domain::limits::rules::Composition;
use domain::limits::weights::ClientClass;
use domain::money::Fen;
use uuid::Uuid;

use super::standing::{Placed, balances};
use super::{Frame, revalue};
use crate::customers::clients;
use crate::error::Result;
use crate::limits::store::exposures::{self, Exposure, Key};
use crate::limits::store::uses;
use crate::platform::db::TenantTx;

/// Balances of some subjects at the end of a day.
pub(in crate::limits) struct Figures {
    rows: HashMap<Key, Exposure>,
    /// Whether the day's balances are kept; else every balance of it was computed and is here.
    kept: bool,
}

impl Figures {
    /// The balances under a key.
    pub(in crate::limits) fn balances(&self, key: &Key) -> Balances {
        balances(self.rows.get(key))
    }

    /// Whether only what was asked for is here, since the day's balances are kept.
    pub(in crate::limits) fn are_kept(&self) -> bool {
        self.kept
    }

    /// The rows of a dimension that are here.
    pub(in crate::limits) fn of_dimension<'a>(&'a self, dimension: &'a str) -> impl Iterator<Item = &'a Exposure> {
        self.rows.values().filter(move |row| row.dimension == dimension)
    }

    /// Whom the firm served.
    pub(in crate::limits) fn composition(&self) -> Composition {
        let whole = |value: i64| u64::try_from(value).unwrap_or(0);
        self.rows.get(&exposures::firm()).map_or_else(Composition::default, |row| Composition {
            in_force: Fen(row.in_force_fen),
            in_force_small: Fen(row.in_force_small_fen),
            clients: whole(row.clients),
            clients_small: whole(row.clients_small),
        })
    }
}

/// The balances of `keys` and of the firm at the end of the frame's day.
pub(in crate::limits) async fn figures(tx: &TenantTx, frame: &Frame, keys: &[Key]) -> Result<Figures> {
    let mut asked = keys.to_vec();
    asked.push(exposures::firm());
    asked.dedup();
    let rows = exposures::newest(tx, &asked, frame.weights_id, frame.day).await?;
    if rows.contains_key(&exposures::firm()) || exposures::last_day(tx).await?.is_none() {
        return Ok(Figures { rows, kept: true });
    }
    Ok(Figures { rows: from_entries(tx, frame).await?, kept: false })
}

/// Every balance of a day from the entries, as though no row of it had been kept.
pub(in crate::limits) async fn from_entries(tx: &TenantTx, frame: &Frame) -> Result<HashMap<Key, Exposure>> {
    from_entries_with(tx, frame, &HashMap::new()).await
}

/// The same with the classes that some clients were booked with: a change of class moves the books a moment later, by a job.
pub(in crate::limits) async fn from_entries_with(
    tx: &TenantTx,
    frame: &Frame,
    booked: &HashMap<Uuid, ClientClass>,
) -> Result<HashMap<Key, Exposure>> {
    let outstanding: BTreeMap<Uuid, i64> = uses::outstanding_on(tx, frame.day).await?.into_iter().collect();
    let ids: Vec<Uuid> = outstanding.keys().copied().collect();
    let mut by_client: BTreeMap<Uuid, Vec<Placed>> = BTreeMap::new();
    for row in uses::drawdowns(tx, &ids).await? {
        let mut placed = Placed::of(&row)?;
        placed.position.outstanding = Fen(outstanding.get(&row.id).copied().unwrap_or(0));
        by_client.entry(row.customer_id).or_default().push(placed);
    }
    let clients: Vec<Uuid> = by_client.keys().copied().collect();
    let mut classes = clients::classes_on(tx, &clients, frame.day).await?;
    classes.extend(booked);
    let rows = revalue::rows(frame, &by_client, &classes)?;
    Ok(rows.into_iter().filter_map(|row| Some((key_of(&row)?, row))).collect())
}

/// The key of a row.
pub(in crate::limits) fn key_of(row: &Exposure) -> Option<Key> {
    const DIMENSIONS: [&str; 6] = ["firm", "client", "product", "bank", "region", "industry"];
    let dimension = DIMENSIONS.into_iter().find(|one| *one == row.dimension)?;
    Some((dimension, row.subject.clone()))
}
