//! A limit and its parts as a tree. Every fen granted is in one place: free, allocated to a child, reserved, drawn, or
//! (one-off limits) spent. What breaks that is named, because "the books are wrong" helps nobody to find where.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::coded::coded;
use crate::money::{Fen, MoneyFault};
use crate::time::TenantZone;

/// Deepest place of a part; the limit that was granted has depth 0.
pub const DEPTH_MAX: u8 = 6;
/// Most parts of one limit that are not closed.
pub const CHILDREN_MAX: u32 = 200;
/// Largest limit in fen, a trillion yuan: larger than any firm's, small enough that sums of tens of thousands fit 64 bits.
pub const GRANT_FEN_MAX: Fen = Fen(100_000_000_000_000);
/// Longest validity of a limit, thirty years.
pub const VALID_DAYS_MAX: i64 = 10_958;
/// Longest reservation.
pub const RESERVATION_DAYS_MAX: i64 = 366;

coded! {
    /// Whether a limit can be used.
    LimitState {
        /// It can.
        Active "active" "生效" "active";
        /// Stopped by a person; repayment and release go on.
        Frozen "frozen" "冻结" "frozen";
        /// Past its last day; repayment and release go on.
        Expired "expired" "到期" "expired";
        /// Over; nothing is in use any more.
        Closed "closed" "终止" "closed";
    }
}

/// The columns of a limit, and of what an entry adds to each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amounts {
    /// What may be used in all.
    pub granted: Fen,
    /// What is handed to parts: the sum of `granted` of the children that are not closed.
    pub allocated: Fen,
    /// What is set aside for reservations and not yet drawn.
    pub reserved: Fen,
    /// What is drawn and not yet repaid.
    pub drawn: Fen,
    /// One-off limits: what was drawn and repaid and does not come back.
    pub spent: Fen,
}

impl Amounts {
    /// Nothing in any column.
    pub const ZERO: Self =
        Self { granted: Fen::ZERO, allocated: Fen::ZERO, reserved: Fen::ZERO, drawn: Fen::ZERO, spent: Fen::ZERO };

    /// Column by column.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyFault> {
        Ok(Self {
            granted: self.granted.plus(other.granted)?,
            allocated: self.allocated.plus(other.allocated)?,
            reserved: self.reserved.plus(other.reserved)?,
            drawn: self.drawn.plus(other.drawn)?,
            spent: self.spent.plus(other.spent)?,
        })
    }

    /// Every column with the opposite sign.
    ///
    /// # Errors
    /// [`MoneyFault::Overflow`].
    pub fn negated(self) -> Result<Self, MoneyFault> {
        Ok(Self {
            granted: Fen::ZERO.minus(self.granted)?,
            allocated: Fen::ZERO.minus(self.allocated)?,
            reserved: Fen::ZERO.minus(self.reserved)?,
            drawn: Fen::ZERO.minus(self.drawn)?,
            spent: Fen::ZERO.minus(self.spent)?,
        })
    }

    /// The sum of what is allocated, reserved, drawn and spent: below this no limit can be cut.
    pub fn used(&self) -> Fen {
        saturated(self.used_wide())
    }

    /// What is granted and not used. Negative only for columns that break an invariant.
    pub fn free(&self) -> Fen {
        saturated(i128::from(self.granted.0).saturating_sub(self.used_wide()))
    }

    fn used_wide(&self) -> i128 {
        [self.allocated, self.reserved, self.drawn, self.spent].iter().map(|part| i128::from(part.0)).sum()
    }

    /// Whether the columns can be those of a limit.
    ///
    /// # Errors
    /// The first [`Invariant`] that is broken.
    pub fn check(&self) -> Result<(), Invariant> {
        let signs = [
            (self.reserved, Invariant::ReservedNegative),
            (self.drawn, Invariant::DrawnNegative),
            (self.spent, Invariant::SpentNegative),
            (self.allocated, Invariant::AllocatedNegative),
            (self.granted, Invariant::GrantedNegative),
        ];
        if let Some((_, broken)) = signs.into_iter().find(|(amount, _)| *amount < Fen::ZERO) {
            return Err(broken);
        }
        if self.used_wide() > i128::from(self.granted.0) { Err(Invariant::OverCommitted) } else { Ok(()) }
    }
}

/// 128 bits back to 64; five columns of 64 bits leave them only where an invariant is broken anyway.
fn saturated(wide: i128) -> Fen {
    Fen(i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX }))
}

coded! {
    /// What holds of every limit at any time. The same lines are the database's constraints and `ledger verify`'s checks.
    Invariant {
        /// 0 ≤ reserved.
        ReservedNegative "reserved_negative" "占用金额为负" "reserved is below 0";
        /// 0 ≤ drawn.
        DrawnNegative "drawn_negative" "已用金额为负" "drawn is below 0";
        /// 0 ≤ spent.
        SpentNegative "spent_negative" "已用尽金额为负" "spent is below 0";
        /// 0 ≤ allocated.
        AllocatedNegative "allocated_negative" "已拆分金额为负" "allocated is below 0";
        /// 0 ≤ granted.
        GrantedNegative "granted_negative" "授信金额为负" "granted is below 0";
        /// reserved + drawn + spent + allocated ≤ granted.
        OverCommitted "over_committed" "占用、已用与拆分之和超过授信金额" "reserved, drawn, spent and allocated exceed granted";
        /// A revolving limit gets back what is repaid, so that it has nothing spent.
        RevolvingSpent "revolving_spent" "循环额度不应有已用尽金额" "a revolving limit has something spent";
        /// allocated = Σ granted of the children that are not closed.
        ChildrenDiffer "children_differ" "已拆分金额与各分项之和不符" "allocated is not the sum of the parts";
        /// A closed limit has nothing in use: granted = spent.
        ClosedInUse "closed_in_use" "已终止的额度仍有金额" "a closed limit still has something in use";
        /// Depth 0 without a parent, more with one, at most [`DEPTH_MAX`].
        DepthWrong "depth_wrong" "额度层级有误" "the depth does not fit the place in the tree";
        /// 0 ≤ drawn, 0 ≤ released, drawn + released ≤ amount; equal exactly when it has ended.
        ReservationWrong "reservation_wrong" "占用记录的金额有误" "a reservation's amounts do not fit";
        /// 0 ≤ repaid ≤ amount.
        DrawdownWrong "drawdown_wrong" "用款记录的金额有误" "a drawdown's amounts do not fit";
        /// A sum does not fit 64 bits.
        Overflow "overflow" "金额超出可记录范围" "an amount does not fit 64 bits";
    }
}

/// A limit or a part of one, as its row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Which one.
    pub id: Uuid,
    /// Of what it is a part; nothing for the limit that was granted.
    pub parent: Option<Uuid>,
    /// How far below the granted limit, 0 for it itself.
    pub depth: u8,
    /// The columns.
    pub amounts: Amounts,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// Whether it can be used, as stored; see [`Self::state_on`].
    pub state: LimitState,
    /// The first day on which it can be used.
    pub valid_from: NaiveDate,
    /// The first day on which it no longer can.
    pub valid_to: NaiveDate,
}

impl Limit {
    /// What can still be reserved or handed to a part, as far as amounts go.
    pub fn free(&self) -> Fen {
        self.amounts.free()
    }

    /// The state on a day: a limit is expired from `valid_to` on, whether or not the job that says so has run.
    pub fn state_on(&self, day: NaiveDate) -> LimitState {
        match self.state {
            LimitState::Active | LimitState::Frozen if day >= self.valid_to => LimitState::Expired,
            state => state,
        }
    }

    /// Whether the row can be true.
    ///
    /// # Errors
    /// The first [`Invariant`] that is broken.
    pub fn check(&self) -> Result<(), Invariant> {
        self.amounts.check()?;
        if self.revolving && self.amounts.spent != Fen::ZERO {
            return Err(Invariant::RevolvingSpent);
        }
        let in_use = self.amounts.granted != self.amounts.spent;
        if self.state == LimitState::Closed && in_use {
            return Err(Invariant::ClosedInUse);
        }
        if self.depth > DEPTH_MAX || (self.depth == 0) != self.parent.is_none() {
            return Err(Invariant::DepthWrong);
        }
        Ok(())
    }

    /// Whether the parts of this limit fit it; `children` are all of them.
    ///
    /// # Errors
    /// [`Invariant::ChildrenDiffer`], [`Invariant::Overflow`].
    pub fn check_children(&self, children: &[Self]) -> Result<(), Invariant> {
        let open = children.iter().filter(|child| child.state != LimitState::Closed);
        let handed = Fen::sum(open.map(|child| child.amounts.granted)).map_err(|_| Invariant::Overflow)?;
        if handed == self.amounts.allocated { Ok(()) } else { Err(Invariant::ChildrenDiffer) }
    }
}

/// When something is done: the instant, and the business date that the tenant's zone makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Moment {
    /// The moment in a tenant's zone.
    pub fn new(now: DateTime<Utc>, zone: TenantZone) -> Self {
        Self { now, today: zone.date_of(now) }
    }

    /// The instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The business date.
    pub fn today(&self) -> NaiveDate {
        self.today
    }
}
