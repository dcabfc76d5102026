//! What an entry of the audit chain keeps of its act, as it is shown: before and after under their names, and whatever else
//! the act keeps beside them.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What an act changed, and what else is kept of it. Which members there are depends on the action: a creation has no
/// `before`, a removal no `after`, a download neither but the application and the checklist item.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditDetail {
    /// How it was; left out where there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub before: Option<AuditState>,
    /// How it is since; left out where nothing is left, or where the act changes no thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub after: Option<AuditState>,
    /// What else the action keeps: a reason, the session that began, the items of a return, how many were reassigned.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// How a thing was or is: the members that are kept of it, which its kind decides; or the one word that changed, such as a
/// status.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AuditState {
    /// Its members.
    Members(Map<String, Value>),
    /// The one word that changed.
    Word(String),
}

impl AuditState {
    fn of(kept: Value) -> Option<Self> {
        match kept {
            Value::Null => None,
            Value::Object(members) => Some(Self::Members(members)),
            Value::String(word) => Some(Self::Word(word)),
            other => Some(Self::Word(other.to_string())),
        }
    }
}

impl AuditDetail {
    /// Shows what is kept; nothing where nothing is.
    pub(super) fn of(kept: Value) -> Option<Self> {
        let mut more = match kept {
            Value::Null => return None,
            Value::Object(members) => members,
            other => Map::from_iter([("value".to_owned(), other)]),
        };
        let mut state = |name: &str| more.remove(name).and_then(AuditState::of);
        let (before, after) = (state("before"), state("after"));
        Some(Self { before, after, more })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_that_is_kept_gets_lost() {
        for kept in [
            json!({ "before": { "state": "draft" }, "after": { "state": "submitted" }, "detail": { "note": null } }),
            json!({ "before": "draft" }),
            json!({ "application": "app_1", "personal": true, "item": "id_card" }),
            json!({}),
        ] {
            let shown = AuditDetail::of(kept.clone()).map(|detail| serde_json::to_value(detail).unwrap());
            assert_eq!(shown, Some(kept));
        }
        assert!(AuditDetail::of(Value::Null).is_none());
        let first = AuditDetail::of(json!({ "before": null, "after": "matched" }));
        assert_eq!(first.map(|detail| serde_json::to_value(detail).unwrap()), Some(json!({ "after": "matched" })));
    }
}
