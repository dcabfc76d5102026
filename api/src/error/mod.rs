//! One error type for everything a handler can meet. Outside: a code from the table, a sentence in the caller's
//! language, pointers to the fields. Inside: the whole chain of causes, logged once at the edge. The two never mix.

mod codes;
mod problem;

pub use codes::{CODES, Code, CodeRow};
pub use problem::{Language, Problem, ProblemBody, RuleFigure, body as problem_body, render, say};

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// Shorthand for handlers and stores.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong with one field, or one item of a list of things to do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the request's body, the key of a checklist item after `#`, or a parameter of the query after
    /// `?`.
    #[schema(example = "/contact/phone")]
    pub pointer: String,
    /// A stable word for programs.
    #[schema(example = "phone_format")]
    pub code: String,
    /// What to do about it, in the caller's language.
    #[schema(example = "请填写11位手机号码")]
    pub message: String,
    /// What the field or item is called, in the caller's language; for the fields of the application form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "联系电话", value_type = Option<String>)]
    pub label: Option<Box<str>>,
    #[serde(skip)]
    #[schema(ignore)]
    message_en: Box<str>,
    #[serde(skip)]
    #[schema(ignore)]
    label_en: Option<Box<str>>,
}

impl FieldProblem {
    /// A problem with its sentence in both languages.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let (pointer, code, message, message_en): (_, _, _, String) =
            (pointer.into(), code.into(), zh.into(), en.into());
        Self { pointer, code, message, label: None, message_en: message_en.into_boxed_str(), label_en: None }
    }

    /// Says what the field is called, in both languages.
    pub fn labelled(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        (self.label, self.label_en) = (Some(zh.into().into()), Some(en.into().into()));
        self
    }

    /// The same in English.
    fn in_english(mut self) -> Self {
        (self.message, self.label) = (self.message_en.to_string(), self.label_en.clone());
        self
    }
}

/// Whatever a handler cannot go on from.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: Option<(String, String)>,
    fields: Vec<FieldProblem>,
    current: Option<serde_json::Value>,
    figures: Option<serde_json::Value>,
    retry_after_s: Option<u64>,
    cause: Option<anyhow::Error>,
}

impl Error {
    /// An error with the table's own sentence.
    pub fn new(code: Code) -> Self {
        let none = (None, None, None, None, None);
        let (detail, current, figures, retry_after_s, cause) = none;
        Self(Box::new(Inner { code, detail, fields: vec![], current, figures, retry_after_s, cause }))
    }

    /// A fault of ours: the caller learns the request id, the log learns `cause`.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::new(Code::Internal).because(cause)
    }

    /// The row does not exist, or not for this caller.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// Some fields are wrong; all of them are named.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        let mut error = Self::new(Code::InvalidFields);
        error.0.fields = fields;
        error
    }

    /// A parameter of the query that cannot be.
    pub fn parameter(name: &str, code: &str, zh: &str, en: &str) -> Self {
        let problem = FieldProblem::new(format!("?{name}"), code, zh, en);
        let error = Self::new(Code::InvalidParameter).detail(format!("{name}：{zh}。"), format!("{name}: {en}."));
        error.with_fields(vec![problem])
    }

    /// Adds fields to an error with another code.
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.0.fields = fields;
        self
    }

    /// The same error with its fields below another place of the body.
    pub fn under(mut self, place: &str) -> Self {
        for field in self.0.fields.iter_mut().filter(|field| field.pointer.starts_with('/')) {
            field.pointer.insert_str(0, place);
        }
        self
    }

    /// Replaces the table's sentence by a more exact one.
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.detail = Some((zh.into(), en.into()));
        self
    }

    /// The state that the caller did not know of.
    pub fn current(mut self, current: serde_json::Value) -> Self {
        self.0.current = Some(current);
        self
    }

    /// What each rule says of what was asked.
    pub fn figures(mut self, figures: serde_json::Value) -> Self {
        self.0.figures = Some(figures);
        self
    }

    /// When to come back.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// Keeps a cause for the log.
    pub fn because(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What an answer carries of it.
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.0.code,
            detail: self.0.detail.clone(),
            fields: self.0.fields.clone(),
            current: self.0.current.clone(),
            figures: self.0.figures.clone(),
            retry_after_s: self.0.retry_after_s,
            cause: self.cause_chain(),
        }
    }

    /// The code from the table.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// All of it in English, for a command that answers a person: the sentence, every field, the cause.
    pub fn in_words(&self) -> String {
        let (_, en) = self.0.code.sentences();
        let mut text = self.0.detail.as_ref().map_or(en, |(_, detail)| detail).to_owned();
        for field in &self.0.fields {
            text.push_str(&format!("\n  {}: {}", field.pointer, field.message_en));
        }
        // What a caller can mend says so itself; the cause is for what they cannot.
        if let Some(cause) = self.0.cause.as_ref().filter(|_| self.status_code().is_server_error()) {
            text.push_str(&format!("\n  {cause:#}"));
        }
        text
    }

    /// The chain of causes for the log, if it is ours to look into.
    pub fn cause_chain(&self) -> Option<String> {
        self.0.cause.as_ref().map(|cause| format!("{cause:#}"))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code.key())?;
        if let Some((_, en)) = &self.0.detail {
            write!(f, ": {en}")?;
        }
        match &self.0.cause {
            Some(cause) => write!(f, ": {cause:#}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Self::internal(cause)
    }
}

impl From<serde_json::Error> for Error {
    fn from(cause: serde_json::Error) -> Self {
        Self::internal(cause)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    /// An empty answer that carries the problem; the outer middleware writes it in the caller's language.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.problem());
        response
    }
}
