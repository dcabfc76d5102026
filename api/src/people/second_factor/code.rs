//! The codes themselves. A code of the app counts once: the half minute it belongs to is noted, and none of that half minute or
//! before is taken again.

use rand::seq::IndexedRandom;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::store::{self, FactorRow};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// Recovery codes that somebody has.
pub(super) const RECOVERY_CODES: usize = 10;
/// Longest text of a code.
pub(in crate::people) const CODE_CHARS_MAX: usize = 20;
/// Bytes of a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const DIGITS: usize = 6;
const RECOVERY_CHARS: usize = 10;
/// Without letters and digits that look alike.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What proved somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::people) enum Means {
    /// A code of the app.
    App,
    /// A recovery code, which is gone now.
    Recovery,
}

impl Means {
    /// In the audit chain.
    pub const fn key(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Recovery => "recovery_code",
        }
    }
}

/// A new secret.
pub(super) fn new_secret() -> [u8; SECRET_BYTES] {
    rand::random()
}

/// The secret as people type it, base32.
pub(super) fn typed(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// The secret that was stored as people type it.
pub(super) fn from_typed(text: &str) -> Result<Vec<u8>> {
    Ok(Secret::try_from_base32(text).map_err(Error::internal)?.as_bytes().to_vec())
}

/// What an app reads from a picture.
pub(super) fn otpauth(secret: &[u8], brand: &str, login_name: &str) -> Result<String> {
    // the one character that is not allowed in either
    let issuer = brand.replace(':', " ");
    let totp = Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(login_name.replace(':', " "))
        .with_issuer(Some(issuer))
        .build()
        .map_err(Error::internal)?;
    totp.to_url().map_err(Error::internal)
}

fn generator(secret: &[u8]) -> Result<Totp> {
    // SHA-1, six digits, half a minute, one step to either side: what every app does and RFC 6238 allows for clocks that differ
    Builder::new().with_secret(secret.to_vec()).build().map_err(Error::internal)
}

/// The half minute that a code belongs to, if it fits now and is after `last_step`.
fn step(secret: &[u8], code: &str, now_s: i64, last_step: i64) -> Result<Option<i64>> {
    let step = generator(secret)?.check(code, u64::try_from(now_s).unwrap_or_default());
    Ok(step.and_then(|step| i64::try_from(step).ok()).filter(|step| *step > last_step))
}

fn is_of_the_app(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A recovery code as it is compared: people write it in groups and in small letters.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Takes a code that fits, so that it fits no more.
pub(super) async fn take(tx: &TenantTx, row: &FactorRow, given: &str) -> Result<Option<Means>> {
    if is_of_the_app(given) {
        return Ok(take_from_app(tx, row, given).await?.then_some(Means::App));
    }
    let used = store::use_recovery(tx, row.staff_id, hash(tx, row.staff_id, &bare(given))).await?;
    Ok(used.then_some(Means::Recovery))
}

/// Takes a code of the app that fits.
pub(super) async fn take_from_app(tx: &TenantTx, row: &FactorRow, given: &str) -> Result<bool> {
    let secret = from_typed(&store::secret(tx, row)?)?;
    let Some(step) = step(&secret, given, tx.now().timestamp(), row.last_step)? else { return Ok(false) };
    store::note_step(tx, row.staff_id, step).await?;
    Ok(true)
}

fn hash(tx: &TenantTx, staff: Uuid, bare: &str) -> Vec<u8> {
    tx.keys().lookup("recovery_code", &format!("{staff}:{bare}"))
}

/// Gives somebody new recovery codes in place of those they had.
pub(super) async fn new_recovery(tx: &TenantTx, staff: Uuid) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
    let hashes = codes.iter().map(|code| hash(tx, staff, &bare(code))).collect();
    store::replace_recovery(tx, staff, hashes).await?;
    Ok(codes)
}

/// 49 bits, in two groups.
fn recovery_code() -> String {
    let mut random = rand::rng();
    let chars: Vec<char> =
        (0..RECOVERY_CHARS).filter_map(|_| ALPHABET.choose(&mut random).map(|byte| char::from(*byte))).collect();
    let (first, second) = chars.split_at(RECOVERY_CHARS / 2);
    format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (at, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(step(SECRET, code, at, 0).unwrap(), Some(at / 30), "{at}");
        }
        assert_eq!(typed(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(from_typed(&typed(SECRET)).unwrap(), SECRET);
    }

    #[test]
    fn a_code_fits_half_a_minute_to_either_side_and_once() {
        let at = 1_234_567_890;
        for (away, fits) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(step(SECRET, "005924", at + away, 0).unwrap().is_some(), fits, "{away} s");
        }
        let taken = at / 30;
        assert_eq!(step(SECRET, "005924", at, taken).unwrap(), None);
        assert_eq!(step(SECRET, "005924", at, taken - 1).unwrap(), Some(taken));
        for other in ["005925", "05924", "0005924", "", "00592a"] {
            assert_eq!(step(SECRET, other, at, 0).unwrap(), None, "{other}");
        }
    }

    #[test]
    fn recovery_codes_are_written_in_groups_and_read_as_people_type() {
        let code = recovery_code();
        assert_eq!(code.len(), RECOVERY_CHARS + 1);
        assert_eq!(bare(&code.to_lowercase().replace('-', " ")), code.replace('-', ""));
        assert!(!is_of_the_app(&code) && is_of_the_app("005924") && !is_of_the_app("00592４"));
        assert_ne!(recovery_code(), recovery_code());
    }

    #[test]
    fn the_picture_says_whose_it_is() {
        let url = otpauth(SECRET, "示例担保", "zhao").unwrap();
        assert!(url.starts_with("otpauth://totp/") && url.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{url}");
        assert!(url.contains("zhao") && url.contains("issuer="), "{url}");
    }
}
