//! A promised ratio, measured in rounds: both sides of every round run one after the other, so that whatever else the
//! machine does falls on both alike. What counts is the median of the rounds.

/// Rounds of each ratio.
pub const ROUNDS: usize = 5;
/// The heading of the table that is printed.
pub const HEADING: &str =
    "| what | limit | median | rounds | rate of the first, /s | rate of the second, /s |\n|---|---|---|---|---|---|";

/// What was measured.
pub struct Ratio {
    what: String,
    limit: f64,
    rounds: Vec<(f64, f64)>,
}

impl Ratio {
    /// A ratio that must reach `limit`.
    pub fn new(what: impl Into<String>, limit: f64) -> Self {
        Self { what: what.into(), limit, rounds: Vec::new() }
    }

    /// Adds one round: the rate of each side.
    pub fn round(&mut self, first: f64, second: f64) {
        println!("{}: {first:.1}/s ÷ {second:.1}/s = {:.3}", self.what, first / second);
        self.rounds.push((first, second));
    }

    /// Whether the promise holds.
    pub fn holds(&self) -> bool {
        self.median() >= self.limit
    }

    fn median(&self) -> f64 {
        median(self.rounds.iter().map(|(first, second)| first / second))
    }

    /// A row of the table.
    pub fn row(&self) -> String {
        let each: Vec<String> = self.rounds.iter().map(|(a, b)| format!("{:.2}", a / b)).collect();
        format!(
            "| {} | ≥ {} | {:.2}{} | {} | {:.0} | {:.0} |",
            self.what,
            self.limit,
            self.median(),
            if self.holds() { "" } else { " MISSED" },
            each.join(", "),
            median(self.rounds.iter().map(|round| round.0)),
            median(self.rounds.iter().map(|round| round.1)),
        )
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
