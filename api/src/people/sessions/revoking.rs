//! Ending log-ins before their time, and with them the access tokens that they gave.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::OVERLAP_S;
use crate::platform::db::TenantTx;

/// Subjects whose access tokens end with the transaction's commit. Every process learns it from the database within
/// about a second; [`Self::note`] tells this one at once.
#[derive(Debug)]
pub struct Revoked {
    subjects: Vec<Uuid>,
    at: DateTime<Utc>,
}

impl Revoked {
    /// Tells this process, after the commit.
    pub fn note(&self, app: &App) {
        for subject in &self.subjects {
            app.revocations.note(*subject, self.at);
        }
    }

    /// Both.
    pub fn and(mut self, other: Self) -> Self {
        self.subjects.extend(other.subjects);
        self.at = self.at.max(other.at);
        self
    }
}

/// Ends the access tokens of a person that were issued up to now. Their row must be locked by this transaction: whoever
/// issues one locks it too, and so takes the time before this does, or after the commit.
///
/// # Errors
/// If the database fails.
pub async fn revoke(tx: &TenantTx, person: Uuid) -> Result<Revoked> {
    ended(tx, vec![person], tx.instant() + Duration::seconds(OVERLAP_S)).await
}

async fn ended(tx: &TenantTx, subjects: Vec<Uuid>, at: DateTime<Utc>) -> Result<Revoked> {
    store::insert_revocations(tx, &subjects, at).await?;
    Ok(Revoked { subjects, at })
}

/// Ends the access tokens that came of one log-in, or of one secret or key of a client, whenever they were issued.
///
/// # Errors
/// If the database fails.
pub async fn end_tokens_of(tx: &TenantTx, log_in: Uuid) -> Result<Revoked> {
    ended(tx, vec![log_in], tx.instant()).await
}

/// Ends one log-in.
pub(super) async fn end(tx: &TenantTx, session: Uuid) -> Result<Revoked> {
    store::end(tx, &[session]).await?;
    ended(tx, vec![session], tx.instant()).await
}

/// Ends all log-ins of a person.
pub(in crate::people) async fn end_all(tx: &TenantTx, subject: Uuid) -> Result<Revoked> {
    end_others(tx, subject, Uuid::nil()).await
}

/// Ends all log-ins of a person and leaves nothing of them.
pub(in crate::people) async fn remove_all(tx: &TenantTx, subject: Uuid) -> Result<Revoked> {
    let ended = end_all(tx, subject).await?;
    store::delete_of(tx, subject).await?;
    Ok(ended.and(revoke(tx, subject).await?))
}

/// Ends all log-ins of a person but `kept`.
pub(in crate::people) async fn end_others(tx: &TenantTx, subject: Uuid, kept: Uuid) -> Result<Revoked> {
    let mut live = store::live_of(tx, subject).await?;
    live.retain(|session| *session != kept);
    store::end(tx, &live).await?;
    ended(tx, live, tx.instant()).await
}
