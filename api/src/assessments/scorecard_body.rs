//! A scorecard's body as it is sent: read as what its kind is, with nothing in it that would have no effect, and checked
//! by the rules before it becomes a version.

use chrono::NaiveDate;
use domain::assessments::admission::{Scorecard, ScorecardError};
use domain::assessments::personal::PersonalScorecard;
use domain::devices::fault::Fault;
use domain::devices::score::Scorecard as EquipmentScorecard;
use domain::devices::value::MarketParameters;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::scorecard::ScorecardKind;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::platform::http::read_value;

/// Most problems that are named at once.
const PROBLEMS_MAX: usize = 100;

/// The body to store: version and date are ours, the rest is what was sent.
///
/// # Errors
/// `invalid_fields` where it is not in the form of its kind, `scorecard_invalid` where it does not hold together.
pub(super) fn read(
    kind: ScorecardKind,
    version: i64,
    effective_from: NaiveDate,
    sent: Map<String, Value>,
) -> Result<Value> {
    let mut whole = sent;
    whole.insert("version".into(), version.into());
    whole.insert("effective_from".into(), effective_from.to_string().into());
    whole.entry("id").or_insert_with(|| kind.key().into());
    let whole = Value::Object(whole);
    match kind {
        ScorecardKind::Admission => checked(whole, Scorecard::validate),
        ScorecardKind::Personal => checked(whole, PersonalScorecard::validate),
        ScorecardKind::Equipment => checked(whole, |card: &EquipmentScorecard| card.check().map_err(told)),
        ScorecardKind::EquipmentMarket => checked(whole, |card: &MarketParameters| card.check().map_err(told)),
    }
}

fn told(faults: Vec<Fault>) -> Vec<ScorecardError> {
    let told =
        |fault: Fault| ScorecardError { pointer: fault.pointer, reason_zh: fault.words.zh, reason_en: fault.words.en };
    faults.into_iter().map(told).collect()
}

fn checked<T: DeserializeOwned + Serialize>(
    sent: Value,
    validate: impl Fn(&T) -> Result<(), Vec<ScorecardError>>,
) -> Result<Value> {
    let card: T = read_value(sent.clone(), "/body").map_err(|problem| Error::fields(vec![problem]))?;
    let kept = serde_json::to_value(&card)?;
    let mut problems = Vec::new();
    unknown_members(&sent, &kept, "/body", &mut problems);
    if !problems.is_empty() {
        problems.truncate(PROBLEMS_MAX);
        return Err(Error::fields(problems));
    }
    validate(&card).map_err(|errors| {
        let problems = errors.into_iter().take(PROBLEMS_MAX).map(|error| {
            FieldProblem::new(format!("/body{}", error.pointer), "scorecard", error.reason_zh, error.reason_en)
        });
        Error::new(Code::ScorecardInvalid).with_fields(problems.collect())
    })?;
    Ok(kept)
}

/// Members that were sent and would not be kept: misspelt ones, silently without effect.
fn unknown_members(sent: &Value, kept: &Value, pointer: &str, problems: &mut Vec<FieldProblem>) {
    match (sent, kept) {
        (Value::Object(sent), Value::Object(kept)) => {
            for (key, value) in sent {
                let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                match kept.get(key) {
                    Some(kept) => unknown_members(value, kept, &pointer, problems),
                    None => problems.push(FieldProblem::new(
                        pointer,
                        "unknown",
                        "没有此项，请检查拼写",
                        "No such member; check the spelling",
                    )),
                }
            }
        }
        (Value::Array(sent), Value::Array(kept)) => {
            for (at, (sent, kept)) in sent.iter().zip(kept).enumerate() {
                unknown_members(sent, kept, &format!("{pointer}/{at}"), problems);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
    }

    fn standard(kind: ScorecardKind) -> Map<String, Value> {
        let value = match kind {
            ScorecardKind::Admission => serde_json::to_value(Scorecard::standard()).unwrap(),
            ScorecardKind::Personal => serde_json::to_value(PersonalScorecard::standard()).unwrap(),
            ScorecardKind::Equipment => serde_json::to_value(EquipmentScorecard::standard()).unwrap(),
            ScorecardKind::EquipmentMarket => serde_json::to_value(MarketParameters::standard()).unwrap(),
        };
        value.as_object().unwrap().clone()
    }

    #[test]
    fn the_standard_ones_hold_and_get_their_own_version() {
        for kind in ScorecardKind::ALL {
            let kept = read(kind, 7, day(), standard(kind)).unwrap();
            assert_eq!((&kept["version"], &kept["effective_from"]), (&7.into(), &"2026-01-01".into()));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_place() {
        let admission = ScorecardKind::Admission;
        let with = |key: &str, value: Value| {
            let mut body = standard(admission);
            body.insert(key.into(), value);
            read(admission, 2, day(), body).map_err(|error| error.code()).err()
        };
        assert_eq!(with("acceptable_total", 5.into()), Some(Code::ScorecardInvalid));
        assert_eq!(with("acceptable_totall", 5.into()), Some(Code::InvalidFields));
        assert_eq!(with("risks", "none".into()), Some(Code::InvalidFields));
        assert_eq!(with("window_months", Value::from(12)), None);
        assert_eq!(read(admission, 2, day(), Map::new()).err().map(|e| e.code()), Some(Code::InvalidFields));
        let personal = ScorecardKind::Personal;
        let mut body = standard(personal);
        body.insert("grade_max".into(), serde_json::json!([40, 30, 20, 10]));
        assert_eq!(read(personal, 2, day(), body).err().map(|e| e.code()), Some(Code::ScorecardInvalid));
        for (kind, member) in [
            (ScorecardKind::Equipment, "threshold_hundredths"),
            (ScorecardKind::EquipmentMarket, "neglected_after_days"),
        ] {
            let mut body = standard(kind);
            body.insert(member.into(), 0.into());
            assert_eq!(read(kind, 2, day(), body).err().map(|e| e.code()), Some(Code::ScorecardInvalid), "{member}");
        }
    }
}
