//! Reads what was given as a type, keeping what does not fit as [`Misfit`] instead of serde's English sentence.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, Expected, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::misfit::{Misfit, step};
use crate::error::FieldProblem;

/// Reads a JSON value as `T`; `under` is the pointer that problems begin with.
///
/// # Errors
/// The first thing that does not fit.
pub fn read<T: DeserializeOwned>(value: Value, under: &str) -> Result<T, FieldProblem> {
    serde_path_to_error::deserialize(Given(value)).map_err(|error| {
        let place = format!("{under}{}", pointer(error.path()));
        error.into_inner().at(place)
    })
}

/// Reads the pairs of a query as `T`: the parameter that does not fit, and why.
///
/// # Errors
/// The first one.
pub fn read_pairs<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<T, (String, Misfit)> {
    let pairs = MapDeserializer::new(pairs.into_iter().map(|(name, text)| (name, Typed(text))));
    serde_path_to_error::deserialize(pairs).map_err(|error: serde_path_to_error::Error<Misfit>| {
        let place = error.path().iter().next_back().map(ToString::to_string);
        let misfit = error.into_inner();
        let name = misfit.member().map(str::to_owned).or(place).unwrap_or_default();
        (name, misfit)
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => step(key),
            // The variant is no member of the JSON.
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        })
        .collect()
}

/// What `visitor` wants, in serde's words; asked before it is used up.
fn wanted<'de, V: Visitor<'de>>(visitor: &V) -> String {
    let expected: &dyn Expected = visitor;
    expected.to_string()
}

struct Given(Value);

impl<'de> IntoDeserializer<'de, Misfit> for Given {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), _, _) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (_, _, value) => visitor.visit_f64(value.unwrap_or(f64::NAN)),
            },
            Value::String(text) => {
                let wanted = wanted(&visitor);
                visitor.visit_string(text).map_err(|misfit: Misfit| misfit.of_text(|| wanted))
            }
            Value::Array(items) => {
                let mut seq = SeqDeserializer::new(items.into_iter().map(Given));
                let value = visitor.visit_seq(&mut seq)?;
                seq.end()?;
                Ok(value)
            }
            Value::Object(members) => {
                let mut map = MapDeserializer::new(members.into_iter().map(|(name, value)| (name, Given(value))));
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            Value::Object(members) => {
                let map = MapDeserializer::new(members.into_iter().map(|(name, value)| (name, Given(value))));
                visitor.visit_enum(de::value::MapAccessDeserializer::new(map))
            }
            _ => Err(Misfit::Choice(variants)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A value of a query: text, read as whatever is wanted.
struct Typed(String);

impl<'de> IntoDeserializer<'de, Misfit> for Typed {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads the text as a number or a boolean and hands it on as such.
macro_rules! as_parsed {
    ($($method:ident $visit:ident $type:ty;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.0.parse::<$type>() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Misfit::Value(wanted(&visitor))),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Typed {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let wanted = wanted(&visitor);
        visitor.visit_string(self.0).map_err(|misfit: Misfit| misfit.of_text(|| wanted))
    }

    as_parsed! {
        deserialize_bool visit_bool bool;
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Person,
        Enterprise,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
    enum Shape {
        Line { length: u8 },
        Dot,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        phone: String,
        months: u8,
        on: Option<NaiveDate>,
        kind: Option<Kind>,
        agreed: Option<bool>,
        #[serde(default)]
        shapes: Vec<Shape>,
    }

    fn problem(changes: Value) -> (String, String, String) {
        let mut body = json!({ "phone": "x", "months": 1 });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let found = read::<Form>(body, "").unwrap_err();
        (found.pointer.clone(), found.code.clone(), found.message.clone())
    }

    #[test]
    fn what_fits_is_read() {
        let body = json!({
            "phone": "x", "months": 12, "on": "2026-01-31", "kind": "person", "agreed": true,
            "shapes": [{ "shape": "dot" }, { "shape": "line", "length": 2 }]
        });
        let form: Form = read(body, "").unwrap();
        assert_eq!((form.kind, form.on), (Some(Kind::Person), NaiveDate::from_ymd_opt(2026, 1, 31)));
        assert_eq!(form.shapes, [Shape::Dot, Shape::Line { length: 2 }]);
    }

    #[test]
    fn what_does_not_fit_is_named_where_it_stands_and_never_repeated() {
        for (changes, pointer, code, message) in [
            (json!({ "phone": 13_800_138_000_u64 }), "/phone", "type", "类型不对，应为文字"),
            (json!({ "months": "13800138000" }), "/months", "type", "类型不对，应为0至255之间的整数"),
            (json!({ "months": 300 }), "/months", "value", "应为0至255之间的整数"),
            (json!({ "months": -1 }), "/months", "value", "应为0至255之间的整数"),
            (json!({ "on": "13800138000" }), "/on", "value", "应为日期（如2026-01-31）"),
            (json!({ "on": 7 }), "/on", "type", "类型不对，应为日期（如2026-01-31）"),
            (json!({ "kind": "13800138000" }), "/kind", "choice", "请从以下选项中选择：person、enterprise"),
            (json!({ "kind": 5 }), "/kind", "choice", "请从以下选项中选择：person、enterprise"),
            (json!({ "agreed": "yes" }), "/agreed", "type", "类型不对，应为是/否（true或false）"),
            (json!({ "a/b~": 1 }), "/a~1b~0", "unknown", "没有此项，请检查拼写"),
            (json!({ "shapes": {} }), "/shapes", "type", "类型不对，应为列表"),
            (json!({ "shapes": [{ "shape": "dot" }, 1] }), "/shapes/1", "type", "类型不对，应为对象"),
            (json!({ "shapes": [{ "shape": "line" }] }), "/shapes/0/length", "required", "请填写此项"),
            (json!({ "shapes": [{}] }), "/shapes/0/shape", "required", "请填写此项"),
            (json!({ "shapes": [{ "shape": "x" }] }), "/shapes/0/shape", "choice", "请从以下选项中选择：line、dot"),
        ] {
            assert_eq!(problem(changes), (pointer.to_owned(), code.to_owned(), message.to_owned()));
        }
        let missing = read::<Form>(json!({}), "/body").unwrap_err();
        assert_eq!((missing.pointer.as_str(), missing.code.as_str()), ("/body/phone", "required"));
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Query {
        limit: Option<u64>,
        kind: Option<Kind>,
        from: Option<NaiveDate>,
        all: Option<bool>,
    }

    #[test]
    fn a_query_is_read_and_its_wrong_parameter_named() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let good = [("limit", "5"), ("kind", "enterprise"), ("from", "2026-01-31"), ("all", "true")];
        let query: Query = read_pairs(pairs(&good)).unwrap();
        assert_eq!((query.limit, query.kind, query.all), (Some(5), Some(Kind::Enterprise), Some(true)));
        assert_eq!(query.from, NaiveDate::from_ymd_opt(2026, 1, 31));
        for (given, name, zh) in [
            (vec![("limit", "many")], "limit", "应为不小于0的整数"),
            (vec![("limit", "")], "limit", "应为不小于0的整数"),
            (vec![("kind", "x")], "kind", "请从以下选项中选择：person、enterprise"),
            (vec![("from", "soon")], "from", "应为日期（如2026-01-31）"),
            (vec![("all", "ja")], "all", "应为是/否（true或false）"),
            (vec![("limits", "1")], "limits", "没有此项，请检查拼写"),
            (vec![("limit", "1"), ("limit", "2")], "limit", "此项重复，请只保留一个"),
        ] {
            let (found, misfit) = read_pairs::<Query>(pairs(&given)).unwrap_err();
            assert_eq!((found.as_str(), misfit.words().1.as_str()), (name, zh));
        }
    }
}
