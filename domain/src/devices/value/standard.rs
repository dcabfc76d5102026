//! The market parameters that a new tenant starts with: points of departure from common knowledge of the trade, to be
//! replaced by what the tenant sees machines sell for. None was fitted to sales.
//!
//! - Useful lives begin from the ten years over which production machines are written off for tax at the least
//!   (企业所得税法实施条例 第60条). Plain machine tools last half as long again; what is mostly electronics ages like
//!   electronics. Large and middle-sized tractors are scrapped after 15 years (GB/T 16877-2008), self-propelled
//!   harvesters after 12.
//! - Usual hours are those of one shift of eight hours on 25 days; machines that run around the clock in their trade have
//!   two shifts, field machines their season spread over the year.
//! - 2 % per tenth of hours with a cap of 20 %: a machine run twice as long as usual loses a fifth.
//! - Scrap is the steel: more for heavy machines than for light ones.

use chrono::NaiveDate;

use super::parameters::{CategoryParameters, MaintenanceFactors, MarketParameters};
use crate::devices::category::EquipmentCategory;
use crate::devices::score::evidence::WHOLE_PPM;

impl MarketParameters {
    /// The parameters that a new tenant starts with.
    pub fn standard() -> Self {
        Self {
            id: "equipment-market-standard".to_owned(),
            version: 1,
            effective_from: NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default(),
            kept_within_days: 180,
            neglected_after_days: 365,
            categories: EquipmentCategory::ALL.iter().copied().map(standard).collect(),
        }
    }
}

fn standard(category: EquipmentCategory) -> CategoryParameters {
    use EquipmentCategory as C;
    // yearly decline and market in per mille, life in years, hours per month, scrap in per mille
    let (decline, years, hours_per_month, market, scrap) = match category {
        C::Lathe | C::MillingMachine | C::GrindingMachine | C::DrillingMachine | C::PunchPress | C::PressBrake => {
            (130, 15, 200, 950, 80)
        }
        C::MachiningCentre => (160, 12, 300, 950, 60),
        C::LaserCutter => (200, 10, 300, 850, 40),
        C::WeldingMachine => (180, 10, 200, 850, 50),
        C::InjectionMoulding | C::Extruder | C::DieCasting => (150, 12, 400, 950, 80),
        C::AirCompressor | C::Refrigeration | C::Pump => (150, 10, 300, 900, 60),
        C::Loom | C::SewingMachine | C::PrintingPress => (150, 10, 400, 900, 60),
        C::PackagingMachine | C::FoodProcessing | C::Woodworking => (170, 10, 200, 850, 50),
        C::MilkingMachine | C::FeedMixer => (160, 10, 120, 850, 50),
        C::GrainDryer => (140, 10, 50, 850, 60),
        C::Tractor => (130, 15, 60, 950, 80),
        C::Harvester => (170, 12, 25, 950, 60),
        C::Other => (180, 10, 200, 800, 50),
    };
    CategoryParameters {
        category,
        replacement_ppm: WHOLE_PPM,
        annual_decline_ppm: decline * 1_000,
        useful_life_months: years * 12,
        hours_per_month,
        hours_step_ppm: 20_000,
        hours_cap_ppm: 200_000,
        maintenance: MaintenanceFactors {
            kept_ppm: 1_050_000,
            fair_ppm: WHOLE_PPM,
            neglected_ppm: 850_000,
            unknown_ppm: 950_000,
        },
        market_ppm: market * 1_000,
        floor_ppm: scrap * 1_000,
    }
}
