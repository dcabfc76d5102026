//! `GET /v1/my/alarms` and `/v1/my/alarms/{id}`, `POST …/acknowledge` and `…/mute`: what was found wrong with the caller's own
//! machines. An owner says that they have seen it and may have quiet for a while, both for themselves alone: how it stands
//! with the firm, and whether the firm is told, is the firm's, and so is closing an alarm whose condition goes on, since it may
//! be the firm that relies on it.

use actix_web::{HttpResponse, get, post, web::Data};
use domain::devices::alarms::AlarmAction;
use domain::id::kind;

use super::act::{AlarmMute, AlarmSeen, Step};
use super::list::{AlarmsQuery, found};
use super::store;
use super::view::MyAlarmView;
use crate::app::App;
use crate::devices::equipment::scope::By;
use crate::error::{ProblemBody, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch, Page, Params, Reply};

/// What was found wrong with the caller's machines, the newest first.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    params(AlarmsQuery),
    responses((status = 200, description = "The alarms", body = Page<MyAlarmView>))
)]
#[get("/v1/my/alarms")]
pub async fn list_my_alarms(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    Params(query): Params<AlarmsQuery>,
) -> Result<Reply<Page<MyAlarmView>>> {
    let (narrow, cursor) = query.read(Some(access.principal.id))?;
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, &ScopeFilter::All, &narrow, cursor).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.firms.id, |row| MyAlarmView::of(&row, context.language))?))
}

/// One alarm of one of the caller's machines.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses((status = 200, description = "The alarm", body = MyAlarmView))
)]
#[get("/v1/my/alarms/{id}")]
pub async fn read_my_alarm(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
) -> Result<Reply<MyAlarmView>> {
    let tx = access.read(&app).await?;
    let row = found(&tx, By::Owner(access.principal.id), at.uuid()).await?;
    Ok(Reply::ok(MyAlarmView::of(&row, context.language)?).version(row.firms.version))
}

/// Says that the owner has seen to it. How it stands with the firm stays as it is, and staff see that the owner has.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = AlarmSeen,
    responses(
        (status = 200, description = "The alarm", body = MyAlarmView),
        (status = 409, description = "Acknowledged before", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/alarms/{id}/acknowledge")]
pub async fn acknowledge_my_alarm(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<AlarmSeen>,
) -> Result<HttpResponse> {
    let by = access.principal.id;
    let step = Step { id: at.uuid(), seen, idempotency, context };
    let action = ("alarm.acknowledge", |at| AlarmAction::Acknowledge { by, at });
    step.run(&app, (&access, By::Owner(by)), &body, action, MyAlarmView::of).await
}

/// Has the owner not told of it for a while; whom else the firm has told, it has told.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    request_body = AlarmMute,
    responses(
        (status = 200, description = "The alarm", body = MyAlarmView),
        (status = 409, description = "It is over", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/my/alarms/{id}/mute")]
pub async fn mute_my_alarm(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    at: At<kind::Alarm>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<AlarmMute>,
) -> Result<HttpResponse> {
    let (by, until) = (access.principal.id, body.until);
    let step = Step { id: at.uuid(), seen, idempotency, context };
    let action = ("alarm.mute", |at| AlarmAction::Mute { until, at });
    step.run(&app, (&access, By::Owner(by)), &body, action, MyAlarmView::of).await
}
