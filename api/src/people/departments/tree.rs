//! The shape of the tree: what lies below a department, and that none lies below itself.

use uuid::Uuid;

use super::store::{self, DepartmentRow};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// A department and everything below it.
pub(in crate::people) async fn at_and_below(tx: &TenantTx, top: Uuid) -> Result<Vec<Uuid>> {
    let all: Vec<_> = store::all(tx, false).await?.iter().map(|row| (row.id, row.parent_id)).collect();
    Ok(below(&all, top))
}

/// `top` and everything below it in a list of (id, parent).
fn below(all: &[(Uuid, Option<Uuid>)], top: Uuid) -> Vec<Uuid> {
    let mut found = vec![top];
    let mut next = 0;
    while let Some(current) = found.get(next).copied() {
        for (id, parent) in all {
            if *parent == Some(current) && !found.contains(id) {
                found.push(*id);
            }
        }
        next += 1;
    }
    found
}

/// Whether `moved` would come to lie below itself under `parent`.
pub(super) fn would_circle(all: &[DepartmentRow], moved: Uuid, parent: Uuid) -> bool {
    let pairs: Vec<_> = all.iter().map(|row| (row.id, row.parent_id)).collect();
    below(&pairs, moved).contains(&parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_below_is_found_once_even_in_a_circle() {
        let id = Uuid::from_u128;
        let all = [(id(1), None), (id(2), Some(id(1))), (id(3), Some(id(2))), (id(4), None), (id(5), Some(id(2)))];
        assert_eq!(below(&all, id(2)), [id(2), id(3), id(5)]);
        assert_eq!(below(&all, id(1)).len(), 4);
        assert_eq!(below(&all, id(9)), [id(9)]);
        let circle = [(id(1), Some(id(2))), (id(2), Some(id(1)))];
        assert_eq!(below(&circle, id(1)), [id(1), id(2)]);
    }
}
