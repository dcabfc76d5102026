//! The applicant's authorisations (授权标识): seen, granted by somebody entitled, and revoked at any time.

use actix_web::{HttpResponse, get, post, web::Data};
use domain::applications::completeness::agent_proof_ready;
use domain::applications::timeline::EventKind;
use domain::consent::{Capacity, SubjectKind, may_grant};
use domain::entitlement::record_allows;
use domain::id::{Id, kind};
use domain::person::{IdNumber, PersonFault, RealName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::own;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::detail::Detail;
use crate::applications::{refusal, transition};
use crate::data::{self, AuthorisationView, Consenter, NewAuthorisation};
use crate::error::{Error, FieldProblem, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Idempotency, Reply, Under};

/// The authorisations of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct Authorisations {
    /// Newest first.
    pub items: Vec<AuthorisationView>,
}

/// What the applicant agrees to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "capacity": "legal_representative", "real_name": "示例法人甲", "id_number": "110101189912310001",
}))]
pub struct Consent {
    /// In which capacity, the same as in the form.
    pub capacity: CapacityName,
    /// Name of the person who consents, as on their ID card. Of a legal representative it is compared with the firm's record
    /// and with the registration.
    #[schema(example = "示例法人甲", min_length = 2, max_length = 50)]
    pub real_name: String,
    /// Their ID number.
    #[schema(example = "110101189912310001", min_length = 15, max_length = 40)]
    pub id_number: String,
    /// Codes of the sources that may be asked; all of them where left out. What is left out of the list is not collected,
    /// and the application then goes to a person instead of passing automatically.
    #[schema(max_items = 32)]
    pub sources: Option<Vec<String>>,
}

/// In which capacity somebody acts for an enterprise.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapacityName {
    /// Its legal representative.
    LegalRepresentative,
    /// An agent whose proof of authority is uploaded.
    Agent,
}

/// Nothing: the address says which.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocation {}

/// The authorisations of one of the caller's applications.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    responses((status = 200, description = "The authorisations", body = Authorisations))
)]
#[get("/v1/my/applications/{id}/authorisations")]
pub async fn list_my_authorisations(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
) -> Result<Reply<Authorisations>> {
    let tx = access.read(&app).await?;
    let case = own::find(&tx, access.principal.id, id.uuid()).await?;
    Ok(Reply::ok(Authorisations { items: data::list_of(&tx, case.id()).await? }))
}

/// Authorises the collection of the enterprise's data.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = Consent,
    responses((status = 201, description = "The authorisation", body = AuthorisationView))
)]
#[post("/v1/my/applications/{id}/authorisations")]
pub async fn grant_authorisation(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    idempotency: Idempotency,
    Body(body): Body<Consent>,
) -> Result<HttpResponse> {
    let owner = access.principal.id;
    let work = async |tx: &TenantTx| {
        let case = own::lock(tx, owner, id.uuid()).await?;
        let capacity = entitled(tx, &case, &body).await?;
        let person = consenter(&body)?;
        let subject = case.form.credit_code().ok_or_else(|| {
            refusal::wrong_field(
                "/credit_code",
                "missing",
                "请先在申请表中填写统一社会信用代码",
                "Enter the enterprise's credit code in the form first",
            )
        })?;
        let recorded = data::recorded_representative(tx, &subject).await?;
        if !record_allows(capacity, &person.real_name, recorded.as_ref()) {
            return Err(differs_from_record());
        }
        let sources = body.sources.clone().unwrap_or_else(|| data::SOURCES.map(str::to_owned).to_vec());
        let new = NewAuthorisation {
            application: case.id(),
            applicant: owner,
            subject: subject.into(),
            capacity,
            person,
            sources,
        };
        let known = data::live(tx, case.id()).await?.map(|live| live.mark);
        let granted = data::grant(tx, new).await?;
        // asked a second time, the one in force is given back, and nothing has happened
        if known.as_ref() != Some(&granted.mark) {
            note(tx, &case, EventKind::ConsentGranted, &granted).await?;
        }
        let act = Act::new("authorisation.grant", "application", case.id());
        let act = act.detail(serde_json::json!({ "after": { "id": granted.id, "mark": granted.mark } }));
        let location = format!("/v1/my/applications/{}/authorisations", Id::<kind::Application>::from_uuid(case.id()));
        let version = granted.version;
        Ok(Reply::created(location, granted).version(version).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

/// Revokes an authorisation: nothing more is collected or evaluated from now on.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = Revocation,
    responses((status = 200, description = "The authorisation, revoked", body = AuthorisationView))
)]
#[post("/v1/my/applications/{id}/authorisations/{authorisation}/revoke")]
pub async fn revoke_authorisation(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    id: At<kind::Application>,
    authorisation: Under<kind::Authorisation>,
    idempotency: Idempotency,
    Body(body): Body<Revocation>,
) -> Result<HttpResponse> {
    let owner = access.principal.id;
    let work = async |tx: &TenantTx| {
        let case = own::lock(tx, owner, id.uuid()).await?;
        let revoked = data::revoke(tx, case.id(), authorisation.uuid()).await?;
        note(tx, &case, EventKind::ConsentRevoked, &revoked).await?;
        let act = Act::new("authorisation.revoke", "application", case.id());
        let act = act.detail(serde_json::json!({ "after": { "id": revoked.id, "mark": revoked.mark } }));
        let version = revoked.version;
        Ok(Reply::ok(revoked).version(version).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

/// Whether the caller may give the enterprise's consent, and in which capacity.
async fn entitled(tx: &TenantTx, case: &Case, body: &Consent) -> Result<Capacity> {
    if case.facts.state.is_final() {
        return Err(own::locked(case));
    }
    if case.form.subject_kind() != Some(SubjectKind::Enterprise) {
        return Err(refusal::wrong_field(
            "/capacity",
            "not_an_enterprise",
            "个人申请不采集企业数据，无需授权",
            "A person's application collects no data and needs no authorisation",
        ));
    }
    let ready = case.ready(tx).await?;
    let ready: Vec<(&str, u32)> = ready.iter().map(|(key, count)| (key.as_str(), *count)).collect();
    let proof = agent_proof_ready(&case.product, &ready);
    may_grant(SubjectKind::Enterprise, case.form.capacity(), proof).map_err(refusal::not_entitled)?;
    let capacity = match body.capacity {
        CapacityName::LegalRepresentative => Capacity::LegalRepresentative,
        CapacityName::Agent => Capacity::Agent,
    };
    if case.form.capacity() != Some(capacity) {
        return Err(refusal::wrong_field(
            "/capacity",
            "capacity_differs",
            "与申请表中填写的办理人身份不一致，请核对",
            "It differs from the capacity in the form; check which is right",
        ));
    }
    Ok(capacity)
}

/// Reads who consents, and says all that is wrong with it at once.
fn consenter(body: &Consent) -> Result<Consenter> {
    let wrong = |pointer: &str, fault: PersonFault| {
        let words = fault.words();
        FieldProblem::new(pointer, fault.code(), words.zh, words.en)
    };
    match (RealName::parse(&body.real_name), IdNumber::parse(&body.id_number)) {
        (Ok(real_name), Ok(id_number)) => Ok(Consenter { real_name, id_number }),
        (name, number) => {
            let name = name.err().map(|fault| wrong("/real_name", fault));
            let number = number.err().map(|fault| wrong("/id_number", fault));
            Err(Error::fields(name.into_iter().chain(number).collect()))
        }
    }
}

fn differs_from_record() -> Error {
    refusal::wrong_field(
        "/real_name",
        "differs_from_record",
        "与本公司企业档案中的法定代表人不一致：请核对姓名；如您是经办人，请在申请表中选择“经办人”并上传授权委托书；\
         如档案有误，请联系本公司更正",
        "It differs from the legal representative in our record of the enterprise: correct the name, act as an agent and \
         upload the power of attorney, or ask us to correct the record",
    )
}

async fn note(tx: &TenantTx, case: &Case, kind: EventKind, about: &AuthorisationView) -> Result<()> {
    let detail = Detail { about: Some(about.mark.clone()), ..Detail::default() };
    let state = case.facts.state;
    transition::record(tx, case.id(), kind, (state, state), &detail).await?;
    Ok(())
}
