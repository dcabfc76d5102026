//! What a rule says of a change: the figure before and after, the bound, and what would still pass.

use serde::{Deserialize, Serialize};

use super::Rule;
use crate::money::Fen;
use crate::words::Words;

/// One rule's figures, all in what the rule measures: liability, concentration, a ceiling's balance, or the amount asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Which rule.
    pub rule: Rule,
    /// For a ceiling: of which product, industry, region or bank.
    pub subject: Option<String>,
    /// The largest figure that passes.
    pub bound: Fen,
    /// The figure before.
    pub before: Fen,
    /// The figure after; the largest there is where it would leave 64 bits.
    pub after: Fen,
    /// The head-room. Of a rule that is kept: what is left after the change, below 0 where the figure was above the bound
    /// before and did not rise. Of a rule that is broken: what would still have passed, at least 0.
    pub room: Fen,
    broken: bool,
}

impl Figure {
    pub(super) fn of(rule: Rule, bound: Fen, before: Fen, adds: Fen) -> Self {
        let after = i128::from(before.0).saturating_add(i128::from(adds.0));
        let broken = adds > Fen::ZERO && after > i128::from(bound.0);
        let room = if broken {
            i128::from(bound.0).saturating_sub(i128::from(before.0)).max(0)
        } else {
            i128::from(bound.0).saturating_sub(after)
        };
        Self { rule, subject: None, bound, before, after: saturated(after), room: saturated(room), broken }
    }

    pub(super) fn about(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned());
        self
    }

    /// Whether the change breaks the rule.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The figures in a sentence: for a broken rule what is wrong and what would pass.
    pub fn words(&self) -> Words {
        let rule = self.rule.words();
        let (before, after, bound) = (self.before, self.after, self.bound);
        match (self.rule, self.broken) {
            (Rule::NetAssets, _) => Words::new(
                "尚未录入并复核当日适用的净资产，无法核对监管限额，请财务录入、他人复核后再办理",
                "No net assets are entered and approved for the day, so the legal bounds cannot be judged; have them entered",
            ),
            (Rule::ControllingParty, _) => Words::new(
                "不得为控股股东、实际控制人提供融资担保（融资担保公司监督管理条例第十七条）",
                "No guarantee for the controlling shareholder or actual controller (Order 683 art. 17)",
            ),
            (Rule::Authority, true) => Words::new(
                format!("{}超出审批权限{}，请提交上级审批", after.in_yuan(), bound.in_yuan()),
                format!("{} yuan exceed the authority of {} yuan; pass it higher", after.to_yuan(), bound.to_yuan()),
            ),
            (_, true) => Words::new(
                format!(
                    "{}将由{}增至{}，超过上限{}{}，最多还可增加{}",
                    rule.zh,
                    before.in_yuan(),
                    after.in_yuan(),
                    bound.in_yuan(),
                    self.source().zh,
                    self.room.in_yuan()
                ),
                format!(
                    "The {} would rise from {} to {} yuan, above {} yuan{}; {} yuan more would pass",
                    rule.en,
                    before.to_yuan(),
                    after.to_yuan(),
                    bound.to_yuan(),
                    self.source().en,
                    self.room.to_yuan()
                ),
            ),
            (_, false) => Words::new(
                format!("{}为{}，上限{}，余地{}", rule.zh, after.in_yuan(), bound.in_yuan(), self.room.in_yuan()),
                format!(
                    "The {} is {} yuan of {} yuan, {} yuan left",
                    rule.en,
                    after.to_yuan(),
                    bound.to_yuan(),
                    self.room.to_yuan()
                ),
            ),
        }
    }

    /// Where the bound stands written, for the sentence.
    fn source(&self) -> Words {
        match self.rule {
            Rule::Leverage => Words::new("（条例第十五条）", " (Order 683 art. 15)"),
            Rule::OneClient | Rule::ClientGroup => Words::new("（条例第十六条）", " (Order 683 art. 16)"),
            _ => Words::new("（公司内部限额）", " (the firm's own ceiling)"),
        }
    }
}

fn saturated(wide: i128) -> Fen {
    Fen(i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX }))
}

/// A change that breaks rules: all of them, and what the others say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("limit_rules_broken")]
pub struct RuleRefusal {
    /// Every rule that is broken; never empty.
    pub broken: Vec<Figure>,
    /// The others.
    pub passed: Vec<Figure>,
}

impl RuleRefusal {
    /// The stable code of any breach; each broken rule has its own.
    pub fn code(&self) -> &'static str {
        "limit_rules_broken"
    }

    /// All that is wrong, in one text.
    pub fn words(&self) -> Words {
        let all: Vec<Words> = self.broken.iter().map(Figure::words).collect();
        let join = |part: fn(&Words) -> &str, with: &str| all.iter().map(part).collect::<Vec<_>>().join(with);
        Words::new(join(|words| &words.zh, "；"), join(|words| &words.en, "; "))
    }
}
