//! `POST /v1/glossary`: a word of the field and what it means; readers see it at once.

use actix_web::{HttpResponse, post, web::Data};
use uuid::Uuid;

use super::super::{store, view, view::TermView};
use super::TermBody;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Idempotency, Reply};

/// Adds a glossary entry.
#[utoipa::path(
    tag = "policies",
    security(("token" = ["policies.manage"])),
    request_body = TermBody,
    responses((status = 201, description = "The entry", body = TermView))
)]
#[post("/v1/glossary")]
pub async fn create_term(
    access: Access<may::ManagePolicies>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<TermBody>,
) -> Result<HttpResponse> {
    let fit = body.checked()?;
    idem.run(&app, &access, &body, async |tx| {
        let row = store::TermRow {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            term: fit.term,
            meaning: fit.meaning,
            version: 1,
            created_at: tx.now(),
        };
        store::insert_term(tx, &row).await?;
        let id = row.id;
        let view = view::term(row);
        let act = Act::new("term.create", "term", id).detail(serde_json::json!({ "after": view }));
        Ok(Reply::created(format!("/v1/glossary/{}", view.id), view).version(1).done(act))
    })
    .await
}
