//! How an evaluation is kept: its inputs by id and hash, and its result whole. A person's facts and the sentences that
//! quote them are personal data and are sealed; what an enterprise's evaluation holds is not.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use domain::assessments::admission::{Decision, SourceKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::data::UsedPull;
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// What an evaluation rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// Round of collection; 0 for a person.
    pub(super) round: i32,
    /// The authorisation it was evaluated under.
    pub(super) authorisation: Option<Uuid>,
    /// Its date.
    pub(super) as_of: NaiveDate,
    /// The scorecard.
    pub(super) scorecard: Uuid,
    /// Its version.
    pub(super) scorecard_version: i64,
    /// The pulls with their hashes.
    pub(super) pulls: Vec<UsedPull>,
    /// Sources that the authorisation did not name.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) withheld: BTreeSet<SourceKind>,
    /// The enterprise's name as the application stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stated_name: Option<String>,
    /// A person's facts, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) facts: Option<Sealed>,
}

impl Inputs {
    /// SHA-256 over the inputs in the order of their members.
    pub(super) fn hash(&self) -> Result<Vec<u8>> {
        Ok(Sha256::digest(serde_json::to_vec(self)?).to_vec())
    }
}

/// Ciphertext inside JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed {
    sealed: String,
}

impl Sealed {
    /// Seals a value for one place of one row.
    pub(super) fn new<T: Serialize>(tx: &TenantTx, place: &str, row: Uuid, value: &T) -> Result<Self> {
        Ok(Self { sealed: STANDARD.encode(tx.seal_json(place, row, value)?) })
    }

    /// Opens it.
    pub(super) fn open<T: DeserializeOwned>(&self, tx: &TenantTx, place: &str, row: Uuid) -> Result<T> {
        tx.open_json(place, row, &STANDARD.decode(&self.sealed).map_err(Error::internal)?)
    }
}

/// Where a person's facts are sealed.
pub(super) const FACTS: &str = "assessments.inputs";
/// Where a person's result is sealed.
pub(super) const RESULT: &str = "assessments.result";

/// The stored word of a decision.
pub(super) const fn outcome_word(decision: Decision) -> &'static str {
    match decision {
        Decision::Accept => "accept",
        Decision::Review => "review",
        Decision::Refuse => "refuse",
    }
}

/// The decision of a stored word; anything else is for a person to look at.
pub(super) fn outcome_of(word: &str) -> Decision {
    match word {
        "accept" => Decision::Accept,
        "refuse" => Decision::Refuse,
        _ => Decision::Review,
    }
}
