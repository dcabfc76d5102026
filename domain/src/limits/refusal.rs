//! Why an operation on a limit was refused: a code for the caller, the figures, and a sentence that says what to do.

use chrono::{DateTime, NaiveDate, Utc};

use super::operation::LimitAction;
use super::posting::EntryKind;
use super::reservation::ReservationState;
use super::tree::{
    CHILDREN_MAX, DEPTH_MAX, GRANT_FEN_MAX, Invariant, LimitState, RESERVATION_DAYS_MAX, VALID_DAYS_MAX,
};
use crate::money::Fen;
use crate::words::Words;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum LimitRefusal {
    /// The amount is 0 or negative.
    AmountNotPositive {
        /// What was asked.
        asked: Fen,
    },
    /// The limit would be larger than any limit may be.
    AboveLargest {
        /// What was asked.
        asked: Fen,
    },
    /// Not enough is free.
    NotEnoughFree {
        /// What was asked.
        asked: Fen,
        /// What is free.
        free: Fen,
    },
    /// More than the application was approved for.
    AboveApproved {
        /// What was asked.
        asked: Fen,
        /// What was approved.
        approved: Fen,
    },
    /// A limit is not cut below what is in use.
    BelowUse {
        /// What was asked.
        asked: Fen,
        /// What is in use.
        used: Fen,
    },
    /// It already has this amount.
    Unchanged {
        /// What was asked.
        asked: Fen,
    },
    /// The limit's state does not allow it.
    NotInThisState {
        /// The state on that day.
        state: LimitState,
        /// What was asked for.
        action: LimitAction,
    },
    /// A limit above it is not active.
    AboveBlocked {
        /// The state of the one above.
        state: LimitState,
    },
    /// Its first day is still to come.
    NotYetValid {
        /// That day.
        from: NaiveDate,
    },
    /// Its last day has not passed.
    NotYetExpired {
        /// The first day on which it is expired.
        on: NaiveDate,
    },
    /// Something is in use or handed to parts.
    StillInUse {
        /// Reserved, drawn and allocated together.
        used: Fen,
    },
    /// The tree would be too deep.
    TooDeep,
    /// The limit has too many parts.
    TooManyChildren,
    /// The validity is empty, over, or too long.
    PeriodInvalid,
    /// A part would be valid when the whole is not.
    PeriodOutsideParent {
        /// The whole's first day.
        from: NaiveDate,
        /// The whole's first day after.
        to: NaiveDate,
    },
    /// A part of a one-off limit cannot be revolving.
    RevolvingUnderOneOff,
    /// The limits given are not parent and part, or not parts of one limit.
    NotRelated,
    /// The reservation has ended.
    ReservationEnded {
        /// How.
        state: ReservationState,
    },
    /// The reservation's time has run out.
    ReservationLapsed {
        /// When.
        at: DateTime<Utc>,
    },
    /// The reservation's time has not run out.
    ReservationNotDue {
        /// When it does.
        at: DateTime<Utc>,
    },
    /// More than the reservation has left.
    AboveReservation {
        /// What was asked.
        asked: Fen,
        /// What it has left.
        rest: Fen,
    },
    /// A reservation must end after now and within [`RESERVATION_DAYS_MAX`].
    LapseInvalid,
    /// More than is outstanding.
    AboveOutstanding {
        /// What was asked.
        asked: Fen,
        /// What is outstanding.
        outstanding: Fen,
    },
    /// The drawdown was taken back.
    DrawdownReversed,
    /// The drawdown was repaid in part; that is to be taken back first.
    DrawdownRepaid {
        /// How much.
        repaid: Fen,
    },
    /// The entry is of a kind that is not taken back but followed by its opposite.
    NotCorrectable {
        /// The kind.
        kind: EntryKind,
    },
    /// The entry was taken back before.
    AlreadyCorrected,
    /// The rows given cannot be true; nothing is done on such books.
    BooksBroken {
        /// What does not hold.
        invariant: Invariant,
    },
}

impl From<Invariant> for LimitRefusal {
    fn from(invariant: Invariant) -> Self {
        Self::BooksBroken { invariant }
    }
}

/// The two figures of a refusal, where it has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// What was asked.
    pub asked: Option<Fen>,
    /// What there is: free, approved, in use, left or outstanding.
    pub bound: Option<Fen>,
}

impl LimitRefusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AmountNotPositive { .. } => "limit_amount_not_positive",
            Self::AboveLargest { .. } => "limit_amount_too_large",
            Self::NotEnoughFree { .. } => "limit_not_enough_free",
            Self::AboveApproved { .. } => "limit_above_approved",
            Self::BelowUse { .. } => "limit_below_use",
            Self::Unchanged { .. } => "limit_amount_unchanged",
            Self::NotInThisState { state: LimitState::Active, .. } => "limit_is_active",
            Self::NotInThisState { state: LimitState::Frozen, .. } => "limit_is_frozen",
            Self::NotInThisState { state: LimitState::Expired, .. } => "limit_is_expired",
            Self::NotInThisState { state: LimitState::Closed, .. } => "limit_is_closed",
            Self::AboveBlocked { .. } => "limit_above_blocked",
            Self::NotYetValid { .. } => "limit_not_yet_valid",
            Self::NotYetExpired { .. } => "limit_not_yet_expired",
            Self::StillInUse { .. } => "limit_still_in_use",
            Self::TooDeep => "limit_too_deep",
            Self::TooManyChildren => "limit_parts_too_many",
            Self::PeriodInvalid => "limit_period_invalid",
            Self::PeriodOutsideParent { .. } => "limit_period_outside_parent",
            Self::RevolvingUnderOneOff => "limit_revolving_under_one_off",
            Self::NotRelated => "limit_not_related",
            Self::ReservationEnded { .. } => "reservation_ended",
            Self::ReservationLapsed { .. } => "reservation_lapsed",
            Self::ReservationNotDue { .. } => "reservation_not_due",
            Self::AboveReservation { .. } => "reservation_not_enough_left",
            Self::LapseInvalid => "reservation_lapse_invalid",
            Self::AboveOutstanding { .. } => "repayment_above_outstanding",
            Self::DrawdownReversed => "drawdown_reversed",
            Self::DrawdownRepaid { .. } => "drawdown_partly_repaid",
            Self::NotCorrectable { .. } => "entry_not_correctable",
            Self::AlreadyCorrected => "entry_already_corrected",
            Self::BooksBroken { .. } => "limit_books_broken",
        }
    }

    /// What was asked and what there is.
    pub fn figures(&self) -> Figures {
        let (asked, bound) = match *self {
            Self::AmountNotPositive { asked } | Self::Unchanged { asked } => (Some(asked), None),
            Self::AboveLargest { asked } => (Some(asked), Some(GRANT_FEN_MAX)),
            Self::NotEnoughFree { asked, free } => (Some(asked), Some(free)),
            Self::AboveApproved { asked, approved } => (Some(asked), Some(approved)),
            Self::BelowUse { asked, used } => (Some(asked), Some(used)),
            Self::AboveReservation { asked, rest } => (Some(asked), Some(rest)),
            Self::AboveOutstanding { asked, outstanding } => (Some(asked), Some(outstanding)),
            Self::StillInUse { used } => (None, Some(used)),
            Self::DrawdownRepaid { repaid } => (None, Some(repaid)),
            _ => (None, None),
        };
        Figures { asked, bound }
    }

    /// What is wrong, with the figures, and what to do.
    pub fn words(&self) -> Words {
        self.words_of_amounts().or_else(|| self.words_of_states()).unwrap_or_else(|| {
            let (zh, en) = self.fixed_words();
            Words::new(zh, en)
        })
    }

    fn words_of_amounts(&self) -> Option<Words> {
        let pair = |zh: String, en: String| Some(Words::new(zh, en));
        let (asked, bound) = (self.figures().asked.unwrap_or_default(), self.figures().bound.unwrap_or_default());
        let (zh_asked, zh_bound) = (asked.in_yuan(), bound.in_yuan());
        let (asked, bound) = (asked.to_yuan(), bound.to_yuan());
        match self {
            Self::AmountNotPositive { .. } => pair(
                format!("金额应大于0（填写的是{zh_asked}），请重新填写"),
                format!("The amount must be above 0, and is {asked} yuan; enter another"),
            ),
            Self::AboveLargest { .. } => pair(
                format!("额度{zh_asked}超过单笔上限{zh_bound}，请核对单位（元、万元）"),
                format!("A limit of {asked} yuan exceeds the largest, {bound} yuan; check the unit"),
            ),
            Self::NotEnoughFree { .. } => pair(
                format!("需要{zh_asked}，可用额度只有{zh_bound}，请减少金额，或先还款、释放占用、申请调增"),
                format!("{asked} yuan asked, {bound} yuan free; ask for less, repay, release, or have it enlarged"),
            ),
            Self::AboveApproved { .. } => pair(
                format!("额度{zh_asked}超过批准金额{zh_bound}，超出部分须另行报批"),
                format!("{asked} yuan exceeds the approved {bound} yuan; more needs another approval"),
            ),
            Self::BelowUse { .. } => pair(
                format!("不能调减到{zh_asked}：已使用{zh_bound}，请先还款、释放占用或收回分项"),
                format!("Cannot cut to {asked} yuan: {bound} yuan are in use; repay, release or take parts back first"),
            ),
            Self::Unchanged { .. } => {
                pair(format!("额度已是{zh_asked}，无需调整"), format!("It already is {asked} yuan; nothing to change"))
            }
            Self::StillInUse { .. } => pair(
                format!("仍有{zh_bound}在使用中，请先还清、释放占用并终止各分项，再终止额度"),
                format!("{bound} yuan are still in use; repay, release and close the parts, then close it"),
            ),
            Self::AboveReservation { .. } => pair(
                format!("需要{zh_asked}，本笔占用只剩{zh_bound}，请减少金额或另行占用"),
                format!("{asked} yuan asked, the reservation has {bound} yuan left; draw less or reserve again"),
            ),
            Self::AboveOutstanding { .. } => pair(
                format!("还款{zh_asked}超过未还金额{zh_bound}，请核对金额"),
                format!("A repayment of {asked} yuan exceeds the {bound} yuan outstanding; check the amount"),
            ),
            Self::DrawdownRepaid { .. } => pair(
                format!("该笔用款已还{zh_bound}，请先冲正还款，再冲正用款"),
                format!("{bound} yuan of it were repaid; take the repayment back first"),
            ),
            _ => None,
        }
    }

    fn words_of_states(&self) -> Option<Words> {
        let pair = |zh: String, en: String| Some(Words::new(zh, en));
        match self {
            Self::NotInThisState { state, action } => {
                let (state, action) = (state.words(), action.words());
                pair(
                    format!("额度当前为“{}”，不能{}，请刷新后查看可进行的操作", state.zh, action.zh),
                    format!("The limit is {}, which does not allow to {}; reload it", state.en, action.en),
                )
            }
            Self::AboveBlocked { state } => pair(
                format!("上级额度当前为“{}”，其下各分项不能使用，请联系额度管理人员", state.words().zh),
                format!("A limit above it is {}, so that its parts cannot be used; ask its manager", state.words().en),
            ),
            Self::NotYetValid { from } => {
                pair(format!("额度自{from}起生效，请届时再用"), format!("It is valid from {from}; use it then"))
            }
            Self::NotYetExpired { on } => pair(
                format!("额度到{on}才到期，如需停用请冻结"),
                format!("It expires on {on}; freeze it to stop it before"),
            ),
            Self::PeriodOutsideParent { from, to } => pair(
                format!("分项的有效期应在上级额度的有效期之内（{from}起，{to}前）"),
                format!("A part must be valid within its parent's time, from {from} and before {to}"),
            ),
            Self::ReservationEnded { state } => pair(
                format!("该笔占用{}，如仍需使用请重新占用", state.words().zh),
                format!("The reservation is {}; reserve again if it is still needed", state.words().en),
            ),
            Self::NotCorrectable { kind } => pair(
                format!("“{}”记录不能冲正，请作相反的操作", kind.words().zh),
                format!("An entry of kind \"{}\" is not taken back; do the opposite", kind.words().en),
            ),
            Self::BooksBroken { invariant } => pair(
                format!("额度账目有误：{}，已停止处理，请联系管理员核对", invariant.words().zh),
                format!("The books are wrong: {}; nothing was done, tell the administrator", invariant.words().en),
            ),
            Self::TooDeep => pair(
                format!("额度最多拆分{DEPTH_MAX}级，请在上级拆分"),
                format!("A limit is split at most {DEPTH_MAX} deep; split a higher one"),
            ),
            Self::TooManyChildren => pair(
                format!("一个额度最多有{CHILDREN_MAX}个分项，请先终止不用的分项"),
                format!("A limit has at most {CHILDREN_MAX} parts; close those not needed"),
            ),
            Self::PeriodInvalid => pair(
                format!("有效期应有至少一天、尚未过去且不超过{VALID_DAYS_MAX}天"),
                format!("The validity must have a day, not be over, and be at most {VALID_DAYS_MAX} days long"),
            ),
            Self::LapseInvalid => pair(
                format!("占用的失效时间应在现在之后、{RESERVATION_DAYS_MAX}天之内"),
                format!("A reservation must lapse after now and within {RESERVATION_DAYS_MAX} days"),
            ),
            _ => None,
        }
    }

    fn fixed_words(&self) -> (&'static str, &'static str) {
        match self {
            Self::RevolvingUnderOneOff => (
                "一次性额度的分项不能循环使用，请改为一次性",
                "A part of a one-off limit cannot be revolving; make it one-off",
            ),
            Self::NotRelated => (
                "所选额度不是上下级或同一额度的分项，请重新选择",
                "The limits are not parent and part, nor parts of one limit; choose others",
            ),
            Self::ReservationLapsed { .. } => {
                ("该笔占用已超过有效时间，请重新占用", "The reservation's time has run out; reserve again")
            }
            Self::ReservationNotDue { .. } => {
                ("该笔占用尚未到失效时间，如不再需要请释放", "The reservation has not run out; release it instead")
            }
            Self::DrawdownReversed => ("该笔用款已冲正", "The drawdown was taken back; there is nothing to do on it"),
            Self::AlreadyCorrected => {
                ("该记录已冲正，不能再次冲正", "The entry was taken back before; there is nothing left to do")
            }
            _ => ("不能进行此操作，请刷新后再试", "This is not possible; reload it"),
        }
    }
}
