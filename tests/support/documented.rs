//! Holds every answer in the suite against the document: headers that are sent are described, and those described of a
//! success are sent; a text that the document gives a list of words for is one of them.

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

/// Where an answer's body holds a word that the document does not list.
pub fn unlisted(method: &Method, path: &str, status: u16, body: &Value) -> Option<String> {
    let answer = operation(method, path)?["responses"].get(status.to_string())?;
    let content = answer["content"].as_object()?.values().next()?;
    let found = unlisted_in(&content["schema"], body, "")?;
    Some(format!("{method} {path} {status}: {found}"))
}

fn unlisted_in(schema: &Value, value: &Value, place: &str) -> Option<String> {
    if value.is_null() {
        return None;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let target = name.strip_prefix('#').and_then(|pointer| DOCUMENT.pointer(pointer));
        return unlisted_in(target.unwrap_or_else(|| panic!("{name} is in the document")), value, place);
    }
    if let Some(words) = schema["enum"].as_array() {
        return (!words.contains(value)).then(|| format!("{value} at {place:?} is none of {}", schema["enum"]));
    }
    let parts = |name: &str| schema[name].as_array().into_iter().flatten();
    let mut choices = parts("oneOf").chain(parts("anyOf")).filter(|choice| choice["type"] != "null").peekable();
    let first = choices.peek().copied();
    if let Some(first) = first
        && choices.all(|choice| unlisted_in(choice, value, place).is_some())
    {
        return unlisted_in(first, value, place);
    }
    if let Some(found) = parts("allOf").find_map(|part| unlisted_in(part, value, place)) {
        return Some(found);
    }
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| unlisted_in(&schema["items"], item, &format!("{place}/{at}"))),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let known = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"))?;
            unlisted_in(known, member, &format!("{place}/{name}"))
        }),
        _ => None,
    }
}
