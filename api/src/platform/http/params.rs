//! Addresses, queries and preconditions, each parsed at the edge.

use std::future::{Ready, ready};

use actix_web::web::Query;
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use domain::id::{Id, Kind};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::given;
use crate::error::{Code, Error, FieldProblem, Result};

/// As much as is shown of a parameter's name.
const NAME_CHARS_SHOWN: usize = 40;

/// The id in the address (`{id}`), of kind `K`. Any other text, also another kind's id, is "not found".
pub struct At<K>(pub Id<K>);

impl<K: Kind> At<K> {
    /// The stored form.
    pub fn uuid(&self) -> Uuid {
        self.0.uuid()
    }
}

impl<K: Kind + 'static> FromRequest for At<K> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(Id::parse);
        ready(id.map(At).ok_or_else(Error::not_found))
    }
}

/// The second id in an address (`{document}` and the like, under `{id}`), of kind `K`; anything else is "not found".
pub struct Under<K>(pub Id<K>);

impl<K: Kind> Under<K> {
    /// The stored form.
    pub fn uuid(&self) -> Uuid {
        self.0.uuid()
    }
}

impl<K: Kind + 'static> FromRequest for Under<K> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let second = request.match_info().iter().find(|(name, _)| !matches!(*name, "id" | "tenant"));
        let id = second.and_then(|(_, text)| Id::parse(text));
        ready(id.map(Under).ok_or_else(Error::not_found))
    }
}

/// The tenant's name in the address (`{tenant}`), before there is a log-in.
pub struct Slug(pub String);

impl FromRequest for Slug {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let slug = request.match_info().get("tenant").filter(|slug| is_slug(slug));
        ready(slug.map(|slug| Slug(slug.to_owned())).ok_or_else(Error::not_found))
    }
}

/// 2 to 40 lower-case letters, digits and inner hyphens.
pub fn is_slug(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Query parameters; unknown ones are refused by the type's own `deny_unknown_fields`.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Params))
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T> {
    let bad = |zh: String, en: String| Error::new(Code::InvalidParameter).detail(zh, en);
    if query.contains("%00") || query.contains('\0') {
        let (zh, en) = ("查询参数中含有空字符（U+0000），请删除。", "The query holds U+0000; remove it.");
        return Err(bad(zh.into(), en.into()));
    }
    let pairs = Query::<Vec<(String, String)>>::from_query(query).map_err(|_| {
        bad("查询参数的格式不对，应为name=value&…。".into(), "The query is not of the form name=value&….".into())
    })?;
    given::read_pairs(pairs.into_inner()).map_err(|(name, misfit)| {
        let (code, zh, en) = misfit.words();
        // A name that we do not know is the caller's own text, and as long as they like.
        let shown: String = name.chars().take(NAME_CHARS_SHOWN).collect();
        let problem = FieldProblem::new(format!("?{shown}"), code, zh.as_str(), en.as_str());
        bad(format!("查询参数“{shown}”：{zh}。"), format!("The parameter “{shown}”: {en}.")).with_fields(vec![problem])
    })
}

/// The version the caller saw (`If-Match: "3"`), for changes of what exists.
#[derive(Clone, Copy, Debug)]
pub struct IfMatch(i64);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(header::IF_MATCH).and_then(|v| v.to_str().ok());
        let version = header.and_then(|v| v.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        ready(version.map(IfMatch).ok_or_else(|| Error::new(Code::PreconditionRequired)))
    }
}

impl IfMatch {
    /// Lets the change go on only if `version` is what the caller saw.
    ///
    /// # Errors
    /// `stale`, with the current version and state.
    pub fn check(self, version: i64, state: Option<&str>) -> Result<()> {
        if self.0 == version {
            return Ok(());
        }
        Err(Error::new(Code::Stale).current(serde_json::json!({ "etag": format!("\"{version}\""), "state": state })))
    }
}
