//! The glossary as staff write it.

mod change;
mod create;
mod delete;
mod list;
mod read;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::Result;
use crate::platform::http::Checks;

/// The routes of the glossary for staff.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create::create_term)
        .service(list::list_terms)
        .service(read::read_term)
        .service(change::change_term)
        .service(delete::delete_term);
}

/// A glossary entry as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermBody {
    /// The word; each stands once.
    #[schema(example = "反担保", min_length = 1, max_length = 40)]
    pub term: String,
    /// What it means.
    #[schema(
        example = "为保障担保公司代偿后能追回款项，由借款人或第三方向担保公司提供的担保。",
        min_length = 1,
        max_length = 1000
    )]
    pub meaning: String,
}

impl TermBody {
    /// The same, checked and trimmed.
    ///
    /// # Errors
    /// Every field that needs mending.
    fn checked(&self) -> Result<Self> {
        let mut checks = Checks::new();
        let fit =
            Self { term: checks.line("/term", &self.term, 40), meaning: checks.lines("/meaning", &self.meaning, 1000) };
        checks.done()?;
        Ok(fit)
    }
}
