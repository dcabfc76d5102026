//! What a request came to, kind of data by kind of data: what was erased, what is kept, on which ground and until when.

use chrono::NaiveDate;
use domain::privacy::{Class, Fate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Language, say};
use crate::platform::http::coded_word;

coded_word! {
    /// A kind of personal data.
    DataClassWord(Class)
}

/// What became of data of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Erased.
    Erased,
    /// Kept and used as long as the business lasts.
    InUse,
    /// Kept until a day, shown to nobody and used for nothing.
    Blocked,
    /// Kept as it is.
    Kept,
}

impl Became {
    /// What a fate comes to.
    pub(super) fn of(fate: Fate) -> Self {
        match fate {
            Fate::Erased => Self::Erased,
            Fate::InUse => Self::InUse,
            Fate::Blocked(_) => Self::Blocked,
        }
    }
}

/// One line of what a request came to, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub class: Class,
    pub became: Became,
    /// How many things: applications, records, machines; not counted for what lies with them.
    pub count: u64,
    pub until: Option<NaiveDate>,
}

/// All of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub lines: Vec<Line>,
}

impl Outcome {
    /// Adds one thing of a kind.
    pub(super) fn note(&mut self, class: Class, fate: Fate) {
        let until = if let Fate::Blocked(until) = fate { Some(until) } else { None };
        self.add(class, Became::of(fate), 1, until);
    }

    /// Adds things of a kind; those that are kept alike until the same day are one line.
    pub(super) fn add(&mut self, class: Class, became: Became, count: u64, until: Option<NaiveDate>) {
        let same = |line: &&mut Line| line.class == class && line.became == became && line.until == until;
        match self.lines.iter_mut().find(same) {
            Some(line) => line.count = line.count.saturating_add(count),
            None => self.lines.push(Line { class, became, count, until }),
        }
    }
}

/// What became of one kind of data.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureLine {
    /// The kind of data.
    pub class: DataClassWord,
    /// What people call it.
    #[schema(example = "申请表与办理记录")]
    pub class_label: String,
    /// What became of it.
    pub became: Became,
    /// Of how many things.
    #[schema(example = 1)]
    pub count: u64,
    /// Until when it is kept, where that is known.
    #[schema(example = "2036-11-30")]
    pub until: Option<NaiveDate>,
    /// On which ground it was held or is kept.
    #[schema(example = "个人同意（个人信息保护法第13条第1项、第14条、第29条）")]
    pub ground: String,
    /// What erasure does to data of this kind.
    #[schema(example = "删除")]
    pub rule: String,
}

impl Outcome {
    /// As it is shown.
    pub(super) fn shown(&self, language: Language) -> Vec<ErasureLine> {
        let line = |line: &Line| {
            let rule = line.class.rule();
            ErasureLine {
                class: DataClassWord(line.class),
                class_label: say(&line.class.words(), language),
                became: line.became,
                count: line.count,
                until: line.until,
                ground: say(&rule.ground, language),
                rule: say(&rule.at_erasure, language),
            }
        };
        self.lines.iter().map(line).collect()
    }
}
