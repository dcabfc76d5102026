//! What a sender is told.

use domain::devices::intake::ItemFate;
use domain::devices::messages::Nothing;
use serde::Serialize;
use utoipa::ToSchema;

use crate::devices::readings::ItemOutcome;
use crate::devices::words::ItemFateWord;
use crate::error::Language;

/// What became of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// Items that it had.
    #[schema(example = 2)]
    pub received: usize,
    /// Items that are new and kept.
    #[schema(example = 1)]
    pub stored: usize,
    /// Items that were there already.
    #[schema(example = 0)]
    pub duplicates: usize,
    /// Items that were set aside, for staff of the firm to look at.
    #[schema(example = 1)]
    pub quarantined: usize,
    /// Items that are kept on their way into the tables, and counted soon.
    #[schema(example = 0)]
    pub accepted: usize,
    /// Items that say nothing that counts.
    #[schema(example = 0)]
    pub ignored: usize,
    /// Why a message in order had no items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing: Option<NothingView>,
    /// Each item, in the order of the message.
    pub items: Vec<ItemView>,
}

/// Why a message in order had no items.
#[derive(Debug, Serialize, ToSchema)]
pub struct NothingView {
    /// A stable word.
    #[schema(example = "no_electricity")]
    pub code: String,
    /// The same in a sentence.
    #[schema(example = "消息中没有电气读数")]
    pub message: String,
}

/// What became of one item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    /// Its place in the message, from 0.
    #[schema(example = 0)]
    pub index: usize,
    /// Its fate.
    pub outcome: ItemFateWord,
    /// Why it was not stored, or will be set aside: a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "unknown_device")]
    pub code: Option<&'static str>,
    /// The same in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "未登记的设备或通道")]
    pub message: Option<String>,
    /// Where in the message, as a JSON pointer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/readings/3/power_w")]
    pub pointer: Option<String>,
}

impl Receipt {
    pub(super) fn of(outcomes: Vec<ItemOutcome>, nothing: Option<Nothing>, language: Language) -> Self {
        let count = |fate| outcomes.iter().filter(|outcome| outcome.fate == fate).count();
        let (stored, duplicates) = (count(ItemFate::Stored), count(ItemFate::Duplicate));
        let (quarantined, ignored) = (count(ItemFate::Quarantined), count(ItemFate::Ignored));
        let accepted = count(ItemFate::Accepted);
        let nothing = nothing.map(|why| {
            let words = why.words();
            NothingView { code: why.code().to_owned(), message: language.choose(words.zh, words.en) }
        });
        let received = outcomes.len();
        let item = |(index, outcome): (usize, ItemOutcome)| ItemView {
            index,
            outcome: ItemFateWord(outcome.fate),
            code: outcome.code,
            message: outcome.words.map(|words| language.choose(words.zh, words.en)),
            pointer: outcome.pointer,
        };
        let items = outcomes.into_iter().enumerate().map(item).collect();
        Self { received, stored, duplicates, quarantined, accepted, ignored, nothing, items }
    }
}
