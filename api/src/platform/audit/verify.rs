//! Reading a chain from its first row to its head and naming the first row that does not hold.

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{GENESIS, erase};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// The end of a chain as it was at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of its last row.
    pub seq: i64,
    /// That row's hash.
    pub hash: Vec<u8>,
}

/// What a chain turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Whole.
    Whole {
        /// Rows read.
        rows: u64,
        /// Where it ends.
        head: Head,
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

fn broken(seq: i64, reason: &str) -> Verdict {
    Verdict::Broken { seq, reason: reason.to_owned() }
}

/// Verifies the chain of the transaction's tenant, and that it still holds the heads that were kept elsewhere.
///
/// # Errors
/// If the database fails.
pub async fn verify(tx: &TenantTx, kept: &[Head]) -> Result<Verdict> {
    let end = match rows(tx, kept).await? {
        Ok(end) => end,
        Err(verdict) => return Ok(verdict),
    };
    let next = end.seq.saturating_add(1);
    let head = tx.all::<entity::audit_heads::Entity>().one(tx.raw()).await?;
    Ok(match head {
        None if end.seq == 0 => broken(1, "there is no row at all, though a tenant's creation is one"),
        None => broken(next, "the head is missing, so that nothing says where the chain ends"),
        Some(head) if head.seq != end.seq || head.hash != end.hash => {
            let (named, last) = (head.seq, end.seq);
            let reason =
                format!("the head names row {named}, but the chain ends at row {last}: its tail was cut or changed");
            Verdict::Broken { seq: next, reason }
        }
        Some(_) if end.seq == 0 => broken(1, "there is no row at all, though a tenant's creation is one"),
        Some(_) => match kept.iter().filter(|kept| kept.seq > end.seq).map(|kept| kept.seq).min() {
            Some(seq) => broken(seq, "the row is missing, though a head that was kept elsewhere names it"),
            None => Verdict::Whole { rows: u64::try_from(end.seq).unwrap_or(0), head: end },
        },
    })
}

/// Reads row after row; gives the last one, or what does not hold.
async fn rows(tx: &TenantTx, kept: &[Head]) -> Result<Result<Head, Verdict>> {
    use entity::audit_entries::{Column, Entity};
    let mut end = Head { seq: 0, hash: GENESIS.to_vec() };
    loop {
        let page = tx
            .all::<Entity>()
            .filter(Column::Seq.gt(end.seq))
            .order_by_asc(Column::Seq)
            .limit(PAGE)
            .all(tx.raw())
            .await?;
        let last = (page.len() as u64) < PAGE;
        let until = page.last().map_or(end.seq, |row| row.seq);
        let marks = erase::marks(tx, end.seq, until).await?;
        for row in page {
            let expected = end.seq.saturating_add(1);
            let reason = if row.seq != expected {
                Some("the row is missing")
            } else if row.previous_hash != end.hash {
                Some("it does not follow the row before it")
            } else if !erase::holds(tx.keys(), &row, &marks) {
                Some("its content was changed")
            } else if kept.iter().any(|kept| kept.seq == row.seq && kept.hash != row.hash) {
                Some("it is not the row that a head kept elsewhere names")
            } else {
                None
            };
            if let Some(reason) = reason {
                return Ok(Err(broken(expected, reason)));
            }
            end = Head { seq: row.seq, hash: row.hash };
        }
        if last {
            return Ok(Ok(end));
        }
    }
}
