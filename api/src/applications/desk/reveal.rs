//! `POST /v1/applications/{id}/reveal`: the form with personal data in clear, for a reason that the audit chain keeps.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;

use super::review::Why;
use super::scope;
use crate::app::App;
use crate::applications::refusal;
use crate::applications::view::ApplicationForm;
use crate::data;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Idempotency, Reply};

/// The form in clear.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedForm {
    /// The whole form.
    #[schema(value_type = ApplicationForm)]
    pub form: serde_json::Value,
    /// Who gave the last authorisation, and whom they are compared with.
    pub consent: Option<RevealedConsent>,
}

/// Who consented for the enterprise, beside who represents it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevealedConsent {
    /// Their name.
    #[schema(example = "示例法人甲")]
    pub real_name: String,
    /// Their ID number.
    #[schema(example = "110101189912310001")]
    pub id_number: String,
    /// The legal representative in the firm's record of the enterprise.
    #[schema(example = "示例法人甲")]
    pub recorded_legal_representative: Option<String>,
    /// The legal representative in the registration that was collected last.
    #[schema(example = "示例法人甲")]
    pub registered_legal_representative: Option<String>,
}

impl From<data::Compared> for RevealedConsent {
    fn from(found: data::Compared) -> Self {
        Self {
            real_name: found.person.real_name.expose().to_owned(),
            id_number: found.person.id_number.expose().to_owned(),
            recorded_legal_representative: found.recorded.map(|name| name.expose().to_owned()),
            registered_legal_representative: found.registered,
        }
    }
}

/// Shows the form with personal data in clear. The reason is kept in the audit chain; the answer is not kept, so a
/// repeat under the same key is refused.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["personal_data.reveal"])),
    request_body = Why,
    responses((status = 200, description = "The form in clear", body = RevealedForm))
)]
#[post("/v1/applications/{id}/reveal")]
pub async fn reveal_application(
    access: Access<may::RevealPersonalData>,
    app: Data<App>,
    id: At<kind::Application>,
    idempotency: Idempotency,
    Body(body): Body<Why>,
) -> Result<HttpResponse> {
    let work = async |tx: &TenantTx| {
        let case = scope::find(tx, &access.principal, id.uuid()).await?;
        let reason = refusal::reason("/reason", &body.reason)?;
        let act = Act::new("personal_data.reveal", "application", case.id());
        let act = act.detail(serde_json::json!({ "reason": reason.as_str() }));
        let consent = data::compared_of(tx, case.id(), case.row.round).await?.map(Into::into);
        Ok(Reply::ok(RevealedForm { form: case.form.expose(), consent }).done(act).secret())
    };
    idempotency.run(&app, &access, &body, work).await
}
