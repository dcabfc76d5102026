//! `GET /v1/reference/industries`: industries (GB/T 4754), level by level or searched.

use actix_web::{HttpResponse, get};
use domain::reference::{Industry, industries_under, search_industries};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Asked, RESULTS_MAX, answer, asked};
use crate::error::Result;
use crate::platform::http::Params;

/// Which industries: those below one (the sections if nothing is said), or those that hold a text.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct IndustriesQuery {
    /// Code of the industry above, as in `A`, `01` or `A01`.
    #[param(max_length = 5, example = "A")]
    parent: Option<String>,
    /// Words of the name, or the beginning of the code; not together with `parent`.
    #[param(max_length = 64)]
    text: Option<String>,
}

/// A section, division, group or class.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndustryView {
    /// Its code.
    #[schema(example = "0111")]
    pub code: String,
    /// Its name.
    #[schema(example = "稻谷种植")]
    pub name: String,
    /// 1 section, 2 division, 3 group, 4 class.
    #[schema(example = 4, minimum = 1, maximum = 4)]
    pub level: u8,
    /// Code of the industry above.
    #[schema(example = "011")]
    pub parent: Option<String>,
    /// Code of its section.
    #[schema(example = "A")]
    pub section: String,
}

/// Industries.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndustryList {
    /// By code, or best first where a text was searched; at most 50 of these.
    pub items: Vec<IndustryView>,
}

/// Industries (GB/T 4754).
#[utoipa::path(
    tag = "reference",
    params(IndustriesQuery),
    responses((status = 200, description = "The industries asked for; may be kept for a day", body = IndustryList))
)]
#[get("/v1/reference/industries")]
pub async fn list_industries(Params(query): Params<IndustriesQuery>) -> Result<HttpResponse> {
    let found: Vec<&Industry> = match asked(query.parent.as_deref(), query.text.as_deref())? {
        Asked::Under(parent) => industries_under(parent.map(without_section)).collect(),
        Asked::Holding(text) => search_industries(text, RESULTS_MAX),
    };
    let items = found.into_iter().map(|industry| IndustryView {
        code: industry.code.to_owned(),
        name: industry.name.to_owned(),
        level: industry.level,
        parent: industry.parent.map(str::to_owned),
        section: industry.section.to_owned(),
    });
    Ok(answer(&IndustryList { items: items.collect() }))
}

/// A code as people also write it, its section's letter before the digits, without that letter.
fn without_section(code: &str) -> &str {
    let digits = code.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let belongs = || Industry::find(digits).is_some_and(|found| code.strip_suffix(digits) == Some(found.section));
    if belongs() { digits } else { code }
}

#[cfg(test)]
mod tests {
    use super::without_section;

    #[test]
    fn the_sections_letter_may_stand_before_its_own_codes() {
        for (written, code) in
            [("C13", "13"), ("C1311", "1311"), ("13", "13"), ("C", "C"), ("A13", "A13"), ("C99", "C99")]
        {
            assert_eq!(without_section(written), code);
        }
    }
}
