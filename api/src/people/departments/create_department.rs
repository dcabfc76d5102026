//! `POST /v1/departments`: adds a department.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};

use super::form::{DepartmentForm, check_parent, check_products};
use super::view::{DepartmentView, for_audit};
use super::{DEPARTMENTS_MAX, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Idempotency, Reply};

/// Adds a department.
#[utoipa::path(
    tag = "organisation",
    security(("token" = ["staff.manage"])),
    request_body = DepartmentForm,
    responses((status = 201, description = "The department", body = DepartmentView))
)]
#[post("/v1/departments")]
pub async fn create_department(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    idem: Idempotency,
    Body(form): Body<DepartmentForm>,
) -> Result<HttpResponse> {
    let name = form.check()?;
    let parent = form.parent.map(|id| id.uuid());
    idem.run(&app, &access, &form, async |tx| {
        let all = store::all(tx, true).await?;
        if all.len() >= DEPARTMENTS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        check_parent(&all, parent)?;
        check_products(tx, &form.rules).await?;
        let rules = serde_json::to_value(&form.rules)?;
        let row = store::insert(tx, store::Fresh { name: &name, parent, is_default: false, rules }).await?;
        let act = Act::new("department.create", "department", row.id);
        let location = format!("/v1/departments/{}", Id::<kind::Department>::from_uuid(row.id));
        Ok(Reply::created(location, DepartmentView::of(&row)?)
            .version(row.version)
            .done(act.detail(serde_json::json!({ "after": for_audit(&row) }))))
    })
    .await
}
