//! Public code tables: no tenant, no log-in, and the same for a day at least, so that anybody may keep them.

mod industries;
mod purposes;
mod regions;

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::{Code, Error, Result};

/// How long an answer may be kept.
const CACHE: &str = "public, max-age=86400";
/// Most characters of a search text.
const TEXT_CHARS_MAX: usize = 64;
/// Most results of a search.
const RESULTS_MAX: usize = 50;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(regions::list_regions).service(industries::list_industries).service(purposes::list_purposes);
}

fn answer<T: Serialize>(view: &T) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, CACHE)).json(view)
}

/// What is asked of a table: entries below one, or entries that hold a text.
enum Asked<'a> {
    Under(Option<&'a str>),
    Holding(&'a str),
}

fn asked<'a>(parent: Option<&'a str>, text: Option<&'a str>) -> Result<Asked<'a>> {
    let refused = |zh: &str, en: &str| Err(Error::new(Code::InvalidParameter).detail(zh, en));
    match (parent, text) {
        (Some(_), Some(_)) => refused("parent与text只能给出一个。", "Give either parent or text."),
        (_, Some(text)) if text.chars().nth(TEXT_CHARS_MAX).is_some() => {
            refused("text最多64个字。", "text has at most 64 characters.")
        }
        (_, Some(text)) => Ok(Asked::Holding(text)),
        (parent, None) => Ok(Asked::Under(parent)),
    }
}
