//! Balances by other weights: when a new set begins to hold, everything outstanding is weighed anew under it, once, on the
//! first day that somebody asks.

use std::collections::{BTreeMap, HashMap};

use domain::limits::weights::ClientClass;
use domain::money::Fen;
use uuid::Uuid;

use super::Frame;
use super::standing::{Placed, standing};
use crate::customers::clients;
use crate::error::Result;
use crate::limits::store::exposures::{self, Exposure, Key};
use crate::limits::store::uses;
use crate::platform::db::TenantTx;

/// Weighs everything anew where no balance was written by today's weights yet, if `any` was ever written. The tenant's lock
/// is held.
pub(in crate::limits) async fn if_needed(tx: &TenantTx, frame: &Frame, any: bool) -> Result<()> {
    let firm = exposures::firm();
    let current = exposures::newest(tx, std::slice::from_ref(&firm), frame.weights_id, frame.day).await?;
    if any && current.is_empty() {
        all(tx, frame).await?;
    }
    Ok(())
}

/// Everything outstanding by the weights of the frame.
async fn all(tx: &TenantTx, frame: &Frame) -> Result<()> {
    let mut by_client: BTreeMap<Uuid, Vec<Placed>> = BTreeMap::new();
    for row in uses::outstanding(tx).await? {
        by_client.entry(row.customer_id).or_default().push(Placed::of(&row)?);
    }
    let ids: Vec<Uuid> = by_client.keys().copied().collect();
    let classes = clients::classes_on(tx, &ids, frame.day).await?;
    exposures::put(tx, rows(frame, &by_client, &classes)?).await
}

/// The rows of a day from every client's positions: the books from nothing.
pub(in crate::limits) fn rows(
    frame: &Frame,
    by_client: &BTreeMap<Uuid, Vec<Placed>>,
    classes: &HashMap<Uuid, ClientClass>,
) -> Result<Vec<Exposure>> {
    let mut sums: BTreeMap<Key, Exposure> = BTreeMap::new();
    let blank = |key: &Key| Exposure {
        tenant_id: Uuid::nil(),
        dimension: key.0.to_owned(),
        subject: key.1.clone(),
        weights_id: frame.weights_id,
        day: frame.day,
        nominal_fen: 0,
        in_force_fen: 0,
        liability_fen: 0,
        concentration_fen: 0,
        in_force_small_fen: 0,
        clients: 0,
        clients_small: 0,
        class: None,
    };
    sums.insert(exposures::firm(), blank(&exposures::firm()));
    for (client, placed) in by_client {
        let class = classes.get(client).copied().unwrap_or(ClientClass::Other);
        let stands = standing(frame, class, placed)?;
        let own = exposures::client(*client);
        let keyed = stands.by_key.iter().map(|(key, balances)| (key.clone(), *balances));
        for (key, balances) in keyed.chain([(own.clone(), stands.total), (exposures::firm(), stands.total)]) {
            let row = sums.entry(key.clone()).or_insert_with(|| blank(&key));
            row.nominal_fen = row.nominal_fen.saturating_add(balances.nominal.0);
            row.in_force_fen = row.in_force_fen.saturating_add(balances.in_force.0);
            row.liability_fen = row.liability_fen.saturating_add(balances.liability.0);
            row.concentration_fen = row.concentration_fen.saturating_add(balances.concentration.0);
        }
        if let Some(row) = sums.get_mut(&own) {
            row.class = Some(class.code().to_owned());
        }
        if let Some(firm) = sums.get_mut(&exposures::firm()).filter(|_| stands.total.in_force > Fen::ZERO) {
            firm.clients = firm.clients.saturating_add(1);
            if class.is_small_or_farmer() {
                firm.clients_small = firm.clients_small.saturating_add(1);
                firm.in_force_small_fen = firm.in_force_small_fen.saturating_add(stands.total.in_force.0);
            }
        }
    }
    Ok(sums.into_values().collect())
}
