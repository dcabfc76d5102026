//! What links of the chain say of a person goes when their data is erased; that the link was there, of whom, when and in which place
//! of the chain stays. Before its detail goes, a link is held against its hash, and the product signs that it held: the verifier
//! takes that signature in the place of what is gone. Nobody without the master key can make one.

use std::collections::HashMap;

use entity::{audit_entries, audit_erasures};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, Statement, Value};
use uuid::Uuid;

use super::{link, micros};
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::keys::TenantKeys;

/// Objects that are asked for in one statement.
const OBJECTS_AT_ONCE: usize = 500;

/// Erases what the chain says of some objects; gives how many links lost their detail. A link that does not hold is left as it
/// is, so that the verifier goes on naming it.
///
/// # Errors
/// If the database fails.
pub async fn erase_details(tx: &TenantTx, objects: &[Uuid]) -> Result<u64> {
    use audit_entries::{Column, Entity};
    let mut erased = 0;
    for some in objects.chunks(OBJECTS_AT_ONCE) {
        let rows = tx
            .all::<Entity>()
            .filter(Column::Object.is_in(some.iter().copied()))
            .order_by_asc(Column::Seq)
            .all(tx.raw())
            .await?;
        let whole = rows.into_iter().filter(|row| !row.detail.is_empty() && link(tx.keys(), row) == row.hash);
        for row in whole {
            erase(tx, &row).await?;
            erased += 1;
        }
    }
    Ok(erased)
}

async fn erase(tx: &TenantTx, row: &audit_entries::Model) -> Result<()> {
    let mark =
        audit_erasures::Model { tenant_id: tx.tenant(), seq: row.seq, proof: proof(tx.keys(), row), at: tx.now() };
    tx.insert::<_, audit_erasures::ActiveModel>(mark).await?;
    // on PostgreSQL the serving role may not change a link but through the door that this mark opens
    let (sql, values): (&str, Vec<Value>) = if tx.is_postgres() {
        ("SELECT erase_audit_detail($1)", vec![row.seq.into()])
    } else {
        let sql = "UPDATE audit_entries SET detail = x'' WHERE tenant_id = $1 AND seq = $2";
        (sql, vec![tx.tenant().into(), row.seq.into()])
    };
    let backend = tx.raw().get_database_backend();
    tx.raw().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// That a link whose detail is gone held with it: a keyed hash over everything else of it, its own hash among it.
fn proof(keys: &TenantKeys, row: &audit_entries::Model) -> Vec<u8> {
    let (seq, at) = (row.seq.to_be_bytes(), micros(row.at).to_be_bytes());
    keys.audit_link([
        &b"erased"[..],
        row.tenant_id.as_bytes(),
        &seq,
        &at,
        row.actor_kind.as_bytes(),
        row.actor.as_bytes(),
        row.action.as_bytes(),
        row.object_kind.as_bytes(),
        row.object.as_bytes(),
        row.request_id.as_bytes(),
        &row.previous_hash,
        &row.hash,
    ])
}

/// The marks of links after `after`, up to `until`.
pub(super) async fn marks(tx: &TenantTx, after: i64, until: i64) -> Result<HashMap<i64, Vec<u8>>> {
    use audit_erasures::{Column, Entity};
    let rows = tx.all::<Entity>().filter(Column::Seq.gt(after)).filter(Column::Seq.lte(until)).all(tx.raw()).await?;
    Ok(rows.into_iter().map(|row| (row.seq, row.proof)).collect())
}

/// Whether a link holds: by its hash, or, where its detail was erased, by the mark.
pub(super) fn holds(keys: &TenantKeys, row: &audit_entries::Model, marks: &HashMap<i64, Vec<u8>>) -> bool {
    if row.detail.is_empty() {
        return marks.get(&row.seq).is_some_and(|mark| *mark == proof(keys, row));
    }
    link(keys, row) == row.hash
}
