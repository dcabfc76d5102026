//! `PATCH /v1/customers/{id}`: staff mend a customer's record. A new class holds from today on and is kept beside those
//! before; who looks after the record, and whether it is the controlling party's, stands in the audit chain before and
//! after.

use actix_web::{patch, web::Data};
use domain::id::kind;

use super::form::CustomerChange;
use super::store::{self, Fields};
use super::view::{CustomerView, for_audit};
use super::{check, scope};
use crate::app::App;
use crate::customers::CLASS_CHANGED;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, IfMatch, Reply};
use crate::platform::jobs::enqueue;

/// Changes a customer's record.
#[utoipa::path(
    tag = "customers",
    security(("token" = ["customers.manage"])),
    request_body = CustomerChange,
    responses((status = 200, description = "The record as it is now", body = CustomerView))
)]
#[patch("/v1/customers/{id}")]
pub async fn change_customer(
    access: Access<may::ManageCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    seen: IfMatch,
    Body(body): Body<CustomerChange>,
) -> Result<Reply<CustomerView>> {
    if body.is_empty() {
        return Err(Error::new(Code::NothingToChange));
    }
    let tx = access.begin(&app).await?;
    let old = scope::lock(&tx, &access.principal, id.uuid()).await?;
    seen.check(old.version, None)?;
    let before = Fields::of(&tx, &old)?;
    let (after, source) = check::change(&before, &body)?;
    let reach = departments_of(&tx, &access.principal).await?;
    check::place(&tx, &access.principal, &reach, Some(&before), &after).await?;
    let row = store::replace(&tx, &old, &after).await?;
    if let Some(source) = source {
        store::add_class(&tx, row.id, after.class, &source).await?;
        enqueue(&tx, CLASS_CHANGED, &row.id).await?;
    }
    let view = CustomerView::one(&tx, &row, context.language).await?;
    let detail = serde_json::json!({
        "before": for_audit(&before), "after": for_audit(&after), "changed": changed(&before, &after),
    });
    tx.commit(Act::new("customers.change", "customer", row.id).detail(detail)).await?;
    Ok(Reply::ok(view).version(row.version))
}

/// Which personal fields differ: masks of two phones can be the same.
fn changed(before: &Fields, after: &Fields) -> Vec<&'static str> {
    let rows = [
        (before.name != after.name, "name"),
        (before.phone != after.phone, "phone"),
        (before.address != after.address, "address"),
    ];
    rows.into_iter().filter(|(differs, _)| *differs).map(|(_, name)| name).collect()
}
