//! Freezing, thawing and closing; and how somebody's limit is found and locked.

use domain::limits::operation;
use uuid::Uuid;

use super::book::{Book, split_path};
use super::grant::moment;
use super::refusal::refused;
use super::{By, Operation, Outcome, Why};
use crate::error::{Error, Result};
use crate::limits::store::{self, LimitRow};
use crate::platform::db::TenantTx;

/// The way down to a limit that somebody may reach, locked; compared with the version that they saw.
pub(super) async fn locked(tx: &TenantTx, by: &By<'_>, id: Uuid) -> Result<Vec<LimitRow>> {
    let path = store::path(tx, id, true).await?;
    let row = path.last().ok_or_else(Error::not_found)?;
    let reaches = match by {
        By::Staff { scope, .. } | By::Asking { scope } => store::sees(scope, row.department_id, row.officer_id),
        // what was handed to another member of the group is that member's
        By::Applicant(id) => {
            row.applicant_id == *id && path.first().is_some_and(|top| top.customer_id == row.customer_id)
        }
    };
    if !reaches {
        return Err(Error::not_found());
    }
    if let By::Staff { seen: Some(seen), .. } = by {
        seen.check(row.version, Some(&row.state))?;
    }
    Ok(path)
}

/// Freezes, thaws or closes.
pub(super) async fn turn(tx: &TenantTx, by: &By<'_>, id: Uuid, operation: &Operation, why: &Why) -> Result<Outcome> {
    let path = locked(tx, by, id).await?;
    let (above, own) = split_path(&path)?;
    let at = moment(tx);
    let decided = match operation {
        Operation::Freeze { .. } => operation::freeze(&own, at),
        Operation::Thaw { .. } => operation::thaw(&own, at),
        _ => operation::close(above.last(), &own, at),
    };
    let postings = decided.map_err(refused)?;
    let book = Book::new(tx, why, &path);
    let operation = book.operation();
    let (written, ..) = book.write(&postings).await?;
    let limit = written.limit(id)?;
    Ok(Outcome { operation, limit, written, reservation: None, drawdown: None, figures: vec![] })
}
