//! `POST /v1/enterprises`: staff add an enterprise to the firm's records.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::change::EnterpriseChange;
use super::check;
use super::store::{self, Fields, Row};
use super::view::EnterpriseView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Idempotency, Reply};

/// An enterprise to add.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnterprise {
    /// Its unified social credit code.
    #[schema(example = "91340600MA2PBMA74B", min_length = 18, max_length = 40)]
    pub credit_code: String,
    /// Its full name as registered.
    #[schema(example = "示例农业发展有限公司", min_length = 2, max_length = 100)]
    pub full_name: String,
    /// Its region's code (GB/T 2260).
    #[schema(example = "340600", max_length = 6)]
    pub region: Option<String>,
    /// Its industry's code (GB/T 4754).
    #[schema(example = "0111", max_length = 4)]
    pub industry: Option<String>,
    /// Its address.
    #[schema(example = "示例路1号", max_length = 200)]
    pub address: Option<String>,
    /// Its legal representative's name.
    #[schema(example = "张示例", min_length = 2, max_length = 50)]
    pub legal_representative: Option<String>,
    /// Its registered capital in fen.
    #[schema(example = 100_000_000, minimum = 0, maximum = 10_000_000_000_000_i64)]
    pub registered_capital_fen: Option<i64>,
    /// When it was established.
    #[schema(example = "2018-05-21")]
    pub established_on: Option<NaiveDate>,
}

/// Adds an enterprise.
#[utoipa::path(
    tag = "enterprises",
    security(("token" = ["enterprises.manage"])),
    request_body = NewEnterprise,
    responses((status = 201, description = "The new record", body = EnterpriseView))
)]
#[post("/v1/enterprises")]
pub async fn create_enterprise(
    access: Access<may::ManageEnterprises>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<NewEnterprise>,
) -> Result<HttpResponse> {
    let fields = fields(&body, app.clock.now())?;
    idem.run(&app, &access, &body, async |tx| {
        let row = store::insert(tx, &fields).await?;
        let act = Act::new("enterprises.create", "enterprise", row.id).detail(serde_json::json!({ "after": body }));
        let location = format!("/v1/enterprises/{}", Id::<kind::Enterprise>::from_uuid(row.id));
        Ok(Reply::created(location, EnterpriseView::of(tx, row)?).version(1).done(act))
    })
    .await
}

/// Adds an enterprise on behalf of the product itself.
///
/// # Errors
/// `invalid_fields` with all that is wrong, `code_taken`, `name_taken`, or a failing database.
pub async fn create(tx: &TenantTx, new: NewEnterprise) -> Result<Uuid> {
    let Row { id, .. } = store::insert(tx, &fields(&new, tx.now())?).await?;
    Ok(id)
}

fn fields(new: &NewEnterprise, now: chrono::DateTime<chrono::Utc>) -> Result<Fields> {
    let all = EnterpriseChange {
        credit_code: Some(new.credit_code.clone()),
        full_name: Some(new.full_name.clone()),
        region: Some(new.region.clone()),
        industry: Some(new.industry.clone()),
        address: Some(new.address.clone()),
        legal_representative: Some(new.legal_representative.clone()),
        registered_capital_fen: Some(new.registered_capital_fen),
        established_on: Some(new.established_on),
    };
    check::apply(Fields::default(), &all, now)
}
