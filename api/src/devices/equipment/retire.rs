//! `POST /v1/equipment/{id}/retire`: a machine is used no longer. Its socket watches it no longer either.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{EquipmentStateWord, MonitoringWord};
use super::{EquipmentView, scope, store};
use crate::app::App;
use crate::devices::life::{self, Note};
use crate::devices::{alarms, bindings, listings};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, IfMatch, Reply};

/// Most characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// Why.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentReason {
    /// The reason, for the machine's history.
    #[schema(example = "设备已报废", min_length = 1, max_length = 500)]
    pub reason: String,
}

impl EquipmentReason {
    pub(in crate::devices) fn checked(&self) -> Result<String> {
        let mut checks = Checks::new();
        let reason = checks.lines("/reason", &self.reason, REASON_CHARS_MAX);
        checks.done()?;
        Ok(reason)
    }
}

/// Retires a machine that is neither encumbered nor offered. Monitoring and the binding of its socket end with it.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = EquipmentReason,
    responses((status = 200, description = "The machine as it is now", body = EquipmentView))
)]
#[post("/v1/equipment/{id}/retire")]
pub async fn retire_equipment(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    seen: IfMatch,
    idem: Idempotency,
    Body(body): Body<EquipmentReason>,
) -> Result<HttpResponse> {
    let reason = body.checked()?;
    idem.run(&app, &access, &body, async |tx| {
        let mut row = scope::lock(tx, &access.principal, id.uuid()).await?;
        seen.check(row.version, Some(&row.state))?;
        scope::must_be_in_use(&row)?;
        if row.encumbrance.is_some() {
            return Err(Error::new(Code::EquipmentEncumbered)
                .detail("设备已抵押，请先解除抵押再停用。", "The machine is encumbered; free it first."));
        }
        if listings::has_open(tx, row.id).await? {
            return Err(Error::new(Code::IllegalTransition)
                .detail("设备还有未结束的流转信息，请先撤回。", "The machine is still offered; withdraw that first."));
        }
        bindings::end_all(tx, &row).await?;
        EquipmentStateWord::Retired.code().clone_into(&mut row.state);
        if row.monitoring == MonitoringWord::On.code() {
            MonitoringWord::Stopped.code().clone_into(&mut row.monitoring);
            row.monitoring_since = Some(tx.now());
            life::record(tx, row.id, LifeEvent::MonitoringStopped, Note::default()).await?;
            alarms::end_all(tx, row.id).await?;
        }
        store::save(tx, &mut row).await?;
        life::record(tx, row.id, LifeEvent::Retired, Note::because(&reason)).await?;
        let view = EquipmentView::one(tx, &row, &access.principal, context.language).await?;
        let act = Act::new("equipment.retire", "equipment", row.id).detail(serde_json::json!({ "reason": reason }));
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}
