//! Tables and laws of the equipment score, against a small model that computes the total from the definition.

mod checks;

use proptest::prelude::*;

use super::assess::UsageBasis;
use super::card::{Band, Missing, Scale};
use super::figure::{Domain, YES};
use super::kinds::{Condition, MachineKind, OperatorKind, Ownership, Place, RegistrySearch, ResaleMarket};
use super::papers::{Control, Disposal, Title, Use};
use super::*;
use crate::devices::category::EquipmentCategory;
use crate::devices::fault::Fault;
use crate::money::Fen;
use crate::time::DayInterval;
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A lathe of two years with perfect papers and a socket.
fn perfect() -> Evidence {
    let mut papers = Papers::of(EquipmentCategory::Lathe);
    papers.basic.maker = Some("沈阳机床".into());
    papers.basic.model = Some("CAK5085".into());
    papers.basic.serial_number = Some("SN20240917".into());
    papers.basic.made_on = Some(day("2024-09-17"));
    papers.basic.bought_on = Some(day("2024-10-01"));
    papers.basic.price_fen = Some(Fen(18_600_000));
    papers.basic.condition = Some(Condition::New);
    papers.basic.rated_power_w = Some(9_000);
    papers.basic.nameplate_matches = Some(true);
    papers.usage = Use {
        place: Some(Place::Owned),
        operator: Some(OperatorKind::OwnStaff),
        hours_run_reported: Some(4_000),
        maintenance_contract: Some(true),
        last_maintained_on: Some(day("2026-10-01")),
        insured_until: Some(day("2027-09-30")),
    };
    papers.title = Title {
        ownership: Some(Ownership::Owned),
        invoice: Some(true),
        paid_in_full: Some(true),
        registry: Some(RegistrySearch::Clear),
        registry_searched_on: Some(day("2026-11-20")),
        disputed: Some(false),
    };
    papers.control =
        Control { locator: Some(true), site_access: Some(true), beneficiary: Some(true), remote_stop: Some(true) };
    papers.disposal = Disposal {
        machine: Some(MachineKind::Standard),
        market: Some(ResaleMarket::Active),
        buy_back: Some(true),
        dismantling_share_bp: Some(300),
        realisation_share_bp: Some(7_000),
    };
    let observed = Observed { photos: 6, socket_bound: true, online_share_ppm: Some(990_000), unsold_days: None };
    Evidence { papers, observed, usage: None, as_of: day("2026-11-22") }
}

fn usage(utilisation_ppm: i64, unknown_share_ppm: i64, days_known: u32) -> Usage {
    let period = DayInterval::new(day("2026-10-23"), day("2026-11-22")).unwrap();
    let (variation_per_mille, overload_share_ppm) = (Some(410), 0);
    Usage { period, utilisation_ppm, variation_per_mille, days_known, unknown_share_ppm, overload_share_ppm }
}

fn changed(change: impl FnOnce(&mut Evidence)) -> Evidence {
    let mut evidence = perfect();
    change(&mut evidence);
    evidence
}

#[test]
fn the_standard_scorecard_holds_together_and_reads_back() {
    let card = Scorecard::standard();
    assert_eq!(card.check(), Ok(()));
    let text = serde_json::to_string(&card).unwrap();
    assert_eq!(serde_json::from_str::<Scorecard>(&text).unwrap(), card);
    let extra = text.replacen("\"version\":", "\"weight\":1,\"version\":", 1);
    assert!(serde_json::from_str::<Scorecard>(&extra).is_err());
}

#[test]
fn totals_and_verdicts() {
    use Verdict::{Controllable, Insufficient, NotControllable};
    let blank = || Evidence {
        papers: Papers::of(EquipmentCategory::Other),
        observed: Observed::default(),
        usage: None,
        as_of: day("2026-11-22"),
    };
    let only_what_and_whose = || {
        let (mut evidence, all) = (blank(), perfect());
        evidence.papers.basic = all.papers.basic;
        evidence.papers.title = all.papers.title;
        evidence.observed.photos = 6;
        evidence
    };
    let rows: Vec<(&str, Evidence, i64, Verdict)> = vec![
        ("perfect", perfect(), 10_000, Controllable),
        ("blank", blank(), 0, Insufficient),
        ("basic and title alone", only_what_and_whose(), 4_500, NotControllable),
        // 30 % × 20 of 100
        ("no invoice", changed(|e| e.papers.title.invoice = Some(false)), 9_400, Controllable),
        ("invoice not stated", changed(|e| e.papers.title.invoice = None), 9_400, Controllable),
        // 20 % × 30 of 80: the share online is left out without a socket
        (
            "no socket",
            changed(|e| {
                e.observed.socket_bound = false;
                e.observed.online_share_ppm = None;
            }),
            9_250,
            Controllable,
        ),
        // 30 % × (30 × 60 + 0) of 100
        ("financed", changed(|e| e.papers.title.ownership = Some(Ownership::Financed)), 9_460, Controllable),
        ("leased", changed(|e| e.papers.title.ownership = Some(Ownership::Leased)), 9_100, NotControllable),
        ("registered", changed(|e| e.papers.title.registry = Some(RegistrySearch::Encumbered)), 9_400, NotControllable),
        ("disputed", changed(|e| e.papers.title.disputed = Some(true)), 9_700, NotControllable),
        ("price unknown", changed(|e| e.papers.basic.price_fen = None), 9_775, Insufficient),
        (
            "a veto needs no other papers",
            changed(|e| {
                e.papers.basic.price_fen = None;
                e.papers.title.disputed = Some(true);
            }),
            9_475,
            NotControllable,
        ),
        // 20 % × 40 of 130
        ("never works", changed(|e| e.usage = Some(usage(10_000, 0, 30))), 9_385, Controllable),
        ("works", changed(|e| e.usage = Some(usage(300_000, 0, 30))), 10_000, Controllable),
    ];
    for (name, evidence, total, verdict) in rows {
        let score = assess(&Scorecard::standard(), &evidence);
        assert_eq!((score.total_hundredths, score.verdict), (total, verdict), "{name}");
    }
}

#[test]
fn utilisation_takes_part_only_when_it_is_evidence() {
    let rows = [
        (None, UsageBasis::Absent, 10_000),
        (Some(usage(10_000, 200_000, 14)), UsageBasis::Used, 9_385),
        (Some(usage(10_000, 200_001, 14)), UsageBasis::TooMuchUnknown, 10_000),
        (Some(usage(10_000, 0, 13)), UsageBasis::TooFewDays, 10_000),
    ];
    for (usage, basis, total) in rows {
        let score = assess(&Scorecard::standard(), &changed(|e| e.usage = usage));
        assert_eq!((score.usage_basis, score.total_hundredths), (basis, total), "{usage:?}");
        assert_eq!(score.with_utilisation, basis == UsageBasis::Used);
        let unknown = opinion(&score).basis.iter().any(|line| line.zh.contains("未参与评分"));
        assert_eq!(unknown, matches!(basis, UsageBasis::TooFewDays | UsageBasis::TooMuchUnknown));
    }
    let mut card = Scorecard::standard();
    for dimension in &mut card.dimensions {
        dimension.indicators.retain(|one| !one.figure.is_usage());
    }
    let score = assess(&card, &changed(|e| e.usage = Some(usage(10_000, 0, 30))));
    assert_eq!((score.with_utilisation, score.usage_basis), (false, UsageBasis::Absent));
}

#[test]
fn the_opinion_names_what_raised_and_lowered_and_what_would_change_it() {
    let evidence = changed(|e| {
        e.papers.title.ownership = Some(Ownership::Financed);
        e.papers.title.invoice = None;
        e.papers.control = Control::default();
        e.papers.disposal = Disposal::default();
        e.observed.socket_bound = false;
        e.observed.online_share_ppm = None;
    });
    let score = assess(&Scorecard::standard(), &evidence);
    assert_eq!((score.total_hundredths, score.verdict), (5_360, Verdict::NotControllable));
    let said = opinion(&score);
    assert_eq!(said.verdict.zh, "设备风控评分53.60分，低于60.00分的标准，风险不可控");
    let zh = |lines: &[crate::words::Words]| lines.iter().map(|line| line.zh.clone()).collect::<Vec<_>>();
    assert_eq!(
        zh(&said.raised),
        [
            "动产登记查询结果：未查到登记，得100分，相对可控标准+2.40分",
            "距上次保养天数：52天，得100分，相对可控标准+2.29分",
            "机龄：26个月，得100分，相对可控标准+1.80分",
        ]
    );
    assert_eq!(
        zh(&said.lowered),
        [
            "已绑定智能插座：否，得0分，相对可控标准-4.50分",
            "有购置发票：未提供，得0分，相对可控标准-3.60分",
            "约定可进场检查：未提供，得0分，相对可控标准-3.00分",
        ]
    );
    assert_eq!(zh(&said.changes), ["绑定智能插座：已绑定智能插座由0分提高到100分（是），总分可达61.10分"]);
    assert_eq!(
        zh(&said.basis),
        [
            "评分依据：设备风控标准评分卡第1版，评分日期2026-11-22",
            "尚无使用率，使用信息按资料评分；绑定智能插座并运行一段时间后可重新评分",
        ]
    );
}

#[test]
fn the_opinion_of_vetoes_gaps_and_thin_margins() {
    let standard = Scorecard::standard();
    let vetoed = opinion(&assess(&standard, &changed(|e| e.papers.title.disputed = Some(true))));
    assert_eq!(vetoed.verdict.zh, "存在争议或查封：是，无论得分高低，风险均不可控（设备风控评分97.00分）");
    assert_eq!(vetoed.changes[0].zh, "存在争议或查封：解决争议或解除查封，否则不可控");

    let gap = opinion(&assess(&standard, &changed(|e| e.papers.basic.price_fen = None)));
    assert_eq!(gap.verdict.zh, "缺少购入价格，暂不能判断风险是否可控；按现有资料得97.75分");
    assert_eq!(gap.changes[0].zh, "补填“购入价格”后方可判断");

    let strict = Scorecard { threshold_hundredths: 9_600, ..standard.clone() };
    let thin = opinion(&assess(&strict, &perfect()));
    assert_eq!(thin.changes[0].zh, "若权属状态变为租赁（0分），总分降至91.00分，低于可控标准");
    let safe = opinion(&assess(&standard, &perfect()));
    assert_eq!(safe.changes[0].zh, "任一可变动的指标单独下降，总分仍达标");

    let lost = Scorecard { threshold_hundredths: 10_000, ..standard };
    let exact = assess(&lost, &perfect());
    assert_eq!(exact.verdict, Verdict::Controllable);
    assert!(opinion(&exact).raised.is_empty() && opinion(&exact).lowered.is_empty());
    let old = assess(&lost, &changed(|e| e.papers.basic.made_on = Some(day("2015-01-01"))));
    assert!(!old.reachable && opinion(&old).changes[0].zh.contains("仍达不到"));
}

fn pointers(result: Result<(), Vec<Fault>>) -> Vec<String> {
    result.err().into_iter().flatten().map(|fault| fault.pointer).collect()
}

fn some_evidence() -> impl Strategy<Value = Evidence> {
    let flags = prop::collection::vec(prop::option::of(any::<bool>()), 10);
    let picks = prop::collection::vec(0usize..5, 6);
    let numbers = prop::collection::vec(prop::option::of(0i64..2_000_000), 8);
    (flags, picks, numbers).prop_map(|(flags, picks, numbers)| {
        let mut evidence = perfect();
        let back =
            |n: Option<i64>| n.and_then(|n| evidence.as_of.checked_sub_days(chrono::Days::new((n % 5_000) as u64)));
        let (made, maintained) = (back(numbers[0]), back(numbers[1]));
        let papers = &mut evidence.papers;
        papers.basic.made_on = made;
        papers.basic.price_fen = numbers[2].map(|n| Fen(n * 20));
        papers.basic.nameplate_matches = flags[0];
        papers.usage.last_maintained_on = maintained;
        papers.usage.maintenance_contract = flags[1];
        papers.usage.place = Place::ALL.get(picks[0]).copied();
        papers.title.ownership = Ownership::ALL.get(picks[1]).copied();
        papers.title.registry = RegistrySearch::ALL.get(picks[2]).copied();
        papers.title.invoice = flags[2];
        papers.title.disputed = flags[3];
        papers.control =
            Control { locator: flags[4], site_access: flags[5], beneficiary: flags[6], remote_stop: flags[7] };
        papers.disposal.market = ResaleMarket::ALL.get(picks[3]).copied();
        papers.disposal.buy_back = flags[8];
        papers.disposal.realisation_share_bp = numbers[3].map(|n| (n % 10_001) as u16);
        evidence.observed.online_share_ppm = numbers[4];
        evidence.observed.socket_bound = flags[9].unwrap_or_default();
        evidence.observed.unsold_days = numbers[5].map(|n| (n % 400) as u32);
        evidence.usage = numbers[6].map(|n| usage(n, numbers[7].unwrap_or_default() % 400_000, (n % 31) as u32));
        evidence
    })
}

/// The total from the definition in floating point.
fn model(score: &Score) -> f64 {
    let dimension = |one: &assess::DimensionScore| {
        let carried: f64 = one.indicators.iter().filter(|i| i.points.is_some()).map(|i| f64::from(i.weight)).sum();
        let sum: f64 = one.indicators.iter().filter_map(|i| Some(f64::from(i.weight) * f64::from(i.points?))).sum();
        f64::from(one.weight_bp) / 10_000.0 * sum / carried
    };
    score.dimensions.iter().map(dimension).sum()
}

proptest! {
    #[test]
    fn the_total_is_the_weighted_sum(evidence in some_evidence()) {
        let card = Scorecard::standard();
        let score = assess(&card, &evidence);
        let total = score.total_hundredths as f64 / 100.0;
        prop_assert!((total - model(&score)).abs() < 0.011, "{total} {}", model(&score));
        prop_assert!((0..=10_000).contains(&score.total_hundredths));
        let pulls: i64 = score.dimensions.iter().flat_map(|one| &one.indicators).map(|one| one.pull).sum();
        prop_assert!((pulls - (score.total_hundredths - score.threshold_hundredths) * 100).abs() < 150);
        prop_assert_eq!(&assess(&card, &evidence), &score);
        let stored = serde_json::to_value(&score).unwrap();
        prop_assert_eq!(serde_json::from_value::<Score>(stored).unwrap(), score);
    }

    #[test]
    fn changes_are_what_they_say(evidence in some_evidence()) {
        let score = assess(&Scorecard::standard(), &evidence);
        let mut last = score.total_hundredths;
        for (at, change) in score.changes.iter().enumerate() {
            if score.verdict == Verdict::Controllable {
                prop_assert!(change.total_after_hundredths < score.threshold_hundredths);
            } else {
                // only the last step reaches the threshold, so none is superfluous
                prop_assert!(change.total_after_hundredths >= last && last < score.threshold_hundredths);
                let is_last = at + 1 == score.changes.len();
                prop_assert_eq!(change.total_after_hundredths >= score.threshold_hundredths, is_last && score.reachable);
            }
            last = change.total_after_hundredths;
        }
        let said = opinion(&score);
        prop_assert!(said.raised.len() <= 3 && said.lowered.len() <= 3 && said.basis.len() == 2);
        prop_assert!(score.verdict == Verdict::Controllable || !said.changes.is_empty());
    }

    #[test]
    fn following_the_advice_on_flags_does_what_it_says(evidence in some_evidence()) {
        let score = assess(&Scorecard::standard(), &evidence);
        let (Some(first), false) = (score.changes.first(), score.verdict == Verdict::Controllable) else { return Ok(()) };
        let mut after = evidence;
        match first.figure {
            Figure::Invoice => after.papers.title.invoice = Some(true),
            Figure::SiteAccess => after.papers.control.site_access = Some(true),
            Figure::Beneficiary => after.papers.control.beneficiary = Some(true),
            Figure::SocketBound => after.observed.socket_bound = true,
            Figure::Ownership => after.papers.title.ownership = Some(Ownership::Owned),
            Figure::Market => after.papers.disposal.market = Some(ResaleMarket::Active),
            _ => return Ok(()),
        }
        prop_assert_eq!(assess(&Scorecard::standard(), &after).total_hundredths, first.total_after_hundredths);
    }
}

#[test]
fn every_choice_of_a_figure_can_be_said() {
    for figure in Figure::ALL {
        let Domain::Choice(choices) = figure.domain() else { continue };
        assert!(choices.len() >= 2, "{figure:?}");
        for (code, words) in choices {
            assert_eq!(measure::finding_words(*figure, &Finding::Choice(code.to_owned())), words);
        }
    }
    assert_eq!(measure::finding_words(Figure::Invoice, &Finding::Choice(YES.into())).zh, "是");
    assert_eq!(measure::finding_words(Figure::Utilisation, &Finding::Number(653_250)).zh, "65.33%");
}
