//! Cleaning of invoices (R11.4): which rows count, and why each other row does not.
//!
//! The order matters and is fixed: bad → void → duplicate → abnormal. Each row gets exactly one verdict, so the counts
//! always add up to the rows. A void invoice sold nothing, so it cannot be the original that a later row duplicates.
//! A red-letter invoice 红字发票 (negative) is no flaw but a correction: it stays and nets the month it is issued in.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::invoice::Invoice;
use super::text::comparable_number;

/// When a row that is readable, valid and no duplicate still cannot be a real invoice. Tenant data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CleaningRules {
    /// How far amount + tax may lie from the total, fen. Exports round per line: a few fen are normal.
    pub total_tolerance_fen: i64,
    /// Highest tax in basis points of the amount. The highest VAT rate in these years was 17 %; with consumption tax
    /// items invoiced together more is possible, more than half is a slipped column.
    pub tax_share_max_bp: i64,
    /// Highest amount of one invoice, fen. The largest invoicing limit of the tax authority is below a billion yuan.
    pub amount_max_fen: i64,
    /// Invoices of before this day cannot be VAT invoices (the system began on 1994-01-01).
    pub earliest_on: NaiveDate,
    /// Share of unreadable rows, basis points, above which the source counts as incomplete.
    pub bad_share_max_bp: i64,
}

/// Why a row is abnormal; the first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbnormalReason {
    /// Dated after the evaluation date: impossible on that day, or not yet known on it.
    AfterAsOf,
    /// Dated before there were such invoices.
    TooEarly,
    /// No amount: nothing was sold.
    ZeroAmount,
    /// Beyond what one invoice can be.
    HugeAmount,
    /// Amount, tax and total do not have one sign.
    SignMismatch,
    /// Amount and tax do not add up to the total.
    TotalMismatch,
    /// Tax out of all proportion to the amount.
    TaxImplausible,
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict", content = "reason")]
pub enum Verdict {
    /// Counts.
    Kept,
    /// Counts, and nets its month.
    RedLetter,
    /// Left out: a needed field is absent or unreadable.
    Bad,
    /// Left out: cancelled.
    Void,
    /// Left out: the same number, day and amount came before.
    Duplicate,
    /// Left out: cannot be a real invoice.
    Abnormal(AbnormalReason),
}

/// How many rows each rule left out, and how many red-letter rows were kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Rows with a needed field absent or unreadable.
    pub bad: u64,
    /// Cancelled rows.
    pub void: u64,
    /// Repeated rows.
    pub duplicate: u64,
    /// Rows that cannot be real invoices.
    pub abnormal: u64,
    /// Of the kept rows, the negative ones.
    pub red_letter: u64,
    /// `abnormal` by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub abnormal_reasons: BTreeMap<AbnormalReason, u64>,
}

impl LeftOut {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Kept => {}
            Verdict::RedLetter => self.red_letter += 1,
            Verdict::Bad => self.bad += 1,
            Verdict::Void => self.void += 1,
            Verdict::Duplicate => self.duplicate += 1,
            Verdict::Abnormal(reason) => {
                self.abnormal += 1;
                *self.abnormal_reasons.entry(reason).or_default() += 1;
            }
        }
    }

    /// Both counts together.
    pub fn plus(&self, other: &LeftOut) -> LeftOut {
        let mut sum = self.clone();
        sum.bad += other.bad;
        sum.void += other.void;
        sum.duplicate += other.duplicate;
        sum.abnormal += other.abnormal;
        sum.red_letter += other.red_letter;
        for (reason, count) in &other.abnormal_reasons {
            *sum.abnormal_reasons.entry(*reason).or_default() += count;
        }
        sum
    }
}

/// A row that counts, borrowed from the invoice it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CleanRow<'a> {
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// The other party; empty where the invoice names none.
    pub counterparty: &'a str,
    /// Amount without tax, fen; negative on a red-letter row.
    pub amount_fen: i64,
}

/// The outcome of cleaning one direction of one firm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned<'a> {
    /// One verdict per row, in the order of the rows.
    pub verdicts: Vec<Verdict>,
    /// The rows that count, in the order of the rows.
    pub kept: Vec<CleanRow<'a>>,
    /// Days of issue of the void rows, for the share of voided invoices.
    pub void_on: Vec<NaiveDate>,
    /// How many rows were left out.
    pub left_out: LeftOut,
}

/// Cleans the invoices of one firm and one direction.
///
/// Of several rows with equal number (see [`comparable_number`]), day and amount the first counts. Which of them that
/// is does not change any sum; only the counterparty can differ.
pub fn clean<'a>(rules: &CleaningRules, rows: &'a [Invoice], as_of: NaiveDate) -> Cleaned<'a> {
    let mut seen: HashSet<(&str, NaiveDate, i64)> = HashSet::with_capacity(rows.len());
    let mut cleaned = Cleaned { verdicts: Vec::with_capacity(rows.len()), ..Cleaned::default() };
    cleaned.kept.reserve(rows.len());
    for invoice in rows {
        let verdict = match readable(invoice) {
            None => Verdict::Bad,
            Some(row) if row.void => {
                cleaned.void_on.push(row.issued_on);
                Verdict::Void
            }
            Some(row) if !seen.insert((comparable_number(&invoice.number), row.issued_on, row.amount_fen)) => {
                Verdict::Duplicate
            }
            Some(row) => match abnormal(rules, &row, as_of) {
                Some(reason) => Verdict::Abnormal(reason),
                None => {
                    let Readable { issued_on, amount_fen, .. } = row;
                    cleaned.kept.push(CleanRow { issued_on, counterparty: invoice.counterparty.trim(), amount_fen });
                    if amount_fen < 0 { Verdict::RedLetter } else { Verdict::Kept }
                }
            },
        };
        cleaned.left_out.count(verdict);
        cleaned.verdicts.push(verdict);
    }
    cleaned
}

struct Readable {
    issued_on: NaiveDate,
    amount_fen: i64,
    tax_fen: i64,
    total_fen: i64,
    void: bool,
}

fn readable(invoice: &Invoice) -> Option<Readable> {
    if invoice.is_bad() {
        return None;
    }
    Some(Readable {
        issued_on: invoice.issued_on?,
        amount_fen: invoice.amount_fen?,
        tax_fen: invoice.tax_fen?,
        total_fen: invoice.total_fen?,
        void: invoice.void?,
    })
}

fn abnormal(rules: &CleaningRules, row: &Readable, as_of: NaiveDate) -> Option<AbnormalReason> {
    let (amount, tax, total) = (i128::from(row.amount_fen), i128::from(row.tax_fen), i128::from(row.total_fen));
    let checks = [
        (row.issued_on > as_of, AbnormalReason::AfterAsOf),
        (row.issued_on < rules.earliest_on, AbnormalReason::TooEarly),
        (amount == 0, AbnormalReason::ZeroAmount),
        (amount.abs() > i128::from(rules.amount_max_fen), AbnormalReason::HugeAmount),
        // tax and total may be zero on tax-free goods and on rounding, but never of the other sign
        (amount.signum() * total.signum() < 0 || amount.signum() * tax.signum() < 0, AbnormalReason::SignMismatch),
        ((amount + tax - total).abs() > i128::from(rules.total_tolerance_fen), AbnormalReason::TotalMismatch),
        (tax.abs() * 10_000 > amount.abs() * i128::from(rules.tax_share_max_bp), AbnormalReason::TaxImplausible),
    ];
    checks.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason)
}
