//! `POST /v1/equipment/{id}/bindings`: a socket is at a machine from some instant on, which may lie in the past.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::devices::life::LifeEvent;
use domain::id::{Id, kind};
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::{self, BindingRow, SocketRow};
use super::view::{self, BindingView};
use super::{BACK_DAYS_MAX, mark, minute};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::devices::equipment::store::{self as machines, Row as Machine};
use crate::devices::equipment::words::known;
use crate::devices::life::{self, Note};
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Idempotency, Reply};

/// A socket to be bound.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBinding {
    /// Which.
    #[schema(value_type = String, example = "skt_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub socket: Id<kind::Socket>,
    /// Since when, at most 400 days ago; now if not said.
    #[schema(example = "2026-11-29T00:00:00Z")]
    pub from: Option<DateTime<Utc>>,
    /// Until when, where it has ended already.
    pub to: Option<DateTime<Utc>>,
}

/// Binds a socket to a machine. Days of the past that it measured are counted anew for this machine.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = NewBinding,
    responses(
        (status = 201, description = "The binding", body = BindingView),
        (status = 409, description = "The socket or the machine is bound in that time, or the machine is retired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/equipment/{id}/bindings")]
pub async fn bind_socket(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    id: At<kind::Equipment>,
    idem: Idempotency,
    Body(body): Body<NewBinding>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let machine = scope::lock(tx, &access.principal, id.uuid()).await?;
        scope::must_be_in_use(&machine)?;
        let from = body.from.unwrap_or(tx.now());
        let socket = check(tx, &body, from).await?;
        if let Some(other) = store::overlapping(tx, socket.id, machine.id, from, body.to).await? {
            return Err(overlaps(tx, &socket, &machine, &other).await?);
        }
        let row = store::insert(tx, socket.id, machine.id, from, body.to).await?;
        mark(tx, socket.id, from, body.to).await?;
        let (name, since) = (view::name(&socket), minute(from));
        let words = Words::new(format!("{name}，自{since}起"), format!("{name}, since {since}"));
        life::record(tx, machine.id, LifeEvent::SocketBound, Note::about(row.id, words)).await?;
        let detail = serde_json::json!({ "socket": body.socket, "from": from, "to": body.to, "binding": row.id });
        let act = Act::new("equipment.bind_socket", "equipment", machine.id).detail(detail);
        let location = format!("/v1/equipment/{}/bindings", id.0);
        let shown = known(view::views(tx, vec![row]).await?.pop())?;
        Ok(Reply::created(location, shown).version(1).done(act))
    })
    .await
}

/// The socket, locked, and whether the times can be.
async fn check(tx: &TenantTx, body: &NewBinding, from: DateTime<Utc>) -> Result<SocketRow> {
    let mut checks = Checks::new();
    let socket = store::lock_socket(tx, body.socket.uuid()).await?;
    if socket.is_none() {
        checks.problem("/socket", "unknown", "没有这个插座", "there is no such socket");
    }
    if from > tx.now() || from < tx.now() - Duration::days(BACK_DAYS_MAX) {
        checks.problem(
            "/from",
            "range",
            format!("开始时间不能晚于现在，也不能早于{BACK_DAYS_MAX}天前"),
            format!("is not later than now and not more than {BACK_DAYS_MAX} days ago"),
        );
    }
    if body.to.is_some_and(|to| to <= from || to > tx.now()) {
        let (zh, en) = ("结束时间应晚于开始时间，且不晚于现在", "is later than the beginning and not later than now");
        checks.problem("/to", "range", zh, en);
    }
    match socket {
        Some(socket) => checks.done().map(|()| socket),
        None => Err(checks.refuse()),
    }
}

/// Says which of the two is bound, and with what; of a machine that the caller does not see not even its number.
async fn overlaps(tx: &TenantTx, socket: &SocketRow, machine: &Machine, other: &BindingRow) -> Result<Error> {
    let error = Error::new(Code::BindingOverlaps);
    let since = minute(other.from_at);
    if other.equipment_id == machine.id {
        let at = store::socket(tx, other.socket_id).await?.map(|row| view::name(&row)).unwrap_or_default();
        return Ok(error.detail(
            format!("该设备自{since}起已绑定插座“{at}”，请先结束该绑定，或选择更晚的时间。"),
            format!("The machine has been bound to the socket “{at}” since {since}; end that first, or begin later."),
        ));
    }
    let same_place = |row: &Machine| row.department_id == machine.department_id;
    let number = machines::get(tx, other.equipment_id).await?.filter(same_place).map(|row| row.number);
    let (zh, en) = match number {
        Some(number) => (format!("设备{number}"), format!("the machine {number}")),
        None => ("其他设备".to_owned(), "another machine".to_owned()),
    };
    let name = view::name(socket);
    Ok(error.detail(
        format!("插座“{name}”自{since}起已绑定{zh}，请先结束该绑定，或选择更晚的时间。"),
        format!("The socket “{name}” has been bound to {en} since {since}; end that first, or begin later."),
    ))
}
