//! `POST /v1/equipment/{id}/start-monitoring` and `/stop-monitoring`: a machine is watched online. That begins only where
//! the latest score finds the risk controllable; where it does not, the refusal says what would change it.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::devices::score::{Verdict, opinion};
use domain::id::kind;

use super::latest;
use crate::app::App;
use crate::devices::alarms;
use crate::devices::equipment::store::{self as machines, Row as Machine};
use crate::devices::equipment::words::MonitoringWord;
use crate::devices::equipment::{EquipmentReason, EquipmentView, scope};
use crate::devices::life::{self, Note};
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// Begins to watch a machine online.
#[utoipa::path(
    tag = "equipment scores",
    security(("token" = ["equipment.score"])),
    responses(
        (status = 200, description = "The machine as it is now", body = EquipmentView),
        (status = 409, description = "It is watched already, or its risk is not found controllable", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/equipment/{id}/start-monitoring")]
pub async fn start_monitoring(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    seen: IfMatch,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let mut row = scope::lock(tx, &access.principal, id.uuid()).await?;
        seen.check(row.version, Some(&row.state))?;
        scope::must_be_in_use(&row)?;
        if row.monitoring == MonitoringWord::On.code() {
            return Err(Error::new(Code::IllegalTransition)
                .detail("设备已在监控中，无需再次开始。", "The machine is monitored already."));
        }
        must_be_controllable(tx, &row).await?;
        turn(tx, &mut row, MonitoringWord::On, LifeEvent::MonitoringStarted, Note::default()).await?;
        let view = EquipmentView::one(tx, &row, &access.principal, context.language).await?;
        let detail = serde_json::json!({ "score": row.score_id });
        let act = Act::new("equipment.start_monitoring", "equipment", row.id).detail(detail);
        Ok(Reply::ok(view).version(row.version).done(act))
    })
    .await
}

/// Ends watching a machine online. What was counted stays.
#[utoipa::path(
    tag = "equipment scores",
    security(("token" = ["equipment.score"])),
    request_body = EquipmentReason,
    responses((status = 200, description = "The machine as it is now", body = EquipmentView))
)]
#[post("/v1/equipment/{id}/stop-monitoring")]
pub async fn stop_monitoring(
    access: Access<may::ScoreEquipment>,
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
        if row.monitoring != MonitoringWord::On.code() {
            return Err(Error::new(Code::IllegalTransition)
                .detail("设备不在监控中，无需停止。", "The machine is not monitored; there is nothing to stop."));
        }
        let note = Note::because(&reason);
        turn(tx, &mut row, MonitoringWord::Stopped, LifeEvent::MonitoringStopped, note).await?;
        alarms::end_all(tx, row.id).await?;
        let view = EquipmentView::one(tx, &row, &access.principal, context.language).await?;
        let act = Act::new("equipment.stop_monitoring", "equipment", row.id);
        Ok(Reply::ok(view).version(row.version).done(act.detail(serde_json::json!({ "reason": reason }))))
    })
    .await
}

async fn turn(tx: &TenantTx, row: &mut Machine, to: MonitoringWord, event: LifeEvent, note: Note<'_>) -> Result<()> {
    to.code().clone_into(&mut row.monitoring);
    row.monitoring_since = Some(tx.now());
    machines::save(tx, row).await?;
    life::record(tx, row.id, event, note).await?;
    Ok(())
}

async fn must_be_controllable(tx: &TenantTx, row: &Machine) -> Result<()> {
    let refused = Error::new(Code::NotControllable);
    let Some(score) = latest(tx, row).await? else {
        return Err(refused.detail("设备还没有评分，请先评分。", "The machine has no score yet; score it first."));
    };
    if score.verdict == Verdict::Controllable {
        return Ok(());
    }
    let opinion = opinion(&score);
    let zh: Vec<&str> = opinion.changes.iter().map(|words| words.zh.as_str()).collect();
    let en: Vec<&str> = opinion.changes.iter().map(|words| words.en.as_str()).collect();
    let (zh, en) = (zh.join("；"), en.join("; "));
    let between = |text: &str, zh: &'static str| if text.is_empty() { "" } else { zh };
    Err(refused.detail(
        format!("{}{}{zh}。", opinion.verdict.zh, between(&zh, "。")),
        format!("{}{}{en}.", opinion.verdict.en, between(&en, ". ")),
    ))
}
