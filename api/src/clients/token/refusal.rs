//! Refusals as RFC 6749 section 5.2 has them.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Language;

/// Why no token is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OAuthCode {
    /// Something is missing, stands twice, or cannot be read.
    InvalidRequest,
    /// The client is not known, is disabled, or did not prove itself.
    InvalidClient,
    /// The scope cannot be given.
    InvalidScope,
    /// Another grant than `client_credentials`.
    UnsupportedGrantType,
}

/// The body of a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthError {
    /// The code, for programs.
    error: OAuthCode,
    /// What to do about it.
    #[schema(example = "客户端不存在、已停用，或身份验证未通过")]
    error_description: &'static str,
}

/// A refusal with its sentence in both languages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    code: OAuthCode,
    zh: &'static str,
    en: &'static str,
}

impl Refusal {
    pub fn new(code: OAuthCode, zh: &'static str, en: &'static str) -> Self {
        Self { code, zh, en }
    }

    /// One answer for a client that is not known, one that is disabled, and a proof that is not right.
    pub fn not_proven() -> Self {
        let (zh, en) =
            ("客户端不存在、已停用，或身份验证未通过", "the client is not known, is disabled, or did not prove itself");
        Self::new(OAuthCode::InvalidClient, zh, en)
    }

    /// The answer.
    pub fn answer(self, language: Language) -> HttpResponse {
        let unknown = self.code == OAuthCode::InvalidClient;
        let mut answer = if unknown { HttpResponse::Unauthorized() } else { HttpResponse::BadRequest() };
        if unknown {
            answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"zhidan\", charset=\"UTF-8\""));
        }
        let spoken = language.choose("zh-CN", "en");
        answer
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::PRAGMA, "no-cache"))
            .insert_header((header::CONTENT_LANGUAGE, spoken))
            .json(OAuthError { error: self.code, error_description: language.choose(self.zh, self.en) })
    }
}
