//! What is sent is held against the law and the limits of each field, so that everything that needs mending is said at
//! once. The domain judges again before anything is kept.

use chrono::NaiveDate;
use domain::limits::BASIS_POINTS;
use domain::limits::groups::LinkKind;
use domain::limits::parameters::ParameterValue;
use domain::limits::rules::{
    CLIENT_BP_MAX, Dimension, GROUP_BP_MAX, LEVERAGE_BP_MAX, LEVERAGE_RAISED_BP_MAX, Leverage,
};
use domain::limits::tree::GRANT_FEN_MAX;
use domain::limits::weights::{SizedWeight, WeightSet};
use domain::money::Fen;

use super::subject;
use super::value::{
    BoundsContent, CeilingContent, CountedLinksContent, ParameterContent, SizedWeightContent, WeightsContent,
};
use crate::platform::http::Checks;

/// A list of more kinds of relation than there are names one twice.
const KINDS_READ_MAX: usize = LinkKind::ALL.len() + 1;
/// What was sent as the rules know it. Where a field does not fit, `checks` says so and the result is not to be used.
pub(super) fn value(
    checks: &mut Checks,
    content: &ParameterContent,
    effective_from: NaiveDate,
    source: &str,
) -> ParameterValue {
    match content {
        ParameterContent::NetAssets(net_assets) => {
            amount(checks, "/value/amount_fen", net_assets.amount_fen, -GRANT_FEN_MAX.0);
            ParameterValue::NetAssets { amount: Fen(net_assets.amount_fen) }
        }
        ParameterContent::Bounds(sent) => bounds(checks, sent),
        ParameterContent::Weights(sent) => {
            ParameterValue::Weights { weights: weights(checks, sent, effective_from, source) }
        }
        ParameterContent::CountedLinks(sent) => links(checks, sent),
        ParameterContent::Ceiling(sent) => ceiling(checks, sent),
    }
}

fn bounds(checks: &mut Checks, sent: &BoundsContent) -> ParameterValue {
    let law = |max: u32, zh, en| Range { min: 1, max: i64::from(max), zh, en };
    let share = Range { min: 0, max: BASIS_POINTS, zh: "即0%至100%", en: "0 % to 100 %" };
    let standard = law(LEVERAGE_BP_MAX, "即不超过监管规定的10倍", "at most the 10 times of the law");
    let raised = law(LEVERAGE_RAISED_BP_MAX, "即不超过监管规定的15倍", "at most the 15 times of the law");
    let client = law(u32::from(CLIENT_BP_MAX), "即不超过监管规定的10%", "at most the 10 % of the law");
    let group = law(u32::from(GROUP_BP_MAX), "即不超过监管规定的15%", "at most the 15 % of the law");
    let given = &sent.leverage;
    let leverage = Leverage {
        standard_bp: within(checks, "/value/leverage/standard_bp", given.standard_bp, standard),
        raised_bp: within(checks, "/value/leverage/raised_bp", given.raised_bp, raised),
        balance_share_bp: within(checks, "/value/leverage/balance_share_bp", given.balance_share_bp, share),
        client_share_bp: within(checks, "/value/leverage/client_share_bp", given.client_share_bp, share),
        class: given.class.into(),
    };
    let client_bp = within(checks, "/value/client_bp", sent.client_bp, client);
    let group_bp = within(checks, "/value/group_bp", sent.group_bp, group);
    if given.raised_bp < given.standard_bp {
        let (zh, en) = ("放宽后的倍数不应低于标准倍数", "is not below the usual multiple");
        checks.problem("/value/leverage/raised_bp", "order", zh, en);
    }
    if sent.group_bp < sent.client_bp {
        let (zh, en) = ("含关联方的比例不应低于单户的比例", "is not below the bound on one client");
        checks.problem("/value/group_bp", "order", zh, en);
    }
    ParameterValue::Bounds { leverage, client_bp, group_bp }
}

fn weights(checks: &mut Checks, sent: &WeightsContent, effective_from: NaiveDate, source: &str) -> WeightSet {
    let weight = |checks: &mut Checks, name: &str, given: i64| {
        let range = Range { min: 1, max: BASIS_POINTS, zh: "即0.01%至100%", en: "0.01 % to 100 %" };
        within(checks, &format!("/value/{name}"), given, range)
    };
    let sized = |checks: &mut Checks, name: &str, given: &SizedWeightContent| {
        let largest = given.client_balance_max_fen;
        amount(checks, &format!("/value/{name}/client_balance_max_fen"), largest, 1);
        let weight_bp = weight(checks, &format!("{name}/weight_bp"), given.weight_bp);
        SizedWeight { client_balance_max: Fen(largest), weight_bp }
    };
    WeightSet {
        effective_from,
        source: source.to_owned(),
        small_micro: sized(checks, "small_micro", &sent.small_micro),
        farmer: sized(checks, "farmer", &sent.farmer),
        housing_bp: weight(checks, "housing_bp", sent.housing_bp),
        loan_bp: weight(checks, "loan_bp", sent.loan_bp),
        bond_aa_bp: weight(checks, "bond_aa_bp", sent.bond_aa_bp),
        bond_bp: weight(checks, "bond_bp", sent.bond_bp),
        other_bp: weight(checks, "other_bp", sent.other_bp),
        concentration_bond_aa_bp: weight(checks, "concentration_bond_aa_bp", sent.concentration_bond_aa_bp),
    }
}

fn links(checks: &mut Checks, sent: &CountedLinksContent) -> ParameterValue {
    if sent.kinds.is_empty() {
        checks.problem("/value/kinds", "required", "请至少选择一种关联关系", "Choose at least one kind of relation");
    }
    for (i, kind) in sent.kinds.iter().enumerate().take(KINDS_READ_MAX) {
        if sent.kinds.iter().take(i).any(|other| other == kind) {
            let (zh, en) = ("此项重复，请删除", "stands above already; remove it");
            checks.problem(&format!("/value/kinds/{i}"), "twice", zh, en);
        }
    }
    ParameterValue::CountedLinks { kinds: sent.kinds.iter().map(|kind| (*kind).into()).collect() }
}

fn ceiling(checks: &mut Checks, sent: &CeilingContent) -> ParameterValue {
    let dimension: Dimension = sent.dimension.into();
    let subject = subject::stored(dimension, &sent.subject).unwrap_or_else(|| {
        let (zh, en) = subject::unknown(dimension);
        checks.problem("/value/subject", "subject_unknown", zh, en);
        String::new()
    });
    if let Some(bound) = sent.bound_fen {
        amount(checks, "/value/bound_fen", bound, 0);
    }
    ParameterValue::Ceiling { dimension, subject, measure: sent.measure.into(), bound: sent.bound_fen.map(Fen) }
}

/// What a field of 1/10,000 takes, and what that means.
#[derive(Clone, Copy)]
struct Range {
    min: i64,
    max: i64,
    zh: &'static str,
    en: &'static str,
}

fn within<T: TryFrom<i64> + Default>(checks: &mut Checks, pointer: &str, given: i64, range: Range) -> T {
    let Range { min, max, zh, en } = range;
    if !(min..=max).contains(&given) {
        let zh = format!("应在{min}至{max}之间（单位为万分之一，{zh}）");
        checks.problem(pointer, "range", zh, format!("is {min} to {max}, in 1/10,000: {en}"));
    }
    T::try_from(given).unwrap_or_default()
}

fn amount(checks: &mut Checks, pointer: &str, fen: i64, min: i64) {
    if !(min..=GRANT_FEN_MAX.0).contains(&fen) {
        let (low, high) = (Fen(min), GRANT_FEN_MAX);
        let zh = format!("应在{}至{}之间，以分为单位", low.in_yuan(), high.in_yuan());
        checks.problem(pointer, "range", zh, format!("is {} to {}, in fen", low.in_yuan_en(), high.in_yuan_en()));
    }
}
