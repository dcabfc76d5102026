//! RFC 9457 problem details: how an error looks from outside.

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Code, FieldProblem};

/// The languages that sentences are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English, where `Accept-Language` asks for it first.
    En,
}

impl Language {
    /// The text of the two that is in this language.
    pub fn choose<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// Reads `Accept-Language`: English only when it is preferred over Chinese.
    pub fn from_header(value: Option<&str>) -> Self {
        let mut best = (0.0f32, Self::Zh);
        for part in value.unwrap_or_default().split(',').take(16) {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("en") => Self::En,
                Some("zh") => Self::Zh,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// The sentence or label in the caller's language.
pub fn say(words: &Words, language: Language) -> String {
    language.choose(&words.zh, &words.en).clone()
}

/// What an answer carries until it is written; kept in the answer's extensions.
#[derive(Clone, Debug)]
pub struct Problem {
    pub(super) code: Code,
    pub(super) detail: Option<(String, String)>,
    pub(super) fields: Vec<FieldProblem>,
    pub(super) current: Option<serde_json::Value>,
    pub(super) figures: Option<serde_json::Value>,
    pub(super) retry_after_s: Option<u64>,
    /// The chain of causes, for the log alone.
    pub cause: Option<String>,
}

impl Problem {
    /// The code from the table.
    pub fn code(&self) -> Code {
        self.code
    }
}

/// What a caller did not know of. It describes the member of a problem in the document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Current {
    /// The version now, as `If-Match` wants it.
    #[schema(example = "\"4\"")]
    pub etag: Option<String>,
    /// The state now.
    #[schema(example = "investigating")]
    pub state: Option<String>,
    /// Version of the privacy notice in force.
    #[schema(example = "2026-01")]
    pub privacy_version: Option<String>,
    /// Version of the user terms in force.
    #[schema(example = "2026-01")]
    pub terms_version: Option<String>,
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(example = "/docs/errors#not_found")]
    pub kind: String,
    /// The sentence of the code.
    #[schema(example = "没有找到，请检查编号是否正确。")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// The code: stable, for programs.
    #[schema(example = "not_found")]
    pub code: String,
    /// More exactly, where more can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Quote this when asking for help.
    #[schema(example = "01930c3e8f7a7c1e9d0b5a4f3e2d1c0b")]
    pub request_id: String,
    /// Every field that needs mending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The current state, where a version was stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Current>)]
    pub current: Option<serde_json::Value>,
    /// What each rule says, where a bound of the law or of the firm would be broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<RuleFigure>>)]
    pub figures: Option<serde_json::Value>,
}

/// What one rule says of a change.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RuleFigure {
    /// The rule: `leverage`, `one_client`, `client_group`, `product_ceiling`, `approver_authority` and so on.
    #[schema(example = "one_client")]
    pub rule: String,
    /// What it is called.
    #[schema(example = "单一被担保人责任余额")]
    pub label: String,
    /// For a ceiling: of which product, industry, region or bank.
    #[schema(example = "1311")]
    pub subject: Option<String>,
    /// Whether the change breaks it.
    #[schema(example = true)]
    pub broken: bool,
    /// The largest figure that passes, in fen.
    #[schema(example = 1_000_000_000)]
    pub bound_fen: i64,
    /// The figure before.
    #[schema(example = 900_000_000)]
    pub before_fen: i64,
    /// The figure after.
    #[schema(example = 1_050_000_000)]
    pub after_fen: i64,
    /// The head-room: of a rule that is kept, what is left after the change; of a broken one, what would still have passed.
    #[schema(example = 100_000_000)]
    pub room_fen: i64,
    /// The same in a sentence.
    pub message: String,
}

/// `problem` in `language`.
pub fn body(problem: &Problem, language: Language, request_id: &str) -> ProblemBody {
    let (zh, en) = problem.code.sentences();
    let pick = |zh: &str, en: &str| if language == Language::En { en.to_owned() } else { zh.to_owned() };
    let mut errors = problem.fields.clone();
    if language == Language::En {
        errors = errors.into_iter().map(FieldProblem::in_english).collect();
    }
    ProblemBody {
        kind: format!("/docs/errors#{}", problem.code.key()),
        title: pick(zh, en),
        status: problem.code.status().as_u16(),
        code: problem.code.key().to_owned(),
        detail: problem.detail.as_ref().map(|(zh, en)| pick(zh, en)),
        request_id: request_id.to_owned(),
        errors,
        current: problem.current.clone(),
        figures: problem.figures.as_ref().map(|figures| in_language(figures, language)),
    }
}

/// Writes `problem` as an answer in `language`.
pub fn render(problem: &Problem, language: Language, request_id: &str) -> HttpResponse {
    let status = problem.code.status();
    let mut builder = HttpResponseBuilder::new(status);
    builder.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    builder.insert_header((header::CONTENT_LANGUAGE, if language == Language::En { "en" } else { "zh-CN" }));
    if let Some(seconds) = problem.retry_after_s {
        builder.insert_header((header::RETRY_AFTER, seconds));
    }
    if status == actix_web::http::StatusCode::UNAUTHORIZED {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    builder.json(body(problem, language, request_id))
}

/// Figures are kept with both languages; the reader gets theirs.
fn in_language(figures: &serde_json::Value, language: Language) -> serde_json::Value {
    let mut figures = figures.clone();
    for figure in figures.as_array_mut().into_iter().flatten().filter_map(serde_json::Value::as_object_mut) {
        for name in ["label", "message"] {
            let english = figure.remove(&format!("{name}_en"));
            if let (Language::En, Some(text)) = (language, english) {
                figure.insert(name.to_owned(), text);
            }
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::Language::{self, En, Zh};

    #[test]
    fn english_only_where_it_is_preferred() {
        for (header, expected) in [
            (None, Zh),
            (Some(""), Zh),
            (Some("en"), En),
            (Some("en-GB,zh;q=0.5"), En),
            (Some("zh-CN,en;q=0.9"), Zh),
            (Some("en;q=0.3, zh;q=0.8"), Zh),
            (Some("fr, en;q=0.2"), En),
            (Some(";;;q=,,"), Zh),
        ] {
            assert_eq!(Language::from_header(header), expected, "{header:?}");
        }
    }
}
