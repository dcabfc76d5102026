//! The scorecard behind the instant grade of a personal application: data of the tenant, versioned, with the one that a
//! new tenant starts with.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::admission::risks::{Band, Shape};

/// A versioned personal scorecard. Scores are added; bounds are in the unit named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalScorecard {
    /// Stable id.
    pub id: String,
    /// Version, counted from 1.
    pub version: u32,
    /// First day on which it is used.
    pub effective_from: NaiveDate,
    /// Age in whole years below which a score is added.
    pub young: Shape,
    /// Age in whole years at the end of the term above which a score is added.
    pub old_at_end: Shape,
    /// Amount ÷ yearly income, basis points.
    pub amount_to_income: Shape,
    /// (Amount + existing debts) ÷ yearly income, basis points.
    pub debt_to_income: Shape,
    /// Months.
    pub term: Shape,
    /// Whole years.
    pub years_in_trade: Shape,
    /// Score of an industry, by the first letters of its code; the longest that fits counts.
    pub industries: Vec<PrefixScore>,
    /// Score of a region, by the first digits of its code; the longest that fits counts.
    pub regions: Vec<PrefixScore>,
    /// Added for each fact that was asked and not stated.
    pub unstated: i64,
    /// Highest totals of the grades A, B, C and D; above the last it is E.
    pub grade_max: [i64; 4],
}

/// The score of all codes that begin with a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixScore {
    /// First characters of the code.
    pub prefix: String,
    /// Score.
    pub score: i64,
}

impl PersonalScorecard {
    /// The scorecard that a new tenant starts with. Lenders ask for 25 to 60 years of age and about two years in the
    /// trade; a debt above one year's income is the usual question, above three it is rarely carried.
    pub fn standard() -> Self {
        let above = |rows: &[(i64, i64)]| Shape::Above { bands: bands(rows) };
        let below = |rows: &[(i64, i64)]| Shape::Below { bands: bands(rows) };
        PersonalScorecard {
            id: "personal-standard".to_string(),
            version: 1,
            effective_from: NaiveDate::from_ymd_opt(2017, 10, 1).unwrap_or_default(),
            young: below(&[(25, 10), (22, 20), (18, 100)]),
            old_at_end: above(&[(60, 10), (65, 25), (70, 50)]),
            amount_to_income: above(&[(5_000, 5), (10_000, 12), (20_000, 25), (50_000, 45)]),
            debt_to_income: above(&[(10_000, 6), (20_000, 12), (30_000, 25), (50_000, 40)]),
            term: above(&[(24, 3), (36, 8), (60, 15)]),
            years_in_trade: below(&[(5, 4), (2, 12), (1, 20)]),
            industries: Vec::new(),
            regions: Vec::new(),
            unstated: 6,
            grade_max: [10, 25, 45, 70],
        }
    }
}

fn bands(rows: &[(i64, i64)]) -> Vec<Band> {
    rows.iter().map(|&(bound, score)| Band { bound, score }).collect()
}
