//! argon2id (19 MiB, two passes, one lane: OWASP's first choice), off the event loop and at most two at once, so that
//! many log-ins neither stall other requests nor fill the memory.

use std::sync::atomic::Ordering;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::app::App;
use crate::error::{Code, Error, Result};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes computed at once.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Longest wait for a turn.
const TURN_WAIT_MAX: Duration = Duration::from_secs(10);
/// Longest password, characters.
pub(super) const CHARS_MAX: usize = 128;

fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| anyhow::anyhow!("argon2 parameters: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> anyhow::Result<String> {
    let hash = hasher()?.hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(hash.to_string())
}

/// What is verified where there is no account, so that it takes as long: random bytes in the form of a hash of today's
/// parameters, so no password is known to fit, and the first to ask waits no longer than the next.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$tFKBtMxsSeOnzOOugwGyEA$mlP36GqmjruH978Za7zCpO+bl43CdpSwVb7LOtzHhso";

fn verify_now(password: &str, stored: Option<&str>) -> anyhow::Result<bool> {
    let hash = PasswordHash::new(stored.unwrap_or(NOBODY)).map_err(|e| anyhow::anyhow!("stored password hash: {e}"))?;
    Ok(hasher()?.verify_password(password.as_bytes(), &hash).is_ok() && stored.is_some())
}

async fn turn() -> Result<SemaphorePermit<'static>> {
    match tokio::time::timeout(TURN_WAIT_MAX, AT_ONCE.acquire()).await {
        Ok(permit) => permit.map_err(Error::internal),
        Err(_) => Err(Error::new(Code::TooManyRequests).retry_after(TURN_WAIT_MAX.as_secs())),
    }
}

/// Hashes a new password.
///
/// # Errors
/// `too_many_requests` where too many wait.
pub(super) async fn hash(password: String) -> Result<String> {
    let _turn = turn().await?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(Error::internal)?.map_err(Error::from)
}

/// Whether `password` is the stored one. With nothing stored it does the same work and says no.
///
/// # Errors
/// `too_many_requests` where too many wait.
pub(super) async fn verify(app: &App, password: String, stored: Option<String>) -> Result<bool> {
    let _turn = turn().await?;
    app.password_checks.fetch_add(1, Ordering::Relaxed);
    metrics::counter!("zhidan_password_checks_total").increment(1);
    tokio::task::spawn_blocking(move || verify_now(&password, stored.as_deref()))
        .await
        .map_err(Error::internal)?
        .map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits() {
        let stored = hash_now("一匹绿色的马在跑步机上").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_now("一匹绿色的马在跑步机上", Some(&stored)).unwrap());
        assert!(!verify_now("一匹绿色的马在跑步机", Some(&stored)).unwrap());
        assert!(!verify_now("anything", None).unwrap());
        let start = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(start(NOBODY), start(&stored), "nobody's hash costs what a real one costs");
        assert!(verify_now("anything", Some("not a hash")).is_err());
    }
}
