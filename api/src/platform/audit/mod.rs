//! The audit chain: each tenant's changes in order, each row holding the keyed hash of the one before it. The detail is
//! sealed first and the chain runs over the ciphertext, so that erasing a key does not break it. Whoever can write the
//! database can still cut a tail off; heads that are kept elsewhere show that ([`verify`]).

mod erase;
mod printed;
mod verify;

pub use erase::erase_details;
pub use printed::{HEAD_STATEMENT, HeadClaims, PrintedHead};
pub use verify::{Head, Verdict, verify};

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::{audit_entries, audit_heads};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::{Act, TenantTx, Together};
use crate::platform::keys::TenantKeys;

/// What is sealed of an entry, since there is an address beside what changed. Before, it was what changed alone.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptDetail<T> {
    zd: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<IpAddr>,
    detail: T,
}

/// The second form of what is sealed.
const FORM: u8 = 2;

/// What an entry says beside its columns.
#[derive(Debug)]
pub struct Detail {
    /// The address that somebody asked from, where that is known.
    pub from: Option<IpAddr>,
    /// What changed.
    pub changed: Value,
}

/// The hash before the first row.
const GENESIS: [u8; 32] = [0; 32];

/// Adds `act` to the chain of the transaction's tenant and writes `last` with it. The head row is locked from here to the
/// commit, which is why this comes last in a transaction: everybody else who changes something of the tenant waits.
///
/// # Errors
/// If the database fails.
pub async fn append(tx: &TenantTx, act: &Act, last: Together) -> Result<()> {
    let backend = tx.raw().get_database_backend();
    let claim = "INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ($1, 1, $2) \
                 ON CONFLICT (tenant_id) DO UPDATE SET seq = audit_heads.seq + 1 RETURNING seq, hash";
    let values = [tx.tenant().into(), GENESIS.to_vec().into()];
    let head = tx.raw().query_one_raw(Statement::from_sql_and_values(backend, claim, values)).await?;
    let head = head.ok_or_else(|| anyhow::anyhow!("the audit head was not returned"))?;
    let seq: i64 = head.try_get("", "seq")?;
    let previous: Vec<u8> = head.try_get("", "hash")?;
    let place = format!("audit_entries.detail/{seq}");
    let kept = KeptDetail { zd: FORM, from: tx.actor().from, detail: &act.detail };
    let detail = tx.seal_json(&place, tx.tenant(), &kept)?;
    let entry = audit_entries::Model {
        tenant_id: tx.tenant(),
        seq,
        at: tx.now(),
        actor_kind: tx.actor().kind.key().to_owned(),
        actor: tx.actor().id,
        action: act.action.to_owned(),
        object_kind: act.object_kind.to_owned(),
        object: act.object,
        request_id: tx.actor().request_id.clone(),
        detail,
        previous_hash: previous,
        hash: vec![],
    };
    let hash = link(tx.keys(), &entry);
    let head = audit_heads::ActiveModel { hash: Set(hash.clone()), ..Default::default() };
    let entry = audit_entries::Model { hash, ..entry };
    tx.write(last.insert::<_, audit_entries::ActiveModel>(entry).update(head)?).await
}

/// The hash of a row: HMAC-SHA256 under the tenant's audit key (see [`crate::platform::keys`]) over every column but the
/// hash itself, in this order, each as bytes with their number before them (64 bits, the most significant first): tenant
/// (16 bytes), number in the chain (64 bits), time (microseconds since 1970, 64 bits), kind of actor, actor (16 bytes),
/// action, kind of object, object (16 bytes), request, sealed detail, hash of the row before. Numbers are written with the
/// most significant byte first, texts in UTF-8. Whoever can write the database but has no master key cannot make one.
pub fn link(keys: &TenantKeys, entry: &audit_entries::Model) -> Vec<u8> {
    let (seq, at) = (entry.seq.to_be_bytes(), micros(entry.at).to_be_bytes());
    let parts: [&[u8]; 11] = [
        entry.tenant_id.as_bytes(),
        &seq,
        &at,
        entry.actor_kind.as_bytes(),
        entry.actor.as_bytes(),
        entry.action.as_bytes(),
        entry.object_kind.as_bytes(),
        entry.object.as_bytes(),
        entry.request_id.as_bytes(),
        &entry.detail,
        &entry.previous_hash,
    ];
    keys.audit_link(parts)
}

fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// What a row's detail said; `None` where the tenant's key no longer opens it.
pub fn open_detail(tx: &TenantTx, entry: &audit_entries::Model) -> Option<Detail> {
    let tenant: Uuid = tx.tenant();
    let kept: Value = tx.open_json(&format!("audit_entries.detail/{}", entry.seq), tenant, &entry.detail).ok()?;
    Some(match serde_json::from_value::<KeptDetail<Value>>(kept.clone()) {
        Ok(KeptDetail { zd: FORM, from, detail }) => Detail { from, changed: detail },
        _ => Detail { from: None, changed: kept },
    })
}
