//! `GET /v1/staff`: the firm's people, within the caller's data scope.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, LOGIN_CHARS_MAX};
use super::view::{Beside, StaffStatus, StaffView};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// How the list is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StaffQuery {
    /// Only those in this state.
    #[param(inline)]
    status: Option<StaffStatus>,
    /// Only those of this department.
    #[param(max_length = 30, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    department: Option<String>,
    /// Only those whose log-in name begins so.
    #[param(max_length = 32, example = "zhao")]
    login_name: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's staff, as far as the caller's data scope reaches.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.read"])),
    params(StaffQuery),
    responses((status = 200, description = "A page of staff, oldest first", body = Page<StaffView>))
)]
#[get("/v1/staff")]
pub async fn list_staff(
    access: Access<may::ReadStaff>,
    app: Data<App>,
    context: Context,
    Params(query): Params<StaffQuery>,
) -> Result<Reply<Page<StaffView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let bad = |zh: &str, en: &str| Error::new(Code::InvalidParameter).detail(zh, en);
    let department = match &query.department {
        None => None,
        Some(text) => Some(
            Id::<kind::Department>::parse(text)
                .ok_or_else(|| bad("department应为部门编号。", "department is a department's id."))?
                .uuid(),
        ),
    };
    let prefix = query.login_name.as_deref().map(str::to_lowercase);
    if prefix.as_ref().is_some_and(|prefix| prefix.chars().nth(LOGIN_CHARS_MAX).is_some()) {
        return Err(bad("login_name过长。", "login_name is too long."));
    }
    let narrow =
        store::Narrow { status: query.status.map(StaffStatus::key), department, login_prefix: prefix.as_deref() };
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = store::page(&tx, &scope, &narrow, &cursor).await?;
    let beside = Beside::read(&tx, context.language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| StaffView::of(&tx, &row, &beside))?))
}
