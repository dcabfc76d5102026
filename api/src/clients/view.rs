//! How clients are shown; a secret only where it is new.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::clients::key::KeyAlgorithm;
use domain::clients::scope::Scope;
use domain::clients::standing::{ClientKind, ClientState, CredentialKind};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::form::ClientLimits;
use super::store::credentials::{self, CredentialRow};
use super::store::{self, ClientRow, Said};
use crate::error::{Code, Error, Language, Result, say};
use crate::platform::db::TenantTx;
use crate::platform::http::coded_word;

coded_word! {
    /// Whose system a client is.
    ClientKindWord(ClientKind)
}
coded_word! {
    /// Whether a client is let in.
    ClientStateWord(ClientState)
}
coded_word! {
    /// What a client proves itself with.
    CredentialKindWord(CredentialKind)
}
coded_word! {
    /// A signature that is taken.
    KeyAlgorithmWord(KeyAlgorithm)
}
coded_word! {
    /// Something that a client may do.
    ScopeWord(Scope)
}

/// A scope with what it is called.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScopeView {
    /// The scope.
    pub scope: ScopeWord,
    /// What it is called.
    #[schema(example = "查看申请、进度与评估")]
    pub label: String,
}

/// A system of a third party.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiClientView {
    /// Its id, which is its `client_id`.
    #[schema(example = "cli_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called.
    #[schema(example = "示例银行信贷系统")]
    pub name: String,
    /// Whose system it is.
    pub kind: ClientKindWord,
    /// The same in words.
    #[schema(example = "银行")]
    pub kind_label: String,
    /// What it may do.
    pub scopes: Vec<ScopeView>,
    /// Where it may come from; empty for anywhere.
    #[schema(example = json!(["203.0.113.0/24"]))]
    pub allow_list: Vec<String>,
    /// How much it may ask.
    pub limits: ClientLimits,
    /// Whether it is let in.
    pub state: ClientStateWord,
    /// The same in words.
    #[schema(example = "启用")]
    pub state_label: String,
    /// What it proves itself with, oldest first; what ended is shown for 30 days.
    pub credentials: Vec<ClientCredentialView>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A secret or key of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientCredentialView {
    /// Its id.
    #[schema(example = "ccr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Which of the two.
    pub kind: CredentialKindWord,
    /// The same in words.
    #[schema(example = "密钥")]
    pub kind_label: String,
    /// Of a key, its name: `kid`.
    #[schema(example = "2026-1")]
    pub kid: Option<String>,
    /// Of a key, the signature that it is for.
    pub algorithm: Option<KeyAlgorithmWord>,
    /// Whether it counts now.
    #[schema(example = true)]
    pub active: bool,
    /// When it stops to count, or stopped; null for as long as nobody ends it.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was last used to get a token.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A client with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub struct ApiClientSecret {
    /// The client.
    pub client: ApiClientView,
    /// The secret; null where it signs with a key of its own. Hand it over by a way that nobody else reads.
    #[schema(example = "zcs_K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN_H_pI4")]
    pub secret: Option<String>,
}

pub(super) fn scope_views(scopes: &[Scope], language: Language) -> Vec<ScopeView> {
    let shown = |scope: &Scope| ScopeView { scope: ScopeWord(*scope), label: say(&scope.words(), language) };
    scopes.iter().map(shown).collect()
}

impl ClientCredentialView {
    fn of(row: &CredentialRow, now: DateTime<Utc>, language: Language) -> Result<Self> {
        let kind = CredentialKind::from_code(&row.kind).ok_or_else(|| Error::new(Code::Internal))?;
        let algorithm = row.public_key.as_ref().and_then(|jwk| KeyAlgorithm::from_code(jwk.get("alg")?.as_str()?));
        Ok(Self {
            id: Id::<kind::ClientCredential>::from_uuid(row.id).to_string(),
            kind: CredentialKindWord(kind),
            kind_label: say(&kind.words(), language),
            kid: row.kid.clone(),
            algorithm: algorithm.map(KeyAlgorithmWord),
            active: credentials::counts(row, now),
            ends_at: row.ends_at,
            last_used_at: row.last_used_at,
            created_at: row.created_at,
        })
    }
}

impl ApiClientView {
    fn of(row: &ClientRow, held: &[CredentialRow], now: DateTime<Utc>, language: Language) -> Result<Self> {
        let Said { name, kind, scopes, allow, limits } = store::said(row)?;
        let state = store::state(row)?;
        Ok(Self {
            id: Id::<kind::ApiClient>::from_uuid(row.id).to_string(),
            name,
            kind: ClientKindWord(kind),
            kind_label: say(&kind.words(), language),
            scopes: scope_views(&scopes, language),
            allow_list: allow.iter().map(ToString::to_string).collect(),
            limits: ClientLimits::of(limits),
            state: ClientStateWord(state),
            state_label: say(&state.words(), language),
            credentials: held.iter().map(|row| ClientCredentialView::of(row, now, language)).collect::<Result<_>>()?,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }

    /// One client with what it proves itself with.
    pub(super) async fn one(tx: &TenantTx, row: &ClientRow, language: Language) -> Result<Self> {
        let held = credentials::of(tx, &[row.id]).await?;
        Self::of(row, held.get(&row.id).map_or(&[][..], Vec::as_slice), tx.now(), language)
    }

    /// One of several, of which `held` has what they prove themselves with.
    pub(super) fn among(
        tx: &TenantTx,
        row: &ClientRow,
        held: &HashMap<Uuid, Vec<CredentialRow>>,
        language: Language,
    ) -> Result<Self> {
        Self::of(row, held.get(&row.id).map_or(&[][..], Vec::as_slice), tx.now(), language)
    }
}

/// What the audit chain keeps of a client.
pub(super) fn for_audit(said: &Said) -> serde_json::Value {
    let scopes: Vec<_> = said.scopes.iter().map(|scope| scope.code()).collect();
    let allow: Vec<_> = said.allow.iter().map(ToString::to_string).collect();
    let limits = ClientLimits::of(said.limits);
    serde_json::json!({ "name": said.name, "kind": said.kind.code(), "scopes": scopes, "allow_list": allow, "limits": limits })
}
