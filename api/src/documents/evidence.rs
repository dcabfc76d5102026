//! What rests on the files of a machine: photos that a score counts, records that something registered names. Whatever does
//! is kept, also where somebody takes it away later.

use std::collections::BTreeSet;

use domain::devices::document::EquipmentDocumentKind;
use uuid::Uuid;

use super::owner::Owner;
use super::store;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// How many photos of a machine passed their checks and are there. The same picture twice is one photo.
///
/// # Errors
/// If the database fails.
pub async fn photos(tx: &TenantTx, equipment: Uuid) -> Result<u32> {
    let ready = store::ready(tx, Owner::Equipment(equipment)).await?;
    let is_photo = |key: &str| EquipmentDocumentKind::from_code(key).is_some_and(EquipmentDocumentKind::is_photo);
    let pictures = ready.into_iter().filter(|row| is_photo(&row.item_key)).filter_map(|row| row.sha256);
    Ok(u32::try_from(pictures.collect::<BTreeSet<_>>().len()).unwrap_or(u32::MAX))
}

/// Notes that something rests on a machine's files from now on: on one of them, or on all photos that are there,
/// which is what a score counts.
///
/// # Errors
/// If the database fails.
pub async fn rely_on(tx: &TenantTx, equipment: Uuid, document: Option<Uuid>) -> Result<()> {
    store::rely_on(tx, equipment, document).await
}
