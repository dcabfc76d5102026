//! Whether what was typed about an enterprise can be true, field by field.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::applications::fields::{AMOUNT_FEN_MAX, ENTERPRISE_NAME_CHARS_MAX};
use domain::person::{CreditCode, PersonFault, RealName};
use domain::reference::{Industry, Region};
use domain::time::TenantZone;
use domain::words::plain_text;

use super::change::EnterpriseChange;
use super::store::Fields;
use crate::error::{Error, FieldProblem, Result};

/// Most characters of an address.
pub(super) const ADDRESS_CHARS_MAX: usize = 200;
/// The earliest year in which an enterprise that still lives can have been established.
const YEAR_MIN: i32 = 1850;

/// A full name in its one form: registers write brackets in full width, keyboards often do not.
pub(super) fn one_form(name: &str) -> String {
    name.trim().replace('(', "（").replace(')', "）")
}

/// `fields` with what `change` says of them.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn apply(mut fields: Fields, change: &EnterpriseChange, now: DateTime<Utc>) -> Result<Fields> {
    let mut check = Check { problems: vec![], today: TenantZone::default().date_of(now) };
    if let Some(text) = &change.credit_code {
        fields.credit_code = check.credit_code(text);
    }
    if let Some(text) = &change.full_name {
        fields.full_name = check.full_name(text);
    }
    if let Some(text) = &change.region {
        fields.region = check.known("/region", text.as_deref(), |code| Region::find(code).is_some());
    }
    if let Some(text) = &change.industry {
        fields.industry = check.known("/industry", text.as_deref(), |code| Industry::find(code).is_some());
    }
    if let Some(text) = &change.address {
        fields.address = check.address(text.as_deref());
    }
    if let Some(text) = &change.legal_representative {
        fields.legal_representative = check.real_name(text.as_deref());
    }
    if let Some(fen) = change.registered_capital_fen {
        fields.registered_capital_fen = check.capital(fen);
    }
    if let Some(day) = change.established_on {
        fields.established_on = check.day(day);
    }
    if check.problems.is_empty() { Ok(fields) } else { Err(Error::fields(check.problems)) }
}

/// The problem of a credit code or name, at its place.
pub(super) fn person_problem(pointer: &str, fault: PersonFault) -> FieldProblem {
    let words = fault.words();
    FieldProblem::new(pointer, fault.code(), words.zh, words.en)
}

/// The problem of a full name that cannot be one.
pub(super) fn name_problem(pointer: &str) -> FieldProblem {
    FieldProblem::new(
        pointer,
        "length",
        format!("企业全称应为2至{ENTERPRISE_NAME_CHARS_MAX}个字，且不含控制字符，请与营业执照一致"),
        format!("A full name has 2 to {ENTERPRISE_NAME_CHARS_MAX} characters, as on the business licence"),
    )
}

/// A full name in its one form, if it can be one.
pub(super) fn full_name(text: &str) -> Option<String> {
    let name = plain_text(text, ENTERPRISE_NAME_CHARS_MAX, false).ok()?;
    (name.chars().nth(1).is_some()).then(|| one_form(&name))
}

struct Check {
    problems: Vec<FieldProblem>,
    today: NaiveDate,
}

impl Check {
    fn credit_code(&mut self, text: &str) -> String {
        match CreditCode::parse(text) {
            Ok(code) => code.into(),
            Err(fault) => {
                self.problems.push(person_problem("/credit_code", fault));
                String::new()
            }
        }
    }

    fn full_name(&mut self, text: &str) -> String {
        full_name(text).unwrap_or_else(|| {
            self.problems.push(name_problem("/full_name"));
            String::new()
        })
    }

    fn known(&mut self, pointer: &str, text: Option<&str>, exists: impl Fn(&str) -> bool) -> Option<String> {
        let code = text?.trim();
        if exists(code) {
            return Some(code.to_owned());
        }
        self.problems.push(FieldProblem::new(
            pointer,
            "unknown_code",
            "没有这个代码，请从列表中选择",
            "There is no such code; choose one from the list",
        ));
        None
    }

    fn address(&mut self, text: Option<&str>) -> Option<String> {
        let address = plain_text(text?, ADDRESS_CHARS_MAX, false).ok();
        if address.is_none() {
            self.problems.push(FieldProblem::new(
                "/address",
                "length",
                format!("应为1至{ADDRESS_CHARS_MAX}个字，且不含控制字符"),
                format!("must have 1 to {ADDRESS_CHARS_MAX} characters and no control characters"),
            ));
        }
        address
    }

    fn real_name(&mut self, text: Option<&str>) -> Option<RealName> {
        match RealName::parse(text?) {
            Ok(name) => Some(name),
            Err(fault) => {
                self.problems.push(person_problem("/legal_representative", fault));
                None
            }
        }
    }

    fn capital(&mut self, fen: Option<i64>) -> Option<i64> {
        let fen = fen?;
        if (0..=AMOUNT_FEN_MAX).contains(&fen) {
            return Some(fen);
        }
        self.problems.push(FieldProblem::new(
            "/registered_capital_fen",
            "range",
            "注册资本应为0至一千亿元（单位：分，整数）",
            "A registered capital is from 0 to 100 billion yuan, in whole fen",
        ));
        None
    }

    fn day(&mut self, day: Option<NaiveDate>) -> Option<NaiveDate> {
        let day = day?;
        if day.year() >= YEAR_MIN && day <= self.today {
            return Some(day);
        }
        self.problems.push(FieldProblem::new(
            "/established_on",
            "range",
            format!("成立日期应在{YEAR_MIN}年之后，且不晚于今天"),
            format!("A day of establishment is not before {YEAR_MIN} and not after today"),
        ));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(change: serde_json::Value) -> Result<Fields> {
        let change: EnterpriseChange = serde_json::from_value(change).unwrap();
        apply(Fields::default(), &change, "2026-11-22T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn fields_are_judged_one_by_one() {
        let good = [
            serde_json::json!({ "credit_code": "91340600ma2pbma74b" }),
            serde_json::json!({ "full_name": " 示例(安徽)有限公司 " }),
            serde_json::json!({ "region": "340600", "industry": "0111" }),
            serde_json::json!({ "region": null, "address": null, "established_on": null }),
            serde_json::json!({ "registered_capital_fen": 0, "established_on": "2026-11-22" }),
        ];
        for change in good {
            assert!(judge(change.clone()).is_ok(), "{change}");
        }
        let bad = [
            serde_json::json!({ "credit_code": "" }),
            serde_json::json!({ "full_name": "一" }),
            serde_json::json!({ "full_name": "一".repeat(101) }),
            serde_json::json!({ "region": "999999" }),
            serde_json::json!({ "industry": "" }),
            serde_json::json!({ "address": "a\u{0}" }),
            serde_json::json!({ "legal_representative": "张3" }),
            serde_json::json!({ "registered_capital_fen": -1 }),
            serde_json::json!({ "established_on": "2026-11-23" }),
            serde_json::json!({ "established_on": "1700-01-01" }),
        ];
        for change in bad {
            assert!(judge(change.clone()).is_err(), "{change}");
        }
        assert_eq!(
            judge(serde_json::json!({ "full_name": "示例(安徽)有限公司" })).unwrap().full_name,
            "示例（安徽）有限公司"
        );
    }
}
