//! What a guarantee weighs in the liability balance 融资担保责任余额, as dated parameters of the firm.
//!
//! Source: 融资担保责任余额计量办法, an annex of 银保监发〔2018〕1号, under art. 14–16 of State Council Order 683; the weight of
//! housing loans came with 银保监发〔2019〕37号. 以下 in a Chinese statute includes the figure itself, so that a client of
//! exactly 5,000,000 yuan still weighs 75 %. The figures were gathered second-hand: that is why they are data.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::BASIS_POINTS;
use crate::coded::coded;
use crate::money::Fen;

/// Most characters of a source.
pub const SOURCE_CHARS_MAX: usize = 200;

coded! {
    /// What is guaranteed.
    Business {
        /// A loan other than for housing 借款类担保.
        Loan "loan" "借款类担保" "loan";
        /// A loan for a person's own housing 住房置业担保.
        HousingLoan "housing_loan" "住房置业担保" "housing loan";
        /// A bond of an issuer rated AA or better.
        BondAa "bond_aa" "发行债券担保（主体AA级以上）" "bond of an issuer rated AA or better";
        /// Another bond.
        Bond "bond" "发行债券担保（其他）" "other bond";
        /// Another financing guarantee.
        Other "other_financing" "其他融资担保" "other financing guarantee";
    }
}

coded! {
    /// For whom, as far as weights ask.
    ClientClass {
        /// A micro enterprise.
        Micro "micro" "微型企业" "micro enterprise";
        /// A small enterprise.
        Small "small" "小型企业" "small enterprise";
        /// A farming household.
        Farmer "farmer" "农户" "farmer";
        /// Anyone else: larger enterprises, other persons.
        Other "other" "其他" "other";
    }
}

impl ClientClass {
    /// Whether the client counts for the 15-fold leverage: small and micro enterprises and farmers.
    pub fn is_small_or_farmer(self) -> bool {
        self != Self::Other
    }
}

/// A weight for clients up to a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizedWeight {
    /// The largest in-force balance of one client 单户在保余额 that still has this weight (inclusive).
    pub client_balance_max: Fen,
    /// The weight in basis points.
    pub weight_bp: u16,
}

/// The weights that hold from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightSet {
    /// The first day on which it holds.
    pub effective_from: NaiveDate,
    /// Where it stands written.
    pub source: String,
    /// Loans to small and micro enterprises.
    pub small_micro: SizedWeight,
    /// Loans to farmers.
    pub farmer: SizedWeight,
    /// Housing loans.
    pub housing_bp: u16,
    /// Other loans, and loans of clients above their size.
    pub loan_bp: u16,
    /// Bonds of issuers rated AA or better.
    pub bond_aa_bp: u16,
    /// Other bonds.
    pub bond_bp: u16,
    /// Other financing guarantees.
    pub other_bp: u16,
    /// What a bond of an issuer rated AA or better counts for the bounds on one client and on a group.
    pub concentration_bond_aa_bp: u16,
}

/// What is wrong with a weight set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeightFault {
    /// A weight is not from 1 to 10,000 basis points: 0 would make liability vanish.
    #[error("weight_out_of_range")]
    Weight,
    /// A bound is not above 0.
    #[error("weight_bound_not_positive")]
    Bound,
    /// The source is blank, too long, or has control characters.
    #[error("weight_source_missing")]
    Source,
}

/// What one amount weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// In the liability balance.
    pub liability_bp: u16,
    /// For the bounds on one client and on a group.
    pub concentration_bp: u16,
}

impl WeightSet {
    /// The statutory weights, from the day the measure was issued (2018-04-02).
    pub fn standard() -> Self {
        Self {
            effective_from: NaiveDate::from_ymd_opt(2018, 4, 2).unwrap_or_default(),
            source: "银保监发〔2018〕1号《融资担保责任余额计量办法》，银保监发〔2019〕37号".to_owned(),
            small_micro: SizedWeight { client_balance_max: Fen(500_000_000), weight_bp: 7_500 },
            farmer: SizedWeight { client_balance_max: Fen(200_000_000), weight_bp: 7_500 },
            housing_bp: 3_000,
            loan_bp: 10_000,
            bond_aa_bp: 8_000,
            bond_bp: 10_000,
            other_bp: 10_000,
            concentration_bond_aa_bp: 6_000,
        }
    }

    /// Checks a set before it is proposed.
    ///
    /// # Errors
    /// The first [`WeightFault`].
    pub fn validate(&self) -> Result<(), WeightFault> {
        let weights = [
            self.small_micro.weight_bp,
            self.farmer.weight_bp,
            self.housing_bp,
            self.loan_bp,
            self.bond_aa_bp,
            self.bond_bp,
            self.other_bp,
            self.concentration_bond_aa_bp,
        ];
        if weights.iter().any(|weight| !(1..=BASIS_POINTS).contains(&i64::from(*weight))) {
            return Err(WeightFault::Weight);
        }
        if self.small_micro.client_balance_max <= Fen::ZERO || self.farmer.client_balance_max <= Fen::ZERO {
            return Err(WeightFault::Bound);
        }
        crate::words::plain_text(&self.source, SOURCE_CHARS_MAX, false).map_err(|_| WeightFault::Source)?;
        Ok(())
    }

    /// What a guarantee weighs for a client whose whole in-force balance 单户在保余额 is `client_balance`. One fen over the
    /// bound moves all of the client's loans to the full weight, not only the fen.
    pub fn weight(&self, business: Business, class: ClientClass, client_balance: Fen) -> Weight {
        let liability_bp = match business {
            Business::Loan => self.loan_weight(class, client_balance),
            Business::HousingLoan => self.housing_bp,
            Business::BondAa => self.bond_aa_bp,
            Business::Bond => self.bond_bp,
            Business::Other => self.other_bp,
        };
        let concentration_bp = if business == Business::BondAa { self.concentration_bond_aa_bp } else { liability_bp };
        Weight { liability_bp, concentration_bp }
    }

    fn loan_weight(&self, class: ClientClass, client_balance: Fen) -> u16 {
        let sized = match class {
            ClientClass::Micro | ClientClass::Small => self.small_micro,
            ClientClass::Farmer => self.farmer,
            ClientClass::Other => return self.loan_bp,
        };
        if client_balance <= sized.client_balance_max { sized.weight_bp } else { self.loan_bp }
    }
}
