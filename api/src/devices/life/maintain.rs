//! `POST /v1/equipment/{id}/maintenance` and `POST /v1/my/equipment/{id}/maintenance`: what was done to keep a machine well.
//! It stands in the machine's life, and its papers name the latest day; an owner's word alone leaves them as they are.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::devices::life::LifeEvent;
use domain::devices::upkeep::{Upkeep, WORK_CHARS_MAX};
use domain::id::{Id, kind};
use domain::money::Fen;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::{self, LifeEntry};
use super::{Note, record};
use crate::app::App;
use crate::devices::documents::reached_ready;
use crate::devices::equipment::scope::{By, must_be_in_use};
use crate::devices::equipment::store::{self as machines, Row as Machine};
use crate::devices::equipment::words::id_of;
use crate::devices::scores::{Cause, rescore};
use crate::documents;
use crate::error::{FieldProblem, Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, Done, Idempotency, Reply};

/// Maintenance that was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMaintenance {
    /// The day on which it was done; not in the future.
    #[schema(example = "2026-11-28")]
    pub done_on: NaiveDate,
    /// What was done.
    #[schema(example = "更换主轴轴承，润滑导轨", min_length = 1, max_length = 200)]
    pub work: String,
    /// What it cost, fen, if known.
    #[schema(example = 120_000, minimum = 0)]
    pub cost_fen: Option<i64>,
    /// A document of this machine that proves it, ready to be read.
    #[schema(value_type = Option<String>, example = "doc_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub document: Option<Id<kind::Document>>,
}

/// Records maintenance of a machine. Where it is later than what its papers name, they name it from now on, and a machine that
/// was scored is scored again.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = NewMaintenance,
    responses((status = 201, description = "What the machine's life says of it", body = LifeEntry))
)]
#[post("/v1/equipment/{id}/maintenance")]
pub async fn record_maintenance(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewMaintenance>,
) -> Result<HttpResponse> {
    let by = By::Staff(&access.principal);
    idem.run(&app, &access, &body, async |tx| maintain(tx, by, id.uuid(), &body, context.language).await).await
}

/// Records maintenance of one of the caller's own machines. The machine's papers name its day only where a document of the
/// machine proves it, or where the firm records it.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = NewMaintenance,
    responses((status = 201, description = "What the machine's life says of it", body = LifeEntry))
)]
#[post("/v1/my/equipment/{id}/maintenance")]
pub async fn record_my_maintenance(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewMaintenance>,
) -> Result<HttpResponse> {
    let by = By::Owner(access.principal.id);
    idem.run(&app, &access, &body, async |tx| maintain(tx, by, id.uuid(), &body, context.language).await).await
}

async fn maintain(
    tx: &TenantTx,
    by: By<'_>,
    machine: Uuid,
    new: &NewMaintenance,
    language: Language,
) -> Result<Done<LifeEntry>> {
    let mut machine = by.machine(tx, machine, true).await?;
    must_be_in_use(&machine)?;
    let upkeep = checked(tx, by, &machine, new).await?;
    let document = new.document.map(|id| id.uuid());
    let words = Some(upkeep.words());
    let note = Note { subject: document, words, amount: upkeep.cost_fen, ..Note::default() };
    let event = record(tx, machine.id, LifeEvent::Maintained, note).await?;
    if document.is_some() {
        documents::rely_on(tx, machine.id, document).await?;
    }
    let before = machines::papers(&machine)?;
    let after = upkeep.taken_into(&before);
    if let Some(papers) = &after {
        machine.papers = serde_json::to_value(papers)?;
        if machine.score_id.is_some() {
            rescore(tx, &mut machine, Cause::Papers).await?;
        }
        machines::save(tx, &mut machine).await?;
    }
    let detail = serde_json::json!({
        "done_on": upkeep.done_on, "cost_fen": upkeep.cost_fen, "document": document, "papers_changed": after.is_some(),
    });
    let place = match by {
        By::Staff(_) => format!("/v1/equipment/{}/life", id_of::<kind::Equipment>(machine.id)),
        By::Owner(_) => format!("/v1/my/equipment/{}", id_of::<kind::Equipment>(machine.id)),
    };
    let act = Act::new("equipment.maintain", "equipment", machine.id).detail(detail);
    Ok(Reply::created(place, list::one(tx, event, language).await?).done(act))
}

/// What was sent, by itself, against the machine's papers, and with its document.
async fn checked(tx: &TenantTx, by: By<'_>, machine: &Machine, new: &NewMaintenance) -> Result<Upkeep> {
    let mut checks = Checks::new();
    let work = checks.line("/work", &new.work, WORK_CHARS_MAX);
    let is_proved = new.document.is_some() || matches!(by, By::Staff(_));
    let upkeep = Upkeep { done_on: new.done_on, work, cost_fen: new.cost_fen.map(Fen), is_proved };
    let today = TenantZone::default().date_of(tx.now());
    if let Err(faults) = upkeep.check(&machines::papers(machine)?, today) {
        let told = |fault: domain::devices::fault::Fault| {
            FieldProblem::new(fault.pointer, "maintenance", fault.words.zh, fault.words.en)
        };
        faults.into_iter().for_each(|fault| checks.note(told(fault)));
    }
    if let Some(id) = new.document
        && !reached_ready(tx, by, machine.id, id.uuid()).await?
    {
        let (zh, en) = ("该设备没有这个可查看的文件", "The machine has no such file that can be read");
        checks.problem("/document", "unknown", zh, en);
    }
    checks.done()?;
    Ok(upkeep)
}
