//! A phone number is personal data: it is checked before it goes out and masked before anyone reads it.
use super::SendError;

/// `13812345612` → `138******12`; anything that is not eleven digits shows nothing at all.
#[must_use]
pub fn mask_phone(phone: &str) -> String {
    match (phone.get(..3), phone.get(9..)) {
        (Some(first), Some(last)) if phone.len() == 11 && phone.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{first}******{last}")
        }
        _ => "***".to_owned(),
    }
}

/// Refuses what is not a mobile number of mainland China (eleven digits, 13… to 19…) before an operator charges for it.
pub(super) fn check(phone: &str) -> Result<(), SendError> {
    let bytes = phone.as_bytes();
    let mobile = bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && bytes[1] >= b'3';
    if mobile { Ok(()) } else { Err(SendError::permanent("invalid_phone", "not a mobile number of mainland China")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_and_checks() {
        for (phone, masked, ok) in [
            ("13812345612", "138******12", true),
            ("19900000000", "199******00", true),
            ("12012345612", "120******12", false),
            ("1381234561", "***", false),
            ("138123456123", "***", false),
            ("+8613812345612", "***", false),
            ("1381234561x", "***", false),
            ("一三八", "***", false),
            ("", "***", false),
        ] {
            assert_eq!(mask_phone(phone), masked);
            assert_eq!(check(phone).is_ok(), ok, "{phone}");
        }
    }
}
