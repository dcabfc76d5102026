//! The applicant's documents: begun, sent to the storage, finished, read, taken away. They can be added until the
//! application is decided; what was submitted is taken away only while the application is the applicant's to change.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use domain::applications::timeline::EventKind;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::own;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::detail::Detail;
use crate::applications::{refusal, store, transition};
use crate::documents::{self, DocumentView, DownloadView, NewUpload, Reach, UploadView};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Idempotency, Reply, Under};

/// The documents of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct Documents {
    /// Every version of every item.
    pub items: Vec<DocumentView>,
}

impl Documents {
    /// Those of an application.
    pub(in crate::applications) async fn of(tx: &TenantTx, case: &Case) -> Result<Self> {
        let files = documents::list_of(tx, case.files()).await?;
        Ok(Self { items: files.into_iter().map(DocumentView::from).collect() })
    }
}

/// A file that the applicant wants to upload.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// Key of the checklist item.
    #[schema(example = "business_licence", max_length = 64)]
    pub item_key: String,
    /// The file's name.
    #[schema(example = "营业执照.pdf", min_length = 1, max_length = 120)]
    pub file_name: String,
    /// Its media type.
    #[schema(example = "application/pdf", max_length = 100)]
    pub media_type: String,
    /// Its size in bytes.
    #[schema(example = 183_204, minimum = 1)]
    pub bytes: u64,
    /// SHA-256 of its content in hexadecimal digits, if known.
    #[schema(max_length = 64)]
    pub sha256: Option<String>,
}

/// Nothing: the address says which.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingMore {}

/// The documents of one of the caller's applications.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "The documents", body = Documents))
)]
#[get("/v1/my/applications/{id}/documents")]
pub async fn list_my_documents(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
) -> Result<Reply<Documents>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    Ok(Reply::ok(Documents::of(&tx, &case).await?))
}

/// Begins an upload: answers the request with which the file is sent to the storage.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = NewDocument,
    responses((status = 201, description = "Where and how to send the file", body = UploadView))
)]
#[post("/v1/my/applications/{id}/documents")]
pub async fn start_document(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    idempotency: Idempotency,
    Body(body): Body<NewDocument>,
) -> Result<HttpResponse> {
    let work = async |tx: &TenantTx| {
        let case = own::lock(tx, access.principal.id, id.uuid()).await?;
        own::undecided(&case)?;
        let takes = case.files().takes(&body.item_key).ok_or_else(|| {
            refusal::wrong_field("/item_key", "item_unknown", "资料清单中没有此项", "The checklist has no such item")
        })?;
        let new = NewUpload {
            owner: case.files(),
            takes,
            file_name: &body.file_name,
            media_type: &body.media_type,
            bytes: body.bytes,
            sha256: body.sha256.as_deref(),
        };
        let upload = UploadView::from(documents::start_upload(&app, tx, new).await?);
        let act = Act::new("document.start", "application", case.id());
        let act = act.detail(serde_json::json!({ "after": { "id": upload.document.id, "item": body.item_key } }));
        let application = Id::<kind::Application>::from_uuid(case.id());
        Ok(Reply::created(format!("/v1/my/applications/{application}/documents"), upload).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

/// Asks for a fresh request to send a file whose upload was interrupted.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = NothingMore,
    responses((status = 200, description = "Where and how to send the file", body = UploadView))
)]
#[post("/v1/my/applications/{id}/documents/{document}/restart")]
pub async fn restart_document(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    document: Under<kind::Document>,
    idempotency: Idempotency,
    Body(body): Body<NothingMore>,
) -> Result<HttpResponse> {
    let work = async |tx: &TenantTx| {
        let case = own::lock(tx, access.principal.id, id.uuid()).await?;
        own::undecided(&case)?;
        let upload = documents::restart_upload(&app, tx, case.files(), document.uuid()).await?;
        Ok(Reply::ok(UploadView::from(upload)).done(Act::new("document.restart", "document", document.uuid())))
    };
    idempotency.run(&app, &access, &body, work).await
}

/// Finishes an upload: size, type by content and hash are checked, and only then can the file be read. A file that does
/// not pass is answered as `rejected`, with the reason.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = NothingMore,
    responses((status = 200, description = "The document, ready or rejected", body = DocumentView))
)]
#[post("/v1/my/applications/{id}/documents/{document}/finish")]
pub async fn finish_document(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    document: Under<kind::Document>,
    idempotency: Idempotency,
    Body(body): Body<NothingMore>,
) -> Result<HttpResponse> {
    // Reading a large file takes a while, so it happens before the transaction that writes; whose it is comes first.
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    drop(tx);
    let finding = documents::inspect_upload(&app, access.principal.tenant, case.files(), document.uuid()).await?;
    let work = async |tx: &TenantTx| {
        let case = own::lock(tx, access.principal.id, id.uuid()).await?;
        own::undecided(&case)?;
        let finished = documents::finish_upload(&app, tx, case.files(), document.uuid(), finding.clone()).await?;
        let view = DocumentView::from(finished.file);
        if finished.accepted {
            let label = case.product.item(&view.item_key).map(|item| item.label.zh.clone());
            let detail = Detail { about: label, ..Detail::default() };
            let state = case.facts.state;
            transition::record(tx, case.id(), EventKind::DocumentAdded, (state, state), &detail).await?;
        }
        let act = Act::new("document.finish", "document", document.uuid());
        let act = act.detail(serde_json::json!({ "after": { "state": view.state, "sha256": view.sha256 } }));
        let version = view.version;
        Ok(Reply::ok(view).version(version).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

/// The request with which a document is downloaded.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses(
        (status = 200, description = "Where the file is", body = DownloadView),
        (status = 409, description = "The file has not passed its checks", body = crate::error::ProblemBody,
            content_type = "application/problem+json")
    )
)]
#[get("/v1/my/applications/{id}/documents/{document}/download")]
pub async fn download_my_document(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    document: Under<kind::Document>,
) -> Result<Reply<DownloadView>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    Ok(Reply::ok(documents::download(&app, &tx, case.files(), document.uuid(), Reach::Present).await?))
}

/// Takes a document away. What was submitted before stays readable for staff; what was not is deleted.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/v1/my/applications/{id}/documents/{document}")]
pub async fn remove_document(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    document: Under<kind::Document>,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    let case = own::lock(&tx, access.principal.id, id.uuid()).await?;
    own::editable(&case)?;
    let was_submitted = store::was_submitted(&tx, case.id(), document.0).await?;
    documents::remove(&tx, case.files(), document.uuid(), was_submitted).await?;
    tx.commit(Act::new("document.remove", "document", document.uuid())).await?;
    Ok(Reply::ok(()))
}
