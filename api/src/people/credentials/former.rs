//! No password comes again: neither the one in use nor one of the last few. Each is compared as at logging in, off the event loop.

use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::people::{fields, password};
use crate::platform::db::TenantTx;

/// Passwords that are remembered beside the one in use.
pub(super) const KEPT: u64 = 5;

/// The hashes that a new password must not fit: the one in use and those before.
pub(in crate::people) async fn hashes(tx: &TenantTx, staff: Uuid, in_use: Option<String>) -> Result<Vec<String>> {
    let mut all: Vec<String> = in_use.into_iter().collect();
    all.extend(store::former(tx, staff).await?.into_iter().map(|row| row.password_hash));
    Ok(all)
}

/// Refuses a password that fits one of `hashes`; `pointer` names its field.
///
/// # Errors
/// `password_same` at the field.
pub(in crate::people) async fn refuse(app: &App, pointer: &str, new: &str, hashes: Vec<String>) -> Result<()> {
    for hash in hashes {
        if password::verify(app, new.to_owned(), Some(hash)).await? {
            let (zh, en) = ("不能使用当前或最近用过的密码", "it is in use, or was not long ago");
            return Err(fields::one(pointer, "password_same", zh, en));
        }
    }
    Ok(())
}
