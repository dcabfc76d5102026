//! A tenant's settings: what each firm decides for itself, with defaults that a careful firm would choose.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::platform::db::TenantTx;

/// Everything a tenant can set. Unknown members are refused, so that a misspelt one is not silently without effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name applicants see.
    #[schema(example = "示例融资担保有限公司", min_length = 1, max_length = 60)]
    pub brand: String,
    /// Signature at the head of SMS, without brackets.
    #[schema(example = "示例担保", min_length = 2, max_length = 12)]
    pub sms_signature: String,
    /// A telephone number for applicants' questions.
    #[schema(example = "000-00000000", max_length = 30)]
    pub service_phone: String,
    /// Version of the privacy notice in force.
    #[schema(example = "2026-01", min_length = 1, max_length = 20)]
    pub privacy_version: String,
    /// The privacy notice.
    #[schema(max_length = 50000)]
    pub privacy_text: String,
    /// Version of the user terms in force.
    #[schema(example = "2026-01", min_length = 1, max_length = 20)]
    pub terms_version: String,
    /// The user terms.
    #[schema(max_length = 50000)]
    pub terms_text: String,
    /// Days that an authorisation to collect data holds.
    #[schema(example = 180, minimum = 1, maximum = 730)]
    pub authorisation_days: u16,
    /// Most drafts one account may hold.
    #[schema(example = 20, minimum = 1, maximum = 100)]
    pub drafts_max: u8,
    /// Most enterprises for which one account may give a consent on one day: whoever needs more is asking around.
    #[schema(example = 5, minimum = 1, maximum = 100)]
    pub consent_enterprises_per_day_max: u8,
    /// Hours after which an upload that was never finished is cleaned up.
    #[schema(example = 24, minimum = 1, maximum = 168)]
    pub upload_hours: u8,
}

impl Settings {
    /// The settings of a new tenant.
    pub fn for_new(brand: &str) -> Self {
        Self {
            brand: brand.to_owned(),
            sms_signature: default_signature(brand),
            service_phone: String::new(),
            privacy_version: "2026-01".into(),
            privacy_text: include_str!("privacy_notice.txt").replace("{brand}", brand),
            terms_version: "2026-01".into(),
            terms_text: include_str!("user_terms.txt").replace("{brand}", brand),
            authorisation_days: 180,
            drafts_max: 20,
            consent_enterprises_per_day_max: 5,
            upload_hours: 24,
        }
    }

    /// Checks lengths and ranges.
    ///
    /// # Errors
    /// Every field that is out of its range.
    pub fn check(&self) -> Result<()> {
        let mut problems = vec![];
        let mut text = |name: &str, value: &str, min: usize, max: usize| {
            if !(min..=max).contains(&value.chars().count()) {
                problems.push(FieldProblem::new(
                    format!("/{name}"),
                    "length",
                    format!("应为{min}至{max}个字"),
                    format!("must have {min} to {max} characters"),
                ));
            }
        };
        text("brand", &self.brand, 1, 60);
        text("sms_signature", &self.sms_signature, 2, 12);
        text("service_phone", &self.service_phone, 0, 30);
        text("privacy_version", &self.privacy_version, 1, 20);
        text("privacy_text", &self.privacy_text, 1, 50_000);
        text("terms_version", &self.terms_version, 1, 20);
        text("terms_text", &self.terms_text, 1, 50_000);
        if self.sms_signature.contains(['【', '】', '[', ']']) {
            let (zh, en) = (
                "请填写不带括号的签名，发送时会自动加上【】",
                "Leave the brackets out; they are added when it is sent",
            );
            problems.push(FieldProblem::new("/sms_signature", "brackets", zh, en));
        }
        if !is_telephone(&self.service_phone) {
            let (zh, en) = (
                "请填写电话号码（数字、空格、+、-和括号），没有可不填",
                "A telephone number has digits, spaces, +, - and parentheses; it may be empty",
            );
            problems.push(FieldProblem::new("/service_phone", "phone_format", zh, en));
        }
        let mut range = |name: &str, value: u16, min: u16, max: u16| {
            if !(min..=max).contains(&value) {
                problems.push(FieldProblem::new(
                    format!("/{name}"),
                    "range",
                    format!("应在{min}至{max}之间"),
                    format!("must be from {min} to {max}"),
                ));
            }
        };
        range("authorisation_days", self.authorisation_days, 1, 730);
        range("drafts_max", self.drafts_max.into(), 1, 100);
        range("consent_enterprises_per_day_max", self.consent_enterprises_per_day_max.into(), 1, 100);
        range("upload_hours", self.upload_hours.into(), 1, 168);
        if problems.is_empty() { Ok(()) } else { Err(Error::fields(problems)) }
    }
}

/// Empty, or at least three digits among what people write between them.
fn is_telephone(text: &str) -> bool {
    let written = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '（' | '）');
    text.is_empty() || (text.chars().all(written) && text.chars().filter(char::is_ascii_digit).count() >= 3)
}

/// What a brand is called in an SMS: without its legal form, and no longer than operators take. The firm's own approved
/// signature replaces it.
fn default_signature(brand: &str) -> String {
    const FORMS: [&str; 3] = ["股份有限公司", "有限责任公司", "有限公司"];
    const CHARS_MAX: usize = 12;
    let name = brand.split(['（', '(']).next().unwrap_or(brand).trim();
    let name = FORMS.iter().find_map(|form| name.strip_suffix(form)).unwrap_or(name);
    let shorter = name.replace("融资性担保", "担保").replace("融资担保", "担保");
    let fits = |name: &&str| (2..=CHARS_MAX).contains(&name.chars().count());
    match [name, shorter.as_str()].into_iter().find(fits) {
        Some(name) => name.to_owned(),
        None => brand.chars().take(CHARS_MAX).collect(),
    }
}

/// The tenant's settings with their version.
///
/// # Errors
/// If the database fails.
pub async fn load(tx: &TenantTx) -> Result<(Settings, i64)> {
    let row = store::find(tx).await?.ok_or_else(|| Error::new(Code::Internal))?;
    Ok((serde_json::from_value(row.body)?, row.version))
}

/// Writes the settings of a new tenant.
///
/// # Errors
/// If the database fails.
pub async fn create(tx: &TenantTx, settings: &Settings) -> Result<()> {
    store::insert(tx, serde_json::to_value(settings)?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_not_cut_in_the_middle_of_a_word() {
        for (brand, signature) in [
            ("示例融资担保有限公司", "示例融资担保"),
            ("示例融资担保股份有限公司", "示例融资担保"),
            ("示例二号融资担保有限公司（示例）", "示例二号融资担保"),
            ("某某省某某市中小企业融资担保有限责任公司", "某某省某某市中小企业担保"),
            ("示例担保", "示例担保"),
        ] {
            assert_eq!(default_signature(brand), signature);
        }
    }

    #[test]
    fn brackets_and_words_in_place_of_a_number_are_refused() {
        let with = |signature: &str, phone: &str| {
            let mut settings = Settings::for_new("示例融资担保有限公司");
            (settings.sms_signature, settings.service_phone) = (signature.into(), phone.into());
            settings.check().is_ok()
        };
        assert!(with("示例担保", "") && with("示例担保", "0571-00000000") && with("示例担保", "+86 (571) 0000"));
        assert!(!with("【示例担保】", "") && !with("示例担保", "电话") && !with("示例担保", "--"));
    }
}
