//! One-time links: the way to a first password, and to a new one where the old is forgotten. Of one person only the
//! last link works.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use domain::person::EmailAddress;
use uuid::Uuid;

use super::store;
use crate::error::Result;
use crate::messages::{self, Notice};
use crate::platform::db::TenantTx;

/// Longest text of a link's token.
pub(super) const TOKEN_CHARS_MAX: usize = 64;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::people) enum Purpose {
    /// The first password of somebody invited.
    Invite,
    /// A new password.
    Reset,
}

impl Purpose {
    const fn key(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }

    /// How long such a link works.
    fn lifetime(self) -> Duration {
        match self {
            Self::Invite => Duration::hours(72),
            Self::Reset => Duration::hours(1),
        }
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Invite => "staff_invite",
            Self::Reset => "password_reset",
        }
    }
}

/// What is stored of a link's token.
pub(super) fn hash(tx: &TenantTx, token: &str) -> Vec<u8> {
    tx.keys().lookup("one_time_link", token)
}

/// Makes a link for a member of staff, mails it, and gives its address.
pub(in crate::people) async fn issue(
    tx: &TenantTx,
    web_url: &str,
    (staff, name, email): (Uuid, &str, &EmailAddress),
    purpose: Purpose,
) -> Result<String> {
    void(tx, staff).await?;
    let (id, token) = (Uuid::now_v7(), URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
    store::insert_link(tx, id, staff, purpose.key(), (hash(tx, &token), tx.now() + purpose.lifetime())).await?;
    let tenant = store::slug(tx).await?;
    let link = format!("{web_url}/#/password?tenant={tenant}&token={token}");
    let notice = Notice {
        event: purpose.event(),
        dedupe_key: format!("link/{id}"),
        application: None,
        values: vec![
            ("link", link.clone()),
            ("name", name.to_owned()),
            ("minutes", purpose.lifetime().num_minutes().to_string()),
        ],
    };
    messages::send_mail(tx, email, &notice).await?;
    Ok(link)
}

/// How long links are kept after their end, days: whoever asks why a link no longer works does so within days.
const KEPT_DAYS: i64 = 7;

/// Removes at most `rows_max` links whose time is over, used or not; says how many. A used one waits for the end of its
/// time too, since it counts towards how many a person may be sent.
///
/// # Errors
/// If the database fails.
pub async fn purge_links(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    store::delete_links(tx, tx.now() - Duration::days(KEPT_DAYS), rows_max).await
}

/// Ends the links of a member of staff that were not used.
pub(in crate::people) async fn void(tx: &TenantTx, staff: Uuid) -> Result<()> {
    store::void_links(tx, staff).await
}
