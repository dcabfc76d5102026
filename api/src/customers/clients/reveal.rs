//! `POST /v1/customers/{id}/reveal`: a record with personal data in clear, for a reason that the audit chain keeps.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::scope;
use super::store::Fields;
use crate::app::App;
use crate::customers::REASON_CHARS_MAX;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Idempotency, Reply};

/// Why a record is looked at in clear.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerReveal {
    /// The reason.
    #[schema(example = "电话核实客户身份", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// What is masked elsewhere, in clear.
#[derive(Serialize, ToSchema)]
pub struct RevealedCustomer {
    /// The name.
    #[schema(example = "张示例")]
    pub name: String,
    /// A person's ID number.
    #[schema(example = "110101189912310001")]
    pub id_number: Option<String>,
    /// The mobile number.
    #[schema(example = "13800000012")]
    pub phone: Option<String>,
    /// The address.
    #[schema(example = "示例省示例市示例路1号")]
    pub address: Option<String>,
}

/// Shows a record with personal data in clear. The reason is kept in the audit chain; the answer is not kept, so a repeat
/// under the same key is refused.
#[utoipa::path(
    tag = "customers",
    security(("token" = ["personal_data.reveal"])),
    request_body = CustomerReveal,
    responses((status = 200, description = "The record in clear", body = RevealedCustomer))
)]
#[post("/v1/customers/{id}/reveal")]
pub async fn reveal_customer(
    access: Access<may::RevealPersonalData>,
    app: Data<App>,
    id: At<kind::Customer>,
    idempotency: Idempotency,
    Body(body): Body<CustomerReveal>,
) -> Result<HttpResponse> {
    let work = async |tx: &TenantTx| {
        let row = scope::find(tx, &access.principal, id.uuid()).await?;
        let mut checks = Checks::new();
        let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
        checks.done()?;
        let act = Act::new("personal_data.reveal", "customer", row.id).detail(serde_json::json!({ "reason": reason }));
        let fields = Fields::of(tx, &row)?;
        let id_number = fields.is_person().then_some(fields.identity);
        let shown = RevealedCustomer { name: fields.name, id_number, phone: fields.phone, address: fields.address };
        Ok(Reply::ok(shown).done(act).secret())
    };
    idempotency.run(&app, &access, &body, work).await
}
