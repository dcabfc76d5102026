//! Reading a chain from its first row to its head and naming the first row that does not hold.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{GENESIS, link};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// What a chain turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Whole, with so many rows.
    Whole {
        /// Rows read.
        rows: u64,
    },
    /// Broken at a row, with the reason.
    Broken {
        /// The row's number.
        seq: i64,
        /// What does not hold.
        reason: String,
    },
}

const PAGE: u64 = 1000;

/// Verifies the chain of the transaction's tenant.
///
/// # Errors
/// If the database fails.
pub async fn verify(tx: &TenantTx) -> Result<Verdict> {
    use entity::{audit_entries, audit_heads};
    let mut previous = GENESIS.to_vec();
    let mut expected: i64 = 1;
    loop {
        let page = tx
            .all::<audit_entries::Entity>()
            .filter(audit_entries::Column::Seq.gte(expected))
            .order_by_asc(audit_entries::Column::Seq)
            .limit(PAGE)
            .all(tx.raw())
            .await?;
        let last = (page.len() as u64) < PAGE;
        for row in page {
            let broken = |reason: &str| Ok(Verdict::Broken { seq: expected, reason: reason.to_owned() });
            if row.seq != expected {
                return broken("the row is missing");
            }
            if row.previous_hash != previous {
                return broken("it does not follow the row before it");
            }
            if link(&row) != row.hash {
                return broken("its content was changed");
            }
            previous = row.hash;
            expected = expected.saturating_add(1);
        }
        if last {
            break;
        }
    }
    let head = tx.all::<audit_heads::Entity>().one(tx.raw()).await?;
    let rows = expected.saturating_sub(1);
    let (seq, hash) = head.map_or((0, GENESIS.to_vec()), |head| (head.seq, head.hash));
    if seq != rows || hash != previous {
        let reason = format!("the head names row {seq}, but the chain ends at row {rows}: its tail was cut or changed");
        return Ok(Verdict::Broken { seq: expected, reason });
    }
    Ok(Verdict::Whole { rows: u64::try_from(rows).unwrap_or(0) })
}
