//! What is typed about a source.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::devices::words::{FormatWord, VerificationWord};
use crate::error::Result;
use crate::platform::http::Checks;

/// Most characters of a name.
const NAME_CHARS_MAX: usize = 60;
/// Fewest characters of a secret that a platform has issued.
const SECRET_CHARS_MIN: usize = 16;
/// Most of them.
const SECRET_CHARS_MAX: usize = 128;
/// Longest that a secret goes on holding beside the one that took its place, hours: a week.
const PREVIOUS_HOURS_MAX: u16 = 168;

/// A new source.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    /// Its name.
    #[schema(example = "车间网关", min_length = 1, max_length = 60)]
    pub name: String,
    /// Whose messages it sends.
    pub format: FormatWord,
    /// How it proves that a message is its own.
    pub verification: VerificationWord,
    /// The zone of times that are said without one: `Asia/Shanghai` (if not said), `UTC` or an offset such as `+06:00`.
    #[schema(example = "Asia/Shanghai", max_length = 20)]
    pub zone: Option<String>,
    /// The secret, where the platform behind it issues one (Tuya's access secret, say); else one is made. 16 to 128 ASCII
    /// characters without blanks.
    #[schema(min_length = 16, max_length = 128)]
    pub secret: Option<String>,
}

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceChange {
    /// Its name.
    #[schema(example = "车间网关", min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// The zone of times that are said without one.
    #[schema(example = "Asia/Shanghai", max_length = 20)]
    pub zone: Option<String>,
    /// Whether its messages are taken in.
    pub active: Option<bool>,
}

/// How a new secret takes the place of the old one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretRotation {
    /// For how many hours the old one goes on holding beside the new: 0 ends it at once, for one that is known to others.
    #[schema(example = 24, minimum = 0, maximum = 168)]
    pub previous_hours: u16,
    /// The secret, where the platform behind the source issues one; else one is made.
    #[schema(min_length = 16, max_length = 128)]
    pub secret: Option<String>,
}

/// A name that can be a source's.
pub(super) fn name(checks: &mut Checks, text: &str) -> String {
    checks.line("/name", text, NAME_CHARS_MAX)
}

/// A zone as it is stored.
pub(super) fn zone(checks: &mut Checks, text: Option<&str>) -> String {
    let zone = text.map_or(Ok(TenantZone::default()), TenantZone::parse).unwrap_or_else(|_| {
        let (zh, en) =
            ("应为Asia/Shanghai、UTC或+08:00这样的时差", "is Asia/Shanghai, UTC or an offset such as +08:00");
        checks.problem("/zone", "zone", zh, en);
        TenantZone::default()
    });
    zone.to_string()
}

/// The secret that was given, or a fresh one.
pub(super) fn secret(checks: &mut Checks, given: Option<&str>) -> String {
    let Some(given) = given else { return URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()) };
    let fits = (SECRET_CHARS_MIN..=SECRET_CHARS_MAX).contains(&given.len());
    if !fits || !given.bytes().all(|b| b.is_ascii_graphic()) {
        let (zh, en) = ("应为16至128个不含空格的ASCII字符", "has 16 to 128 ASCII characters without blanks");
        checks.problem("/secret", "secret", zh, en);
    }
    given.to_owned()
}

impl SecretRotation {
    /// The secret to hold from now on.
    pub(super) fn check(&self) -> Result<String> {
        let mut checks = Checks::new();
        if self.previous_hours > PREVIOUS_HOURS_MAX {
            checks.problem("/previous_hours", "range", "应在0到168之间", "is 0 to 168");
        }
        let secret = secret(&mut checks, self.secret.as_deref());
        checks.done()?;
        Ok(secret)
    }
}
