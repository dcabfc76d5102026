//! Checks a personal scorecard before it becomes a version.

use super::admission::ScorecardError;
use super::admission::scorecard::{ENTRIES_MAX, Reason, SCORE_MAX, check_shape};
use super::personal::{PersonalScorecard, PrefixScore};

/// Longest prefix of a region's or an industry's code.
const PREFIX_CHARS_MAX: usize = 6;

impl PersonalScorecard {
    /// Checks a scorecard before it is released.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place and how to mend it.
    pub fn validate(&self) -> Result<(), Vec<ScorecardError>> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: String, reason: Reason| errors.push(ScorecardError::new(pointer, reason));
        let score = 0..=SCORE_MAX;
        let rising = self.grade_max.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let checks = [
            (self.id.trim().is_empty(), "/id", ("评分卡编号不能为空", "the scorecard needs an id")),
            (self.version == 0, "/version", ("版本号从 1 开始", "versions count from 1")),
            (
                !score.contains(&self.unstated),
                "/unstated",
                ("未填写的加分应在 0 至 1000000 之间", "the score of what is not stated lies from 0 to 1000000"),
            ),
            (
                !rising || !self.grade_max.iter().all(|max| score.contains(max)),
                "/grade_max",
                ("各级上限应在 0 至 1000000 之间并依次增加", "the limits of the grades lie from 0 to 1000000 and rise"),
            ),
        ];
        for (applies, pointer, reason) in checks {
            if applies {
                wrong(pointer.to_string(), reason);
            }
        }
        for (name, shape) in [
            ("young", &self.young),
            ("old_at_end", &self.old_at_end),
            ("amount_to_income", &self.amount_to_income),
            ("debt_to_income", &self.debt_to_income),
            ("term", &self.term),
            ("years_in_trade", &self.years_in_trade),
        ] {
            check_shape(shape, &format!("/{name}"), &mut wrong);
        }
        check_prefixes(&self.industries, "/industries", &mut wrong);
        check_prefixes(&self.regions, "/regions", &mut wrong);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn check_prefixes(scores: &[PrefixScore], pointer: &str, wrong: &mut impl FnMut(String, Reason)) {
    if scores.len() > ENTRIES_MAX {
        wrong(pointer.to_string(), ("不能超过 200 项", "at most 200 entries"));
    }
    for (at, entry) in scores.iter().enumerate().take(ENTRIES_MAX) {
        let code = (1..=PREFIX_CHARS_MAX).contains(&entry.prefix.len())
            && entry.prefix.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !code || scores.iter().take(at).any(|other| other.prefix == entry.prefix) {
            let reason =
                ("代码前缀应为 1 至 6 位字母或数字且不重复", "a prefix has 1 to 6 letters or digits, each once");
            wrong(format!("{pointer}/{at}/prefix"), reason);
        }
        if !(0..=SCORE_MAX).contains(&entry.score) {
            wrong(format!("{pointer}/{at}/score"), ("得分应在 0 至 1000000 之间", "a score lies from 0 to 1000000"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::admission::risks::{Band, Shape};
    use super::*;

    #[test]
    fn what_does_not_hold_together_is_named() {
        let card = PersonalScorecard::standard();
        assert_eq!(card.validate(), Ok(()));
        let twice = || vec![PrefixScore { prefix: "F".into(), score: 1 }, PrefixScore { prefix: "F".into(), score: 2 }];
        let falling = Shape::Above { bands: vec![Band { bound: 2, score: 5 }, Band { bound: 1, score: 9 }] };
        for (card, pointer) in [
            (PersonalScorecard { grade_max: [1, 1, 2, 3], ..card.clone() }, "/grade_max"),
            (PersonalScorecard { grade_max: [-1, 1, 2, 3], ..card.clone() }, "/grade_max"),
            (PersonalScorecard { unstated: -1, ..card.clone() }, "/unstated"),
            (PersonalScorecard { id: " ".into(), ..card.clone() }, "/id"),
            (PersonalScorecard { version: 0, ..card.clone() }, "/version"),
            (PersonalScorecard { industries: twice(), ..card.clone() }, "/industries/1/prefix"),
            (
                PersonalScorecard { regions: vec![PrefixScore { prefix: String::new(), score: 1 }], ..card.clone() },
                "/regions/0/prefix",
            ),
            (
                PersonalScorecard { regions: vec![PrefixScore { prefix: "11".into(), score: -1 }], ..card.clone() },
                "/regions/0/score",
            ),
            (PersonalScorecard { term: falling, ..card.clone() }, "/term/bands"),
        ] {
            let errors = card.validate().unwrap_err();
            assert_eq!(errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), [pointer]);
        }
    }
}
