//! How much each officer has to do, and by which rules applications find their department.

use std::collections::HashMap;

use domain::applications::state::ApplicationState;
use entity::applications::{Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// Most cases that are handed over at once.
const HANDED_OVER_MAX: u64 = 2_000;

fn open(tx: &TenantTx) -> Select<Entity> {
    let closed = ApplicationState::ALL.into_iter().filter(|state| state.is_final()).map(ApplicationState::code);
    tx.all::<Entity>().filter(Column::State.is_not_in(closed))
}

/// Open cases by officer; whoever has none is not in it.
pub(in crate::applications) async fn open_cases(tx: &TenantTx, officers: &[Uuid]) -> Result<HashMap<Uuid, u32>> {
    let rows = open(tx)
        .filter(Column::InvestigatorId.is_in(officers.iter().copied()))
        .select_only()
        .column(Column::InvestigatorId)
        .column_as(Column::Id.count(), "n")
        .group_by(Column::InvestigatorId)
        .into_tuple::<(Uuid, i64)>()
        .all(tx.raw())
        .await?;
    Ok(rows.into_iter().map(|(officer, n)| (officer, u32::try_from(n).unwrap_or(u32::MAX))).collect())
}

/// The open cases of one officer, locked in one order.
pub(in crate::applications) async fn held_by(tx: &TenantTx, officer: Uuid) -> Result<Vec<Model>> {
    let cases = open(tx).filter(Column::InvestigatorId.eq(officer)).order_by_asc(Column::Id).limit(HANDED_OVER_MAX);
    Ok(cases.lock_exclusive().all(tx.raw()).await?)
}
