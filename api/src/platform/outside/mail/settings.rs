//! What the firm's mail server needs, and a check that names everything missing before the first mail is due.
use crate::platform::outside::setting::{is_loopback, require};
use crate::platform::outside::{Secret, SettingProblem};
use lettre::message::Mailbox;

/// How mail leaves.
#[derive(Debug, Clone, Default)]
pub enum MailSettings {
    /// Into the log; on loopback only.
    #[default]
    Print,
    /// To the firm's server.
    Smtp(SmtpSettings),
}

/// How the connection to the mail server is protected. There is no "if offered": whoever sits between could then take
/// the offer away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailTls {
    /// Plain text; to a server on this machine only.
    None,
    /// Plain first, then `STARTTLS`, refused without it; usually port 587.
    Starttls,
    /// TLS from the first byte; usually port 465.
    #[default]
    Implicit,
}

/// A mail server and an account on it.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server's name, which its certificate must bear.
    pub host: String,
    /// 465, 587 or the server's own.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// The account; empty for a server that asks for none.
    pub username: String,
    /// The account's password or authorisation code 授权码.
    pub password: Secret,
    /// The sender: an address, or `智担 <no-reply@example.com>`.
    pub from: String,
}

impl Default for SmtpSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            tls: MailTls::default(),
            username: String::new(),
            password: Secret::default(),
            from: String::new(),
        }
    }
}

impl MailSettings {
    /// Names all that is missing. `loopback`: the server listens on this machine only.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn validate(&self, loopback: bool) -> Result<(), Vec<SettingProblem>> {
        let mut problems = Vec::new();
        match self {
            Self::Print if loopback => {}
            Self::Print => problems.push(SettingProblem::new(
                "mail.host",
                "the mail server: links are printed only when the server listens on loopback",
            )),
            Self::Smtp(smtp) => smtp.collect(&mut problems),
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl SmtpSettings {
    fn collect(&self, problems: &mut Vec<SettingProblem>) {
        require(problems, "mail.host", &self.host, "the name of the mail server");
        if self.port == 0 {
            problems.push(SettingProblem::new("mail.port", "a port, usually 465 or 587"));
        }
        if self.tls == MailTls::None && !is_loopback(&self.host) {
            problems
                .push(SettingProblem::new("mail.tls", "implicit or starttls for a server that is not on this machine"));
        }
        if !self.username.is_empty() {
            require(problems, "mail.password", self.password.reveal(), "the password of mail.username");
        }
        if let Err(problem) = self.sender() {
            problems.push(problem);
        }
    }

    /// The sender, parsed.
    pub(super) fn sender(&self) -> Result<Mailbox, SettingProblem> {
        let expected = "a sender such as 智担 <no-reply@example.com>";
        self.from.parse().map_err(|_| SettingProblem::new("mail.from", expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_all_that_is_missing() {
        let keys = |settings: MailSettings, loopback| -> Vec<String> {
            let problems = settings.validate(loopback).err().unwrap_or_default();
            problems.iter().map(SettingProblem::variable).collect()
        };
        let good =
            SmtpSettings {
                host: "mail.example.com".into(), from: "智担 <a@example.com>".into(), ..Default::default()
            };
        assert!(keys(MailSettings::Print, true).is_empty());
        assert_eq!(keys(MailSettings::Print, false), ["ZHIDAN_MAIL__HOST"]);
        assert!(keys(MailSettings::Smtp(good.clone()), false).is_empty());
        assert_eq!(
            keys(MailSettings::Smtp(SmtpSettings { port: 0, ..Default::default() }), true),
            ["ZHIDAN_MAIL__HOST", "ZHIDAN_MAIL__PORT", "ZHIDAN_MAIL__FROM"]
        );
        let clear = SmtpSettings { tls: MailTls::None, username: "a".into(), from: "a\r\nBcc: b@c.d".into(), ..good };
        assert_eq!(
            keys(MailSettings::Smtp(clear), true),
            ["ZHIDAN_MAIL__TLS", "ZHIDAN_MAIL__PASSWORD", "ZHIDAN_MAIL__FROM"]
        );
    }
}
