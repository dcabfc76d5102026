//! `POST /v1/customers`: staff put a person, an enterprise or a bank on record.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};
use uuid::Uuid;

use super::form::NewCustomer;
use super::store::{self, Fields, Row};
use super::view::{CustomerView, for_audit};
use super::{check, check::Checked};
use crate::app::App;
use crate::error::Result;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, Principal, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Puts a customer on record. What the enterprise library knows of a credit code fills in what is left out.
#[utoipa::path(
    tag = "customers",
    security(("token" = ["customers.manage"])),
    request_body = NewCustomer,
    responses((status = 201, description = "The new record", body = CustomerView))
)]
#[post("/v1/customers")]
pub async fn create_customer(
    access: Access<may::ManageCustomers>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewCustomer>,
) -> Result<HttpResponse> {
    let mut checked = check::new(&body)?;
    let who = &access.principal;
    checked.fields.officer = Some(who.id);
    checked.fields.department = checked.fields.department.or(who.department);
    idem.run(&app, &access, &body, async |tx| {
        check::with_library(tx, &mut checked).await?;
        let Checked { fields, source, .. } = checked;
        let scope = departments_of(tx, who).await?;
        // Whoever makes the record may look after it, whatever else their roles are.
        let mine = Fields { channel: None, department: None, ..fields.clone() };
        check::place(tx, who, &scope, Some(&mine), &fields).await?;
        let row = store::insert(tx, &fields, &source).await?;
        let act = made(&row, &fields);
        let location = format!("/v1/customers/{}", Id::<kind::Customer>::from_uuid(row.id));
        Ok(Reply::created(location, CustomerView::one(tx, &row, context.language).await?).version(1).done(act))
    })
    .await
}

/// What the audit chain is told of a new record.
pub(in crate::customers) fn made(row: &Row, fields: &Fields) -> Act {
    Act::new("customers.create", "customer", row.id).detail(serde_json::json!({ "after": for_audit(fields) }))
}

/// Puts a channel's own customer on record, for the department of whoever does it there.
///
/// # Errors
/// Everything that is wrong with it, `customer_known`, or a failing database.
pub(in crate::customers) async fn of_channel(
    tx: &TenantTx,
    who: &Principal,
    channel: Uuid,
    new: &NewCustomer,
) -> Result<(Row, Fields)> {
    let mut checked = check::new(new)?;
    check::with_library(tx, &mut checked).await?;
    let Checked { mut fields, source, .. } = checked;
    fields.channel = Some(channel);
    fields.department = who.department;
    Ok((store::insert(tx, &fields, &source).await?, fields))
}
