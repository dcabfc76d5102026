//! A policy's conditions and a reader's question as they travel, with their limits. The codes in them must exist: a
//! condition that names nothing would exclude everybody without anyone noticing.

use chrono::{Datelike, NaiveDate};
use domain::applications::product::ProductKind;
use domain::applications::standard::standard_products;
use domain::money::Fen;
use domain::policies::{ApplicantKind, PolicyConditions, PolicyQuery};
use domain::reference::{Industry, Region};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Checks;
use crate::tenants::products;

/// Most codes of one condition.
const CODES_MAX: usize = 50;
const PURPOSE_CHARS_MAX: usize = 40;
/// Largest amount that is asked about: a hundred thousand million yuan.
const AMOUNT_FEN_MAX: i64 = 10_000_000_000_000;

/// A kind of guarantee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyGuaranteeKind {
    /// 农户贷款担保.
    LoanFarmer,
    /// 小微企业贷款担保.
    LoanEnterprise,
    /// 设备融资担保.
    EquipmentFinance,
}

/// Whom policies speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyApplicantKind {
    /// 农户.
    Farmer,
    /// 个体工商户.
    SelfEmployed,
    /// 小微企业.
    SmallEnterprise,
    /// 中型企业.
    MediumEnterprise,
}

/// A policy's conditions. An empty list or absent bound is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = PolicyConditions)]
pub struct ConditionsBody {
    /// Kinds of guarantee that it supports.
    #[schema(max_items = 10)]
    pub guarantee_kinds: Vec<PolicyGuaranteeKind>,
    /// Whom it supports.
    #[schema(max_items = 10)]
    pub applicant_kinds: Vec<PolicyApplicantKind>,
    /// Codes of the purposes that it supports, as products name them.
    #[schema(max_items = 50, example = json!(["livestock"]))]
    pub purposes: Vec<String>,
    /// Regions by GB/T 2260 code; 330000 is the whole province, 330100 the whole city.
    #[schema(max_items = 50, example = json!(["330000"]))]
    pub regions: Vec<String>,
    /// Industries by GB/T 4754 code; A is the whole section, 13 the whole division.
    #[schema(max_items = 50, example = json!(["A"]))]
    pub industries: Vec<String>,
    /// Smallest amount, fen.
    #[schema(minimum = 0, maximum = 10_000_000_000_000_i64, example = 10_000_000)]
    pub amount_min_fen: Option<i64>,
    /// Largest amount, fen.
    #[schema(minimum = 0, maximum = 10_000_000_000_000_i64, example = 300_000_000)]
    pub amount_max_fen: Option<i64>,
    /// First day on which it is in force.
    #[schema(example = "2026-01-01")]
    pub valid_from: Option<NaiveDate>,
    /// First day on which it no longer is.
    #[schema(example = "2027-01-01")]
    pub valid_to: Option<NaiveDate>,
}

/// What a reader asks for. What is left out is unknown, which is neither yes nor no.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = PolicyQuery)]
pub struct QueryBody {
    /// The kind of guarantee.
    pub guarantee_kind: Option<PolicyGuaranteeKind>,
    /// The kind of applicant.
    pub applicant_kind: Option<PolicyApplicantKind>,
    /// The purpose's code, as products name it.
    #[schema(max_length = 40, example = "livestock")]
    pub purpose: Option<String>,
    /// The region by GB/T 2260 code.
    #[schema(max_length = 6, example = "330106")]
    pub region: Option<String>,
    /// The industry by GB/T 4754 code.
    #[schema(max_length = 4, example = "0313")]
    pub industry: Option<String>,
    /// The amount, fen.
    #[schema(minimum = 1, maximum = 10_000_000_000_000_i64, example = 20_000_000)]
    pub amount_fen: Option<i64>,
}

impl ConditionsBody {
    /// Checks limits and codes; pointers begin with `/conditions`.
    pub fn check(&self, checks: &mut Checks) {
        count(checks, "guarantee_kinds", self.guarantee_kinds.len(), 10);
        count(checks, "applicant_kinds", self.applicant_kinds.len(), 10);
        codes(checks, "purposes", &self.purposes, purpose_problem);
        codes(checks, "regions", &self.regions, region_problem);
        codes(checks, "industries", &self.industries, industry_problem);
        for (name, amount) in [("amount_min_fen", self.amount_min_fen), ("amount_max_fen", self.amount_max_fen)] {
            range(checks, &format!("/conditions/{name}"), amount, 0);
        }
        if let (Some(min), Some(max)) = (self.amount_min_fen, self.amount_max_fen)
            && min > max
        {
            let (zh, en) = ("最高金额不能低于最低金额", "is not below the smallest amount");
            checks.problem("/conditions/amount_max_fen", "order", zh, en);
        }
        for (name, day) in [("valid_from", self.valid_from), ("valid_to", self.valid_to)] {
            if day.is_some_and(|day| !(2000..=2100).contains(&day.year())) {
                checks.problem(
                    &format!("/conditions/{name}"),
                    "range",
                    "年份应在2000至2100之间",
                    "the year is 2000 to 2100",
                );
            }
        }
        if let (Some(from), Some(to)) = (self.valid_from, self.valid_to)
            && from >= to
        {
            checks.problem("/conditions/valid_to", "order", "失效日应晚于生效日", "is later than the first day");
        }
    }

    /// Checks that each purpose is one of the firm's products' or of the standard ones.
    ///
    /// # Errors
    /// `invalid_fields` naming those that are not, or a failing database.
    pub async fn check_purposes(&self, tx: &TenantTx) -> Result<()> {
        if self.purposes.is_empty() {
            return Ok(());
        }
        let own = products::purpose_words(tx).await?;
        let standard: Vec<_> = standard_products().into_iter().flat_map(|product| product.purposes).collect();
        let mut checks = Checks::new();
        for (i, code) in self.purposes.iter().enumerate() {
            if !own.contains_key(code) && !standard.iter().any(|purpose| purpose.code == *code) {
                let (zh, en) =
                    ("没有产品有此用途，请从用途列表中选择", "is a purpose of no product; choose one from the list");
                checks.problem(&format!("/conditions/purposes/{i}"), "code_unknown", zh, en);
            }
        }
        checks.done()
    }

    /// The same as the rules read it; both have one form in JSON.
    ///
    /// # Errors
    /// Only if that is no longer so.
    pub fn to_domain(&self) -> Result<PolicyConditions> {
        Ok(serde_json::from_value(serde_json::to_value(self)?)?)
    }
}

impl QueryBody {
    /// The question as the rules read it, asked `on` a business date.
    ///
    /// # Errors
    /// Every field that is out of its limits or names nothing.
    pub fn to_domain(&self, on: NaiveDate) -> Result<PolicyQuery> {
        let mut checks = Checks::new();
        let given: [(&str, &Option<String>, Judge); 3] = [
            ("/purpose", &self.purpose, purpose_problem),
            ("/region", &self.region, region_problem),
            ("/industry", &self.industry, industry_problem),
        ];
        for (pointer, code, judge) in given {
            if let Some((zh, en)) = code.as_deref().and_then(judge) {
                checks.problem(pointer, "code_unknown", zh, en);
            }
        }
        range(&mut checks, "/amount_fen", self.amount_fen, 1);
        checks.done()?;
        Ok(PolicyQuery {
            guarantee_kind: self.guarantee_kind.map(ProductKind::from),
            applicant_kind: self.applicant_kind.map(ApplicantKind::from),
            purpose: self.purpose.clone(),
            region: self.region.clone(),
            industry: self.industry.clone(),
            amount: self.amount_fen.map(Fen),
            on,
        })
    }
}

impl From<PolicyGuaranteeKind> for ProductKind {
    fn from(kind: PolicyGuaranteeKind) -> Self {
        match kind {
            PolicyGuaranteeKind::LoanFarmer => Self::LoanFarmer,
            PolicyGuaranteeKind::LoanEnterprise => Self::LoanEnterprise,
            PolicyGuaranteeKind::EquipmentFinance => Self::EquipmentFinance,
        }
    }
}

impl From<PolicyApplicantKind> for ApplicantKind {
    fn from(kind: PolicyApplicantKind) -> Self {
        match kind {
            PolicyApplicantKind::Farmer => Self::Farmer,
            PolicyApplicantKind::SelfEmployed => Self::SelfEmployed,
            PolicyApplicantKind::SmallEnterprise => Self::SmallEnterprise,
            PolicyApplicantKind::MediumEnterprise => Self::MediumEnterprise,
        }
    }
}

/// Says what is wrong with a code, if anything.
type Judge = fn(&str) -> Option<(&'static str, &'static str)>;

fn purpose_problem(code: &str) -> Option<(&'static str, &'static str)> {
    let fits = (1..=PURPOSE_CHARS_MAX).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (!fits).then_some(("用途代码由1至40个小写字母、数字和下划线组成", "has 1 to 40 lower-case letters, digits and _"))
}

fn region_problem(code: &str) -> Option<(&'static str, &'static str)> {
    Region::find(code).is_none().then_some(("没有这个行政区划代码", "is not a region's code (GB/T 2260)"))
}

fn industry_problem(code: &str) -> Option<(&'static str, &'static str)> {
    Industry::find(code).is_none().then_some(("没有这个行业代码", "is not an industry's code (GB/T 4754)"))
}

fn codes(checks: &mut Checks, name: &str, all: &[String], judge: Judge) {
    count(checks, name, all.len(), CODES_MAX);
    for (i, code) in all.iter().take(CODES_MAX).enumerate() {
        let pointer = format!("/conditions/{name}/{i}");
        if let Some((zh, en)) = judge(code) {
            checks.problem(&pointer, "code_unknown", zh, en);
        } else if all.iter().take(i).any(|other| other == code) {
            checks.problem(&pointer, "twice", "此项重复，请删除", "stands above already; remove it");
        }
    }
}

fn count(checks: &mut Checks, name: &str, given: usize, max: usize) {
    if given > max {
        let pointer = format!("/conditions/{name}");
        checks.problem(&pointer, "count", format!("最多{max}项"), format!("has at most {max} items"));
    }
}

fn range(checks: &mut Checks, pointer: &str, fen: Option<i64>, min: i64) {
    if fen.is_some_and(|fen| !(min..=AMOUNT_FEN_MAX).contains(&fen)) {
        checks.problem(
            pointer,
            "range",
            format!("应在{}元至1000亿元之间", Fen(min).in_yuan_en()),
            format!("is {} to 100 billion yuan, in fen", Fen(min).in_yuan_en()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_checked_is_what_the_rules_read() {
        let body: ConditionsBody = serde_json::from_value(serde_json::json!({
            "guarantee_kinds": ["loan_farmer", "loan_enterprise", "equipment_finance"],
            "applicant_kinds": ["farmer", "self_employed", "small_enterprise", "medium_enterprise"],
            "purposes": ["livestock"], "regions": ["330000"], "industries": ["A"],
            "amount_min_fen": 1, "amount_max_fen": 2, "valid_from": "2026-01-01", "valid_to": "2027-01-01",
        }))
        .unwrap();
        let mut checks = Checks::new();
        body.check(&mut checks);
        checks.done().unwrap();
        let read = body.to_domain().unwrap();
        assert_eq!(read.guarantee_kinds.len() + read.applicant_kinds.len(), 7);
        assert_eq!((read.amount_min_fen, read.amount_max_fen), (Some(Fen(1)), Some(Fen(2))));
    }

    #[test]
    fn what_names_nothing_or_is_out_of_limits_is_refused() {
        for wrong in [
            serde_json::json!({ "regions": ["999999"] }),
            serde_json::json!({ "regions": [""] }),
            serde_json::json!({ "industries": ["Z"] }),
            serde_json::json!({ "purposes": ["买牛"] }),
            serde_json::json!({ "regions": ["330000", "340000", "330000"] }),
            serde_json::json!({ "purposes": vec!["a"; 51] }),
            serde_json::json!({ "amount_min_fen": -1 }),
            serde_json::json!({ "amount_min_fen": 2, "amount_max_fen": 1 }),
            serde_json::json!({ "valid_from": "1900-01-01" }),
            serde_json::json!({ "valid_from": "2026-01-01", "valid_to": "2026-01-01" }),
        ] {
            let body: ConditionsBody = serde_json::from_value(wrong.clone()).unwrap();
            let mut checks = Checks::new();
            body.check(&mut checks);
            assert!(checks.done().is_err(), "{wrong}");
        }
    }
}
