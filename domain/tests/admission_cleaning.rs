//! Cleaning as a table, and its laws against an independent model.

#![allow(clippy::unwrap_used, reason = "helpers outside #[test] functions may fail the test too")]

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::assessments::admission::clean::CleaningRules;
use domain::assessments::admission::series::Series;
use domain::assessments::admission::{AbnormalReason, Direction, Invoice, LeftOut, Period, Scorecard, Verdict, clean};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> CleaningRules {
    Scorecard::standard().cleaning
}

fn invoice(number: &str, on: &str, amount: i64, tax: i64) -> Invoice {
    Invoice {
        direction: Direction::Out,
        number: number.into(),
        issued_on: Some(day(on)),
        counterparty: "B1".into(),
        amount_fen: Some(amount),
        tax_fen: Some(tax),
        total_fen: Some(amount + tax),
        void: Some(false),
        flaws: Vec::new(),
    }
}

#[test]
fn each_row_gets_its_verdict() {
    let base = || invoice("07", "2019-08-01", 10_000, 1_300);
    let table = [
        (base(), Verdict::Kept),
        (Invoice { number: "7".into(), ..base() }, Verdict::Duplicate),
        (Invoice { counterparty: "B2".into(), ..base() }, Verdict::Duplicate),
        (invoice("07", "2019-08-02", 10_000, 1_300), Verdict::Kept),
        (invoice("07", "2019-08-01", 10_001, 1_300), Verdict::Kept),
        (Invoice { void: Some(true), ..invoice("8", "2019-08-01", 0, 0) }, Verdict::Void),
        (invoice("8", "2019-08-01", 5_000, 0), Verdict::Kept),
        (Invoice { void: None, ..base() }, Verdict::Bad),
        (Invoice { tax_fen: None, void: Some(true), ..base() }, Verdict::Bad),
        (Invoice { number: " ".into(), ..base() }, Verdict::Bad),
        (Invoice { counterparty: "".into(), ..invoice("9", "2019-08-01", 1, 0) }, Verdict::Kept),
        (invoice("10", "2019-08-01", -10_000, -1_300), Verdict::RedLetter),
        (invoice("10", "2019-08-01", -10_000, -1_300), Verdict::Duplicate),
        (Invoice { void: Some(true), ..invoice("11", "2019-08-01", -10_000, -1_300) }, Verdict::Void),
        (invoice("12", "2019-08-01", 0, 0), Verdict::Abnormal(AbnormalReason::ZeroAmount)),
        (invoice("13", "2020-02-23", 10_000, 0), Verdict::Abnormal(AbnormalReason::AfterAsOf)),
        (invoice("14", "2020-02-22", 10_000, 0), Verdict::Kept),
        (invoice("15", "1993-12-31", 10_000, 0), Verdict::Abnormal(AbnormalReason::TooEarly)),
        (invoice("16", "2019-08-01", i64::MAX / 4, 0), Verdict::Abnormal(AbnormalReason::HugeAmount)),
        (invoice("17", "2019-08-01", 10_000, -1_300), Verdict::Abnormal(AbnormalReason::SignMismatch)),
        (
            Invoice { total_fen: Some(-11_300), ..invoice("18", "2019-08-01", 10_000, 1_300) },
            Verdict::Abnormal(AbnormalReason::SignMismatch),
        ),
        (
            Invoice { total_fen: Some(11_311), ..invoice("19", "2019-08-01", 10_000, 1_300) },
            Verdict::Abnormal(AbnormalReason::TotalMismatch),
        ),
        (Invoice { total_fen: Some(11_310), ..invoice("20", "2019-08-01", 10_000, 1_300) }, Verdict::Kept),
        (invoice("21", "2019-08-01", 10_000, 5_001), Verdict::Abnormal(AbnormalReason::TaxImplausible)),
    ];
    let rows: Vec<Invoice> = table.iter().map(|(row, _)| row.clone()).collect();
    let cleaned = clean(&rules(), &rows, day("2020-02-22"));
    for (at, (row, verdict)) in table.iter().enumerate() {
        assert_eq!(cleaned.verdicts[at], *verdict, "row {at}: {row:?}");
    }
    let LeftOut { bad, void, duplicate, abnormal, red_letter, .. } = cleaned.left_out;
    assert_eq!((bad, void, duplicate, abnormal, red_letter), (3, 2, 3, 8, 1));
}

#[test]
fn a_red_letter_row_nets_its_own_month() {
    let rows = [
        invoice("1", "2019-08-01", 10_000, 0),
        invoice("2", "2019-09-01", 10_000, 0),
        invoice("3", "2019-09-30", -4_000, 0),
    ];
    let cleaned = clean(&rules(), &rows, day("2020-02-22"));
    let series = Series::of(&cleaned);
    let period = Period::before(day("2020-02-22"), 6);
    let nets: Vec<i64> = period.iter().map(|month| series.month(month).net_fen).collect();
    assert_eq!(nets, [10_000, 6_000, 0, 0, 0, 0]);
    assert_eq!(series.sum(period).red_letter_fen, 4_000);
    let gaps: Vec<String> = series.without(period, None).iter().map(ToString::to_string).collect();
    assert_eq!(gaps, ["2019-10", "2019-11", "2019-12", "2020-01"]);
}

prop_compose! {
    /// Few numbers, days and amounts, so that duplicates are common; some fields missing.
    fn any_invoice()(
        number in prop_oneof![Just("1"), Just("01"), Just("2"), Just("A2"), Just("")],
        offset in 0_u64..400,
        dated in prop::bool::weighted(0.95),
        amount in prop_oneof![Just(None), (-3_i64..4).prop_map(|n| Some(n * 10_000)), any::<i64>().prop_map(Some)],
        tax in prop_oneof![Just(Some(0)), (-3_i64..4).prop_map(|n| Some(n * 1_000)), Just(None)],
        off in prop_oneof![9 => Just(0_i64), 1 => any::<i64>()],
        void in prop_oneof![8 => Just(Some(false)), 2 => Just(Some(true)), 1 => Just(None)],
        party in prop_oneof![Just(""), Just("A"), Just("B")],
    ) -> Invoice {
        Invoice {
            direction: Direction::Out,
            number: number.into(),
            issued_on: dated.then(|| day("2019-03-01").checked_add_days(Days::new(offset)).unwrap()),
            counterparty: party.into(),
            amount_fen: amount,
            tax_fen: tax,
            total_fen: amount.zip(tax).map(|(amount, tax)| amount.saturating_add(tax).saturating_add(off)),
            void,
            flaws: Vec::new(),
        }
    }
}

/// The rules again, written as four passes over what is left rather than one pass with a verdict.
fn model(rows: &[Invoice], as_of: NaiveDate) -> (u64, u64, u64, u64, u64, BTreeMap<String, i128>) {
    let (mut bad, mut void, mut duplicate, mut abnormal, mut red) = (0, 0, 0, 0, 0);
    let mut left = Vec::new();
    for row in rows {
        let fields = (row.issued_on, row.amount_fen, row.tax_fen, row.total_fen, row.void);
        match fields {
            (Some(on), Some(amount), Some(tax), Some(total), Some(is_void)) if !row.number.is_empty() => {
                left.push((
                    row.number.to_string(),
                    on,
                    i128::from(amount),
                    i128::from(tax),
                    i128::from(total),
                    is_void,
                ));
            }
            _ => bad += 1,
        }
    }
    left.retain(|row| {
        void += u64::from(row.5);
        !row.5
    });
    let mut first: Vec<(String, NaiveDate, i128)> = Vec::new();
    left.retain(|row| {
        let number = row.0.parse::<u64>().map_or(row.0.clone(), |number| number.to_string());
        let key = (number, row.1, row.2);
        let again = first.contains(&key);
        duplicate += u64::from(again);
        first.push(key);
        !again
    });
    let mut months = BTreeMap::new();
    for (_, on, amount, tax, total, _) in left {
        let plausible = on <= as_of
            && amount != 0
            && amount.abs() <= 100_000_000_000
            && (tax == 0 || (tax < 0) == (amount < 0))
            && (total == 0 || (total < 0) == (amount < 0))
            && (amount + tax - total).abs() <= 10
            && tax.abs() * 2 <= amount.abs();
        abnormal += u64::from(!plausible);
        if plausible {
            red += u64::from(amount < 0);
            *months.entry(on.format("%Y-%m").to_string()).or_insert(0) += amount;
        }
    }
    (bad, void, duplicate, abnormal, red, months)
}

proptest! {
    #[test]
    fn every_row_is_counted_once_and_as_the_model_says(rows in prop::collection::vec(any_invoice(), 0..60)) {
        let as_of = day("2020-02-22");
        let cleaned = clean(&rules(), &rows, as_of);
        let counts = &cleaned.left_out;
        let (bad, void, duplicate, abnormal, red, months) = model(&rows, as_of);
        prop_assert_eq!((counts.bad, counts.void, counts.duplicate, counts.abnormal, counts.red_letter), (bad, void, duplicate, abnormal, red));
        let left_out = counts.bad + counts.void + counts.duplicate + counts.abnormal;
        prop_assert_eq!(left_out as usize + cleaned.kept.len(), rows.len());
        prop_assert_eq!(cleaned.verdicts.len(), rows.len());
        prop_assert_eq!(counts.abnormal_reasons.values().sum::<u64>(), counts.abnormal);
        let series = Series::of(&cleaned);
        for month in Period::before(day("2020-04-01"), 14).iter() {
            let expected = months.get(&month.to_string()).copied().unwrap_or(0);
            prop_assert_eq!(i128::from(series.month(month).net_fen), expected);
        }
    }

    #[test]
    fn counts_and_months_do_not_hang_on_the_order(rows in prop::collection::vec(any_invoice(), 0..40)) {
        // duplicates with unlike tax may differ in being normal; equal tax leaves only the order
        let rows: Vec<Invoice> = rows.into_iter().map(|row| {
            let total_fen = row.amount_fen;
            Invoice { tax_fen: Some(0), total_fen, ..row }
        }).collect();
        let mut turned = rows.clone();
        turned.reverse();
        let (a, b) = (clean(&rules(), &rows, day("2020-02-22")), clean(&rules(), &turned, day("2020-02-22")));
        prop_assert_eq!(&a.left_out, &b.left_out);
        prop_assert_eq!(Series::of(&a), Series::of(&b));
    }

    #[test]
    fn cleaning_what_was_kept_leaves_nothing_out(rows in prop::collection::vec(any_invoice(), 0..60)) {
        let cleaned = clean(&rules(), &rows, day("2020-02-22"));
        let kept: Vec<Invoice> = rows.iter().zip(&cleaned.verdicts)
            .filter(|(_, verdict)| matches!(verdict, Verdict::Kept | Verdict::RedLetter))
            .map(|(row, _)| row.clone())
            .collect();
        let again = clean(&rules(), &kept, day("2020-02-22"));
        prop_assert_eq!(again.kept, cleaned.kept);
    }
}
