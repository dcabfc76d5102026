//! Holds the headers of every answer in the suite against the document: what is sent is described, and what is described
//! of a success is sent.

use std::sync::LazyLock;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(api::openapi::document()).expect("the document"));

/// Headers that a client acts on.
const NAMES: [&str; 3] = ["ETag", "Location", "Retry-After"];

fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let asked: Vec<_> = path.split('/').collect();
    let fits = |known: &str| {
        let known: Vec<_> = known.split('/').collect();
        known.len() == asked.len()
            && known.iter().zip(&asked).all(|(known, asked)| known.starts_with('{') || known == asked)
    };
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    // A path without parameters comes before one that has them.
    let item = paths.get(path).or_else(|| paths.iter().find(|(known, _)| fits(known)).map(|(_, item)| item))?;
    item.get(method.as_str().to_lowercase())
}

/// What of an answer's headers is not as the document says.
pub fn undocumented(method: &Method, path: &str, status: u16, headers: &HeaderMap) -> Option<String> {
    let described = &operation(method, path)?["responses"].get(status.to_string())?["headers"];
    NAMES.iter().find_map(|name| {
        let (sent, described) = (headers.contains_key(*name), described.get(name).is_some());
        let wrong = if status < 300 { sent != described } else { sent && !described };
        wrong.then(|| format!("{method} {path} {status}: {name} is sent: {sent}, described: {described}"))
    })
}
