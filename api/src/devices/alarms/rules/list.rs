//! `GET /v1/alarm-rules`: what is watched for.

use actix_web::{get, web::Data};
use domain::access::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::store::{RuleRow, rules};
use super::super::view::AlarmRuleView;
use crate::app::App;
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Reply};

/// What is watched for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmRuleList {
    /// The oldest first. Empty until the first machine is monitored or the first rule is made; the standard rules come then.
    pub items: Vec<AlarmRuleView>,
}

/// What is watched for. Of rules of one kind that of the machine holds before that of its category, and that before the firm's.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["equipment.read"])),
    responses((status = 200, description = "The rules", body = AlarmRuleList))
)]
#[get("/v1/alarm-rules")]
pub async fn list_alarm_rules(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<AlarmRuleList>> {
    let tx = access.read(&app).await?;
    let rows = rules(&tx).await?;
    // an address may hold a secret of its own: it is for those who manage rules
    let manages = access.principal.permissions.has(Permission::ManageAlarms);
    let shown = |row: RuleRow| if manages { row } else { RuleRow { url: None, ..row } };
    let items = rows.into_iter().map(|row| AlarmRuleView::of(&shown(row), context.language));
    let items = items.collect::<Result<_>>()?;
    Ok(Reply::ok(AlarmRuleList { items }))
}
