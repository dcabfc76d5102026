//! Articles as staff write them.

mod change;
mod create;
mod list;
mod publish;
mod read;
mod withdraw;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::Result;
use crate::platform::http::Checks;

/// The routes of articles for staff.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create::create_article)
        .service(list::list_articles)
        .service(read::read_article)
        .service(change::change_article)
        .service(publish::publish_article)
        .service(withdraw::withdraw_article);
}

/// An article as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleBody {
    /// Its title.
    #[schema(example = "第一次申请担保，要准备什么", min_length = 1, max_length = 100)]
    pub title: String,
    /// What it is about, in a sentence or two.
    #[serde(default)]
    #[schema(example = "一页纸说清需要的资料和办理步骤。", max_length = 300)]
    pub summary: String,
    /// Its text in Markdown; HTML in it is text.
    #[schema(example = "## 先看能不能办\n……", min_length = 1, max_length = 50000)]
    pub body: String,
}

impl ArticleBody {
    /// The same, checked and trimmed.
    ///
    /// # Errors
    /// Every field that needs mending.
    fn checked(&self) -> Result<Self> {
        let mut checks = Checks::new();
        let fit = Self {
            title: checks.line("/title", &self.title, 100),
            summary: checks.maybe_lines("/summary", &self.summary, 300),
            body: checks.lines("/body", &self.body, 50_000),
        };
        checks.done()?;
        Ok(fit)
    }
}
