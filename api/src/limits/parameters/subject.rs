//! What a ceiling is for, in its two forms: on the wire a product or bank by its id, stored by the UUID in simple text as
//! balances have it. Regions and industries are their codes in both.

use domain::id::{Id, kind};
use domain::limits::parameters::ParameterValue;
use domain::limits::rules::Dimension;
use domain::reference::{Industry, Region};
use uuid::Uuid;

use super::store::KeyFilter;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::limits::subject::{NO_BANK, NO_PRODUCT, Names, is_bank, is_product};
use crate::platform::db::TenantTx;

/// The keys of what there is one of.
const SINGLE: [&str; 4] = ["net_assets", "bounds", "weights", "counted_links"];
/// All ceilings together.
const CEILINGS: &str = "ceiling";

/// The stored form of what was sent; nothing where it is not in the form of its dimension.
pub(super) fn stored(dimension: Dimension, sent: &str) -> Option<String> {
    match dimension {
        Dimension::Product => Id::<kind::Product>::parse(sent).map(|id| id.uuid().simple().to_string()),
        Dimension::Bank => Id::<kind::Customer>::parse(sent).map(|id| id.uuid().simple().to_string()),
        Dimension::Industry => Industry::find(sent).map(|_| sent.to_owned()),
        Dimension::Region => Region::find(sent).map(|_| sent.to_owned()),
    }
}

/// A stored subject as it is shown.
pub(super) fn shown(dimension: Dimension, subject: &str) -> String {
    let uuid = || Uuid::try_parse(subject).ok();
    let id = match dimension {
        Dimension::Product => uuid().map(|uuid| Id::<kind::Product>::from_uuid(uuid).to_string()),
        Dimension::Bank => uuid().map(|uuid| Id::<kind::Customer>::from_uuid(uuid).to_string()),
        Dimension::Industry | Dimension::Region => None,
    };
    id.unwrap_or_else(|| subject.to_owned())
}

/// What is wrong with what was sent as a subject of this dimension.
pub(super) fn unknown(dimension: Dimension) -> (&'static str, &'static str) {
    match dimension {
        Dimension::Product => NO_PRODUCT,
        Dimension::Bank => NO_BANK,
        Dimension::Industry => ("没有这个行业代码，请从行业列表中选择", "is not an industry's code (GB/T 4754)"),
        Dimension::Region => ("没有这个行政区划代码，请从区划列表中选择", "is not a region's code (GB/T 2260)"),
    }
}

/// Lets a ceiling go on only if the firm has what it is for.
///
/// # Errors
/// `invalid_fields`, or a failing database.
pub(super) async fn check(tx: &TenantTx, value: &ParameterValue) -> Result<()> {
    let ParameterValue::Ceiling { dimension, subject, .. } = value else { return Ok(()) };
    let uuid = Uuid::try_parse(subject).unwrap_or_default();
    let is_known = match dimension {
        Dimension::Product => is_product(tx, uuid).await?,
        Dimension::Bank => is_bank(tx, uuid).await?,
        Dimension::Industry | Dimension::Region => true,
    };
    let (zh, en) = unknown(*dimension);
    let problem = FieldProblem::new("/value/subject", "subject_unknown", zh, en);
    if is_known { Ok(()) } else { Err(Error::fields(vec![problem])) }
}

/// The bank that a value is about.
pub(super) fn bank_of(value: &ParameterValue) -> Option<Uuid> {
    match value {
        ParameterValue::Ceiling { dimension: Dimension::Bank, subject, .. } => Uuid::try_parse(subject).ok(),
        _ => None,
    }
}

/// What the subject of a ceiling is called.
pub(super) fn name(value: &ParameterValue, names: &Names) -> Option<String> {
    let ParameterValue::Ceiling { dimension, subject, .. } = value else { return None };
    let uuid = || Uuid::try_parse(subject).ok();
    match dimension {
        Dimension::Product => uuid().and_then(|id| names.product(id)),
        Dimension::Bank => uuid().and_then(|id| names.customer(id)),
        Dimension::Industry => Industry::find(subject).map(|industry| industry.name.to_owned()),
        Dimension::Region => domain::reference::full_name(subject).map(str::to_owned),
    }
}

/// A value's key as it is shown: `net_assets`, `ceiling/product/prd_…`.
pub(super) fn shown_key(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Ceiling { dimension, subject, .. } => {
            format!("{CEILINGS}/{}/{}", dimension.code(), shown(*dimension, subject))
        }
        other => other.key(),
    }
}

/// Reads a key as it is shown; `ceiling` is all ceilings.
///
/// # Errors
/// `invalid_parameter`.
pub(super) fn key_filter(shown: &str) -> Result<KeyFilter> {
    if shown == CEILINGS {
        return Ok(KeyFilter::Under(format!("{CEILINGS}/")));
    }
    if SINGLE.contains(&shown) {
        return Ok(KeyFilter::Is(shown.to_owned()));
    }
    ceiling_key(shown).map(KeyFilter::Is).ok_or_else(|| {
        let (zh, en) = (
            "key应为net_assets、bounds、weights、counted_links、ceiling，或某个参数的key",
            "key is net_assets, bounds, weights, counted_links, ceiling, or the key of a parameter",
        );
        let problem = FieldProblem::new("?key", "choice", zh, en);
        Error::new(Code::InvalidParameter).detail(format!("{zh}。"), format!("{en}.")).with_fields(vec![problem])
    })
}

fn ceiling_key(shown: &str) -> Option<String> {
    let (dimension, subject) = shown.strip_prefix(CEILINGS)?.strip_prefix('/')?.split_once('/')?;
    let subject = stored(Dimension::from_code(dimension)?, subject)?;
    Some(format!("{CEILINGS}/{dimension}/{subject}"))
}
