//! `POST /v1/alarms/{id}/acknowledge`, `/mute` and `/clear`: what people do with an alarm.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::access::May;
use domain::devices::alarms::{AlarmAction, AlarmRefusal};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::announce;
use super::store::owners::{self, Whole};
use super::view::AlarmView;
use crate::app::App;
use crate::devices::equipment::scope::By;
use crate::error::{Code, Error, FieldProblem, Language, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Reply};

/// Nothing to say.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmSeen {}

/// Until when nobody is told.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmMute {
    /// Until when, at most 30 days from now.
    #[schema(example = "2026-11-30T08:00:00+08:00")]
    pub(super) until: DateTime<Utc>,
}

/// One step.
pub(super) struct Step {
    pub(super) id: Uuid,
    pub(super) seen: IfMatch,
    pub(super) idempotency: Idempotency,
    pub(super) context: Context,
}

impl Step {
    /// Takes it with an alarm of a machine that `by` reaches, and shows the alarm as `show` does.
    pub(super) async fn run<P: May, B: Serialize, V: Serialize>(
        self,
        app: &App,
        (access, by): (&Access<P>, By<'_>),
        body: &B,
        (name, action): (&'static str, impl Fn(DateTime<Utc>) -> AlarmAction),
        show: fn(&Whole, Language) -> Result<V>,
    ) -> Result<HttpResponse> {
        let Self { id, seen, idempotency, context } = self;
        idempotency
            .run(app, access, body, async |tx| {
                // the machine first, as whoever counts its days locks it first
                let found = owners::get(tx, id).await?.ok_or_else(Error::not_found)?;
                by.machine(tx, found.firms.equipment_id, true).await?;
                let row = owners::lock(tx, id).await?.ok_or_else(Error::not_found)?;
                let before = row.of(by);
                seen.check(row.firms.version, Some(before.state.code()))?;
                let after = before.after(&action(tx.now())).map_err(refused)?;
                let row = row.save(tx, by, &after).await?;
                if after.cleared_at.is_some() {
                    announce::cleared(tx, &row.firms).await?;
                }
                let act = Act::new(name, "alarm", id).detail(serde_json::to_value(after)?);
                Ok(Reply::ok(show(&row, context.language)?).version(row.firms.version).done(act))
            })
            .await
    }
}

fn refused(refusal: AlarmRefusal) -> Error {
    match refusal {
        AlarmRefusal::AlreadyAcknowledged => Error::new(Code::AlarmAlreadyAcknowledged),
        AlarmRefusal::AlreadyCleared => Error::new(Code::AlarmAlreadyCleared),
        AlarmRefusal::NotAcknowledged => Error::new(Code::AlarmNotAcknowledged),
        AlarmRefusal::MuteOutOfRange => {
            let words = refusal.words();
            Error::fields(vec![FieldProblem::new("/until", "range", words.zh, words.en)])
        }
    }
}

/// Says that somebody has seen to it.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["alarms.manage"])),
    request_body = AlarmSeen,
    responses(
        (status = 200, description = "The alarm", body = AlarmView),
        (status = 409, description = "Acknowledged before", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/alarms/{id}/acknowledge")]
pub async fn acknowledge_alarm(
    access: Access<may::ManageAlarms>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<AlarmSeen>,
) -> Result<HttpResponse> {
    let by = access.principal.id;
    let step = Step { id: at.uuid(), seen, idempotency, context };
    let who = (&access, By::Staff(&access.principal));
    step.run(&app, who, &body, ("alarm.acknowledge", |at| AlarmAction::Acknowledge { by, at }), AlarmView::of).await
}

/// Has nobody told of it for a while.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["alarms.manage"])),
    request_body = AlarmMute,
    responses(
        (status = 200, description = "The alarm", body = AlarmView),
        (status = 409, description = "It is over", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/alarms/{id}/mute")]
pub async fn mute_alarm(
    access: Access<may::ManageAlarms>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<AlarmMute>,
) -> Result<HttpResponse> {
    let until = body.until;
    let step = Step { id: at.uuid(), seen, idempotency, context };
    let who = (&access, By::Staff(&access.principal));
    step.run(&app, who, &body, ("alarm.mute", |at| AlarmAction::Mute { until, at }), AlarmView::of).await
}

/// Closes an alarm that was acknowledged although its condition has not ended.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["alarms.manage"])),
    request_body = AlarmSeen,
    responses(
        (status = 200, description = "The alarm", body = AlarmView),
        (status = 409, description = "Not acknowledged, or over", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/alarms/{id}/clear")]
pub async fn clear_alarm(
    access: Access<may::ManageAlarms>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<AlarmSeen>,
) -> Result<HttpResponse> {
    let by = access.principal.id;
    let step = Step { id: at.uuid(), seen, idempotency, context };
    let who = (&access, By::Staff(&access.principal));
    step.run(&app, who, &body, ("alarm.clear", |at| AlarmAction::Clear { by, at }), AlarmView::of).await
}
