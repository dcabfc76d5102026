//! `GET /v1/t/{tenant}/notices/{notice}`: the privacy notice and the user terms, to be read before they are accepted.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, get, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, ProblemBody, Result};
use crate::platform::http::{Context, Reply, Slug};
use crate::tenants::settings;

/// Which notice.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The privacy notice.
    Privacy,
    /// The user terms.
    Terms,
}

impl FromRequest for NoticeKind {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.match_info().get("notice") {
            Some("privacy") => Ok(Self::Privacy),
            Some("terms") => Ok(Self::Terms),
            _ => Err(Error::not_found()),
        })
    }
}

/// A notice as it is in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    /// Which notice.
    pub notice: NoticeKind,
    /// Its version, to be named when accepting it.
    #[schema(example = "2026-01")]
    pub version: String,
    /// Its text.
    #[schema(example = "我们如何处理您的个人信息……")]
    pub text: String,
}

/// A notice in force.
#[utoipa::path(
    tag = "log-in",
    params(("notice" = NoticeKind, Path, description = "privacy or terms", example = "privacy")),
    responses(
        (status = 200, description = "The notice", body = NoticeView),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/t/{tenant}/notices/{notice}")]
pub async fn read_notice(slug: Slug, notice: NoticeKind, app: Data<App>, from: Context) -> Result<Reply<NoticeView>> {
    let tx = super::open(&app, &slug.0, &from, false).await?;
    let (settings, _) = settings::load(&tx).await?;
    let (version, text) = match notice {
        NoticeKind::Privacy => (settings.privacy_version, settings.privacy_text),
        NoticeKind::Terms => (settings.terms_version, settings.terms_text),
    };
    Ok(Reply::ok(NoticeView { notice, version, text }))
}
