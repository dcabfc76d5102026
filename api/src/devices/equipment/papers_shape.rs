//! The form of a machine's papers, for the document alone: what is sent is read as what the domain knows, and a test holds
//! this description against it.

use chrono::NaiveDate;
use domain::devices::score::kinds::{
    Condition, MachineKind, OperatorKind, Ownership, Place, RegistrySearch, ResaleMarket,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::http::coded_word;

coded_word! {
    /// Whether it was new.
    PapersCondition(Condition)
}
coded_word! {
    /// On whose ground it stands.
    PapersPlace(Place)
}
coded_word! {
    /// Who works it.
    PapersOperator(OperatorKind)
}
coded_word! {
    /// By which right the applicant has it.
    PapersOwnership(Ownership)
}
coded_word! {
    /// What a search of the register of security over movables found.
    PapersRegistry(RegistrySearch)
}
coded_word! {
    /// Whether many can use it.
    PapersMachine(MachineKind)
}
coded_word! {
    /// How easily a used one is sold.
    PapersMarket(ResaleMarket)
}

/// The papers of a machine in five dimensions; what is absent or null is not known.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EquipmentPapers {
    /// What the machine is 基本信息.
    pub basic: PapersBasic,
    /// How it is used 使用信息.
    #[serde(rename = "use")]
    pub usage: PapersUse,
    /// Whose it is 权属信息.
    pub title: PapersTitle,
    /// What holds it in place 管控信息.
    pub control: PapersControl,
    /// How it could be sold 处置信息.
    pub disposal: PapersDisposal,
}

/// What the machine is.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PapersBasic {
    /// Who made it.
    #[schema(example = "示例机床", max_length = 64)]
    pub maker: Option<String>,
    /// The maker's model.
    #[schema(example = "CK6140", max_length = 64)]
    pub model: Option<String>,
    /// The maker's number, from the nameplate.
    #[schema(example = "SN-0001", max_length = 64)]
    pub serial_number: Option<String>,
    /// When it was made.
    #[schema(example = "2021-03-01")]
    pub made_on: Option<NaiveDate>,
    /// When its owner bought it.
    #[schema(example = "2021-06-01")]
    pub bought_on: Option<NaiveDate>,
    /// What its owner paid, without tax, fen.
    #[schema(example = 18_000_000, minimum = 1, maximum = 100_000_000_000_i64)]
    pub price_fen: Option<i64>,
    /// Whether it was new then.
    pub condition: Option<PapersCondition>,
    /// Rated power of the whole machine, watts.
    #[schema(example = 7_500, minimum = 1, maximum = 5_000_000)]
    pub rated_power_w: Option<i64>,
    /// Whether the nameplate on the machine says what the papers say.
    pub nameplate_matches: Option<bool>,
}

/// How it is used.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PapersUse {
    /// On whose ground it stands.
    pub place: Option<PapersPlace>,
    /// Who works it.
    pub operator: Option<PapersOperator>,
    /// Hours run since it was made, as its owner or its own counter says.
    #[schema(example = 6_000, minimum = 0)]
    pub hours_run_reported: Option<i64>,
    /// Whether somebody is bound by contract to maintain it.
    pub maintenance_contract: Option<bool>,
    /// When it was last maintained.
    #[schema(example = "2026-09-01")]
    pub last_maintained_on: Option<NaiveDate>,
    /// The last day of its insurance.
    #[schema(example = "2027-06-30")]
    pub insured_until: Option<NaiveDate>,
}

/// Whose it is.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PapersTitle {
    /// By which right the applicant has it.
    pub ownership: Option<PapersOwnership>,
    /// Whether the invoice is there.
    pub invoice: Option<bool>,
    /// Whether it is proven that the whole price was paid.
    pub paid_in_full: Option<bool>,
    /// What a search of the register found.
    pub registry: Option<PapersRegistry>,
    /// When the register was searched.
    #[schema(example = "2026-11-20")]
    pub registry_searched_on: Option<NaiveDate>,
    /// Whether others claim it, or a court has seized it.
    pub disputed: Option<bool>,
}

/// What holds it in place.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PapersControl {
    /// Whether it has a locator or a lock that tells when it is opened.
    pub locator: Option<bool>,
    /// Whether it is agreed that the firm may enter the premises.
    pub site_access: Option<bool>,
    /// Whether the firm is the first beneficiary of its insurance.
    pub beneficiary: Option<bool>,
    /// Whether it can be stopped from afar.
    pub remote_stop: Option<bool>,
}

/// How it could be sold.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PapersDisposal {
    /// Whether many can use it.
    pub machine: Option<PapersMachine>,
    /// How easily a used one is sold.
    pub market: Option<PapersMarket>,
    /// Whether the maker or dealer agreed to buy it back.
    pub buy_back: Option<bool>,
    /// Cost of dismantling and transport ÷ expected proceeds, basis points.
    #[schema(example = 500, minimum = 0, maximum = 10_000)]
    pub dismantling_share_bp: Option<u16>,
    /// Expected proceeds of a sale within half a year ÷ price, basis points.
    #[schema(example = 6_000, minimum = 0, maximum = 10_000)]
    pub realisation_share_bp: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::devices::category::EquipmentCategory;
    use domain::devices::score::papers::Papers;

    #[test]
    fn the_description_is_what_the_domain_stores() {
        let stored = crate::devices::equipment::papers::shown(&Papers::of(EquipmentCategory::Lathe)).unwrap();
        let described = serde_json::to_value(EquipmentPapers::default()).unwrap();
        assert_eq!(described, stored);
    }
}
