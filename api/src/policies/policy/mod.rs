//! Policies as staff write them.

mod change;
mod create;
mod list;
mod publish;
mod read;
mod withdraw;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::conditions::ConditionsBody;
use crate::error::Result;
use crate::platform::http::Checks;

/// The routes of policies for staff.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create::create_policy)
        .service(list::list_policies)
        .service(read::read_policy)
        .service(change::change_policy)
        .service(publish::publish_policy)
        .service(withdraw::withdraw_policy);
}

/// A policy as it is written.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyBody {
    /// Its title.
    #[schema(example = "（示例）农户贷款担保费补贴办法", min_length = 1, max_length = 100)]
    pub title: String,
    /// Its text in Markdown; HTML in it is text.
    #[schema(example = "## 支持对象\n从事种植、养殖的农户。", min_length = 1, max_length = 20000)]
    pub body: String,
    /// Who issued it, and its number.
    #[serde(default)]
    #[schema(example = "示例文件", max_length = 200)]
    pub source: String,
    /// Whom and what it supports.
    #[serde(default)]
    pub conditions: ConditionsBody,
}

impl PolicyBody {
    /// The same, checked and trimmed.
    ///
    /// # Errors
    /// Every field that needs mending.
    fn checked(&self) -> Result<Self> {
        let mut checks = Checks::new();
        let fit = Self {
            title: checks.line("/title", &self.title, 100),
            body: checks.lines("/body", &self.body, 20_000),
            source: checks.maybe_line("/source", &self.source, 200),
            conditions: self.conditions.clone(),
        };
        fit.conditions.check(&mut checks);
        checks.done()?;
        Ok(fit)
    }
}
