//! `GET /v1/departments`: the firm's departments.

use actix_web::{get, web::Data};

use super::{store, view::DepartmentView};
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Page, PageParams, Params, Reply};

/// The firm's departments.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of departments, oldest first", body = Page<DepartmentView>))
)]
#[get("/v1/departments")]
pub async fn list_departments(
    access: Access<may::ReadStaff>,
    app: Data<App>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<DepartmentView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, &cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| DepartmentView::of(&row))?))
}
