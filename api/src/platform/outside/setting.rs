//! Start-up names every wrong setting at once, so validation collects problems instead of stopping at the first.
use std::fmt;

/// One setting that is missing or wrong, and what would be right. The value itself is never repeated: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// Section and key, as in `sms.secret_id`.
    pub key: String,
    /// What is expected, as a phrase that completes "expected …".
    pub expected: String,
}

impl SettingProblem {
    /// A problem with the setting `key`.
    pub fn new(key: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { key: key.into(), expected: expected.into() }
    }

    /// The environment variable that sets it: `sms.secret_id` is `ZHIDAN_SMS__SECRET_ID`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("ZHIDAN_{}", self.key.replace('.', "__").to_uppercase())
    }
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.variable(), self.expected)
    }
}

/// Notes a problem when a required text is blank.
pub(super) fn require(problems: &mut Vec<SettingProblem>, key: &str, value: &str, expected: &str) {
    if value.trim().is_empty() {
        problems.push(SettingProblem::new(key, expected));
    }
}

/// Whether `host` names this machine only, where plain text on the wire stays inside it.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_variable() {
        let problem = SettingProblem::new("sms.secret_id", "the SecretId of the Tencent Cloud account");
        assert_eq!(problem.to_string(), "ZHIDAN_SMS__SECRET_ID: expected the SecretId of the Tencent Cloud account");
    }

    #[test]
    fn loopback_hosts() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST", true),
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("::1", true),
            ("10.0.0.1", false),
            ("localhost.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
