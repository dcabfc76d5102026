//! The rows of a workbook, read within the caller's scope and refused where there are too many for one.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::limits::posting::EntryKind;
use domain::limits::tree::{Amounts, LimitState};
use domain::limits::weights::Business;
use uuid::Uuid;

use super::{ENTRIES_MAX, LIMITS_MAX};
use crate::error::{Error, Result};
use crate::limits::law::today;
use crate::limits::store::entries as ledger;
use crate::limits::store::views::export;
use crate::limits::store::views::lists::{Wanted, limits_by_id};
use crate::limits::store::{Entry, LimitRow, rows};
use crate::limits::subject::Names;
use crate::limits::views::entries::writers;
use crate::people::scope::ScopeFilter;
use crate::people::staff_brief;
use crate::platform::db::{ActorKind, TenantTx};

/// Most limits that one statement finds.
const IDS_AT_ONCE: usize = 5_000;

/// A limit with what its row does not say itself.
pub(super) struct ShownLimit {
    pub row: LimitRow,
    pub parent_number: Option<String>,
    pub label: Option<String>,
    pub customer: Option<String>,
    pub product: Option<String>,
    pub bank: Option<String>,
    pub business: Business,
    pub state: LimitState,
    pub amounts: Amounts,
}

/// An entry with what its row does not say itself.
pub(super) struct ShownEntry {
    pub row: Entry,
    pub limit_number: Option<String>,
    pub kind: EntryKind,
    pub reason: String,
    pub document: Option<String>,
    pub actor: String,
}

/// The limits of a workbook.
pub(super) struct Limits(Vec<LimitRow>);

fn most(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX).saturating_add(1)
}

/// Reads the limits.
pub(super) async fn limits(tx: &TenantTx, scope: &ScopeFilter, ask: &Wanted) -> Result<Limits> {
    let rows = export::limits(tx, scope, ask, most(LIMITS_MAX)).await?;
    if rows.len() > LIMITS_MAX {
        let zh = format!("额度超过{LIMITS_MAX}项，请按产品或状态分次导出");
        let en = format!("there are more than {LIMITS_MAX} limits; ask for them by product or state");
        return Err(Error::parameter("product", "too_many", &zh, &en));
    }
    Ok(Limits(rows))
}

/// The numbers of some limits, as far as they are not among those already read.
async fn numbers(tx: &TenantTx, known: &[LimitRow], wanted: BTreeSet<Uuid>) -> Result<HashMap<Uuid, String>> {
    let mut numbers: HashMap<Uuid, String> = known.iter().map(|row| (row.id, row.number.clone())).collect();
    let missing: Vec<Uuid> = wanted.into_iter().filter(|id| !numbers.contains_key(id)).collect();
    for some in missing.chunks(IDS_AT_ONCE) {
        numbers.extend(limits_by_id(tx, some).await?.into_iter().map(|row| (row.id, row.number)));
    }
    Ok(numbers)
}

impl Limits {
    /// With names.
    pub(super) async fn shown(self, tx: &TenantTx) -> Result<Vec<ShownLimit>> {
        let names = Names::of_limits(tx, &self.0).await?;
        let parents = self.0.iter().filter_map(|row| row.parent_id).collect();
        let numbers = numbers(tx, &self.0, parents).await?;
        let today = today(tx);
        let show = |row: LimitRow| {
            Ok(ShownLimit {
                parent_number: row.parent_id.and_then(|id| numbers.get(&id).cloned()),
                label: ledger::label(tx, &row)?,
                customer: names.customer(row.customer_id),
                product: names.product(row.product_id),
                bank: row.bank_id.and_then(|id| names.customer(id)),
                business: rows::business(&row.business)?,
                state: rows::limit(&row)?.state_on(today),
                amounts: rows::amounts(&row),
                row,
            })
        };
        self.0.into_iter().map(show).collect()
    }
}

/// Reads the ledger of some days.
pub(super) async fn entries(
    tx: &TenantTx,
    scope: &ScopeFilter,
    days: (NaiveDate, NaiveDate),
    limits: &Limits,
) -> Result<Vec<ShownEntry>> {
    let found = export::entries(tx, scope, days, most(ENTRIES_MAX)).await?;
    if found.len() > ENTRIES_MAX {
        let zh = format!("期间内的台账超过{ENTRIES_MAX}条，请缩短期间");
        let en = format!("there are more than {ENTRIES_MAX} entries in this time; ask for less of it");
        return Err(Error::parameter("from", "too_many", &zh, &en));
    }
    let numbers = numbers(tx, &limits.0, found.iter().map(|row| row.limit_id).collect()).await?;
    let staff = staff_brief(tx, &writers(&found)).await?;
    let show = |row: Entry| {
        let by_staff = row.actor_kind == ActorKind::Staff.key();
        let name = by_staff.then(|| staff.get(&row.actor_id).map(|brief| brief.name.clone())).flatten();
        let other = if row.actor_kind == ActorKind::Applicant.key() { "申请人" } else { "系统" };
        Ok(ShownEntry {
            limit_number: numbers.get(&row.limit_id).cloned(),
            kind: rows::kind(&row.kind)?,
            reason: tx.open(ledger::REASON, row.id, &row.reason_sealed)?,
            document: ledger::document(tx, &row)?,
            actor: name.unwrap_or_else(|| other.to_owned()),
            row,
        })
    };
    found.into_iter().map(show).collect()
}
