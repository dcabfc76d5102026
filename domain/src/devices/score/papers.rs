//! The papers of a machine in the five dimensions (R10.1): what people state about it.
//!
//! Only the kind of machine is always asked; the rest may come later, and what is absent is not known. What the system sees
//! itself (photos, the socket, utilisation, listings) is not asked, since nobody could then state it otherwise: that is in
//! [`super::evidence`]. Names of people are not asked at all.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::kinds::{Condition, MachineKind, OperatorKind, Ownership, Place, RegistrySearch, ResaleMarket};
use crate::devices::category::EquipmentCategory;
use crate::devices::fault::{Fault, Faults};
use crate::money::Fen;
use crate::person::IdNumber;
use crate::words::plain_text;

/// Most characters of a maker, a model or a serial number.
pub const NAME_CHARS_MAX: usize = 64;
/// Highest price: 10 亿元; more than one machine costs is a slip of the keyboard.
pub const PRICE_MAX: Fen = Fen(100_000_000_000);
/// Highest rated power, watts: 5 MW.
pub const RATED_POWER_W_MAX: i64 = 5_000_000;
/// No machine is older: the day where nobody knows a better one.
pub(in crate::devices) const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(1950, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// Years that an insurance can run from today.
const INSURED_YEARS_MAX: i32 = 10;
/// A whole in basis points.
const WHOLE_BP: u16 = 10_000;

/// All that people state about a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    /// 基本信息.
    pub basic: Basic,
    /// 使用信息.
    #[serde(rename = "use", default)]
    pub usage: Use,
    /// 权属信息.
    #[serde(default)]
    pub title: Title,
    /// 管控信息.
    #[serde(default)]
    pub control: Control,
    /// 处置信息.
    #[serde(default)]
    pub disposal: Disposal,
}

/// What the machine is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// Its kind.
    pub category: EquipmentCategory,
    /// Who made it.
    #[serde(default)]
    pub maker: Option<String>,
    /// The maker's model.
    #[serde(default)]
    pub model: Option<String>,
    /// The maker's number, from the nameplate.
    #[serde(default)]
    pub serial_number: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub made_on: Option<NaiveDate>,
    /// When its owner bought it.
    #[serde(default)]
    pub bought_on: Option<NaiveDate>,
    /// What its owner paid, without tax.
    #[serde(default)]
    pub price_fen: Option<Fen>,
    /// Whether it was new then.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// Rated power of the whole machine, watts.
    #[serde(default)]
    pub rated_power_w: Option<i64>,
    /// Whether the nameplate on the machine says what the papers say.
    #[serde(default)]
    pub nameplate_matches: Option<bool>,
}

/// How it is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Use {
    /// On whose ground it stands.
    pub place: Option<Place>,
    /// Who works it.
    pub operator: Option<OperatorKind>,
    /// Hours run since it was made, as its owner or its own counter says.
    pub hours_run_reported: Option<i64>,
    /// Whether somebody is bound by contract to maintain it.
    pub maintenance_contract: Option<bool>,
    /// When it was last maintained.
    pub last_maintained_on: Option<NaiveDate>,
    /// The last day of its insurance.
    pub insured_until: Option<NaiveDate>,
}

/// Whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Title {
    /// By which right the applicant has it.
    pub ownership: Option<Ownership>,
    /// Whether the invoice is there.
    pub invoice: Option<bool>,
    /// Whether it is proven that the whole price was paid.
    pub paid_in_full: Option<bool>,
    /// What a search of the register found.
    pub registry: Option<RegistrySearch>,
    /// When the register was searched.
    pub registry_searched_on: Option<NaiveDate>,
    /// Whether others claim it, or a court has seized it.
    pub disputed: Option<bool>,
}

/// What holds it in place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Control {
    /// Whether it has a GPS locator or a lock that tells when it is opened.
    pub locator: Option<bool>,
    /// Whether it is agreed that the firm may enter the premises.
    pub site_access: Option<bool>,
    /// Whether the firm is the first beneficiary of its insurance.
    pub beneficiary: Option<bool>,
    /// Whether it can be stopped from afar.
    pub remote_stop: Option<bool>,
}

/// How it could be sold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Disposal {
    /// Whether many can use it.
    pub machine: Option<MachineKind>,
    /// How easily a used one is sold.
    pub market: Option<ResaleMarket>,
    /// Whether the maker or dealer agreed to buy it back.
    pub buy_back: Option<bool>,
    /// Cost of dismantling and transport ÷ expected proceeds, basis points.
    pub dismantling_share_bp: Option<u16>,
    /// Expected proceeds of a sale within half a year ÷ price, basis points.
    pub realisation_share_bp: Option<u16>,
}

impl Papers {
    /// Papers that say nothing but the kind.
    pub fn of(category: EquipmentCategory) -> Self {
        let basic = Basic {
            category,
            maker: None,
            model: None,
            serial_number: None,
            made_on: None,
            bought_on: None,
            price_fen: None,
            condition: None,
            rated_power_w: None,
            nameplate_matches: None,
        };
        Self {
            basic,
            usage: Use::default(),
            title: Title::default(),
            control: Control::default(),
            disposal: Disposal::default(),
        }
    }

    /// Checks what was filled in; `today` is the business date.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn check(&self, today: NaiveDate) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        self.check_basic(today, &mut faults);
        self.check_use(today, &mut faults);
        let (title, disposal) = (&self.title, &self.disposal);
        faults.unless(
            title.registry_searched_on.is_none_or(|day| day <= today),
            "/title/registry_searched_on",
            NOT_LATER,
        );
        faults.unless(
            title.registry.is_some() == title.registry_searched_on.is_some(),
            "/title/registry_searched_on",
            ("查询结果与查询日期须同时填写", "Give the result of the search and its day together"),
        );
        for (pointer, share) in [
            ("/disposal/dismantling_share_bp", disposal.dismantling_share_bp),
            ("/disposal/realisation_share_bp", disposal.realisation_share_bp),
        ] {
            let reason = ("比例应在0至100%之间", "The share lies from 0 to 100 % (10,000 basis points)");
            faults.unless(share.is_none_or(|share| share <= WHOLE_BP), pointer, reason);
        }
        faults.result()
    }

    fn check_basic(&self, today: NaiveDate, faults: &mut Faults) {
        let basic = &self.basic;
        for (pointer, text) in [
            ("/basic/maker", &basic.maker),
            ("/basic/model", &basic.model),
            ("/basic/serial_number", &basic.serial_number),
        ] {
            let Some(text) = text else { continue };
            let is_plain = plain_text(text, NAME_CHARS_MAX, false).is_ok_and(|plain| plain == *text);
            let reason = (
                "应为1至64个字，首尾无空格，不含控制字符；不清楚请留空",
                "Give 1 to 64 characters without blanks around them or control characters, or leave it out",
            );
            faults.unless(is_plain, pointer, reason);
            let reason = (
                "不能填写身份证号码，请填写设备铭牌上的内容",
                "Not a person's ID number; give what the nameplate says",
            );
            faults.unless(IdNumber::parse(text).is_err(), pointer, reason);
        }
        for (pointer, day) in [("/basic/made_on", basic.made_on), ("/basic/bought_on", basic.bought_on)] {
            faults.unless(day.is_none_or(|day| day <= today), pointer, NOT_LATER);
            let reason = ("日期不应早于1950年，请核对", "The day is before 1950; check it");
            faults.unless(day.is_none_or(|day| day >= EARLIEST), pointer, reason);
        }
        faults.unless(
            in_order(basic.made_on, basic.bought_on),
            "/basic/bought_on",
            ("购入日期不能早于出厂日期", "It cannot be bought before it was made"),
        );
        faults.unless(
            basic.price_fen.is_none_or(|price| Fen::ZERO < price && price <= PRICE_MAX),
            "/basic/price_fen",
            (
                "购入价格应大于0且不超过10亿元；不清楚请留空",
                "The price is above 0 and at most 1,000,000,000 yuan, or left out",
            ),
        );
        faults.unless(
            basic.rated_power_w.is_none_or(|watts| (1..=RATED_POWER_W_MAX).contains(&watts)),
            "/basic/rated_power_w",
            ("额定功率应为1至5000000瓦", "The rated power is from 1 to 5,000,000 watts"),
        );
    }

    fn check_use(&self, today: NaiveDate, faults: &mut Faults) {
        let usage = &self.usage;
        // a machine cannot have run longer than it exists; where its day of making is unknown, not longer than since 1950
        let days = today.signed_duration_since(self.basic.made_on.unwrap_or(EARLIEST)).num_days();
        let hours_max = days.saturating_add(1).saturating_mul(24).max(0);
        faults.unless(
            usage.hours_run_reported.is_none_or(|hours| (0..=hours_max).contains(&hours)),
            "/use/hours_run_reported",
            (
                "运行小时数应不小于0，且不超过出厂以来的总小时数",
                "The hours run are at least 0 and no more than passed since it was made",
            ),
        );
        faults.unless(usage.last_maintained_on.is_none_or(|day| day <= today), "/use/last_maintained_on", NOT_LATER);
        faults.unless(
            in_order(self.basic.made_on, usage.last_maintained_on),
            "/use/last_maintained_on",
            ("保养日期不能早于出厂日期", "It cannot be maintained before it was made"),
        );
        let latest = crate::time::add_months(today, INSURED_YEARS_MAX * 12).unwrap_or(NaiveDate::MAX);
        faults.unless(
            usage.insured_until.is_none_or(|day| day <= latest),
            "/use/insured_until",
            ("保险到期日不应晚于十年之后，请核对", "The insurance ends more than ten years from now; check the day"),
        );
    }
}

pub(in crate::devices) const NOT_LATER: (&str, &str) = ("日期不能晚于今天", "The day cannot be after today");

fn in_order(first: Option<NaiveDate>, second: Option<NaiveDate>) -> bool {
    first.zip(second).is_none_or(|(first, second)| first <= second)
}
