//! Walking through JSON with the way back: every value knows its JSON pointer, so that a fault can say where it is.

use serde_json::Value;

use super::fault::{ItemFaultKind, MessageFault};
use super::gather::{Fact, Quantity};
use super::number::{Decimal, Unit};

/// Reads a body; its depth is limited by serde_json to 128.
pub(super) fn parse(body: &[u8]) -> Result<Value, MessageFault> {
    serde_json::from_slice(body).map_err(|error| {
        let deep = error.to_string().starts_with("recursion limit");
        if deep { MessageFault::TooDeep } else { MessageFault::NotJson }
    })
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, pointer: String::new() }
    }

    /// A message inside another.
    pub(super) fn under(value: &'a Value, pointer: &str) -> Self {
        Self { value, pointer: pointer.to_owned() }
    }

    fn below(&self, value: &'a Value, step: &str) -> Self {
        let step = step.replace('~', "~0").replace('/', "~1");
        Self { value, pointer: format!("{}/{step}", self.pointer) }
    }

    /// A field; makers write null for what they do not know, so null counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.below(value, key))
    }

    /// The first of these fields that is there.
    pub(super) fn first(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// A field of a field.
    pub(super) fn deep(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    /// The elements of an array; none of anything else.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().enumerate().map(|(index, value)| self.below(value, &index.to_string()))
    }

    /// The fields of an object that are not null; none of anything else.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let fields = self.value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        fields.map(|(key, value)| (key.as_str(), self.below(value, key)))
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    pub(super) fn decimal(&self) -> Option<Decimal> {
        Decimal::of(self.value)
    }

    pub(super) fn integer(&self) -> Option<i64> {
        self.decimal()?.whole()
    }

    /// An id, which some platforms send as a number.
    pub(super) fn id(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// On or off, true or false, 1 or 0, in whichever way it is written.
    pub(super) fn on_off(&self) -> Option<bool> {
        match self.value {
            Value::Bool(on) => Some(*on),
            Value::String(text) => switched(text),
            _ => match self.integer()? {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
        }
    }

    /// Online or offline, or any of [`Node::on_off`].
    pub(super) fn online(&self) -> Option<bool> {
        self.text().and_then(connected).or_else(|| self.on_off())
    }

    pub(super) fn measure(&self, what: Quantity, unit: Unit) -> Result<Fact, ItemFaultKind> {
        let number = self.decimal().ok_or(ItemFaultKind::NotNumber)?;
        number.thousandths(unit).and_then(|value| what.fact(value)).ok_or(ItemFaultKind::OutOfRange)
    }
}

/// The words for a relay.
pub(super) fn switched(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    match (is(["on", "true", "1"]), is(["off", "false", "0"])) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// The words for a connection.
pub(super) fn connected(text: &str) -> Option<bool> {
    let is = |word: &str| text.trim().eq_ignore_ascii_case(word);
    match (is("online"), is("offline")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
