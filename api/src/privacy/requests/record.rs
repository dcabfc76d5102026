//! `POST /v1/privacy-requests`: a request that came on paper is recorded, with why it is known to be the person's own.

use actix_web::{HttpResponse, post, web::Data};
use domain::id::{Id, kind};
use domain::person::Phone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, FieldProblem, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Checks, Context, Idempotency, Reply};
use crate::privacy::store::{self, Person};
use crate::privacy::view::{PrivacyRequestKind, PrivacyRequestView};

/// Most characters of a reason.
pub(super) const REASON_CHARS_MAX: usize = 500;

/// A request, and of whom: of one account, one customer, or whoever an earlier request was of.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrivacyRequest {
    /// What is asked.
    pub kind: PrivacyRequestKind,
    /// The phone that the person logs in with.
    #[schema(example = "13800000012", max_length = 20)]
    pub phone: Option<String>,
    /// Their record among the customers; it must be a person's.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 40)]
    pub customer: Option<String>,
    /// An earlier request of theirs: also after their account was closed.
    #[schema(example = "prq_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 40)]
    pub same_as: Option<String>,
    /// How it came, and how it is known to be their own.
    #[schema(example = "本人2026年11月30日持身份证到柜台书面申请", min_length = 1, max_length = 500)]
    pub reason: String,
}

/// Records a request. Nothing happens yet: another member of staff carries it out.
#[utoipa::path(
    tag = "privacy",
    security(("token" = ["privacy.handle"])),
    request_body = NewPrivacyRequest,
    responses((status = 201, description = "The request", body = PrivacyRequestView))
)]
#[post("/v1/privacy-requests")]
pub async fn record_privacy_request(
    access: Access<may::HandlePrivacyRequests>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewPrivacyRequest>,
) -> Result<HttpResponse> {
    let mut checks = Checks::new();
    let reason = checks.lines("/reason", &body.reason, REASON_CHARS_MAX);
    let phone = body.phone.as_deref().and_then(|text| checks.personal("/phone", Phone::parse(text)));
    let named = [&body.phone, &body.customer, &body.same_as].iter().filter(|one| one.is_some()).count();
    if named != 1 {
        let (zh, en) = ("手机号、客户、此前的请求三者填一项", "name one of phone, customer and same_as");
        checks.problem("/phone", "one_of", zh, en);
    }
    checks.done()?;
    idem.run(&app, &access, &body, async |tx| {
        let who = find(tx, &body, phone.as_ref()).await?;
        let row = store::add_request(tx, (body.kind.code(), "staff"), who, Some(&reason)).await?;
        let id = Id::<kind::PrivacyRequest>::from_uuid(row.id);
        let act = Act::new("privacy.record", "privacy_request", row.id).detail(json!({ "kind": row.kind }));
        let view = PrivacyRequestView::of(tx, &row, context.language).await?;
        Ok(Reply::created(format!("/v1/privacy-requests/{id}"), view).version(row.version).done(act))
    })
    .await
}

/// Whom a request is of.
async fn find(tx: &TenantTx, body: &NewPrivacyRequest, phone: Option<&Phone>) -> Result<Person> {
    let nobody = |pointer: &str| {
        Error::fields(vec![FieldProblem::new(pointer, "unknown", "没有找到此人", "no such person is known")])
    };
    if let Some(phone) = phone {
        let applicant = people::applicant_by_phone(tx, phone).await?.ok_or_else(|| nobody("/phone"))?;
        return Ok(Person { applicant: Some(applicant), customer: None });
    }
    if let Some(text) = &body.customer {
        let id = Id::<kind::Customer>::parse(text).ok_or_else(|| nobody("/customer"))?.uuid();
        if !store::is_person(tx, id).await? {
            return Err(nobody("/customer"));
        }
        // of somebody whom two accounts applied for, each account asks for itself; so does one that applied for others, too
        let accounts = store::accounts_of(tx, id).await?;
        let applicant = match accounts.as_slice() {
            [account] if !store::is_for_others(tx, *account, id).await? => Some(*account),
            _ => None,
        };
        return Ok(Person { applicant, customer: Some(id) });
    }
    let earlier = body.same_as.as_deref().and_then(Id::<kind::PrivacyRequest>::parse);
    let earlier = earlier.ok_or_else(|| nobody("/same_as"))?.uuid();
    let row = store::request(tx, earlier).await?.ok_or_else(|| nobody("/same_as"))?;
    Ok(Person { applicant: row.applicant_id, customer: row.customer_id })
}
