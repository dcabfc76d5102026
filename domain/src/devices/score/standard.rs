//! The scorecard that a new tenant starts with. Its figures come from the field's knowledge and from the law of security
//! over movables; none was fitted to outcomes.
//!
//! - Title weighs most (30 %): no thing that another owns or that is claimed by others can be pledged (民法典 第395条,
//!   第399条), and of several registered creditors the earlier goes first (第414条).
//! - Control (20 %): a machine moves, and a buyer in ordinary trade takes it free (民法典 第404条), so that it is seen to
//!   stand where it stood is worth as much as its use.
//! - Use (20 %): a machine that works earns what is to be repaid. Utilisation, its evenness and overload carry 60
//!   of its 130 parts where they are known; without them the papers carry all.
//! - Basic and disposal (15 % each): what it is, and what it would bring.
//! - What is not shown scores 0: silence must not pay. Only what cannot be there yet (utilisation, the socket's share
//!   online, offers in vain) is left out.
//! - 60 of 100 is controllable: perfect papers on what the machine is and whose it is come to 45, so that use, control or
//!   resale have to carry something too.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::card::{Band, DimensionRule, IndicatorRule, Missing, Scale, Scorecard, Veto};
use super::figure::{Dimension, Figure, NO, YES};
use crate::words::Words;

const ZERO: Missing = Missing::Points { points: 0 };

impl Scorecard {
    /// The scorecard that a new tenant starts with.
    pub fn standard() -> Self {
        let veto =
            |figure, codes: &[&str]| Veto { figure, codes: codes.iter().map(|code| (*code).to_owned()).collect() };
        Self {
            id: "equipment-standard".to_owned(),
            version: 1,
            effective_from: NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default(),
            title: Words::new("设备风控标准评分卡", "Standard scorecard of machines"),
            threshold_hundredths: 6_000,
            // a day in five unseen still leaves the order of magnitude of utilisation certain
            unknown_share_max_ppm: 200_000,
            days_known_min: 14,
            // what can rule a machine out has to be stated, else silence would pass
            mandatory: vec![Figure::AgeMonths, Figure::Price, Figure::Ownership, Figure::Registry, Figure::Disputed],
            vetoes: vec![
                veto(Figure::Ownership, &["leased"]),
                veto(Figure::Registry, &["encumbered"]),
                veto(Figure::Disputed, &[YES]),
            ],
            dimensions: vec![basic(), usage(), title(), control(), disposal()],
        }
    }
}

fn basic() -> DimensionRule {
    let indicators = vec![
        number(Figure::Identity, 20, &[(1, 0), (2, 30), (3, 60)], 100, ZERO),
        // machines are written off over ten years (企业所得税法实施条例 第60条); half of that is past the steep part
        number(Figure::AgeMonths, 30, &[(36, 100), (60, 80), (96, 50), (120, 25)], 5, ZERO),
        choice(Figure::Condition, 10, &[("new", 100), ("second_hand", 60)]),
        // below 20,000 yuan a seizure and sale costs about what it brings
        number(Figure::Price, 15, &[(2_000_000, 20), (10_000_000, 70)], 100, ZERO),
        number(Figure::Photos, 10, &[(1, 0), (4, 60)], 100, ZERO),
        yes(Figure::Nameplate, 15),
    ];
    DimensionRule { dimension: Dimension::Basic, weight_bp: 1_500, indicators }
}

fn usage() -> DimensionRule {
    let indicators = vec![
        choice(Figure::Place, 15, &[("owned", 100), ("rented", 70), ("shared", 50), ("third_party", 20)]),
        choice(Figure::Operator, 10, &[("own_staff", 100), ("contractor", 60), ("lessee", 20)]),
        yes(Figure::MaintenanceContract, 10),
        number(Figure::MaintainedDays, 20, &[(91, 100), (181, 80), (366, 40)], 0, ZERO),
        number(Figure::InsuredDays, 15, &[(0, 0), (30, 50)], 100, ZERO),
        // one shift of eight hours, six days a week, is 28 % of all hours
        number(Figure::Utilisation, 40, &[(50_000, 0), (100_000, 40), (200_000, 75)], 100, Missing::Skip),
        // one day off a week alone makes a variation of 41 %
        number(Figure::Variation, 10, &[(500, 100), (800, 70), (1_200, 40)], 10, Missing::Skip),
        number(Figure::OverloadShare, 10, &[(10_000, 100), (50_000, 60)], 0, Missing::Skip),
    ];
    DimensionRule { dimension: Dimension::Use, weight_bp: 2_000, indicators }
}

fn title() -> DimensionRule {
    let indicators = vec![
        choice(Figure::Ownership, 30, &[("owned", 100), ("financed", 40), ("leased", 0)]),
        yes(Figure::Invoice, 20),
        yes(Figure::PaidInFull, 15),
        choice(Figure::Registry, 20, &[("clear", 100), ("ours", 100), ("encumbered", 0)]),
        // others can register any day
        number(Figure::RegistryDays, 5, &[(31, 100), (91, 60)], 0, ZERO),
        choice(Figure::Disputed, 10, &[(NO, 100), (YES, 0)]),
    ];
    DimensionRule { dimension: Dimension::Title, weight_bp: 3_000, indicators }
}

fn control() -> DimensionRule {
    let indicators = vec![
        yes(Figure::SocketBound, 30),
        number(Figure::OnlineShare, 20, &[(800_000, 0), (950_000, 60)], 100, Missing::Skip),
        yes(Figure::Locator, 10),
        yes(Figure::SiteAccess, 20),
        yes(Figure::Beneficiary, 15),
        yes(Figure::RemoteStop, 5),
    ];
    DimensionRule { dimension: Dimension::Control, weight_bp: 2_000, indicators }
}

fn disposal() -> DimensionRule {
    let indicators = vec![
        choice(Figure::Machine, 20, &[("standard", 100), ("special", 30)]),
        choice(Figure::Market, 30, &[("active", 100), ("thin", 50), ("none", 0)]),
        yes(Figure::BuyBack, 10),
        number(Figure::DismantlingShare, 10, &[(501, 100), (1_501, 60)], 10, ZERO),
        number(Figure::RealisationShare, 25, &[(2_000, 0), (4_000, 40), (6_000, 75)], 100, ZERO),
        number(Figure::UnsoldDays, 5, &[(31, 100), (91, 60)], 10, Missing::Skip),
    ];
    DimensionRule { dimension: Dimension::Disposal, weight_bp: 1_500, indicators }
}

fn number(figure: Figure, weight: u16, rows: &[(i64, u8)], above: u8, missing: Missing) -> IndicatorRule {
    let rows = rows.iter().map(|&(below, points)| Band { below: Some(below), points });
    let bands = rows.chain([Band { below: None, points: above }]).collect();
    IndicatorRule { figure, weight, scale: Scale::Bands { bands }, missing }
}

fn choice(figure: Figure, weight: u16, rows: &[(&str, u8)]) -> IndicatorRule {
    let points: BTreeMap<String, u8> = rows.iter().map(|&(code, points)| (code.to_owned(), points)).collect();
    IndicatorRule { figure, weight, scale: Scale::Choices { points }, missing: ZERO }
}

fn yes(figure: Figure, weight: u16) -> IndicatorRule {
    choice(figure, weight, &[(YES, 100), (NO, 0)])
}
