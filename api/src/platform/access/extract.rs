//! The extractor that opens the door. It answers without waiting for anything, and it stands first in every handler:
//! actix runs extractors in order, so nobody learns from a body's errors what they may not ask.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use chrono::{DateTime, Duration, Utc};
use domain::access::{May, Permission};
use uuid::Uuid;

use super::{ACCESS_LIFETIME_S, Admitted, Principal};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::{Actor, ActorKind, TenantTx};
use crate::platform::http::Context;
use crate::platform::keys::TenantKeys;

/// A caller who holds permission `P`.
pub struct Access<P> {
    /// Who it is.
    pub principal: Principal,
    /// When their access token ends.
    pub expires_at: DateTime<Utc>,
    request_id: String,
    from: IpAddr,
    permission: PhantomData<fn() -> P>,
}

impl<P: May> FromRequest for Access<P> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authenticate(request).and_then(|(principal, issued_at)| {
            if !principal.permissions.has(P::PERMISSION) || !may_ask(&principal, P::PERMISSION, request.method()) {
                return Err(Error::new(Code::Forbidden));
            }
            let context = Context::of(request);
            let expires_at = issued_at + Duration::seconds(ACCESS_LIFETIME_S);
            let (request_id, from) = (context.request_id, context.from);
            Ok(Self { principal, expires_at, request_id, from, permission: PhantomData })
        }))
    }
}

/// Some steps of the staff's work ask for no more than reading, since the domain knows whose turn it is; a client has no turn,
/// and what only lets it read does.
fn may_ask(who: &Principal, permission: Permission, method: &Method) -> bool {
    who.kind != ActorKind::Client || method.is_safe() || !permission.key().ends_with(".read")
}

fn authenticate(request: &HttpRequest) -> Result<(Principal, DateTime<Utc>)> {
    let refused = || Error::new(Code::Unauthenticated);
    let (principal, issued_at) = bearer(request)?;
    let principal = match principal.kind {
        ActorKind::Client => Admitted::narrow(request, principal).ok_or_else(refused)?,
        _ => principal,
    };
    request.extensions_mut().insert(principal);
    Ok((principal, issued_at))
}

/// The client of a third party that a request's token speaks for, if it is one and the token counts.
pub fn client_of(request: &HttpRequest) -> Option<Principal> {
    bearer(request).ok().map(|(principal, _)| principal).filter(|principal| principal.kind == ActorKind::Client)
}

/// Whom a request's token speaks for, and since when.
fn bearer(request: &HttpRequest) -> Result<(Principal, DateTime<Utc>)> {
    let refused = || Error::new(Code::Unauthenticated);
    let app = request.app_data::<web::Data<App>>().ok_or_else(refused)?;
    // of two headers a proxy before us may read the one and we the other
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else { return Err(refused()) };
    let value = value.to_str().map_err(|_| refused())?;
    let token = value.strip_prefix("Bearer ").ok_or_else(refused)?;
    let (principal, issued_at) = app.tokens.verify(token, app.clock.now()).ok_or_else(refused)?;
    if app.revocations.covers(&principal, issued_at) {
        return Err(refused());
    }
    Ok((principal, issued_at))
}

impl<P: May> Access<P> {
    /// A transaction on the caller's tenant that may change things.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn begin(&self, app: &App) -> Result<TenantTx> {
        self.open(app, true).await
    }

    /// A transaction on the caller's tenant that only reads.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn read(&self, app: &App) -> Result<TenantTx> {
        self.open(app, false).await
    }

    async fn open(&self, app: &App, writes: bool) -> Result<TenantTx> {
        let keys = app.keys_of(self.principal.tenant).await?;
        TenantTx::begin(&app.db, self.principal.tenant, self.actor(), keys, &app.clock, writes).await
    }

    /// Lets only people go on: for files and the like, whose content nobody has masked.
    ///
    /// # Errors
    /// `forbidden` to the clients of third parties.
    pub fn must_be_a_person(&self) -> Result<()> {
        if self.principal.kind != ActorKind::Client {
            return Ok(());
        }
        let (zh, en) = (
            "文件内容未脱敏，第三方客户端不能下载。",
            "Nobody has masked what is in files: clients of third parties cannot read them.",
        );
        Err(Error::new(Code::Forbidden).detail(zh, en))
    }

    /// The caller as the audit chain names them.
    pub fn actor(&self) -> Actor {
        let Principal { kind, id, .. } = self.principal;
        Actor { kind, id, request_id: self.request_id.clone(), from: Some(self.from) }
    }
}

/// A transaction of the product itself on one tenant: jobs, log-in before there is a principal, commands.
///
/// # Errors
/// If the tenant does not exist or the database fails.
pub async fn system_tx(app: &App, tenant: Uuid, request_id: &str, writes: bool) -> Result<TenantTx> {
    let keys = app.keys_of(tenant).await?;
    let actor = Actor { kind: ActorKind::System, id: Uuid::nil(), request_id: request_id.to_owned(), from: None };
    TenantTx::begin(&app.db, tenant, actor, keys, &app.clock, writes).await
}

/// A transaction of the product itself that only reads, all of it as of one instant.
///
/// # Errors
/// If the tenant does not exist or the database fails.
pub async fn snapshot_tx(app: &App, tenant: Uuid, request_id: &str) -> Result<TenantTx> {
    let keys = app.keys_of(tenant).await?;
    let actor = Actor { kind: ActorKind::System, id: Uuid::nil(), request_id: request_id.to_owned(), from: None };
    TenantTx::snapshot(&app.db, tenant, actor, keys, &app.clock).await
}

/// A transaction of the platform's operator on one tenant.
///
/// # Errors
/// If the tenant does not exist or the database fails.
pub async fn operator_tx(app: &App, tenant: Uuid, request_id: &str) -> Result<TenantTx> {
    let keys = app.keys_of(tenant).await?;
    new_tenant_tx(app, tenant, keys, request_id).await
}

/// The same on a tenant that comes into being with this transaction's commit, and so has its keys from the caller.
///
/// # Errors
/// If the database fails.
pub async fn new_tenant_tx(app: &App, tenant: Uuid, keys: Arc<TenantKeys>, request_id: &str) -> Result<TenantTx> {
    let actor = Actor { kind: ActorKind::Operator, id: Uuid::nil(), request_id: request_id.to_owned(), from: None };
    TenantTx::begin(&app.db, tenant, actor, keys, &app.clock, true).await
}
