//! How much a machine was used, out of its days: shares of whole numbers, so that the same days give the same figures for
//! ever.

use chrono::NaiveDate;
use domain::devices::score::Usage;
use domain::time::DayInterval;
use serde::Serialize;
use utoipa::ToSchema;

/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// A whole, in parts per million.
const WHOLE_PPM: i128 = 1_000_000;

/// A day of a machine, seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DaySums {
    pub(super) offline: i64,
    /// Off or standby.
    pub(super) idle: i64,
    /// Working, overload not among it.
    pub(super) working: i64,
    pub(super) overload: i64,
}

impl DaySums {
    const fn busy(&self) -> i64 {
        self.working.saturating_add(self.overload)
    }

    const fn connected(&self) -> i64 {
        self.idle.saturating_add(self.busy())
    }

    const fn known(&self) -> i64 {
        self.offline.saturating_add(self.connected())
    }
}

/// The use over a period from those of its days that were counted; none where nothing is known of any.
pub(super) fn usage_of(period: DayInterval, days: &[DaySums]) -> Option<Usage> {
    let known: i64 = days.iter().map(DaySums::known).sum();
    if known <= 0 {
        return None;
    }
    let busy: i64 = days.iter().map(DaySums::busy).sum();
    let overload: i64 = days.iter().map(|day| day.overload).sum();
    let whole = period.days().max(1).saturating_mul(DAY_S);
    let daily: Vec<i64> =
        days.iter().filter(|day| day.known() > 0).map(|day| share_ppm(day.busy(), day.known())).collect();
    Some(Usage {
        period,
        utilisation_ppm: share_ppm(busy, known),
        variation_per_mille: variation_per_mille(&daily),
        days_known: u32::try_from(daily.len()).unwrap_or(u32::MAX),
        unknown_share_ppm: share_ppm(whole.saturating_sub(known).max(0), whole),
        overload_share_ppm: share_ppm(overload, known),
    })
}

/// The share of a period of so many days in which the socket was connected, parts per million.
pub(super) fn online_share_ppm(days_watched: i64, days: &[DaySums]) -> Option<i64> {
    let connected: i64 = days.iter().map(DaySums::connected).sum();
    (days_watched > 0).then(|| share_ppm(connected.min(days_watched.saturating_mul(DAY_S)), days_watched * DAY_S))
}

/// Hours that were worked.
pub(super) fn hours_run(busy_s: i64) -> i64 {
    busy_s.max(0) / 3_600
}

/// Whole months, of thirty days, over which somebody watched; at least one where it was any day.
pub(super) fn months_watched(first: NaiveDate, today: NaiveDate) -> u32 {
    let days = today.signed_duration_since(first).num_days().max(1);
    u32::try_from((days + 15) / 30).unwrap_or(u32::MAX).max(1)
}

/// `part ÷ whole` in parts per million, half up; the whole is above 0.
fn share_ppm(part: i64, whole: i64) -> i64 {
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((part * WHOLE_PPM * 2 + whole).div_euclid(whole * 2)).unwrap_or_default()
}

/// Standard deviation ÷ mean, per mille; none where the mean is 0.
fn variation_per_mille(values: &[i64]) -> Option<i64> {
    let count = i128::try_from(values.len()).ok().filter(|count| *count > 0)?;
    let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
    if sum <= 0 {
        return None;
    }
    // n·Σx² − (Σx)² is n² times the variance, so that its root ÷ the sum is deviation ÷ mean
    let squares: i128 = values.iter().map(|value| i128::from(*value) * i128::from(*value)).sum();
    let spread = (count * squares - sum * sum).max(0);
    i64::try_from((spread * 1_000_000).isqrt().div_euclid(sum)).ok()
}

/// How much a machine was used over the last thirty whole days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UseView {
    /// The first day.
    #[schema(example = "2026-10-30")]
    pub from: NaiveDate,
    /// The last day.
    #[schema(example = "2026-11-28")]
    pub until: NaiveDate,
    /// (Working + overload) ÷ known time, parts per million.
    #[schema(example = 412_000, minimum = 0, maximum = 1_000_000)]
    pub utilisation_ppm: i64,
    /// How much it swings from day to day: deviation ÷ mean, per mille; null where it was not used.
    #[schema(example = 310, minimum = 0)]
    pub variation_per_mille: Option<i64>,
    /// Days of which anything is known.
    #[schema(example = 30, minimum = 0, maximum = 30)]
    pub days_known: u32,
    /// Share of the period of which nothing is known, parts per million.
    #[schema(example = 20_000, minimum = 0, maximum = 1_000_000)]
    pub unknown_share_ppm: i64,
    /// Share of the known time in overload, parts per million.
    #[schema(example = 1_000, minimum = 0, maximum = 1_000_000)]
    pub overload_share_ppm: i64,
}

impl UseView {
    pub(super) fn of(usage: &Usage) -> Self {
        Self {
            from: usage.period.from(),
            until: usage.period.to().pred_opt().unwrap_or(usage.period.to()),
            utilisation_ppm: usage.utilisation_ppm,
            variation_per_mille: usage.variation_per_mille,
            days_known: usage.days_known,
            unknown_share_ppm: usage.unknown_share_ppm,
            overload_share_ppm: usage.overload_share_ppm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn sums(offline: i64, idle: i64, working: i64, overload: i64) -> DaySums {
        DaySums { offline, idle, working, overload }
    }

    #[test]
    fn shares_are_of_what_is_known() {
        let period = DayInterval::new(day("2026-11-01"), day("2026-11-05")).unwrap();
        assert_eq!(usage_of(period, &[]), None);
        assert_eq!(usage_of(period, &[DaySums::default()]), None);
        let whole = sums(0, 43_200, 43_200, 0);
        let usage = usage_of(period, &[whole, whole]).unwrap();
        assert_eq!((usage.utilisation_ppm, usage.variation_per_mille, usage.days_known), (500_000, Some(0), 2));
        assert_eq!((usage.unknown_share_ppm, usage.overload_share_ppm), (500_000, 0));
        // a day of which half is known counts with what is known
        let half = sums(10_800, 0, 21_600, 10_800);
        let usage = usage_of(period, &[whole, half]).unwrap();
        assert_eq!(usage.utilisation_ppm, (43_200 + 32_400) * 1_000_000 / 129_600);
        assert_eq!(usage.overload_share_ppm, 83_333);
        // shares of 0.5 and 0.75: deviation 0.125, mean 0.625
        assert_eq!(usage.variation_per_mille, Some(200));
        let idle = usage_of(period, &[sums(0, 86_400, 0, 0)]).unwrap();
        assert_eq!((idle.utilisation_ppm, idle.variation_per_mille), (0, None));
    }

    #[test]
    fn a_socket_is_online_when_it_says_something() {
        let rows = [
            (0, vec![], None),
            (2, vec![], Some(0)),
            (2, vec![sums(0, 86_400, 0, 0)], Some(500_000)),
            (1, vec![sums(43_200, 0, 43_200, 0)], Some(500_000)),
            (1, vec![sums(0, 86_400, 0, 0), sums(0, 86_400, 0, 0)], Some(1_000_000)),
        ];
        for (watched, days, expected) in rows {
            assert_eq!(online_share_ppm(watched, &days), expected, "{watched} {days:?}");
        }
    }

    #[test]
    fn months_are_counted_by_thirty_days() {
        for (first, months) in [("2026-11-29", 1), ("2026-11-01", 1), ("2026-10-01", 2), ("2025-11-29", 12)] {
            assert_eq!(months_watched(day(first), day("2026-11-29")), months, "{first}");
        }
        assert_eq!(hours_run(7_199), 1);
    }
}
