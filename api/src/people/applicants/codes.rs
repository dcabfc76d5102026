//! SMS codes: six digits that hold for five minutes and five tries. How often one may be sent bounds both what pumping
//! costs and what guessing wins: ten codes a day with five tries each are 5·10⁻⁵ per day and phone.

use chrono::{DateTime, Duration, Utc};
use domain::person::Phone;
use uuid::Uuid;

use super::store;
use crate::error::{Code, Error, Result};
use crate::messages::{self, Notice};
use crate::platform::db::TenantTx;

/// How long a code holds, seconds.
pub(super) const LIFETIME_S: i64 = 300;
/// Wait between two codes to one phone, seconds.
pub(super) const AGAIN_S: i64 = 60;
const TRIES_MAX: i32 = 5;
const DAY_S: i64 = 86_400;
/// Codes to one phone in any period of so many seconds.
const LIMITS: [(usize, i64); 3] = [(1, AGAIN_S), (5, 3600), (10, DAY_S)];
/// How long codes are kept after they were made: the longest of the limits looks back so far, and a clock that lags
/// behind another a little further.
const KEPT_S: i64 = DAY_S + 3600;

/// The keyed hash that a phone is found by.
pub(super) fn phone_hash(tx: &TenantTx, phone: &Phone) -> Vec<u8> {
    tx.keys().lookup("phone", phone.expose())
}

fn code_hash(tx: &TenantTx, id: Uuid, code: &str) -> Vec<u8> {
    tx.keys().lookup("sms_code", &format!("{id}:{code}"))
}

/// Queues a new code to `phone`; the one before no longer counts. It never asks whether there is an account, so the
/// work and the answer are the same either way.
///
/// # Errors
/// `sms_too_often` with the seconds to wait, also where the firm's day is spent; then nothing may be committed.
pub(super) async fn send(tx: &TenantTx, phone: &Phone, tenant_per_day: i64) -> Result<()> {
    // The day's counter is also the lock: of two requests at once the second waits and sees the first one's code.
    if let Some(midnight) = messages::count_sms(tx, tenant_per_day).await? {
        return Err(too_often(seconds_until(midnight, tx.now())).detail(
            "该机构今天的短信已达上限，请明天再试。",
            "This firm has sent as many messages as it may in a day; try again tomorrow.",
        ));
    }
    let hash = phone_hash(tx, phone);
    let sent = store::sent_since(tx, &hash, tx.now() - Duration::seconds(DAY_S)).await?;
    if let Some(wait_s) = wait_s(&sent, tx.now()) {
        return Err(too_often(wait_s));
    }
    store::void_codes(tx, &hash).await?;
    let (id, code) = (Uuid::now_v7(), format!("{:06}", rand::random_range(0..1_000_000u32)));
    store::insert_code(tx, id, hash, code_hash(tx, id, &code), tx.now() + Duration::seconds(LIFETIME_S)).await?;
    let notice = Notice {
        event: "login_code",
        dedupe_key: format!("login_code/{id}"),
        application: None,
        values: vec![("code", code), ("minutes", (LIFETIME_S / 60).to_string())],
    };
    messages::send_sms(tx, phone, &notice).await
}

/// Whether `code` is the one that was sent to the phone. A wrong try is counted, so the transaction must be committed
/// either way; the right one works once.
///
/// # Errors
/// If the database fails.
pub(super) async fn redeem(tx: &TenantTx, phone_hash: &[u8], code: &str) -> Result<bool> {
    let Some(row) = store::lock_live_code(tx, phone_hash).await? else { return Ok(false) };
    let tries = row.tries.saturating_add(1);
    let offered = code_hash(tx, row.id, code);
    let right = aws_lc_rs::constant_time::verify_slices_are_equal(&offered, &row.code_hash).is_ok();
    store::count_try(tx, row.id, tries, right || tries >= TRIES_MAX).await?;
    Ok(right)
}

/// Removes at most `rows_max` codes that neither work nor count towards a limit any more; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_codes(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    store::delete_codes(tx, tx.now() - Duration::seconds(KEPT_S), rows_max).await
}

fn too_often(wait_s: u64) -> Error {
    let detail = (format!("请{wait_s}秒后再试。"), format!("Try again in {wait_s} seconds."));
    Error::new(Code::SmsTooOften).detail(detail.0, detail.1).retry_after(wait_s)
}

fn seconds_until(at: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    let us = (at - now).num_microseconds().unwrap_or(0).max(0);
    u64::try_from(us).unwrap_or(0).div_ceil(1_000_000).max(1)
}

/// Seconds until the next code may be sent; `sent` are the instants of the codes so far, latest first.
fn wait_s(sent: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<u64> {
    LIMITS
        .iter()
        .filter_map(|(count, window_s)| {
            let free_at = *sent.get(count.checked_sub(1)?)? + Duration::seconds(*window_s);
            (free_at > now).then(|| seconds_until(free_at, now))
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_minute_five_an_hour_ten_a_day() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ago = |seconds: &[i64]| seconds.iter().map(|s| now - Duration::seconds(*s)).collect::<Vec<_>>();
        let rows: &[(&[i64], Option<u64>)] = &[
            (&[], None),
            (&[0], Some(60)),
            (&[59], Some(1)),
            (&[60], None),
            (&[60, 120, 180, 240], None),
            (&[60, 120, 180, 240, 300], Some(3300)),
            (&[60, 120, 180, 240, 3600], None),
            (&[4000, 4100, 4200, 4300, 4400, 9000, 9100, 9200, 9300, 80_000], Some(6400)),
            (&[4000, 4100, 4200, 4300, 4400, 9000, 9100, 9200, 9300, 86_400], None),
        ];
        for (sent, expected) in rows {
            assert_eq!(wait_s(&ago(sent), now), *expected, "{sent:?}");
        }
    }

    #[test]
    fn a_thousand_asks_never_pass_a_limit() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut sent: Vec<DateTime<Utc>> = vec![];
        for step in 0..1000 {
            let now = start + Duration::seconds(step * 37);
            let recent: Vec<_> = sent.iter().rev().copied().filter(|at| *at > now - Duration::days(1)).collect();
            if wait_s(&recent, now).is_none() {
                sent.push(now);
            }
        }
        for at in &sent {
            for (count, window_s) in LIMITS {
                let within = sent.iter().filter(|s| **s <= *at && **s > *at - Duration::seconds(window_s)).count();
                assert!(within <= count, "{within} in {window_s} s");
            }
        }
        assert_eq!(sent.len(), 10);
    }
}
