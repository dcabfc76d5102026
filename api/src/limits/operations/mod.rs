//! What staff do to limits: one address an operation, all through the ledger's one function.

mod body;
mod correct;
mod grant;
mod hold;
mod part;
mod uses;
mod what_if;

pub(super) use body::why;
pub use grant::{GrantedLimit, grant_at_once};
pub(super) use uses::RESERVED_DAYS;

use actix_web::HttpResponse;
use domain::access::May;
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::ledger::{By, Operation, Why, perform};
use super::view::OperationView;
use crate::app::App;
use crate::error::{Language, Result};
use crate::people::scope::departments_of;
use crate::platform::access::Access;
use crate::platform::db::Act;
use crate::platform::http::{Idempotency, IfMatch, Reply};

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(what_if::what_if)
        .service(grant::grant_limit)
        .service(grant::resize_limit)
        .service(part::split_limit)
        .service(part::move_limit)
        .service(hold::freeze_limit)
        .service(hold::thaw_limit)
        .service(hold::close_limit)
        .service(uses::reserve_limit)
        .service(uses::draw_reservation)
        .service(uses::release_reservation)
        .service(uses::repay_drawdown)
        .service(correct::correct_operation);
}

/// One step of somebody of the firm: under which key, on what they saw, answered in which language.
struct Step {
    seen: Option<IfMatch>,
    idempotency: Idempotency,
    language: Language,
}

impl Step {
    /// Carries out an operation once.
    async fn run<M: May, B: Serialize>(
        self,
        app: &App,
        access: &Access<M>,
        body: &B,
        (operation, why): (Operation, Why),
    ) -> Result<HttpResponse> {
        let Self { seen, idempotency, language } = self;
        let is_new = matches!(operation, Operation::Grant(_) | Operation::Split { .. });
        idempotency
            .run(app, access, body, async |tx| {
                let scope = departments_of(tx, &access.principal).await?;
                let by = By::Staff { id: access.principal.id, scope: &scope, seen };
                let outcome = perform(tx, &by, &operation, &why).await?;
                let view = OperationView::of(tx, &outcome, language)?;
                let detail = serde_json::json!({ "operation": view.operation, "entries": view.entries });
                let act = Act::new(operation.verb(), "limit", outcome.limit.id).detail(detail);
                let version = outcome.limit.version;
                let reply = if is_new {
                    let id = Id::<kind::Limit>::from_uuid(outcome.limit.id);
                    Reply::created(format!("/v1/limits/{id}"), view)
                } else {
                    Reply::ok(view)
                };
                Ok(reply.version(version).done(act))
            })
            .await
    }
}
