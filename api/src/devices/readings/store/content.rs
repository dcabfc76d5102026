//! A hash of what a reading says. Platforms send what one instant says in several messages (one for each quantity, say), and
//! nothing tells these apart but their content. As part of the key it makes the table a set: whatever comes, in whatever
//! order and however often, the same rows are there in the end. 32 bits do, since it only tells apart what one socket says
//! at one instant.

use domain::devices::reading::{Energy, Reading};
use sha2::{Digest, Sha256};

/// The hash; it must never change, since rows carry it.
pub(super) fn hash(reading: &Reading) -> i32 {
    let digest = Sha256::digest(bytes(reading));
    match digest.first_chunk::<4>() {
        Some(first) => i32::from_be_bytes(*first),
        None => 0,
    }
}

/// Everything but when, each value after a byte that says whether it is there.
pub(in crate::devices) fn bytes(reading: &Reading) -> Vec<u8> {
    let (total, added) = match reading.energy {
        Some(Energy::Total(mwh)) => (Some(mwh), None),
        Some(Energy::Added(mwh)) => (None, Some(mwh)),
        None => (None, None),
    };
    let flag = |value: Option<bool>| value.map(i64::from);
    let values = [
        reading.power_mw,
        reading.voltage_mv,
        reading.current_ma,
        total,
        added,
        flag(reading.relay_on),
        flag(reading.online),
    ];
    let mut all = Vec::with_capacity(9 * values.len());
    for value in values {
        all.push(u8::from(value.is_some()));
        all.extend(value.unwrap_or_default().to_be_bytes());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_something_else_has_another_hash_and_the_same_keeps_its_own() {
        let nothing = Reading::at(chrono::DateTime::UNIX_EPOCH);
        let said = [
            nothing,
            Reading { power_mw: Some(0), ..nothing },
            Reading { power_mw: Some(1), ..nothing },
            Reading { voltage_mv: Some(1), ..nothing },
            Reading { current_ma: Some(1), ..nothing },
            Reading { energy: Some(Energy::Total(1)), ..nothing },
            Reading { energy: Some(Energy::Added(1)), ..nothing },
            Reading { relay_on: Some(false), ..nothing },
            Reading { relay_on: Some(true), ..nothing },
            Reading { online: Some(true), ..nothing },
        ];
        let mut hashes: Vec<i32> = said.iter().map(hash).collect();
        // as rows have it
        assert_eq!(hashes.get(2).copied(), Some(PINNED));
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), said.len());
    }

    /// Of one milliwatt, worked out apart from this code.
    const PINNED: i32 = 327_810_327;
}
