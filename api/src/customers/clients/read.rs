//! `GET /v1/customers/{id}` and its classes over time.

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use domain::id::kind;
use domain::limits::weights::ClientClass;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::scope;
use super::store::{self, ClassRow};
use super::view::CustomerView;
use crate::app::App;
use crate::customers::words::{ColleagueBrief, CustomerClassWord, say};
use crate::error::{Code, Error, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// What class a customer has from a day on.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerClassView {
    /// The class.
    pub class: CustomerClassWord,
    /// The same in words.
    #[schema(example = "小型企业")]
    pub class_label: String,
    /// Where it is known from.
    #[schema(example = "2026年划型证明")]
    pub source: String,
    /// From this day on; of several of one day the first listed counts.
    pub valid_from: NaiveDate,
    /// Who said so; none where the product itself did.
    pub set_by: Option<ColleagueBrief>,
    /// When.
    pub set_at: DateTime<Utc>,
}

/// One customer's record, of persons masked.
#[utoipa::path(
    tag = "customers",
    security(("token" = ["customers.read"])),
    responses((status = 200, description = "The customer; the ETag is what If-Match wants", body = CustomerView))
)]
#[get("/v1/customers/{id}")]
pub async fn read_customer(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
) -> Result<Reply<CustomerView>> {
    let tx = access.read(&app).await?;
    let row = scope::find(&tx, &access.principal, id.uuid()).await?;
    Ok(Reply::ok(CustomerView::one(&tx, &row, context.language).await?).version(row.version))
}

/// What classes a customer had from when on, the latest first.
#[utoipa::path(
    tag = "customers",
    security(("token" = ["customers.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of classes", body = Page<CustomerClassView>))
)]
#[get("/v1/customers/{id}/classes")]
pub async fn list_customer_classes(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<CustomerClassView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let customer = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = store::classes(&tx, customer.id, cursor).await?;
    let by: Vec<Uuid> = rows.iter().map(|row| row.set_by).collect();
    let names = people::staff_brief(&tx, &by).await?;
    let view = |row: ClassRow| {
        let class = ClientClass::from_code(&row.class).ok_or_else(|| Error::new(Code::Internal))?;
        Ok(CustomerClassView {
            class: CustomerClassWord(class),
            class_label: say(&class.words(), context.language),
            source: store::class_source(&tx, &row)?,
            valid_from: row.valid_from,
            set_by: ColleagueBrief::of(row.set_by, &names),
            set_at: row.created_at,
        })
    };
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}
