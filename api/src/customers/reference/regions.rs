//! `GET /v1/reference/regions`: regions (GB/T 2260), level by level or searched.

use actix_web::{HttpResponse, get};
use domain::reference::{Region, regions_under, search_regions};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Asked, RESULTS_MAX, answer, asked};
use crate::error::Result;
use crate::platform::http::Params;

/// Which regions: those below one (the provinces if nothing is said), or those that hold a text.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegionsQuery {
    /// Code of the region above.
    #[param(max_length = 6, example = "340000")]
    parent: Option<String>,
    /// Words of the name, or the beginning of the code; not together with `parent`.
    #[param(max_length = 64)]
    text: Option<String>,
}

/// A province, prefecture or county.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionView {
    /// Its code.
    #[schema(example = "340600")]
    pub code: String,
    /// Its own name.
    #[schema(example = "淮北市")]
    pub name: String,
    /// The names from the province down.
    #[schema(example = "安徽省淮北市")]
    pub full_name: String,
    /// 1 province, 2 prefecture, 3 county.
    #[schema(example = 2, minimum = 1, maximum = 3)]
    pub level: u8,
    /// Code of the region above.
    #[schema(example = "340000")]
    pub parent: Option<String>,
}

/// Regions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionList {
    /// By code, or best first where a text was searched; at most 50 of these.
    pub items: Vec<RegionView>,
}

/// Regions (GB/T 2260).
#[utoipa::path(
    tag = "reference",
    params(RegionsQuery),
    responses((status = 200, description = "The regions asked for; may be kept for a day", body = RegionList))
)]
#[get("/v1/reference/regions")]
pub async fn list_regions(Params(query): Params<RegionsQuery>) -> Result<HttpResponse> {
    let found: Vec<&Region> = match asked(query.parent.as_deref(), query.text.as_deref())? {
        Asked::Under(parent) => regions_under(parent).collect(),
        Asked::Holding(text) => search_regions(text, RESULTS_MAX),
    };
    let items = found.into_iter().map(|region| RegionView {
        code: region.code.to_owned(),
        name: region.name.to_owned(),
        full_name: region.full_name.clone(),
        level: region.level,
        parent: region.parent.map(str::to_owned),
    });
    Ok(answer(&RegionList { items: items.collect() }))
}
