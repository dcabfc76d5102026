//! A mail is built by structure, never by joining lines, so that no name or subject can add a header of its own.
use super::{Mail, SendError};
use crate::platform::outside::Clock;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::{Address, message::SinglePart};

/// Longest subject, in characters.
const SUBJECT_CHARS_MAX: usize = 200;
/// Largest body, in bytes.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// `zhang@example.com` → `z***@example.com`; anything else shows nothing.
#[must_use]
pub fn mask_address(address: &str) -> String {
    match (address.chars().next(), address.rsplit_once('@')) {
        (Some(first), Some((local, domain))) if !local.is_empty() && !domain.is_empty() => {
            format!("{first}***@{domain}")
        }
        _ => "***".to_owned(),
    }
}

/// Refuses what no server should be asked to take.
pub(super) fn check(mail: &Mail) -> Result<Address, SendError> {
    let address = mail.to.parse::<Address>();
    let address = address.map_err(|_| SendError::permanent("invalid_address", "not a mail address"))?;
    let subject_chars = mail.subject.chars().count();
    if mail.subject.chars().any(char::is_control) || subject_chars == 0 || subject_chars > SUBJECT_CHARS_MAX {
        return Err(SendError::permanent("invalid_subject", "a subject is one line of at most 200 characters"));
    }
    if mail.text.len() > TEXT_BYTES_MAX {
        return Err(SendError::permanent("text_too_large", "a mail is at most 256 KiB"));
    }
    Ok(address)
}

/// The message as it goes over the wire, and its Message-ID.
pub(super) fn compose(mail: &Mail, from: &Mailbox, clock: &Clock) -> Result<(Message, String), SendError> {
    let to = check(mail)?;
    let id = format!("<{:032x}@{}>", rand::random::<u128>(), from.email.domain());
    // RFC 3834: keeps absence notices from answering
    let auto_submitted =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.as_str())
        .message_id(Some(id.clone()))
        .date(clock().into())
        .raw_header(auto_submitted)
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.clone()))
        .map_err(|error| SendError::permanent("mail_not_built", &error.to_string()))?;
    Ok((message, id))
}
