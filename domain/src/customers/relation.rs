//! Which relations can hold between which customers, and how one ends. A relation is never changed: what is known anew is
//! a new one, and what no longer holds is ended.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{CustomerKind, is_plausible};
use crate::limits::BASIS_POINTS;
use crate::limits::groups::{LinkKind, LinkSource};
use crate::words::Words;

/// A relation before it is recorded. Of a shareholder, controller or guarantor, `other` is the shareholder, controller or
/// guarantor of `customer`; the other kinds have no direction.
#[derive(Debug, Clone)]
pub struct NewRelation {
    /// One customer.
    pub customer: (Uuid, CustomerKind),
    /// The other.
    pub other: (Uuid, CustomerKind),
    /// How they are related.
    pub kind: LinkKind,
    /// Where that is known from.
    pub source: LinkSource,
    /// The share that is held, basis points.
    pub share_bp: Option<i64>,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day after, if any.
    pub valid_to: Option<NaiveDate>,
    /// Whether both records have the same phone.
    pub same_phone: bool,
    /// Whether both records have the same address.
    pub same_address: bool,
}

/// What is wrong with a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum RelationFault {
    /// A customer is related to itself.
    Itself,
    /// It ends before it begins.
    Period,
    /// A day lies in no plausible year.
    Day,
    /// Only persons are married.
    SpouseNotPerson,
    /// Nobody holds shares of a person, or controls one.
    HeldIsPerson,
    /// Only a shareholder has a share.
    ShareOfOther,
    /// A share is more than nothing and at most all.
    ShareRange,
    /// The records were not compared for this kind, or do not agree.
    NothingMatches,
}

impl RelationFault {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Itself => "relation_to_itself",
            Self::Period => "relation_period_invalid",
            Self::Day => "day_out_of_range",
            Self::SpouseNotPerson => "spouse_not_person",
            Self::HeldIsPerson => "held_is_person",
            Self::ShareOfOther => "share_not_of_shareholder",
            Self::ShareRange => "share_out_of_range",
            Self::NothingMatches => "nothing_matches",
        }
    }

    /// What to do about it.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Itself => ("不能与自己建立关联，请选择另一位客户", "Choose another customer than itself"),
            Self::Period => ("截止日须晚于起始日", "The end must be later than the beginning"),
            Self::Day => ("日期应在1900年至2999年之间", "A day lies between 1900 and 2999"),
            Self::SpouseNotPerson => ("配偶关系只能在两个自然人之间登记", "Only two persons can be married"),
            Self::HeldIsPerson => (
                "自然人没有股东或实际控制人，请在企业一侧登记",
                "A person has no shareholder or controller; record it at the enterprise",
            ),
            Self::ShareOfOther => ("只有股东关系可填持股比例", "Only a shareholder has a share"),
            Self::ShareRange => ("持股比例应为1至10000（万分之一为单位）", "A share is 1 to 10,000 basis points"),
            Self::NothingMatches => (
                "系统比对只用于相同电话或相同地址，且两份档案须一致；请选择其他来源",
                "Comparison of records is the source of a same phone or address that both records have; choose another",
            ),
        };
        Words::new(zh, en)
    }
}

impl NewRelation {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<RelationFault> {
        let mut found = Vec::new();
        if self.customer.0 == self.other.0 {
            found.push(RelationFault::Itself);
        }
        if self.valid_to.is_some_and(|to| to <= self.valid_from) {
            found.push(RelationFault::Period);
        }
        if !is_plausible(self.valid_from) || !self.valid_to.is_none_or(is_plausible) {
            found.push(RelationFault::Day);
        }
        found.extend(self.between());
        found.extend(self.share());
        if self.source == LinkSource::Matching && !self.matches() {
            found.push(RelationFault::NothingMatches);
        }
        found
    }

    fn between(&self) -> Option<RelationFault> {
        let person = CustomerKind::Person;
        match self.kind {
            LinkKind::Spouse if self.customer.1 != person || self.other.1 != person => {
                Some(RelationFault::SpouseNotPerson)
            }
            LinkKind::Shareholder | LinkKind::Controller if self.customer.1 == person => {
                Some(RelationFault::HeldIsPerson)
            }
            _ => None,
        }
    }

    fn share(&self) -> Option<RelationFault> {
        match (self.kind, self.share_bp) {
            (_, None) => None,
            (LinkKind::Shareholder, Some(share)) => {
                (!(1..=BASIS_POINTS).contains(&share)).then_some(RelationFault::ShareRange)
            }
            (_, Some(_)) => Some(RelationFault::ShareOfOther),
        }
    }

    fn matches(&self) -> bool {
        match self.kind {
            LinkKind::SamePhone => self.same_phone,
            LinkKind::SameAddress => self.same_address,
            _ => false,
        }
    }
}

/// Why a relation is not ended so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum EndFault {
    /// It holds no longer.
    AlreadyEnded,
    /// It would end before it began, in no plausible year, or later than it does anyhow.
    LastDay,
}

impl EndFault {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyEnded => "already_ended",
            Self::LastDay => "last_day_out_of_range",
        }
    }
}

/// The first day on which a relation that held from `valid_from` to `valid_to` no longer holds, if `last_day` is to be
/// its last.
///
/// # Errors
/// [`EndFault`].
pub fn end_relation(
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    last_day: NaiveDate,
    today: NaiveDate,
) -> Result<NaiveDate, EndFault> {
    if valid_to.is_some_and(|to| to <= today) {
        return Err(EndFault::AlreadyEnded);
    }
    let after = last_day.checked_add_days(Days::new(1)).filter(|_| is_plausible(last_day)).ok_or(EndFault::LastDay)?;
    let shorter = valid_to.is_none_or(|to| after < to);
    if last_day >= valid_from && shorter { Ok(after) } else { Err(EndFault::LastDay) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CustomerKind::{Bank, Enterprise, Person};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn relation(kind: LinkKind, customer: CustomerKind, other: CustomerKind) -> NewRelation {
        NewRelation {
            customer: (Uuid::from_u128(1), customer),
            other: (Uuid::from_u128(2), other),
            kind,
            source: LinkSource::Registry,
            share_bp: None,
            valid_from: day("2026-01-01"),
            valid_to: None,
            same_phone: false,
            same_address: false,
        }
    }

    #[test]
    fn who_can_be_related_to_whom() {
        let rows = [
            (LinkKind::Spouse, Person, Person, None),
            (LinkKind::Spouse, Enterprise, Person, Some(RelationFault::SpouseNotPerson)),
            (LinkKind::Spouse, Person, Bank, Some(RelationFault::SpouseNotPerson)),
            (LinkKind::Shareholder, Enterprise, Person, None),
            (LinkKind::Shareholder, Bank, Enterprise, None),
            (LinkKind::Shareholder, Person, Enterprise, Some(RelationFault::HeldIsPerson)),
            (LinkKind::Controller, Person, Person, Some(RelationFault::HeldIsPerson)),
            (LinkKind::Controller, Enterprise, Person, None),
            (LinkKind::Guarantor, Person, Enterprise, None),
            (LinkKind::SamePhone, Person, Enterprise, None),
        ];
        for (kind, customer, other, expected) in rows {
            let found = relation(kind, customer, other).faults();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{kind:?} {customer:?} {other:?}");
        }
    }

    #[test]
    fn shares_days_and_comparisons_are_judged() {
        type Change = fn(&mut NewRelation);
        let rows: [(Change, &[RelationFault]); 11] = [
            (|r| r.share_bp = Some(1), &[]),
            (|r| r.share_bp = Some(10_000), &[]),
            (|r| r.share_bp = Some(0), &[RelationFault::ShareRange]),
            (|r| r.share_bp = Some(i64::MAX), &[RelationFault::ShareRange]),
            (|r| (r.kind, r.share_bp) = (LinkKind::Guarantor, Some(100)), &[RelationFault::ShareOfOther]),
            (|r| r.valid_to = Some(r.valid_from), &[RelationFault::Period]),
            (|r| r.valid_from = NaiveDate::MIN, &[RelationFault::Day]),
            (|r| r.other.0 = r.customer.0, &[RelationFault::Itself]),
            (|r| r.source = LinkSource::Matching, &[RelationFault::NothingMatches]),
            (
                |r| (r.kind, r.source, r.same_address) = (LinkKind::SamePhone, LinkSource::Matching, true),
                &[RelationFault::NothingMatches],
            ),
            (|r| (r.kind, r.source, r.same_phone) = (LinkKind::SamePhone, LinkSource::Matching, true), &[]),
        ];
        for (at, (change, expected)) in rows.into_iter().enumerate() {
            let mut new = relation(LinkKind::Shareholder, Enterprise, Person);
            change(&mut new);
            assert_eq!(new.faults(), expected, "row {at}");
        }
    }

    #[test]
    fn a_relation_ends_once_and_only_earlier() {
        let from = day("2026-01-01");
        let rows = [
            (None, "2026-05-31", Ok("2026-06-01")),
            (None, "2026-01-01", Ok("2026-01-02")),
            (None, "2025-12-31", Err(EndFault::LastDay)),
            (None, "2027-01-01", Ok("2027-01-02")),
            (Some("2026-12-31"), "2026-12-30", Err(EndFault::LastDay)),
            (Some("2026-12-31"), "2026-12-29", Ok("2026-12-30")),
            (Some("2026-06-01"), "2026-03-01", Err(EndFault::AlreadyEnded)),
        ];
        for (to, last, expected) in rows {
            let found = end_relation(from, to.map(day), day(last), day("2026-06-01"));
            assert_eq!(found, expected.map(day), "{to:?} {last}");
        }
        assert_eq!(end_relation(from, None, NaiveDate::MAX, from), Err(EndFault::LastDay));
    }

    proptest! {
        #[test]
        fn an_end_is_after_the_beginning(from in 0u64..1000, last in 0u64..1000, to in 0u64..1000, today in 0u64..1000) {
            let on = |n: u64| day("2025-01-01") + Days::new(n);
            if let Ok(end) = end_relation(on(from), Some(on(to)), on(last), on(today)) {
                prop_assert!(on(from) < end && end < on(to) && on(today) < on(to));
            }
        }
    }
}
