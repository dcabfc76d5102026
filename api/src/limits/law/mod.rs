//! The law and the firm's own rules at work: what the firm stands for now is read under the tenant's lock, the domain
//! judges, and what changed is written down for the day. Whoever judges holds the lock until the transaction ends, so that
//! two that would pass alone cannot pass together.

pub(super) mod commitments;
pub(super) mod judge;
pub(super) mod many;
pub(super) mod past;
pub(super) mod revalue;
pub(super) mod standing;

use chrono::NaiveDate;
use domain::limits::groups::LinkKind;
use domain::limits::overview::weights_id_on;
use domain::limits::parameters::{Parameter, bounds_on, counted_links_on, weights_on};
use domain::limits::rules::Bounds;
use domain::limits::weights::WeightSet;
use domain::time::TenantZone;
use uuid::Uuid;

use super::parameters;
use super::store::exposures;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// The figures that hold on a day.
pub(super) struct Frame {
    /// The day.
    pub day: NaiveDate,
    /// The firm's parameters up to it.
    pub parameters: Vec<Parameter>,
    /// The bounds.
    pub bounds: Bounds,
    /// The weights.
    pub weights: WeightSet,
    /// The parameter that they are from; nil for the statutory ones.
    pub weights_id: Uuid,
}

impl Frame {
    /// The figures of a day, to look at.
    pub(super) async fn on(tx: &TenantTx, day: NaiveDate) -> Result<Self> {
        Ok(Self::of(parameters::approved(tx, day).await?, day))
    }

    /// The figures of a day by parameters that were read.
    pub(super) fn of(parameters: Vec<Parameter>, day: NaiveDate) -> Self {
        Self {
            day,
            bounds: bounds_on(&parameters, day),
            weights: weights_on(&parameters, day),
            weights_id: weights_id_on(&parameters, day),
            parameters,
        }
    }

    /// Today's figures, under the tenant's lock and with balances that were computed by them.
    pub(super) async fn locked(tx: &TenantTx) -> Result<Self> {
        exposures::lock(tx).await?;
        // The day as it is once the lock is held: who waited over midnight, or has a clock that is behind, must not write
        // under a day after which others have written.
        let last = exposures::last_day(tx).await?;
        let now = TenantZone::default().date_of(tx.instant());
        let frame = Self::on(tx, last.map_or(now, |last| last.max(now))).await?;
        revalue::if_needed(tx, &frame, last.is_some()).await?;
        Ok(frame)
    }

    /// Which links make a group.
    pub(super) fn counted(&self) -> Vec<LinkKind> {
        counted_links_on(&self.parameters, self.day)
    }
}

/// The business date of a transaction.
pub(super) fn today(tx: &TenantTx) -> NaiveDate {
    TenantZone::default().date_of(tx.now())
}
