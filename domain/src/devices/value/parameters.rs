//! The market parameters behind second-hand values: versioned data of the tenant, who sees what machines of its region sell
//! for.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Maintenance;
use crate::devices::category::EquipmentCategory;
use crate::devices::fault::{Fault, Faults};
use crate::devices::score::evidence::WHOLE_PPM;
use crate::devices::score::papers::Use;
use crate::words::plain_text;

/// Highest factor of prices, maintenance and market: five times.
const FACTOR_PPM_MAX: i64 = 5_000_000;
/// Longest useful life: 50 years.
const LIFE_MONTHS_MAX: u32 = 600;
/// Hours of the longest month.
const HOURS_PER_MONTH_MAX: u32 = 744;

/// Versioned market parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketParameters {
    /// Stable id.
    pub id: String,
    /// Version, counted from 1; a version never changes once used.
    pub version: u32,
    /// First day on which they are used.
    pub effective_from: NaiveDate,
    /// Maintenance so many days ago or fewer, under a contract, is well kept.
    pub kept_within_days: u32,
    /// Maintenance longer ago than this is neglect.
    pub neglected_after_days: u32,
    /// By kind; "other" stands for the kinds that are not named.
    pub categories: Vec<CategoryParameters>,
}

/// The parameters of a kind of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryParameters {
    /// The kind.
    pub category: EquipmentCategory,
    /// A new one today ÷ the price then, parts per million.
    pub replacement_ppm: i64,
    /// Share of what is left that a year takes, parts per million.
    pub annual_decline_ppm: i64,
    /// Months after which it is worth scrap.
    pub useful_life_months: u32,
    /// Hours that such a machine usually runs in a month.
    pub hours_per_month: u32,
    /// What 10 % more hours take off, parts per million.
    pub hours_step_ppm: i64,
    /// The most that hours take off or add, parts per million.
    pub hours_cap_ppm: i64,
    /// What maintenance does.
    pub maintenance: MaintenanceFactors,
    /// What the market does, parts per million.
    pub market_ppm: i64,
    /// Scrap ÷ replacement cost, parts per million.
    pub floor_ppm: i64,
}

/// Factors of maintenance, parts per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceFactors {
    /// Well kept.
    pub kept_ppm: i64,
    /// Fairly kept.
    pub fair_ppm: i64,
    /// Neglected.
    pub neglected_ppm: i64,
    /// Not known.
    pub unknown_ppm: i64,
}

impl MaintenanceFactors {
    /// The factor of a state of maintenance.
    pub fn of(&self, maintenance: Maintenance) -> i64 {
        match maintenance {
            Maintenance::Kept => self.kept_ppm,
            Maintenance::Fair => self.fair_ppm,
            Maintenance::Neglected => self.neglected_ppm,
            Maintenance::Unknown => self.unknown_ppm,
        }
    }
}

impl MarketParameters {
    /// The parameters of a kind, or those of "other".
    pub fn category(&self, category: EquipmentCategory) -> Option<&CategoryParameters> {
        let find = |wanted| self.categories.iter().find(|rule| rule.category == wanted);
        find(category).or_else(|| find(EquipmentCategory::Other))
    }

    /// How well a machine was maintained, from its papers.
    pub fn maintenance(&self, usage: &Use, as_of: NaiveDate) -> Maintenance {
        let Some(last) = usage.last_maintained_on else { return Maintenance::Unknown };
        let days = as_of.signed_duration_since(last).num_days();
        if days > i64::from(self.neglected_after_days) {
            Maintenance::Neglected
        } else if days <= i64::from(self.kept_within_days) && usage.maintenance_contract == Some(true) {
            Maintenance::Kept
        } else {
            Maintenance::Fair
        }
    }

    /// Checks parameters before they become a version.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        let is_plain = plain_text(&self.id, 64, false).is_ok();
        faults.unless(is_plain, "/id", ("参数编号应为1至64个字", "The id has 1 to 64 characters"));
        faults.unless(self.version > 0, "/version", ("版本号从1开始", "Versions count from 1"));
        faults.unless(
            self.kept_within_days < self.neglected_after_days,
            "/neglected_after_days",
            ("疏于保养的天数应大于保养良好的天数", "Neglect begins later than good keeping ends"),
        );
        let mut named: Vec<EquipmentCategory> = self.categories.iter().map(|rule| rule.category).collect();
        let has_other = named.contains(&EquipmentCategory::Other);
        faults.unless(has_other, "/categories", ("须包含“其他设备”", "The kind \"other\" has to be there"));
        named.sort_unstable();
        named.dedup();
        let is_once = named.len() == self.categories.len();
        faults.unless(is_once, "/categories", ("每类设备只能出现一次", "Each kind appears once"));
        for (at, rule) in self.categories.iter().enumerate() {
            rule.check(&format!("/categories/{at}"), &mut faults);
        }
        faults.result()
    }
}

impl CategoryParameters {
    fn check(&self, pointer: &str, faults: &mut Faults) {
        for (name, ppm) in [
            ("replacement_ppm", self.replacement_ppm),
            ("market_ppm", self.market_ppm),
            ("maintenance/kept_ppm", self.maintenance.kept_ppm),
            ("maintenance/fair_ppm", self.maintenance.fair_ppm),
            ("maintenance/neglected_ppm", self.maintenance.neglected_ppm),
            ("maintenance/unknown_ppm", self.maintenance.unknown_ppm),
        ] {
            let reason = ("系数应大于0且不超过500%", "The factor is above 0 and at most 5,000,000");
            faults.unless((1..=FACTOR_PPM_MAX).contains(&ppm), format!("{pointer}/{name}"), reason);
        }
        for (name, ppm) in [
            ("annual_decline_ppm", self.annual_decline_ppm),
            ("hours_step_ppm", self.hours_step_ppm),
            ("hours_cap_ppm", self.hours_cap_ppm),
            ("floor_ppm", self.floor_ppm),
        ] {
            let reason = ("比例应不小于0且低于100%", "The share is at least 0 and below 1,000,000");
            faults.unless((0..WHOLE_PPM).contains(&ppm), format!("{pointer}/{name}"), reason);
        }
        let (kept, fair, neglected) =
            (self.maintenance.kept_ppm, self.maintenance.fair_ppm, self.maintenance.neglected_ppm);
        let reason = ("保养越好，系数不应越低", "Better maintenance cannot be worth less");
        faults.unless(kept >= fair && fair >= neglected, format!("{pointer}/maintenance"), reason);
        faults.unless(
            (12..=LIFE_MONTHS_MAX).contains(&self.useful_life_months),
            format!("{pointer}/useful_life_months"),
            ("使用年限应为12至600个月", "The useful life is 12 to 600 months"),
        );
        faults.unless(
            (1..=HOURS_PER_MONTH_MAX).contains(&self.hours_per_month),
            format!("{pointer}/hours_per_month"),
            ("每月工时应为1至744小时", "A month has 1 to 744 hours"),
        );
    }
}
