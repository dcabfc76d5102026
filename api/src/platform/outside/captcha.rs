//! What keeps programs from having SMS sent: a challenge that costs the asker some work. The product brings one of its own, which
//! needs nobody else and tracks nobody; an operator's provider is another implementation of the same trait.

use std::net::IpAddr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::platform::keys::TenantKeys;

/// How long a challenge may be worked on, seconds.
const LIFETIME_S: i64 = 600;
/// Longest answer that is looked at, bytes.
const ANSWER_BYTES_MAX: usize = 2_048;
const ALGORITHM: &str = "SHA-256";

/// What is asked of somebody who wants an SMS.
#[derive(Clone, Debug, Serialize)]
pub struct Challenge {
    /// Of which kind: SHA-256.
    pub algorithm: &'static str,
    /// The hash to be met, hexadecimal.
    pub challenge: String,
    /// What stands before the number that is looked for.
    pub salt: String,
    /// The largest number that it can be.
    pub max_number: u32,
    /// That the challenge is ours, hexadecimal.
    pub signature: String,
}

/// An answer that is right; each counts once.
#[derive(Debug)]
pub struct Proof {
    /// What tells it from every other.
    pub mark: Vec<u8>,
    /// Until when it must be remembered.
    pub until: DateTime<Utc>,
}

/// Why an answer does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none.
    Needed,
    /// It is not right, or to no challenge of ours.
    Wrong,
    /// It took too long.
    Expired,
    /// Its provider cannot be reached.
    Unreachable,
}

/// Asks for work, and looks at what came of it.
#[async_trait::async_trait]
pub trait Captcha: Send + Sync {
    /// A challenge of a firm; none where the provider's own page makes them.
    fn challenge(&self, keys: &TenantKeys, now: DateTime<Utc>) -> Option<Challenge>;

    /// Looks at an answer.
    ///
    /// # Errors
    /// Why it does not count.
    async fn check(&self, keys: &TenantKeys, now: DateTime<Utc>, answer: &str, from: IpAddr) -> Result<Proof, Fault>;
}

/// The product's own: a number is looked for whose hash behind a salt is given, as ALTCHA (altcha.org) asks for it, so that its
/// widgets can be used. It takes as many tries as half of `max_number` on average.
pub struct Work {
    max_number: u32,
}

impl Work {
    /// One of this difficulty.
    pub fn new(max_number: u32) -> Self {
        Self { max_number }
    }
}

/// An answer: base64 of this as JSON.
#[derive(Deserialize)]
struct Answer {
    algorithm: String,
    challenge: String,
    number: u64,
    salt: String,
    signature: String,
}

fn hash(salt: &str, number: u64) -> String {
    hex::encode(Sha256::digest(format!("{salt}{number}")))
}

fn sign(keys: &TenantKeys, challenge: &str) -> Vec<u8> {
    keys.lookup("captcha", challenge)
}

/// Until when a salt may be answered.
fn until(salt: &str) -> Option<DateTime<Utc>> {
    let (_, until) = salt.split_once("?expires=")?;
    DateTime::from_timestamp(until.trim_end_matches('&').parse().ok()?, 0)
}

#[async_trait::async_trait]
impl Captcha for Work {
    fn challenge(&self, keys: &TenantKeys, now: DateTime<Utc>) -> Option<Challenge> {
        let until = (now + Duration::seconds(LIFETIME_S)).timestamp();
        let salt = format!("{}?expires={until}&", hex::encode(rand::random::<[u8; 12]>()));
        let number = rand::random_range(0..=self.max_number);
        let challenge = hash(&salt, number.into());
        let signature = hex::encode(sign(keys, &challenge));
        Some(Challenge { algorithm: ALGORITHM, challenge, salt, max_number: self.max_number, signature })
    }

    async fn check(&self, keys: &TenantKeys, now: DateTime<Utc>, answer: &str, _: IpAddr) -> Result<Proof, Fault> {
        if answer.is_empty() {
            return Err(Fault::Needed);
        }
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(Fault::Wrong);
        }
        let bytes = STANDARD.decode(answer).map_err(|_| Fault::Wrong)?;
        let said: Answer = serde_json::from_slice(&bytes).map_err(|_| Fault::Wrong)?;
        let signature = hex::decode(&said.signature).map_err(|_| Fault::Wrong)?;
        let is_ours = verify_slices_are_equal(&sign(keys, &said.challenge), &signature).is_ok();
        if !is_ours || said.algorithm != ALGORITHM || hash(&said.salt, said.number) != said.challenge {
            return Err(Fault::Wrong);
        }
        let until = until(&said.salt).ok_or(Fault::Wrong)?;
        if until <= now {
            return Err(Fault::Expired);
        }
        Ok(Proof { mark: Sha256::digest(&said.challenge).to_vec(), until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::keys::MasterKey;
    use serde_json::json;
    use uuid::Uuid;

    fn keys(tenant: u128) -> TenantKeys {
        let (master, tenant) = (MasterKey::from_hex(&"11".repeat(32)).unwrap(), Uuid::from_u128(tenant));
        master.unwrap_keys(tenant, &master.new_wrapped_keys(tenant).unwrap(), 1).unwrap()
    }

    fn solved(challenge: &Challenge) -> serde_json::Value {
        let number = (0..=u64::from(challenge.max_number)).find(|n| hash(&challenge.salt, *n) == challenge.challenge);
        json!({
            "algorithm": challenge.algorithm, "challenge": challenge.challenge, "number": number.unwrap(),
            "salt": challenge.salt, "signature": challenge.signature,
        })
    }

    #[actix_web::test]
    async fn an_answer_counts_only_to_a_challenge_of_the_firm_and_in_time() {
        let (work, now) = (Work::new(500), DateTime::from_timestamp(1_790_000_000, 0).unwrap());
        let (ours, others) = (keys(1), keys(2));
        let here = IpAddr::from([127, 0, 0, 1]);
        let challenge = work.challenge(&ours, now).unwrap();
        let answer = solved(&challenge);
        let packed = |answer: &serde_json::Value| STANDARD.encode(answer.to_string());
        let proof = work.check(&ours, now, &packed(&answer), here).await.unwrap();
        assert_eq!(proof.until, now + Duration::seconds(LIFETIME_S));
        let fault = async |keys: &TenantKeys, at, text: &str| work.check(keys, at, text, here).await.unwrap_err();
        assert_eq!(fault(&others, now, &packed(&answer)).await, Fault::Wrong);
        assert_eq!(fault(&ours, proof.until, &packed(&answer)).await, Fault::Expired);
        assert_eq!(fault(&ours, now, "").await, Fault::Needed);
        // a later end would be another salt, and so another challenge
        let longer = challenge.salt.replace("?expires=17", "?expires=27");
        assert_ne!(longer, challenge.salt);
        for (member, value) in [
            ("salt", json!(longer)),
            ("number", json!(501)),
            ("algorithm", json!("SHA-1")),
            ("signature", json!("00")),
            ("challenge", json!("00")),
        ] {
            let mut bent = answer.clone();
            bent[member] = value;
            assert_eq!(fault(&ours, now, &packed(&bent)).await, Fault::Wrong, "{member}");
        }
        for text in ["=", "bm8=", &"a".repeat(3_000)] {
            assert_eq!(fault(&ours, now, text).await, Fault::Wrong);
        }
    }
}
