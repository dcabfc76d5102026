//! `GET /v1/t/{tenant}/notices/{notice}`: the privacy notice and the user terms, to be read before they are accepted.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, get, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::error::{Error, ProblemBody, Result};
use crate::platform::http::{Context, Params, Reply, Slug};
use crate::tenants::notices::{self, NoticeKind};

/// Which of its versions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// A version that was in force before; without it, the one in force.
    #[param(example = "2026-01", max_length = 20)]
    pub version: Option<String>,
}

impl FromRequest for NoticeKind {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.match_info().get("notice") {
            Some(word) => Self::ALL.into_iter().find(|kind| kind.key() == word).ok_or_else(Error::not_found),
            None => Err(Error::not_found()),
        })
    }
}

/// A notice as it is or was in force.
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

/// A notice in force, or as it was under an earlier version.
#[utoipa::path(
    tag = "log-in",
    params(NoticeQuery, ("notice" = NoticeKind, Path, description = "privacy or terms", example = "privacy")),
    responses(
        (status = 200, description = "The notice", body = NoticeView),
        (status = 403, description = "The firm is suspended", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/t/{tenant}/notices/{notice}")]
pub async fn read_notice(
    slug: Slug,
    notice: NoticeKind,
    Params(query): Params<NoticeQuery>,
    app: Data<App>,
    from: Context,
) -> Result<Reply<NoticeView>> {
    let tx = super::open(&app, &slug.0, &from, false).await?;
    let (version, text) = notices::read(&tx, notice, query.version.as_deref()).await?;
    Ok(Reply::ok(NoticeView { notice, version, text }))
}
