//! `POST /v1/staff/{id}/disable`: somebody leaves. Their open applications go to another officer in the same transaction,
//! so that none is left with nobody. It stands in this area because only here their open work is known.

use std::cell::OnceCell;

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::action::Action;
use domain::applications::state::{Actor, Hat};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::assign::{department_of, officer};
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::{refusal, store, transition};
use crate::error::{Code, Error, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Idempotency, Reply};

/// Who takes over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The officer who takes over open applications; needed where there are any.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub reassign_to: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedOver {
    /// Who was disabled.
    #[schema(example = "stf_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// How many open applications went to another officer.
    #[schema(example = 4, minimum = 0)]
    pub reassigned: usize,
}

/// Disables a member of staff: their log-ins end at once, and their open applications go to the officer named.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.manage"])),
    request_body = HandOver,
    responses((status = 200, description = "Disabled; what was handed over", body = HandedOver))
)]
#[post("/v1/staff/{id}/disable")]
pub async fn disable_staff(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    id: At<kind::Staff>,
    idempotency: Idempotency,
    Body(body): Body<HandOver>,
) -> Result<HttpResponse> {
    if id.uuid() == access.principal.id {
        return Err(Error::new(Code::NotDisabledSelf));
    }
    let ended = OnceCell::new();
    let work = async |tx: &TenantTx| {
        people::scope::must_see(tx, &access.principal, id.uuid()).await?;
        let cases = store::held_by(tx, id.uuid()).await?;
        let reassigned = cases.len();
        if reassigned > 0 {
            let to = successor(tx, id.uuid(), body.reassign_to.as_deref()).await?;
            let department = department_of(tx, to).await?;
            let actor = Actor::staff(access.principal.id, [Hat::Dispatcher], None);
            for row in cases {
                let mut case = Case::open(tx, row).await?;
                case.row.department_id = department.or(case.row.department_id);
                transition::perform(tx, &mut case, &Action::Assign { to }, &actor).await?;
            }
        }
        let _ = ended.set(people::disable(tx, id.uuid()).await?);
        let view = HandedOver { id: Id::<kind::Staff>::from_uuid(id.uuid()).to_string(), reassigned };
        let detail = serde_json::json!({ "reassigned": reassigned, "reassign_to": body.reassign_to });
        Ok(Reply::ok(view).done(Act::new("staff.disable", "staff", id.uuid()).detail(detail)))
    };
    let answer = idempotency.run(&app, &access, &body, work).await?;
    // Their tokens end here at once, in other processes within a second.
    if let Some(ended) = ended.get() {
        ended.note(&app);
    }
    Ok(answer)
}

async fn successor(tx: &TenantTx, leaving: Uuid, named: Option<&str>) -> Result<Uuid> {
    let named = named.ok_or_else(|| Error::new(Code::OpenWork))?;
    let to = officer(tx, "/reassign_to", named).await?;
    if to == leaving {
        return Err(refusal::wrong_field(
            "/reassign_to",
            "same_person",
            "接手人不能是被停用的员工本人",
            "It must be somebody else",
        ));
    }
    Ok(to)
}
