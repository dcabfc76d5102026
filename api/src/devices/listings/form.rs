//! What is typed about a listing.

use domain::devices::score::papers::PRICE_MAX;
use domain::id::{Id, kind};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::platform::http::Checks;

const TITLE_CHARS_MAX: usize = 60;
const DESCRIPTION_CHARS_MAX: usize = 2_000;

/// A machine to be offered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewListing {
    /// What readers see first.
    #[schema(example = "转让数控车床CK6140一台", min_length = 1, max_length = 60)]
    pub title: String,
    /// What there is to say. Everybody who logs in reads it: no names and numbers of people.
    #[schema(example = "2021年购入，一直单班使用，可现场看机。", min_length = 1, max_length = 2000)]
    pub description: String,
    /// The price that is asked, fen; needed before it is published.
    #[schema(example = 9_000_000, minimum = 1, maximum = 100_000_000_000_i64)]
    pub price_fen: Option<i64>,
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListingChange {
    /// What readers see first.
    #[schema(example = "转让数控车床CK6140一台", min_length = 1, max_length = 60)]
    pub title: Option<String>,
    /// What there is to say.
    #[schema(example = "2021年购入，一直单班使用，可现场看机。", min_length = 1, max_length = 2000)]
    pub description: Option<String>,
    /// The price that is asked, fen; null empties that of a draft.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, example = 9_000_000, minimum = 1, maximum = 100_000_000_000_i64)]
    pub price_fen: Option<Option<i64>>,
}

fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// For whom a machine is kept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListingReservation {
    /// The enquiry, one of this listing's.
    #[schema(value_type = String, example = "enq_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub enquiry: Id<kind::Enquiry>,
}

/// A sale.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListingSale {
    /// What was paid, fen.
    #[schema(example = 8_800_000, minimum = 1, maximum = 100_000_000_000_i64)]
    pub price_fen: i64,
    /// By which the sale is known.
    #[schema(example = "转让合同2026-003", min_length = 1, max_length = 100)]
    pub document: String,
}

/// Texts and price, each checked.
pub(super) struct Content {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
}

/// Checks what was typed.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn content(title: Option<&str>, description: Option<&str>, price_fen: Option<i64>) -> Result<Content> {
    let mut checks = Checks::new();
    let title = title.map(|text| checks.line("/title", text, TITLE_CHARS_MAX));
    let description = description.map(|text| checks.lines("/description", text, DESCRIPTION_CHARS_MAX));
    if price_fen.is_some_and(|price| !(1..=PRICE_MAX.0).contains(&price)) {
        price(&mut checks);
    }
    checks.done()?;
    Ok(Content { title, description })
}

/// Notes that a price cannot be.
pub(super) fn price(checks: &mut Checks) {
    let (zh, en) = ("价格应大于0且不超过10亿元", "the price is above 0 and at most 1,000,000,000 yuan");
    checks.problem("/price_fen", "range", zh, en);
}
