//! `PATCH /v1/equipment/{id}`: staff mend a machine's record. Where its papers change and it was scored before, it is scored
//! again in the same breath, so that no score speaks of papers that are no longer there. Where it turns out to be of another
//! kind, the thresholds of that kind hold for it unless it has its own.

use actix_web::{patch, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use domain::time::TenantZone;

use super::form::EquipmentChange;
use super::store::{self, Fields};
use super::view::{EquipmentView, for_audit};
use super::{check, scope};
use crate::app::App;
use crate::devices::alarms;
use crate::devices::life::{self, Note};
use crate::devices::scores::{Cause, rescore};
use crate::devices::usage;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes a machine's record.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = EquipmentChange,
    responses((status = 200, description = "The record as it is now", body = EquipmentView))
)]
#[patch("/v1/equipment/{id}")]
pub async fn change_equipment(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    seen: IfMatch,
    Body(body): Body<EquipmentChange>,
) -> Result<Reply<EquipmentView>> {
    if body.is_empty() {
        return Err(Error::new(Code::NothingToChange));
    }
    let who = &access.principal;
    let tx = access.begin(&app).await?;
    let mut row = scope::lock(&tx, who, id.uuid()).await?;
    seen.check(row.version, Some(&row.state))?;
    scope::must_be_in_use(&row)?;
    let before = Fields::of(&tx, &row)?;
    let mut checked = check::change(&before, &body, TenantZone::default().date_of(tx.now()))?;
    let reach = departments_of(&tx, who).await?;
    check::place_of(&tx, who, &reach, Some(&before), &mut checked).await?;
    let after = checked.fields;
    store::fill(&tx, &mut row, &after)?;
    if before.category != after.category {
        usage::category_changed(&tx, &mut row).await?;
    }
    if before.papers != after.papers {
        life::record(&tx, row.id, LifeEvent::PapersChanged, Note::default()).await?;
        if row.score_id.is_some() {
            rescore(&tx, &mut row, Cause::Papers).await?;
        }
    }
    if before.applicant != after.applicant {
        // the new owner has seen none of its alarms, and asked for no quiet
        alarms::forget_owner(&tx, row.id).await?;
    }
    store::save(&tx, &mut row).await?;
    let view = EquipmentView::one(&tx, &row, who, context.language).await?;
    let detail = serde_json::json!({
        "before": for_audit(&before)?, "after": for_audit(&after)?, "moved": before.place != after.place,
    });
    tx.commit(Act::new("equipment.change", "equipment", row.id).detail(detail)).await?;
    Ok(Reply::ok(view).version(row.version))
}
