//! `POST /v1/my/data-exports` and what follows: a copy of everything that is kept of the caller (PIPL art. 45), for them alone.

use actix_web::{HttpResponse, get, post, web::Data};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::documents::DownloadView;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Idempotency, Page, PageParams, Params, Reply};
use crate::privacy::store::{self, ExportRow, Person};
use crate::privacy::view::DataExportView;
use crate::privacy::{build, download};

/// Copies of one account that are there at once.
const COPIES_MAX: u64 = 3;

/// Nothing: everything is in a copy.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DataExportOrder {}

/// Asks for a copy of everything that is kept of the caller. A job makes it; it can be downloaded for seven days.
#[utoipa::path(
    tag = "my data",
    security(("token" = ["own.data"])),
    request_body = DataExportOrder,
    responses((status = 201, description = "The copy, which is being made", body = DataExportView))
)]
#[post("/v1/my/data-exports")]
pub async fn ask_for_my_data_export(
    access: Access<may::OwnData>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<DataExportOrder>,
) -> Result<HttpResponse> {
    let me = access.principal.id;
    idem.run(&app, &access, &body, async |tx| {
        people::lock_applicant(tx, me).await?;
        if store::live_exports(tx, me).await? >= COPIES_MAX {
            return Err(Error::new(Code::TooManyItems).detail(
                "已有三份副本，请下载已有的，或待其过期后再申请。",
                "There are three copies already; download one, or wait until one expires.",
            ));
        }
        let row = store::add_export(tx, Person { applicant: Some(me), customer: None }, None).await?;
        build::plan(tx, row.id).await?;
        let location = format!("/v1/my/data-exports/{}", Id::<kind::DataExport>::from_uuid(row.id));
        let act = Act::new("data_export.ask", "data_export", row.id);
        Ok(Reply::created(location, DataExportView::of(tx, &row)).done(act))
    })
    .await
}

/// The caller's copies.
#[utoipa::path(
    tag = "my data",
    security(("token" = ["own.data"])),
    params(PageParams),
    responses((status = 200, description = "A page of copies, newest first", body = Page<DataExportView>))
)]
#[get("/v1/my/data-exports")]
pub async fn list_my_data_exports(
    access: Access<may::OwnData>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<DataExportView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::exports_of(&tx, access.principal.id, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| Ok(DataExportView::of(&tx, &row)))?))
}

/// One of them.
#[utoipa::path(
    tag = "my data",
    security(("token" = ["own.data"])),
    responses((status = 200, description = "The copy", body = DataExportView))
)]
#[get("/v1/my/data-exports/{id}")]
pub async fn read_my_data_export(
    access: Access<may::OwnData>,
    app: Data<App>,
    at: At<kind::DataExport>,
) -> Result<Reply<DataExportView>> {
    let tx = access.read(&app).await?;
    let row = own(&tx, &access, &at).await?;
    Ok(Reply::ok(DataExportView::of(&tx, &row)))
}

/// Gives the request with which a copy is downloaded; it works for five minutes. That it was asked for is kept in the audit chain;
/// the answer is not, so a repeat under the same key is refused.
#[utoipa::path(
    tag = "my data",
    security(("token" = ["own.data"])),
    request_body = DataExportOrder,
    responses(
        (status = 200, description = "The request", body = DownloadView),
        (status = 409, description = "It is not made yet, or has expired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/data-exports/{id}/download")]
pub async fn download_my_data_export(
    access: Access<may::OwnData>,
    app: Data<App>,
    at: At<kind::DataExport>,
    idem: Idempotency,
    Body(body): Body<DataExportOrder>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let row = own(tx, &access, &at).await?;
        let request = download::request(&app, tx, &row).await?;
        let act = Act::new("data_export.download", "data_export", row.id);
        Ok(Reply::ok(request).done(act).secret())
    })
    .await
}

/// The caller's own copy.
async fn own(tx: &TenantTx, access: &Access<may::OwnData>, at: &At<kind::DataExport>) -> Result<ExportRow> {
    let row = store::export(tx, at.uuid()).await?;
    row.filter(|row| row.applicant_id == Some(access.principal.id)).ok_or_else(Error::not_found)
}
