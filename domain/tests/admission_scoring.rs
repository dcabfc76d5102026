//! Scoring: each named risk as a table, the decision, and the laws of totals.

#![allow(clippy::unwrap_used, reason = "helpers outside #[test] functions may fail the test too")]

use chrono::{Days, NaiveDate};
use domain::assessments::admission::indicators::relations;
use domain::assessments::admission::risks::{Risk, Shape};
use domain::assessments::admission::sources::{
    Declaration, FinancialStatement, Payment, Registration, RegistrationChange, Violation,
};
use domain::assessments::admission::{
    Assessment, Decision, Direction, Flaw, Invoice, Scorecard, SourceKind, Sources, assess, invoice::Field,
};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn as_of() -> NaiveDate {
    day("2020-02-18")
}

fn invoice(direction: Direction, number: usize, on: NaiveDate, party: &str, amount_fen: i64) -> Invoice {
    Invoice {
        direction,
        number: number.to_string().into(),
        issued_on: Some(on),
        counterparty: party.into(),
        amount_fen: Some(amount_fen),
        tax_fen: Some(0),
        total_fen: Some(amount_fen),
        void: Some(false),
        flaws: Vec::new(),
    }
}

/// A sound firm: thirty months, twenty buyers and ten suppliers a month, 2.4 million yuan of sales a month.
fn sound() -> Sources {
    let trade = |direction, parties: usize, amount_fen| {
        (0..900_usize)
            .map(|at| {
                let on = day("2017-08-03").checked_add_days(Days::new(at as u64)).unwrap();
                invoice(direction, at, on, &format!("P{}", at % parties), amount_fen)
            })
            .collect()
    };
    Sources {
        invoices_out: Some(trade(Direction::Out, 20, 8_000_000)),
        invoices_in: Some(trade(Direction::In, 10, 5_000_000)),
        ..Sources::default()
    }
}

fn risk<'a>(assessment: &'a Assessment, id: &str) -> &'a Risk {
    assessment.risks.iter().find(|risk| risk.id == id).unwrap()
}

fn violations(count: usize) -> Option<Vec<Violation>> {
    Some(vec![Violation { occurred_on: Some(day("2019-05-05")), ..Violation::default() }; count])
}

fn registration(changes: usize) -> Option<Registration> {
    let change = RegistrationChange { changed_on: Some(day("2019-05-05")), ..RegistrationChange::default() };
    Some(Registration {
        name: Some("示例公司".into()),
        credit_code: Some("x".into()),
        registered_on: Some(day("2015-01-01")),
        tax_grade: Some("B".into()),
        changes: Some(vec![change; changes]),
        ..Registration::default()
    })
}

fn statement(assets: i64, liabilities: i64) -> Option<Vec<FinancialStatement>> {
    Some(vec![FinancialStatement {
        period_to: Some(day("2019-12-31")),
        assets_fen: Some(assets),
        liabilities_fen: Some(liabilities),
        revenue_fen: Some(100),
        costs_fen: Some(130),
        net_profit_fen: Some(10),
        ..FinancialStatement::default()
    }])
}

#[test]
fn a_sound_firm_is_accepted_and_absent_sources_are_named() {
    let result = assess(&Scorecard::standard(), &sound(), as_of());
    assert_eq!((result.total, result.decision), (0, Decision::Accept), "{:?}", result.scoring());
    assert_eq!(result.periods.period.zh(), "2019年8月至2020年1月");
    let absent = [
        SourceKind::Registration,
        SourceKind::Declarations,
        SourceKind::Payments,
        SourceKind::Financials,
        SourceKind::Violations,
    ];
    assert_eq!(result.missing, absent);
}

#[test]
fn the_named_risks_are_graded() {
    let score = |sources: Sources, id: &str| risk(&assess(&Scorecard::standard(), &sources, as_of()), id).score;
    for (count, expected) in [(0, 0), (5, 0), (6, 25), (8, 35), (9, 40)] {
        assert_eq!(score(Sources { violations: violations(count), ..sound() }, "tax_violations"), expected, "{count}");
    }
    for (count, expected) in [(0, 0), (3, 0), (4, 9), (6, 15)] {
        assert_eq!(
            score(Sources { registration: registration(count), ..sound() }, "registration_changes"),
            expected,
            "{count}"
        );
    }
    for (liabilities, expected) in [(0, 0), (100, 0), (101, 30), (130, 38), (i64::MAX, 56)] {
        assert_eq!(
            score(Sources { financials: statement(100, liabilities), ..sound() }, "liabilities_over_assets"),
            expected
        );
    }
    assert_eq!(score(Sources { financials: statement(0, 1), ..sound() }, "liabilities_over_assets"), 56);
    for (amount, expected) in [(8_000_000, 0), (8_000_100, 6), (10_000_000, 10), (80_000_000, 22)] {
        let mut sources = sound();
        for row in sources.invoices_in.iter_mut().flatten() {
            (row.amount_fen, row.total_fen) = (Some(amount), Some(amount));
        }
        assert_eq!(score(sources, "expenditure_over_income"), expected, "{amount}");
    }
    // without invoices the statement answers
    assert_eq!(score(Sources { financials: statement(100, 1), ..Sources::default() }, "expenditure_over_income"), 10);
}

#[test]
fn a_reason_names_figure_threshold_and_period() {
    let result = assess(&Scorecard::standard(), &Sources { violations: violations(8), ..sound() }, as_of());
    let risk = risk(&result, "tax_violations");
    assert_eq!(risk.reason_zh.as_deref(), Some("截至2020-02-18税务违法违章记录 8 次，超过 5 次"));
    assert_eq!(risk.reason_en.as_deref(), Some("8 tax violations in the records up to 2020-02-18, more than 5"));
    assert!(risk.applicant_zh.as_deref().is_some_and(|text| !text.contains('5')));
    let small = Sources {
        invoices_out: Some(vec![invoice(Direction::Out, 1, day("2019-10-01"), "P", 1_234_500)]),
        ..Sources::default()
    };
    let result = assess(&Scorecard::standard(), &small, as_of());
    assert_eq!(
        self::risk(&result, "thin_sales").reason_zh.as_deref(),
        Some("2019年2月至2020年1月销售额 1.23万元，低于 10.00万元")
    );
}

#[test]
fn the_limits_and_integrity_decide() {
    let card = Scorecard::standard();
    let mut smudged = sound();
    if let Some(rows) = &mut smudged.invoices_out {
        for row in rows.iter_mut().take(10) {
            row.flaws.push(Flaw::Unreadable(Field::Amount));
        }
    }
    let failed = Sources { failed: [(SourceKind::Payments, "超时".to_string())].into(), ..sound() };
    let null = Sources { registration: registration(0).map(|r| Registration { name: None, ..r }), ..sound() };
    let dead = Sources {
        invoices_out: Some(Vec::new()),
        invoices_in: Some(vec![invoice(Direction::In, 1, day("2019-10-01"), "P", 100)]),
        ..Sources::default()
    };
    for (sources, decision, code) in [
        (sound(), Decision::Accept, "within_limits"),
        (Sources { violations: violations(14), ..sound() }, Decision::Review, "over_review_total"),
        (Sources { violations: violations(22), ..sound() }, Decision::Refuse, "over_acceptable_total"),
        (Sources { violations: violations(22), ..smudged.clone() }, Decision::Review, "over_acceptable_total"),
        (Sources { violations: violations(22), ..failed.clone() }, Decision::Review, "over_acceptable_total"),
        (
            Sources { violations: violations(22), withheld: [SourceKind::Payments].into(), ..sound() },
            Decision::Refuse,
            "over_acceptable_total",
        ),
        (smudged, Decision::Review, "integrity"),
        (failed, Decision::Review, "integrity"),
        (null, Decision::Review, "integrity"),
        (Sources::default(), Decision::Review, "source_missing"),
        (Sources { withheld: [SourceKind::Payments].into(), payments: None, ..sound() }, Decision::Review, "withheld"),
        (Sources { withheld: SourceKind::ALL.into(), ..Sources::default() }, Decision::Review, "withheld"),
        (
            Sources { stated_name: Some("示例二号公司".into()), registration: registration(0), ..sound() },
            Decision::Review,
            "integrity",
        ),
        (
            Sources { stated_name: Some("示例公司".into()), registration: registration(0), ..sound() },
            Decision::Accept,
            "within_limits",
        ),
        // what is there although it is not named any more is no gap
        (Sources { withheld: [SourceKind::InvoicesOut].into(), ..sound() }, Decision::Accept, "within_limits"),
        (dead, Decision::Refuse, "over_acceptable_total"),
    ] {
        let result = assess(&card, &sources, as_of());
        assert_eq!((result.decision, &*result.decision_reasons[0].code), (decision, code), "total {}", result.total);
    }
}

#[test]
fn tax_sources_feed_their_indicators() {
    let payment = |due: &str, paid: Option<&str>, amount_fen| Payment {
        due_on: Some(day(due)),
        paid_on: paid.map(day),
        amount_fen: Some(amount_fen),
        ..Payment::default()
    };
    let declaration = Declaration {
        tax_type: Some("增值税".into()),
        period_from: Some(day("2019-08-01")),
        period_to: Some(day("2019-08-31")),
        due_on: Some(day("2019-09-15")),
        declared_on: Some(day("2019-09-20")),
        sales_fen: Some(8_000_000),
        tax_due_fen: Some(0),
    };
    let sources = Sources {
        payments: Some(vec![payment("2019-09-15", Some("2019-09-10"), 5_000_000), payment("2019-10-15", None, 300)]),
        declarations: Some(vec![declaration]),
        registration: registration(0).map(|r| Registration { tax_grade: Some(" d".into()), ..r }),
        ..sound()
    };
    let result = assess(&Scorecard::standard(), &sources, as_of());
    for (id, value) in [
        ("tax_paid_year", 5_000_000),
        ("tax_arrears", 300),
        ("overdue_payments", 1),
        ("late_declarations", 1),
        ("declared_gap", 9_678),
        ("tax_grade", 5),
        ("age_months", 61),
    ] {
        assert_eq!(result.indicators[id].value, Some(value), "{id}");
    }
    assert_eq!(risk(&result, "tax_grade").reason_zh.as_deref(), Some("截至2020-02-18纳税信用等级为 D 级，低于 C 级"));
    assert!(result.decision >= Decision::Review);
}

#[test]
fn the_standard_scorecard_is_valid_and_survives_json() {
    let card = Scorecard::standard();
    assert_eq!(card.validate(), Ok(()));
    let again: Scorecard = serde_json::from_str(&serde_json::to_string(&card).unwrap()).unwrap();
    assert_eq!(again, card);
    assert!(
        relations(&card.indicators).iter().any(|edge| edge.from == "sales_period" && edge.to == "expenditure_ratio")
    );
    let mut wrong = card;
    wrong.review_total = wrong.acceptable_total + 1;
    wrong.window_months = 0;
    wrong.risks[1].shape = Shape::Excess { threshold: 5, base: 0, step: 0 };
    wrong.risks[2].indicator = "rating".into();
    let pointers: Vec<String> = wrong.validate().unwrap_err().into_iter().map(|error| error.pointer).collect();
    assert_eq!(pointers, ["/window_months", "/review_total", "/risks/1/step", "/risks/2/indicator"]);
}

#[test]
fn an_assessment_survives_json() {
    let result = assess(&Scorecard::standard(), &Sources { violations: violations(8), ..sound() }, as_of());
    let text = serde_json::to_string(&result).unwrap();
    assert_eq!(serde_json::from_str::<Assessment>(&text).unwrap(), result);
}

prop_compose! {
    fn any_invoice(direction: Direction)(
        number in 0_usize..50, year in -10_000_i32..10_000, near in 0_u64..900, far in prop::bool::weighted(0.1),
        party in 0_u32..6, amount in prop_oneof![9 => -1_000_000_i64..10_000_000, 1 => any::<i64>()],
    ) -> Invoice {
        let on = if far { NaiveDate::from_yo_opt(year, 1) } else { day("2017-12-01").checked_add_days(Days::new(near)) };
        invoice(direction, number, on.unwrap_or(NaiveDate::MAX), &format!("P{party}"), amount)
    }
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![
        8 => (0_u64..4_000).prop_map(|at| day("2012-01-01").checked_add_days(Days::new(at)).unwrap()),
        1 => Just(NaiveDate::MIN),
        1 => Just(NaiveDate::MAX),
    ]
}

prop_compose! {
    fn any_sources()(
        bought in prop::option::of(prop::collection::vec(any_invoice(Direction::In), 0..30)),
        sold in prop::option::of(prop::collection::vec(any_invoice(Direction::Out), 0..30)),
        on in any_day(), until in any_day(), money in prop::array::uniform4(prop::option::of(any::<i64>())),
        grade in prop::option::of(prop::sample::select(vec!["A", "B", "M", "C", "D", "?"])), count in 0_usize..12,
    ) -> Sources {
        let [a, b, c, d] = money;
        Sources {
            invoices_in: bought,
            invoices_out: sold,
            registration: grade.map(|grade| Registration { registered_on: Some(on), tax_grade: Some(grade.to_string()), ..Registration::default() }),
            declarations: Some(vec![Declaration { period_from: Some(until), period_to: Some(on), due_on: Some(on), sales_fen: a, ..Declaration::default() }; 2]),
            payments: Some(vec![Payment { due_on: Some(on), paid_on: Some(until), amount_fen: b, ..Payment::default() }; 2]),
            financials: Some(vec![FinancialStatement { period_to: Some(on), assets_fen: a, liabilities_fen: b, revenue_fen: c, costs_fen: d, net_profit_fen: a, ..FinancialStatement::default() }]),
            violations: violations(count),
            ..Sources::default()
        }
    }
}

proptest! {
    #[test]
    fn any_sources_give_one_answer(
        sources in any_sources(), on in any_day(), window in any::<u32>(), changes in any::<u32>(), limit in any::<i64>(),
        score in any::<i64>(),
    ) {
        let mut card = Scorecard::standard();
        prop_assert_eq!(assess(&card, &sources, on), assess(&card, &sources, on));
        // and an unchecked scorecard with wild numbers does not make it fall over
        (card.window_months, card.changes_months, card.acceptable_total) = (window, changes, limit);
        card.risks[1].shape = Shape::Excess { threshold: limit, base: score, step: score };
        let result = assess(&card, &sources, on);
        prop_assert!(result.risks.iter().all(|risk| risk.score >= 0 && (risk.score > 0) == risk.reason_zh.is_some()));
        prop_assert_eq!(result.total, result.risks.iter().fold(0_i64, |sum, risk| sum.saturating_add(risk.score)));
    }

    #[test]
    fn violations_score_strictly_more_the_further_over(a in 0_u32.., b in 0_u32.., threshold in 0_u32..) {
        let shape = Shape::Excess { threshold: i64::from(threshold), base: 20, step: 5 };
        let (low, high) = (a.min(b), a.max(b));
        let (low_score, high_score) = (shape.grade(i64::from(low)).score, shape.grade(i64::from(high)).score);
        prop_assert_eq!(low_score == 0, low <= threshold);
        prop_assert_eq!(low_score < high_score, low < high && high > threshold);
        prop_assert!(low_score <= high_score);
    }

    #[test]
    fn a_missing_source_adds_nothing(sources in any_sources()) {
        let card = Scorecard::standard();
        let with = assess(&card, &sources, as_of());
        let without = assess(&card, &Sources { violations: None, ..sources }, as_of());
        prop_assert!(without.total <= with.total);
        prop_assert!(without.missing.contains(&SourceKind::Violations));
    }

    #[test]
    fn every_standard_risk_grows_with_its_figure(a in -2_000_000_i64..2_000_000, b in -2_000_000_i64..2_000_000) {
        for rule in Scorecard::standard().risks {
            let (low, high) = (rule.shape.grade(a.min(b)).score, rule.shape.grade(a.max(b)).score);
            match rule.shape {
                Shape::Below { .. } => prop_assert!(high <= low, "{}", rule.id),
                _ => prop_assert!(low <= high, "{}", rule.id),
            }
        }
    }
}
