//! What erasure does to an application and what came of it. Who asked for nothing but an application leaves nothing; where a guarantee
//! came of it, the firm needs the record as long as the business lasts (PIPL art. 13(2)), and after it as long as other laws make it
//! keep it: then it is stored and used for nothing else (PIPL art. 47, last sentence).

use chrono::{Days, NaiveDate};

use crate::applications::state::ApplicationState;

/// A limit that came of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitFact {
    /// Whether it can still be used, or money drawn under it is not repaid.
    pub is_open: bool,
    /// When it last changed.
    pub last_on: NaiveDate,
}

/// Whether business came of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Business {
    /// None.
    Never,
    /// It goes on.
    Open,
    /// It ended on this day.
    Ended(NaiveDate),
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is erased now.
    Erased,
    /// It is kept and used as long as the business lasts.
    InUse,
    /// It is kept until this day, and used for nothing.
    Blocked(NaiveDate),
}

/// Whether business came of an application, given its state, since when it is there, and its limits. An application that is not
/// decided was withdrawn by whoever asks for erasure, so it never was business.
pub fn business_of(state: ApplicationState, since: NaiveDate, limits: &[LimitFact]) -> Business {
    if state != ApplicationState::Approved {
        return Business::Never;
    }
    if limits.iter().any(|limit| limit.is_open) {
        return Business::Open;
    }
    Business::Ended(limits.iter().map(|limit| limit.last_on).fold(since, NaiveDate::max))
}

/// What becomes of what belongs to a business when its person's data is erased on `today`, where it is kept for so many days after
/// its end.
pub fn fate(business: Business, kept_days: u32, today: NaiveDate) -> Fate {
    match business {
        Business::Never => Fate::Erased,
        Business::Open => Fate::InUse,
        Business::Ended(on) => {
            let until = on.checked_add_days(Days::new(kept_days.into())).unwrap_or(NaiveDate::MAX);
            if until <= today { Fate::Erased } else { Fate::Blocked(until) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ApplicationState as S;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_was_approved_is_business() {
        let open = [LimitFact { is_open: true, last_on: day("2026-05-01") }];
        for state in S::ALL {
            let business = business_of(state, day("2026-04-01"), &open);
            assert_eq!(business, if state == S::Approved { Business::Open } else { Business::Never }, "{state:?}");
        }
    }

    #[test]
    fn business_ends_with_the_last_of_its_limits() {
        let over = |on| LimitFact { is_open: false, last_on: day(on) };
        let rows: &[(&[LimitFact], Business)] = &[
            (&[], Business::Ended(day("2026-04-01"))),
            (&[over("2027-01-05"), over("2026-12-31")], Business::Ended(day("2027-01-05"))),
            (&[over("2027-01-05"), LimitFact { is_open: true, last_on: day("2026-04-02") }], Business::Open),
        ];
        for (limits, expected) in rows {
            assert_eq!(business_of(S::Approved, day("2026-04-01"), limits), *expected, "{limits:?}");
        }
    }

    #[test]
    fn what_is_over_is_blocked_until_its_period_is_over_too() {
        let ended = Business::Ended(day("2026-01-01"));
        let rows = [
            (Business::Never, "2026-01-01", Fate::Erased),
            (Business::Open, "2099-01-01", Fate::InUse),
            (ended, "2026-01-01", Fate::Blocked(day("2026-01-11"))),
            (ended, "2026-01-10", Fate::Blocked(day("2026-01-11"))),
            (ended, "2026-01-11", Fate::Erased),
        ];
        for (business, today, expected) in rows {
            assert_eq!(fate(business, 10, day(today)), expected, "{business:?} {today}");
        }
        assert_eq!(fate(Business::Ended(NaiveDate::MAX), 10, day("2026-01-01")), Fate::Blocked(NaiveDate::MAX));
    }
}
