//! The forms of the two kinds of scorecards that are about machines, for the document alone, like those of the others.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::devices::category::EquipmentCategory;
use domain::devices::score::{Dimension, Figure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::http::coded_word;

coded_word! {
    /// One of the five dimensions.
    ScorecardDimension(Dimension)
}
coded_word! {
    /// A figure about a machine, of those that the product can read.
    ScorecardFigure(Figure)
}
coded_word! {
    /// The kind of a machine.
    ScorecardCategory(EquipmentCategory)
}

/// How machines are scored: points of each indicator, weights inside the dimensions and of the dimensions, and from which
/// total on the risk is controllable. Higher is better.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentScorecardBody {
    /// Stable id of the scorecard; the kind where nothing is sent.
    #[schema(example = "equipment-standard", required = false)]
    pub id: String,
    /// Version, from 1: set by the server, always there in an answer.
    #[schema(example = 1, minimum = 1, required = false)]
    pub version: u32,
    /// First day on which it is used: set by the server, always there in an answer.
    #[schema(example = "2026-12-01", required = false)]
    pub effective_from: NaiveDate,
    /// What it is called.
    pub title: ScorecardWords,
    /// Totals from here on are controllable, hundredths of a point.
    #[schema(example = 6_000, minimum = 1, maximum = 10_000)]
    pub threshold_hundredths: u16,
    /// Utilisation with a larger unknown share of time does not count, parts per million.
    #[schema(example = 200_000, minimum = 0, maximum = 1_000_000)]
    pub unknown_share_max_ppm: i64,
    /// Utilisation with fewer known days of thirty does not count.
    #[schema(example = 14, minimum = 0, maximum = 30)]
    pub days_known_min: u32,
    /// Without these there is no verdict.
    #[schema(max_items = 40)]
    pub mandatory: Vec<ScorecardFigure>,
    /// Findings that no total outweighs.
    #[schema(max_items = 40)]
    pub vetoes: Vec<ScorecardVeto>,
    /// The five dimensions, each once; their weights add up to 10,000.
    #[schema(min_items = 5, max_items = 5)]
    pub dimensions: Vec<ScorecardDimensionRule>,
}

/// A text in both languages.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardWords {
    /// In Chinese.
    #[schema(example = "设备风控标准评分卡", min_length = 1, max_length = 64)]
    pub zh: String,
    /// In English.
    #[schema(example = "Standard scorecard of machines", min_length = 1, max_length = 64)]
    pub en: String,
}

/// A finding that makes the risk not controllable whatever the total.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardVeto {
    /// Which figure; one that is a choice.
    pub figure: ScorecardFigure,
    /// Which of its choices.
    #[schema(example = json!(["leased"]), min_items = 1)]
    pub codes: Vec<String>,
}

/// A dimension with its weight.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardDimensionRule {
    /// Which.
    pub dimension: ScorecardDimension,
    /// Its weight in basis points.
    #[schema(example = 3_000, minimum = 0, maximum = 10_000)]
    pub weight_bp: u16,
    /// What it is made of.
    #[schema(min_items = 1, max_items = 20)]
    pub indicators: Vec<ScorecardIndicatorRule>,
}

/// An indicator of a dimension.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardIndicatorRule {
    /// What is looked at; a figure of the dimension.
    pub figure: ScorecardFigure,
    /// Its weight relative to the others of its dimension.
    #[schema(example = 20, minimum = 1, maximum = 10_000)]
    pub weight: u16,
    /// How a finding becomes points.
    pub scale: ScorecardScale,
    /// What holds where it is not known.
    pub missing: ScorecardMissing,
}

/// How a finding becomes points from 0 to 100.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScorecardScale {
    /// For numbers: each band begins where the one before ends.
    Bands {
        /// From the lowest numbers to the highest; the last has no bound.
        #[schema(min_items = 1, max_items = 20)]
        bands: Vec<ScorecardPointBand>,
    },
    /// For choices.
    Choices {
        /// Points by code, every code once.
        points: BTreeMap<String, u8>,
    },
}

/// A band of numbers with its points.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScorecardPointBand {
    /// The first number above it, in the figure's unit; null for the last band.
    #[schema(example = 36)]
    pub below: Option<i64>,
    /// Its points.
    #[schema(example = 100, minimum = 0, maximum = 100)]
    pub points: u8,
}

/// What holds where a figure is not known.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScorecardMissing {
    /// It scores so much.
    Points {
        /// Points.
        #[schema(example = 0, minimum = 0, maximum = 100)]
        points: u8,
    },
    /// It is left out, and the others of its dimension carry its weight.
    Skip,
}

/// What machines are worth second-hand, by their kind.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentMarketBody {
    /// Stable id; the kind where nothing is sent.
    #[schema(example = "equipment-market-standard", required = false)]
    pub id: String,
    /// Version, from 1: set by the server, always there in an answer.
    #[schema(example = 1, minimum = 1, required = false)]
    pub version: u32,
    /// First day on which it is used: set by the server, always there in an answer.
    #[schema(example = "2026-12-01", required = false)]
    pub effective_from: NaiveDate,
    /// Maintenance so many days ago or fewer, under a contract, is well kept.
    #[schema(example = 180, minimum = 0)]
    pub kept_within_days: u32,
    /// Maintenance longer ago than this is neglect.
    #[schema(example = 365, minimum = 0)]
    pub neglected_after_days: u32,
    /// By kind; "other" stands for the kinds that are not named.
    #[schema(min_items = 1, max_items = 100)]
    pub categories: Vec<EquipmentMarketCategory>,
}

/// The market of a kind of machine; shares and factors are parts per million.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentMarketCategory {
    /// The kind.
    pub category: ScorecardCategory,
    /// A new one today ÷ the price then.
    #[schema(example = 1_000_000, minimum = 1, maximum = 5_000_000)]
    pub replacement_ppm: i64,
    /// Share of what is left that a year takes.
    #[schema(example = 130_000, minimum = 0, maximum = 999_999)]
    pub annual_decline_ppm: i64,
    /// Months after which it is worth scrap.
    #[schema(example = 180, minimum = 12, maximum = 600)]
    pub useful_life_months: u32,
    /// Hours that such a machine usually runs in a month.
    #[schema(example = 200, minimum = 1, maximum = 744)]
    pub hours_per_month: u32,
    /// What 10 % more hours take off.
    #[schema(example = 20_000, minimum = 0, maximum = 999_999)]
    pub hours_step_ppm: i64,
    /// The most that hours take off or add.
    #[schema(example = 200_000, minimum = 0, maximum = 999_999)]
    pub hours_cap_ppm: i64,
    /// What maintenance does.
    pub maintenance: EquipmentMarketMaintenance,
    /// What the market does.
    #[schema(example = 950_000, minimum = 1, maximum = 5_000_000)]
    pub market_ppm: i64,
    /// Scrap ÷ replacement cost.
    #[schema(example = 80_000, minimum = 0, maximum = 999_999)]
    pub floor_ppm: i64,
}

/// Factors of maintenance, parts per million.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentMarketMaintenance {
    /// Well kept.
    #[schema(example = 1_050_000, minimum = 1, maximum = 5_000_000)]
    pub kept_ppm: i64,
    /// Fairly kept.
    #[schema(example = 1_000_000, minimum = 1, maximum = 5_000_000)]
    pub fair_ppm: i64,
    /// Neglected.
    #[schema(example = 850_000, minimum = 1, maximum = 5_000_000)]
    pub neglected_ppm: i64,
    /// Not known.
    #[schema(example = 950_000, minimum = 1, maximum = 5_000_000)]
    pub unknown_ppm: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::devices::score::Scorecard;
    use domain::devices::value::MarketParameters;

    #[test]
    fn the_descriptions_are_what_the_domain_stores() {
        let stored = serde_json::to_value(Scorecard::standard()).unwrap();
        let described: EquipmentScorecardBody = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&described).unwrap(), stored);
        let text = stored.to_string();
        for kind in ["bands", "choices", "points", "skip"] {
            assert!(text.contains(&format!("\"kind\":\"{kind}\"")), "{kind}");
        }
        let stored = serde_json::to_value(MarketParameters::standard()).unwrap();
        let described: EquipmentMarketBody = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(serde_json::to_value(&described).unwrap(), stored);
    }
}
