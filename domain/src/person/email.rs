//! An e-mail address, checked only as far as a wrong one is surely wrong: whether it exists is known when mail arrives.

use super::{PersonFault, never_printed};
use crate::words::half_width;

/// Most characters of an address (RFC 5321 path limit less the angle brackets).
pub const EMAIL_CHARS_MAX: usize = 254;

/// An e-mail address with an ASCII local part and a domain of at least two labels; the domain is lower-cased.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

never_printed!(EmailAddress);

impl EmailAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`PersonFault::EmailLength`] or [`PersonFault::Email`].
    pub fn parse(text: &str) -> Result<Self, PersonFault> {
        let text = half_width(text.trim());
        if text.chars().nth(EMAIL_CHARS_MAX).is_some() {
            return Err(PersonFault::EmailLength);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(PersonFault::Email)?;
        let domain = domain.to_ascii_lowercase();
        if local_is_sane(local) && domain_is_sane(&domain) {
            Ok(Self(format!("{local}@{domain}")))
        } else {
            Err(PersonFault::Email)
        }
    }

    /// The address in clear: for encryption and sending, never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first character and the domain: `z***@example.com`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        let first: String = local.chars().take(1).collect();
        format!("{first}***@{domain}")
    }
}

fn local_is_sane(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
        && local.split('.').all(|part| !part.is_empty())
}

fn domain_is_sane(domain: &str) -> bool {
    let label_is_sane = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top_is_a_word = domain.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    domain.contains('.') && top_is_a_word && domain.split('.').all(label_is_sane)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_judged() {
        let rows: &[(&str, Option<&str>)] = &[
            ("Zhang.San@Example.COM", Some("Zhang.San@example.com")),
            (" a+b@mail.example.cn ", Some("a+b@mail.example.cn")),
            ("ｚ＠example.com", Some("z@example.com")),
            ("a@b", None),
            ("a@1.2.3.4", None),
            ("a b@example.com", None),
            ("a@@example.com", None),
            (".a@example.com", None),
            ("a..b@example.com", None),
            ("a@-example.com", None),
            ("a@example..com", None),
            ("a@example.com\r\nBcc: b@example.com", None),
            ("张三@example.com", None),
            ("@example.com", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(EmailAddress::parse(text).ok().as_ref().map(EmailAddress::expose), *expected, "{text:?}");
        }
        assert_eq!(EmailAddress::parse(&"a".repeat(255)), Err(PersonFault::EmailLength));
    }

    #[test]
    fn first_character_and_domain_show() {
        let email = EmailAddress::parse("zhang@example.com").unwrap();
        assert_eq!(email.masked(), "z***@example.com");
        assert_eq!(format!("{email:?}"), "EmailAddress(***)");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,80}") {
            let _ = EmailAddress::parse(&text).map(|email| email.masked());
        }
    }
}
