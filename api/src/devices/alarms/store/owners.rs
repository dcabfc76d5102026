//! An alarm with what the machine's owner did with it, beside what the firm did: two hands on one row, neither of which writes
//! the other's columns. Whoever owes money on a machine must not be able to keep the firm from hearing of it.

use domain::devices::alarms::Alarm;
use entity::{alarms, owners_alarms as owners};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::{AlarmRow, domain_alarm, save_alarm, with};
use crate::devices::equipment::scope::By;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// An alarm, with what either side did.
#[derive(FromQueryResult)]
pub(in crate::devices::alarms) struct Whole {
    /// What was found, and what the firm did.
    #[sea_orm(nested)]
    pub(in crate::devices::alarms) firms: AlarmRow,
    /// What the machine's owner did.
    #[sea_orm(nested)]
    pub(in crate::devices::alarms) owners: owners::Model,
}

/// Alarms with both.
pub(in crate::devices::alarms) fn all(tx: &TenantTx) -> Select<alarms::Entity> {
    tx.all::<alarms::Entity>().column(owners::Column::OwnerSeenAt).column(owners::Column::OwnerMutedUntil)
}

/// An alarm by id.
pub(in crate::devices::alarms) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Whole>> {
    Ok(all(tx).filter(alarms::Column::Id.eq(id)).into_model().one(tx.raw()).await?)
}

/// An alarm by id, locked.
pub(in crate::devices::alarms) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Whole>> {
    Ok(all(tx).filter(alarms::Column::Id.eq(id)).lock_exclusive().into_model().one(tx.raw()).await?)
}

impl Whole {
    /// As the firm has dealt with it.
    pub(in crate::devices::alarms) fn of_firm(&self) -> Alarm {
        domain_alarm(&self.firms)
    }

    /// As the owner has.
    pub(in crate::devices::alarms) fn of_owner(&self) -> Alarm {
        self.of_firm().of_owner(self.owners.owner_seen_at, self.owners.owner_muted_until)
    }

    /// As whoever acts has.
    pub(in crate::devices::alarms) fn of(&self, by: By<'_>) -> Alarm {
        match by {
            By::Staff(_) => self.of_firm(),
            By::Owner(_) => self.of_owner(),
        }
    }

    /// Writes down what whoever acts has made of it, once it is locked; what the other side did stays.
    pub(in crate::devices::alarms) async fn save(mut self, tx: &TenantTx, by: By<'_>, after: &Alarm) -> Result<Self> {
        match by {
            By::Staff(_) => {
                self.firms = with(self.firms, after);
                self.owners.version = self.firms.version;
                save_alarm(tx, self.firms.clone()).await?;
            }
            By::Owner(_) => {
                self.owners.owner_seen_at = after.acknowledged_at;
                self.owners.owner_muted_until = after.muted_until;
                self.owners.version = self.owners.version.saturating_add(1);
                self.firms.version = self.owners.version;
                tx.update(self.owners.clone().into_active_model().reset_all()).await?;
            }
        }
        Ok(self)
    }
}

/// Forgets what an owner did with the alarms of a machine that is somebody else's from now on.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn forget_owner(tx: &TenantTx, machine: Uuid) -> Result<()> {
    use owners::Column as C;
    let something = Condition::any().add(C::OwnerSeenAt.is_not_null()).add(C::OwnerMutedUntil.is_not_null());
    let nothing = Option::<chrono::DateTime<chrono::Utc>>::None;
    tx.update_all::<owners::Entity>()
        .col_expr(C::OwnerSeenAt, Expr::value(nothing))
        .col_expr(C::OwnerMutedUntil, Expr::value(nothing))
        .col_expr(C::Version, Expr::col(C::Version).add(1))
        .filter(C::EquipmentId.eq(machine))
        .filter(something)
        .exec(tx.raw())
        .await?;
    Ok(())
}
