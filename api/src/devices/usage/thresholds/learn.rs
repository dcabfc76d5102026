//! `POST /v1/equipment/{id}/thresholds/learn`: suggests thresholds from what the machine did; a person decides on them.

use actix_web::{HttpResponse, post, web::Data};
use chrono::Duration;
use domain::devices::utilisation::learn;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::counted::{OF_DAY, heard};
use super::super::store::thresholds::{Row, add};
use super::view::ThresholdsView;
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, Idempotency, Reply};

/// Days that are looked at if nothing is said.
const DAYS_DEFAULT: i64 = 14;

/// So many readings tell enough, however few days they are of.
const READINGS_MAX: usize = 300_000;

/// From how many days to learn.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LearnBody {
    /// The last so many days, 1 to 60; 14 if not said.
    #[serde(default = "days_default")]
    #[schema(example = 14, minimum = 1, maximum = 60)]
    days: i64,
}

fn days_default() -> i64 {
    DAYS_DEFAULT
}

/// Suggests thresholds from the readings of the machine's last days. Nothing changes until somebody confirms them.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.score"])),
    request_body = LearnBody,
    responses(
        (status = 201, description = "The suggestion", body = ThresholdsView),
        (status = 409, description = "Too little is known of the machine", body = crate::error::ProblemBody,
            content_type = "application/problem+json")
    )
)]
#[post("/v1/equipment/{id}/thresholds/learn")]
pub async fn learn_thresholds(
    access: Access<may::ScoreEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<LearnBody>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let machine = equipment::scope::lock(tx, &access.principal, at.uuid()).await?;
        let mut readings = vec![];
        // from the newest day back, until there is enough to learn from
        for ago in 0..body.days.clamp(1, 60) {
            let to = tx.now() - Duration::days(ago);
            let stays = heard(tx, machine.id, (to - Duration::days(1), to), OF_DAY).await?;
            readings.extend(stays.into_iter().flat_map(|stay| stay.readings));
            if readings.len() > READINGS_MAX {
                break;
            }
        }
        let suggestion = learn(&readings).ok_or_else(|| Error::new(Code::NothingToLearn))?;
        let row = Row {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            equipment_id: Some(machine.id),
            category: None,
            body: serde_json::to_value(&suggestion.thresholds)?,
            origin: "learned".to_owned(),
            explanation: Some(serde_json::to_value(&suggestion.explanation)?),
            state: "suggested".to_owned(),
            proposed_by: access.principal.id,
            decided_by: None,
            decided_at: None,
            version: 1,
            created_at: tx.now(),
        };
        add(tx, row.clone()).await?;
        let act = Act::new("equipment.thresholds_suggested", "equipment", machine.id).detail(row.body.clone());
        let id = Id::<kind::Equipment>::from_uuid(machine.id);
        let view = ThresholdsView::of(&row, context.language)?;
        Ok(Reply::created(format!("/v1/equipment/{id}/thresholds"), view).version(row.version).done(act))
    })
    .await
}
