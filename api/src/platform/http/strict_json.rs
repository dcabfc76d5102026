//! JSON as the product accepts it: no key twice (the last would win silently), no U+0000 (PostgreSQL cannot store it),
//! no deep nesting, and 3.0 is the integer that JSON Schema says it is.

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting.
pub const DEPTH_MAX: usize = 32;

/// What is wrong and where, for the caller; nothing that was sent is repeated.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Why we refuse what is JSON: serde carries these words, and [`fault`] finds the Chinese ones to them.
const REASONS: [(&str, &str); 4] = [
    (NUL, "含有空字符（U+0000），请删除"),
    (RANGE, "数字超出范围"),
    (TWICE, "同一个名称出现了两次"),
    (DEEP, "嵌套过深，最多32层"),
];
const NUL: &str = "the character U+0000 is not allowed";
const RANGE: &str = "the number is out of range";
const TWICE: &str = "a key stands twice";
const DEEP: &str = "nested deeper than 32";

/// Reads one JSON value.
///
/// # Errors
/// A sentence for the caller that says what is wrong and where.
pub fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Seed { depth: 0 }.deserialize(&mut deserializer).map_err(|e| fault(&e))?;
    deserializer.end().map_err(|e| fault(&e))?;
    Ok(value)
}

fn fault(error: &serde_json::Error) -> Fault {
    let (line, column, text) = (error.line(), error.column(), error.to_string());
    let (zh, en) = match REASONS.iter().find(|(en, _)| text.starts_with(en)) {
        Some((en, zh)) => (*zh, *en),
        None if error.is_eof() => ("内容不完整", "it ends too early"),
        None => ("不是合法的JSON", "it is no JSON"),
    };
    Fault { zh: format!("第{line}行第{column}列：{zh}。"), en: format!("Line {line}, column {column}: {en}.") }
}

struct Seed {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;
    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn clean<E: de::Error>(text: &str) -> Result<&str, E> {
    if text.contains('\0') { Err(E::custom(NUL)) } else { Ok(text) }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    #[allow(clippy::cast_possible_truncation, reason = "the value is whole and in range")]
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT_MAX {
            return Ok((value as i64).into());
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom(RANGE))
    }
    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(clean(value)?.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let depth = deeper(self.depth)?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Seed { depth })? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let depth = deeper(self.depth)?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            clean(&key)?;
            let value = map.next_value_seed(Seed { depth })?;
            if object.insert(key, value).is_some() {
                return Err(de::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(object))
    }
}

fn deeper<E: de::Error>(depth: usize) -> Result<usize, E> {
    if depth >= DEPTH_MAX { Err(E::custom(DEEP)) } else { Ok(depth + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_where_and_what_and_repeats_nothing() {
        for (bad, zh, en) in [
            (r#"{"a":1,"a":2}"#, "第1行第13列：同一个名称出现了两次。", "Line 1, column 13: a key stands twice."),
            ("{\n\"a\":13800138000x}", "第2行第16列：不是合法的JSON。", "Line 2, column 16: it is no JSON."),
            ("{", "第1行第1列：内容不完整。", "Line 1, column 1: it ends too early."),
        ] {
            assert_eq!(parse(bad.as_bytes()).unwrap_err(), Fault { zh: zh.into(), en: en.into() });
        }
        assert!(DEEP.ends_with(&DEPTH_MAX.to_string()));
    }

    #[test]
    fn what_is_ambiguous_or_cannot_be_stored_is_refused() {
        for bad in [r#"{"a":1,"a":2}"#, "\"\\u0000\"", "{\"\\u0000\":1}", "", "{", "1 2", "[1,]", "nan", "1e999"] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
        assert_eq!(parse(b"[3.0, 3.5, -0]").unwrap(), serde_json::json!([3, 3.5, 0]));
    }
}
