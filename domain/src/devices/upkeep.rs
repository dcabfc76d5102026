//! Maintenance 维护保养 that was done: whether it can be true, and what the machine's papers say after it. Whoever lends on a
//! machine asks when it was last maintained, and what a machine is worth hangs on it.

use chrono::NaiveDate;

use super::fault::{Fault, Faults};
use super::score::papers::{EARLIEST, NOT_LATER, PRICE_MAX, Papers};
use crate::money::Fen;
use crate::words::Words;

/// Most characters of what was done.
pub const WORK_CHARS_MAX: usize = 200;

/// Maintenance that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upkeep {
    /// The day on which it was done.
    pub done_on: NaiveDate,
    /// What was done.
    pub work: String,
    /// What it cost, if known.
    pub cost_fen: Option<Fen>,
    /// Whether more stands behind it than the word of the machine's owner: the firm recorded it, or a document proves it.
    pub is_proved: bool,
}

impl Upkeep {
    /// Checks what is said against the papers; `today` is the business date.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn check(&self, papers: &Papers, today: NaiveDate) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.unless(self.done_on <= today, "/done_on", NOT_LATER);
        let made_on = papers.basic.made_on.unwrap_or(EARLIEST);
        faults.unless(
            made_on <= self.done_on,
            "/done_on",
            (
                "保养日期不能早于出厂日期（不详时为1950年）",
                "It cannot be maintained before it was made, or before 1950",
            ),
        );
        faults.unless(
            self.cost_fen.is_none_or(|cost| (Fen::ZERO..=PRICE_MAX).contains(&cost)),
            "/cost_fen",
            ("费用应不小于0且不超过10亿元；不清楚请留空", "The cost is from 0 to 1,000,000,000 yuan, or left out"),
        );
        faults.result()
    }

    /// The papers as they are after it; nothing where they name the same day or a later one already, or where it is an owner's
    /// word alone: the machine's score and value hang on its papers, and whoever wants a loan on it would say so every month.
    pub fn taken_into(&self, papers: &Papers) -> Option<Papers> {
        if !self.is_proved || papers.usage.last_maintained_on.is_some_and(|last| self.done_on <= last) {
            return None;
        }
        let mut after = papers.clone();
        after.usage.last_maintained_on = Some(self.done_on);
        Some(after)
    }

    /// What the machine's history says of it.
    pub fn words(&self) -> Words {
        let (day, work) = (self.done_on, &self.work);
        match self.cost_fen {
            Some(cost) => Words::new(
                format!("{day}，{work}，费用{}", cost.in_yuan()),
                format!("{day}, {work}, at {} yuan", cost.in_yuan_en()),
            ),
            None => Words::new(format!("{day}，{work}"), format!("{day}, {work}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::category::EquipmentCategory;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn what_cannot_be_true_is_named_where_it_stands() {
        let (today, mut made) = (day(2026, 11, 29), Papers::of(EquipmentCategory::Lathe));
        made.basic.made_on = Some(day(2020, 5, 1));
        let unknown = Papers::of(EquipmentCategory::Lathe);
        let rows = [
            (&made, today, None, vec![]),
            (&made, day(2020, 5, 1), Some(0), vec![]),
            (&made, day(2020, 4, 30), Some(PRICE_MAX.0), vec!["/done_on"]),
            (&made, day(2026, 11, 30), Some(-1), vec!["/done_on", "/cost_fen"]),
            (&unknown, day(1950, 1, 1), Some(PRICE_MAX.0), vec![]),
            (&unknown, day(1949, 12, 31), Some(PRICE_MAX.0 + 1), vec!["/done_on", "/cost_fen"]),
            (&unknown, NaiveDate::MAX, None, vec!["/done_on"]),
        ];
        for (papers, done_on, cost, expected) in rows {
            let upkeep = Upkeep { done_on, work: "换油".into(), cost_fen: cost.map(Fen), is_proved: true };
            let faults = upkeep.check(papers, today).err().unwrap_or_default();
            let places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
            assert_eq!(places, expected, "{done_on} {cost:?}");
        }
    }

    #[test]
    fn papers_name_the_latest_day_and_nothing_else_of_them_changes() {
        let before = Papers::of(EquipmentCategory::Lathe);
        let done = |done_on| Upkeep { done_on, work: "换油".into(), cost_fen: None, is_proved: true };
        let after = done(day(2026, 3, 1)).taken_into(&before).unwrap();
        assert_eq!(after.usage.last_maintained_on, Some(day(2026, 3, 1)));
        let mut rest = after.clone();
        rest.usage.last_maintained_on = None;
        assert_eq!(rest, before);
        for earlier in [day(2026, 3, 1), day(2025, 3, 1)] {
            assert_eq!(done(earlier).taken_into(&after), None);
        }
        assert!(done(day(2026, 3, 2)).taken_into(&after).is_some());
        let word = Upkeep { is_proved: false, ..done(day(2026, 3, 2)) };
        assert_eq!((word.taken_into(&after), word.taken_into(&before)), (None, None));
    }

    #[test]
    fn its_sentence_says_the_cost_where_it_is_known() {
        let cost_fen = Some(Fen(120_000));
        let mut upkeep = Upkeep { done_on: day(2026, 3, 1), work: "换油".into(), cost_fen, is_proved: true };
        assert_eq!(upkeep.words().zh, format!("2026-03-01，换油，费用{}", Fen(120_000).in_yuan()));
        upkeep.cost_fen = None;
        assert_eq!(upkeep.words().zh, "2026-03-01，换油");
    }
}
