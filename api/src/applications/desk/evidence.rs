//! What a decision rests on: documents, authorisations, pulls, evaluations.

use actix_web::{HttpResponse, get, post, web::Data};
use domain::access::Permission;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scope;
use crate::app::App;
use crate::applications::my_view::{Authorisations, Documents};
use crate::assessments::{self, AssessmentView, Repeated};
use crate::data::{self, PullView};
use crate::documents::{self, DownloadView, Reach};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, Reply, Under};

/// Every attempt at collecting.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pulls {
    /// Oldest first.
    pub items: Vec<PullView>,
}

/// Every evaluation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Assessments {
    /// Newest first.
    pub items: Vec<AssessmentView>,
}

/// Nothing: the address says which.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repetition {}

/// The documents of an application.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The documents", body = Documents))
)]
#[get("/v1/applications/{id}/documents")]
pub async fn list_documents(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    id: At<kind::Application>,
) -> Result<Reply<Documents>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(Documents::of(&tx, &case).await?))
}

/// The request with which a document is downloaded. Who asked for which is kept in the audit chain; an item of the
/// checklist that shows personal data needs `personal_data.reveal` too.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses(
        (status = 200, description = "Where the file is", body = DownloadView),
        (status = 409, description = "The file has not passed its checks", body = crate::error::ProblemBody,
            content_type = "application/problem+json")
    )
)]
#[get("/v1/applications/{id}/documents/{document}/download")]
pub async fn download_document(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    document: Under<kind::Document>,
) -> Result<Reply<DownloadView>> {
    access.must_be_a_person()?;
    let tx = access.begin(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    let item = documents::find(&tx, case.files(), document.uuid()).await?.item_key;
    // An item that the product has no more could be anything.
    let personal = case.product.item(&item).is_none_or(|item| item.personal);
    if personal && !access.principal.permissions.has(Permission::RevealPersonalData) {
        return Err(Error::new(Code::Forbidden).detail(
            "该资料含个人信息，您没有查看未脱敏个人信息的权限。",
            "This document shows personal data, which you have no permission to see in clear.",
        ));
    }
    let download = documents::download(&app, &tx, case.files(), document.uuid(), Reach::Kept).await?;
    let application = Id::<kind::Application>::from_uuid(case.id()).to_string();
    let detail = serde_json::json!({ "application": application, "item": item, "personal": personal });
    tx.commit(Act::new("document.download", "document", document.uuid()).detail(detail)).await?;
    Ok(Reply::ok(download))
}

/// The authorisations that the applicant gave.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The authorisations", body = Authorisations))
)]
#[get("/v1/applications/{id}/authorisations")]
pub async fn list_authorisations(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    id: At<kind::Application>,
) -> Result<Reply<Authorisations>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(Authorisations { items: data::list_of(&tx, case.id()).await? }))
}

/// What was asked of which source, and what came of it.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The attempts", body = Pulls))
)]
#[get("/v1/applications/{id}/pulls")]
pub async fn list_pulls(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    id: At<kind::Application>,
) -> Result<Reply<Pulls>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(Pulls { items: data::pulls_of(&tx, case.id()).await? }))
}

/// The evaluations of an application.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The evaluations", body = Assessments))
)]
#[get("/v1/applications/{id}/assessments")]
pub async fn list_assessments(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<Assessments>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(Assessments { items: assessments::list_of(&tx, case.id(), context.language).await? }))
}

/// One evaluation with inputs, version, result and reasons.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The evaluation", body = AssessmentView))
)]
#[get("/v1/applications/{id}/assessments/{assessment}")]
pub async fn read_assessment(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    assessment: Under<kind::Assessment>,
) -> Result<Reply<AssessmentView>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    let wanted = assessment.0.to_string();
    let found =
        assessments::list_of(&tx, case.id(), context.language).await?.into_iter().find(|view| view.id == wanted);
    Ok(Reply::ok(found.ok_or_else(Error::not_found)?))
}

/// Evaluates again from the same inputs and the same version of the rules, and says whether the result is the same.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.reassess"])),
    request_body = Repetition,
    responses((status = 200, description = "What came of it", body = Repeated))
)]
#[post("/v1/applications/{id}/assessments/{assessment}/repeat")]
pub async fn repeat_assessment(
    access: Access<may::ReassessApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    assessment: Under<kind::Assessment>,
    idempotency: Idempotency,
    Body(body): Body<Repetition>,
) -> Result<HttpResponse> {
    let work = async |tx: &TenantTx| {
        let application = scope::find_frame(tx, &access.principal, id.uuid()).await?;
        if assessments::application_of(tx, assessment.uuid()).await? != application {
            return Err(Error::not_found());
        }
        let repeated = assessments::repeat(tx, assessment.uuid()).await?;
        let act = Act::new("assessment.repeat", "assessment", assessment.uuid());
        let act = act.detail(serde_json::json!({ "same": repeated.same }));
        Ok(Reply::ok(repeated).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}
