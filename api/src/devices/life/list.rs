//! `GET /v1/equipment/{id}/life`: all that happened to a machine, in words.

use std::collections::HashMap;

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, EventRow};
use crate::app::App;
use crate::customers::ColleagueBrief;
use crate::devices::equipment::scope;
use crate::devices::equipment::words::{id_of, known, say};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::access::{Access, may};
use crate::platform::db::{ActorKind, TenantTx};
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply, coded_word};

coded_word! {
    /// What happened to a machine.
    LifeEventWord(LifeEvent)
}

/// One thing that happened to a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct LifeEntry {
    /// Its id.
    #[schema(example = "lfe_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What happened.
    pub kind: LifeEventWord,
    /// The same in words.
    #[schema(example = "绑定智能插座")]
    pub label: String,
    /// All of it in a sentence.
    #[schema(example = "绑定智能插座：plug-lathe-1，自2026-11-29 08:00起")]
    pub text: String,
    /// What whoever did it gave as the reason.
    #[schema(example = "设备已报废")]
    pub reason: Option<String>,
    /// What it was worth, or what was paid, fen.
    #[schema(example = 12_000_000, minimum = 0)]
    pub amount_fen: Option<i64>,
    /// What it was about: the binding, score, listing, enquiry, alarm, thresholds or document.
    #[schema(example = "bnd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub subject: Option<String>,
    /// The member of staff who did it; null where an applicant or the product itself did.
    pub by: Option<ColleagueBrief>,
    /// Who did it, in words.
    #[schema(example = "李经理")]
    pub by_label: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// All that happened to a machine, oldest first.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of its history, oldest first", body = Page<LifeEntry>))
)]
#[get("/v1/equipment/{id}/life")]
pub async fn list_life(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<LifeEntry>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let machine = scope::find(&tx, &access.principal, id.uuid()).await?;
    let rows = store::page(&tx, machine.id, cursor).await?;
    let by: Vec<Uuid> = rows.iter().map(|row| row.actor_id).collect();
    let names = people::staff_brief(&tx, &by).await?;
    let view = |row: EventRow| entry(&tx, &row, &names, context.language);
    Ok(Reply::ok(cursor.page(rows, |row| row.id, view)?))
}

/// One thing that happened, by its id.
///
/// # Errors
/// If the database fails.
pub(super) async fn one(tx: &TenantTx, id: Uuid, language: Language) -> Result<LifeEntry> {
    let row = known(store::get(tx, id).await?)?;
    let names = people::staff_brief(tx, &[row.actor_id]).await?;
    entry(tx, &row, &names, language)
}

fn entry(tx: &TenantTx, row: &EventRow, names: &HashMap<Uuid, StaffBrief>, language: Language) -> Result<LifeEntry> {
    let kind = known(LifeEvent::from_code(&row.kind))?;
    let label = say(&kind.words(), language);
    let note = store::note(tx, row)?;
    let said = note.as_ref().and_then(|note| note.words.as_ref()).map(|words| say(words, language));
    let text = match said {
        Some(said) => format!("{label}{}{said}", language.choose("：", ": ")),
        None => label.clone(),
    };
    let by = if row.actor_kind == ActorKind::Staff.key() { ColleagueBrief::of(row.actor_id, names) } else { None };
    let others = if row.actor_kind == ActorKind::Applicant.key() {
        language.choose("申请人", "an applicant")
    } else {
        language.choose("系统", "the system")
    };
    Ok(LifeEntry {
        id: id_of::<kind::LifeEvent>(row.id),
        kind: LifeEventWord(kind),
        label,
        text,
        amount_fen: note.as_ref().and_then(|note| note.amount_fen).map(|amount| amount.0),
        reason: note.and_then(|note| note.reason),
        subject: row.subject.and_then(|id| subject(kind, id)),
        by_label: by.as_ref().map_or_else(|| others.to_owned(), |by| by.name.clone()),
        by,
        at: row.at,
    })
}

/// The id of what a row is about, as callers know it.
fn subject(event: LifeEvent, id: Uuid) -> Option<String> {
    match event {
        LifeEvent::SocketBound | LifeEvent::SocketUnbound => Some(id_of::<kind::Binding>(id)),
        LifeEvent::Scored => Some(id_of::<kind::EquipmentScore>(id)),
        LifeEvent::ThresholdChanged => Some(id_of::<kind::Thresholds>(id)),
        LifeEvent::AlarmRaised | LifeEvent::AlarmCleared => Some(id_of::<kind::Alarm>(id)),
        LifeEvent::Listed | LifeEvent::Withdrawn | LifeEvent::Reserved | LifeEvent::Sold => {
            Some(id_of::<kind::Listing>(id))
        }
        LifeEvent::PhotoAdded | LifeEvent::PhotoRemoved | LifeEvent::Maintained => Some(id_of::<kind::Document>(id)),
        LifeEvent::Enquired => Some(id_of::<kind::Enquiry>(id)),
        _ => None,
    }
}
