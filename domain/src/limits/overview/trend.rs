//! How the firm's liability, its net assets and the bound between them came about: one point for each day on which one of
//! them changed, since between two such days everything stood still.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{HeadRoom, law_bounds, share_bp};
use crate::limits::parameters::{Parameter, ParameterState, ParameterValue, bounds_on, in_force};
use crate::limits::rules::Composition;
use crate::money::Fen;

/// Most points of a trend: what a picture can show, and what a year can have.
pub const TREND_POINTS_MAX: usize = 400;

/// The firm's balances at the end of a day, by some weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmDay {
    /// The day.
    pub day: NaiveDate,
    /// The parameter whose weights it was computed by; nil for the statutory ones.
    pub weights: Uuid,
    /// The liability balance.
    pub liability: Fen,
    /// Whom the firm served.
    pub composition: Composition,
}

/// A day of the trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The day.
    pub day: NaiveDate,
    /// Net assets; nothing where none are entered for the day.
    pub net_assets: Option<Fen>,
    /// The liability balance.
    pub liability: Fen,
    /// The most that it may be.
    pub bound: Option<Fen>,
    /// How much more it may be; below 0 where it is too much already.
    pub room: Option<Fen>,
    /// The liability balance as a multiple of net assets in basis points, rounded up: 100,000 is 10 times. Nothing where
    /// there are no net assets above 0.
    pub multiple_bp: Option<i64>,
}

/// The days of a trend: its first day, and each later one on which the firm's balances changed or other net assets, bounds
/// or weights began to hold.
pub fn days_of_change(
    parameters: &[Parameter],
    rows: &[FirmDay],
    from: NaiveDate,
    to: NaiveDate,
) -> BTreeSet<NaiveDate> {
    let begins = parameters.iter().filter(|one| one.state == ParameterState::Approved && moves_the_bound(&one.value));
    let days = rows.iter().map(|row| row.day).chain(begins.map(|one| one.effective_from));
    let mut days: BTreeSet<NaiveDate> = days.filter(|day| from < *day && *day <= to).collect();
    if from <= to {
        days.insert(from);
    }
    days
}

fn moves_the_bound(value: &ParameterValue) -> bool {
    matches!(value, ParameterValue::NetAssets { .. } | ParameterValue::Bounds { .. } | ParameterValue::Weights { .. })
}

/// The parameter whose weights hold on a day; nil for the statutory ones.
pub fn weights_id_on(parameters: &[Parameter], day: NaiveDate) -> Uuid {
    in_force(parameters, "weights", day).map_or(Uuid::nil(), |one| one.id)
}

/// The firm's balances on a day by the weights that held on it; nothing where they were never written by those.
pub fn newest_row(rows: &[FirmDay], weights: Uuid, day: NaiveDate) -> Option<&FirmDay> {
    rows.iter().filter(|row| row.weights == weights && row.day <= day).max_by_key(|row| row.day)
}

/// A day of the trend from what the firm stood for on it.
pub fn point(parameters: &[Parameter], day: NaiveDate, liability: Fen, composition: &Composition) -> TrendPoint {
    let bounds = bounds_on(parameters, day);
    let bound = law_bounds(&bounds, composition).leverage;
    let room = HeadRoom::of(liability, bound).room;
    let multiple_bp = bounds.net_assets.and_then(|net_assets| share_bp(liability, net_assets));
    TrendPoint { day, net_assets: bounds.net_assets, liability, bound, room, multiple_bp }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::parameters::ParameterValue as Value;
    use crate::limits::weights::WeightSet;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, number).unwrap_or_default()
    }

    fn parameter(id: u128, from: u32, state: ParameterState, value: Value) -> Parameter {
        let (proposed_by, decided_by) = (Uuid::from_u128(1), Some(Uuid::from_u128(2)));
        let id = Uuid::from_u128(id);
        Parameter { id, value, effective_from: day(from), state, proposed_by, decided_by, decided_at: None }
    }

    fn net_assets(id: u128, from: u32, amount: i64) -> Parameter {
        parameter(id, from, ParameterState::Approved, Value::NetAssets { amount: Fen(amount) })
    }

    fn row(on: u32, weights: u128, liability: i64) -> FirmDay {
        let composition = Composition::default();
        FirmDay { day: day(on), weights: Uuid::from_u128(weights), liability: Fen(liability), composition }
    }

    #[test]
    fn there_is_a_day_for_each_change_and_one_to_begin_with() {
        let weights = Value::Weights { weights: WeightSet::standard() };
        let parameters = [
            net_assets(10, 1, 100),
            net_assets(11, 9, 120),
            parameter(12, 12, ParameterState::Proposed, Value::NetAssets { amount: Fen(1) }),
            parameter(13, 14, ParameterState::Approved, weights),
            parameter(14, 15, ParameterState::Approved, Value::CountedLinks { kinds: vec![] }),
        ];
        let rows = [row(2, 0, 5), row(7, 0, 6), row(14, 13, 9), row(20, 13, 9)];
        let days = |from, to| days_of_change(&parameters, &rows, day(from), day(to)).into_iter().collect::<Vec<_>>();
        assert_eq!(days(5, 19), [5, 7, 9, 14].map(day));
        assert_eq!(days(7, 7), [day(7)]);
        assert_eq!(days(7, 20), [7, 9, 14, 20].map(day));
        assert_eq!(days(9, 5), []);
    }

    #[test]
    fn a_day_has_the_newest_row_by_its_own_weights() {
        let rows = [row(2, 0, 5), row(7, 0, 6), row(14, 13, 9)];
        let found =
            |weights: u128, on: u32| newest_row(&rows, Uuid::from_u128(weights), day(on)).map(|row| row.liability.0);
        assert_eq!(found(0, 1), None);
        assert_eq!(found(0, 2), Some(5));
        assert_eq!(found(0, 6), Some(5));
        assert_eq!(found(0, 20), Some(6));
        assert_eq!(found(13, 13), None);
        assert_eq!(found(13, 14), Some(9));
        let weights = Value::Weights { weights: WeightSet::standard() };
        let parameters = [parameter(13, 14, ParameterState::Approved, weights)];
        assert_eq!(weights_id_on(&parameters, day(13)), Uuid::nil());
        assert_eq!(weights_id_on(&parameters, day(14)), Uuid::from_u128(13));
    }

    #[test]
    fn a_point_says_what_stood_against_what() {
        let parameters = [net_assets(10, 2, 100), net_assets(11, 9, -3)];
        let at = |on: u32, liability: i64| {
            let point = point(&parameters, day(on), Fen(liability), &Composition::default());
            (point.bound.map(|fen| fen.0), point.room.map(|fen| fen.0), point.multiple_bp)
        };
        assert_eq!(at(1, 50), (None, None, None));
        assert_eq!(at(2, 50), (Some(1_000), Some(950), Some(5_000)));
        assert_eq!(at(8, 1_000), (Some(1_000), Some(0), Some(100_000)));
        assert_eq!(at(8, 1_001), (Some(1_000), Some(-1), Some(100_100)));
        assert_eq!(at(9, 0), (Some(0), Some(0), None));
        let raised = Composition { in_force: Fen(9), in_force_small: Fen(9), clients: 1, clients_small: 1 };
        assert_eq!(point(&parameters, day(3), Fen(1_200), &raised).bound, Some(Fen(1_500)));
    }
}
