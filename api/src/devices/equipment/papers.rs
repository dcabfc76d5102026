//! A machine's papers as they are sent and shown: what is sent lies over what is there, member by member, and the domain
//! judges the whole. The kind of machine is the record's own field and no part of them.

use chrono::NaiveDate;
use domain::devices::category::EquipmentCategory;
use domain::devices::score::papers::Papers;
use serde_json::{Map, Value, json};

use crate::error::{FieldProblem, Result};
use crate::platform::http::read_value;

const PLACE: &str = "/papers";
const BASIC: &str = "basic";
const CATEGORY: &str = "category";

/// What `before` becomes with what is sent over it.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn merged(
    before: Option<&Papers>,
    category: EquipmentCategory,
    sent: Option<&Map<String, Value>>,
    today: NaiveDate,
) -> Result<Papers, Vec<FieldProblem>> {
    let nothing = Map::new();
    let sent = sent.unwrap_or(&nothing);
    if sent.get(BASIC).is_some_and(|basic| basic.get(CATEGORY).is_some()) {
        let (zh, en) = ("设备类别请填写在category中", "the kind of machine is the field category");
        return Err(vec![FieldProblem::new(format!("{PLACE}/{BASIC}/{CATEGORY}"), "unknown", zh, en)]);
    }
    let mut whole = before.and_then(|papers| serde_json::to_value(papers).ok()).unwrap_or_else(|| json!({}));
    lay_over(&mut whole, sent);
    if let Value::Object(members) = &mut whole {
        let basic = members.entry(BASIC).or_insert_with(|| json!({}));
        if let Value::Object(basic) = basic {
            basic.insert(CATEGORY.to_owned(), category.code().into());
        }
    }
    let papers: Papers = read_value(whole, PLACE).map_err(|problem| vec![problem])?;
    papers.check(today).map_err(|faults| {
        let told = |fault: domain::devices::fault::Fault| {
            FieldProblem::new(format!("{PLACE}{}", fault.pointer), "papers", fault.words.zh, fault.words.en)
        };
        faults.into_iter().map(told).collect::<Vec<_>>()
    })?;
    Ok(papers)
}

/// Lays a patch over a value: members of objects one by one, null removes (RFC 7396).
fn lay_over(value: &mut Value, patch: &Map<String, Value>) {
    if !value.is_object() {
        *value = json!({});
    }
    let Value::Object(members) = value else { return };
    for (name, patch) in patch {
        match patch {
            Value::Null => {
                members.remove(name);
            }
            Value::Object(patch) => lay_over(members.entry(name).or_insert(Value::Null), patch),
            other => {
                members.insert(name.clone(), other.clone());
            }
        }
    }
}

/// Papers as they are shown.
pub(in crate::devices) fn shown(papers: &Papers) -> Result<Value> {
    let mut shown = serde_json::to_value(papers)?;
    if let Some(Value::Object(basic)) = shown.get_mut(BASIC) {
        basic.remove(CATEGORY);
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn laid(before: Option<&Papers>, sent: Value) -> Result<Papers, Vec<(String, String)>> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        let merged = merged(before, EquipmentCategory::Lathe, Some(&map(sent)), today);
        merged.map_err(|all| all.into_iter().map(|one| (one.pointer, one.code)).collect())
    }

    #[test]
    fn what_is_sent_lies_over_what_is_there() {
        let first =
            laid(None, json!({ "basic": { "maker": "示例机床", "price_fen": 100 }, "title": { "invoice": true } }));
        let first = first.unwrap();
        assert_eq!((first.basic.maker.as_deref(), first.title.invoice), (Some("示例机床"), Some(true)));
        let then = laid(Some(&first), json!({ "basic": { "maker": null, "model": "CK" }, "title": null })).unwrap();
        assert_eq!((then.basic.maker.as_deref(), then.basic.model.as_deref()), (None, Some("CK")));
        assert_eq!((then.basic.price_fen, then.title.invoice), (first.basic.price_fen, None));
        assert_eq!(laid(Some(&then), json!({})).unwrap(), then);
        assert_eq!(shown(&then).unwrap()["basic"].get("category"), None);
    }

    #[test]
    fn what_does_not_fit_is_named_where_it_stands() {
        let rows = [
            (json!({ "basic": { "category": "loom" } }), ("/papers/basic/category", "unknown")),
            (json!({ "basic": { "colour": "red" } }), ("/papers/basic/colour", "unknown")),
            (json!({ "basic": 3 }), ("/papers/basic", "type")),
            (json!({ "use": { "place": "moon" } }), ("/papers/use/place", "choice")),
            (json!({ "basic": { "price_fen": 0 } }), ("/papers/basic/price_fen", "papers")),
            (json!({ "basic": { "made_on": "2026-11-30" } }), ("/papers/basic/made_on", "papers")),
        ];
        for (sent, (pointer, code)) in rows {
            assert_eq!(laid(None, sent.clone()), Err(vec![(pointer.to_owned(), code.to_owned())]), "{sent}");
        }
    }
}
