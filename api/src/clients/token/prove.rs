//! Whether a client is who it says. Nobody learns from it which clients there are: for one that is not known the same is read and
//! the same is computed, and the answer is the same.

use domain::clients::assertion::Once;
use domain::clients::key::ClientKey;
use domain::clients::standing::ClientState;
use domain::id::{Id, kind};
use uuid::Uuid;

use super::asked::Proof;
use super::assertion::Unverified;
use super::refusal::{OAuthCode, Refusal};
use crate::app::App;
use crate::clients::store::credentials::CredentialRow;
use crate::clients::store::{self, ClientRow, credentials};
use crate::error::{Error, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::http::Context;

/// Length of what is compared where there is no secret.
const HASH_BYTES: usize = 32;

/// A client that presented what is right, before anything was locked.
pub(super) struct Claimed {
    client: Uuid,
    credential: Uuid,
    once: Option<Once>,
    by: &'static str,
}

/// A client that proved itself.
pub(super) struct Proven {
    pub client: ClientRow,
    pub credential: Uuid,
    pub by: &'static str,
}

/// Looks whether what is presented is right, in a transaction that only reads.
pub(super) async fn judge(
    app: &App,
    tenant: Uuid,
    slug: &str,
    context: &Context,
    proof: &Proof,
) -> Result<Result<Claimed, Refusal>> {
    let tx = system_tx(app, tenant, &context.request_id, false).await?;
    match proof {
        Proof::Secret { client, secret, by } => {
            let (id, live) = known(&tx, client).await?;
            let presented = secret.hash(tx.keys(), id);
            let (found, by) = (matching(&live, &presented), *by);
            let claimed = found.map(|credential| Claimed { client: id, credential, once: None, by });
            Ok(claimed.ok_or_else(Refusal::not_proven))
        }
        Proof::Assertion { client, assertion } => {
            let Some(read) = Unverified::read(assertion) else { return Ok(Err(Refusal::not_proven())) };
            if client.as_deref().is_some_and(|client| client != read.client()) {
                return Ok(Err(Refusal::not_proven()));
            }
            let (id, live) = known(&tx, read.client()).await?;
            let keys = keys(&live)?;
            let Some((credential, claims)) = read.verified_by(&keys) else { return Ok(Err(Refusal::not_proven())) };
            let issuer = format!("{}/v1/t/{slug}", app.config.public_url.trim_end_matches('/'));
            let endpoint = format!("{issuer}/oauth/token");
            // whoever signed it is the client, and is told what is wrong with it
            let judged = claims.judge(read.client(), &[&endpoint, &issuer], tx.now().timestamp());
            Ok(match judged {
                Ok(once) => Ok(Claimed { client: id, credential, once: Some(once), by: "private_key_jwt" }),
                Err(fault) => {
                    let (zh, en) = fault.sentences();
                    Err(Refusal::new(OAuthCode::InvalidClient, zh, en))
                }
            })
        }
    }
}

/// The id that somebody claims to have, and what it could prove itself with; the same is asked for one that cannot be.
async fn known(tx: &TenantTx, client: &str) -> Result<(Uuid, Vec<CredentialRow>)> {
    let id = Id::<kind::ApiClient>::parse(client).map_or(Uuid::nil(), |id| id.uuid());
    let row = store::get(tx, id).await?;
    let active = row.is_some_and(|row| row.state == ClientState::Active.code());
    let mut live = credentials::live(tx, id).await?;
    if !active {
        live.clear();
    }
    Ok((id, live))
}

/// The secret whose hash this is. At least one is compared, and all that there are.
fn matching(live: &[CredentialRow], presented: &[u8]) -> Option<Uuid> {
    let equal = |stored: &[u8]| aws_lc_rs::constant_time::verify_slices_are_equal(stored, presented).is_ok();
    let secrets: Vec<_> = live.iter().filter_map(|row| Some((row.id, row.secret_hash.as_deref()?))).collect();
    if secrets.is_empty() {
        std::hint::black_box(equal(&[0; HASH_BYTES]));
    }
    secrets.iter().fold(None, |found, (id, stored)| if equal(stored) { Some(*id) } else { found })
}

fn keys(live: &[CredentialRow]) -> Result<Vec<(Uuid, ClientKey)>> {
    let read = |row: &CredentialRow| {
        let jwk = row.public_key.as_ref()?;
        let broken = |fault| Error::internal(anyhow::anyhow!("a stored key cannot be read: {fault:?}"));
        Some(ClientKey::read(jwk).map(|key| (row.id, key)).map_err(broken))
    };
    live.iter().filter_map(read).collect()
}

/// Confirms it under the lock of the client: that it is active still, the secret or key counts still, the request comes from where
/// it may, and what was signed was not presented before.
pub(super) async fn confirm(tx: &TenantTx, claimed: Claimed, context: &Context) -> Result<Result<Proven, Refusal>> {
    let Claimed { client, credential, once, by } = claimed;
    let row = store::lock(tx, client).await?.filter(|row| row.state == ClientState::Active.code());
    let still = credentials::live(tx, client).await?.iter().any(|one| one.id == credential);
    let Some(client) = row.filter(|_| still) else { return Ok(Err(Refusal::not_proven())) };
    let allow = store::said(&client)?.allow;
    if !allow.is_empty() && !allow.iter().any(|network| network.has(context.from)) {
        let (zh, en) = ("请求来自未登记的IP地址", "the request comes from an address that is not on the client's list");
        return Ok(Err(Refusal::new(OAuthCode::InvalidClient, zh, en)));
    }
    if let Some(Once { jti, until_s }) = once {
        let until = chrono::DateTime::from_timestamp(until_s, 0).unwrap_or(tx.now());
        if !credentials::take(tx, client.id, &jti, until).await? {
            let (zh, en) =
                ("该断言已使用过，请为每次请求生成新的jti", "this assertion was used before; make a new jti each time");
            return Ok(Err(Refusal::new(OAuthCode::InvalidClient, zh, en)));
        }
    }
    Ok(Ok(Proven { client, credential, by }))
}
