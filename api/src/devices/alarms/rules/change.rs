//! `PUT /v1/alarm-rules/{id}`: changes what a rule looks for and who is told.

use actix_web::{put, web::Data};
use domain::id::kind;

use super::super::store;
use super::super::view::{AlarmRuleBody, AlarmRuleView};
use super::must_be_callable;
use crate::app::App;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Context, IfMatch, Reply};

/// Changes a rule; its kind and what it is for stay. Alarms that it raised stay as they are.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["alarms.manage"])),
    request_body = AlarmRuleBody,
    responses((status = 200, description = "The rule", body = AlarmRuleView))
)]
#[put("/v1/alarm-rules/{id}")]
pub async fn change_alarm_rule(
    access: Access<may::ManageAlarms>,
    app: Data<App>,
    context: Context,
    at: At<kind::AlarmRule>,
    seen: IfMatch,
    Body(body): Body<AlarmRuleBody>,
) -> Result<Reply<AlarmRuleView>> {
    let rule = body.checked()?;
    must_be_callable(&app, body.url.as_deref())?;
    let tx = access.begin(&app).await?;
    let mut row = store::lock_rule(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    super::must_reach(&tx, &access.principal, &row).await?;
    seen.check(row.version, None)?;
    if rule.condition.kind().code() != row.kind {
        let (zh, en) = ("规则的种类不能更改，请另建规则", "A rule's kind stays; make another rule");
        return Err(Error::fields(vec![FieldProblem::new("/kind", "fixed", zh, en)]));
    }
    let before = std::mem::replace(&mut row.body, serde_json::to_value(&rule)?);
    let url_before = std::mem::replace(&mut row.url, body.url.clone());
    row.version = row.version.saturating_add(1);
    row.updated_at = tx.now();
    store::save_rule(&tx, row.clone()).await?;
    let detail = serde_json::json!({
        "before": before, "after": row.body, "url_before": url_before, "url_after": row.url,
    });
    tx.commit(Act::new("alarm_rule.change", "alarm_rule", row.id).detail(detail)).await?;
    Ok(Reply::ok(AlarmRuleView::of(&row, context.language)?).version(row.version))
}
