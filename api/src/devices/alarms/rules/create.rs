//! `POST /v1/alarm-rules`: adds a rule for one machine, for a kind of machines, or for all.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::category::EquipmentCategory;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::store::{self, RULES_MAX, RuleRow};
use super::super::view::{AlarmRuleBody, AlarmRuleView};
use super::{add_standard, must_be_callable};
use crate::app::App;
use crate::devices::equipment;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// A new rule.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlarmRule {
    /// For this machine alone.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    equipment: Option<String>,
    /// For machines of this kind alone.
    #[schema(example = "lathe", max_length = 40)]
    category: Option<String>,
    /// What it looks for.
    rule: AlarmRuleBody,
}

/// Adds a rule. There is one of each kind for a machine, for a kind of machines, and for all.
#[utoipa::path(
    tag = "alarms",
    security(("token" = ["alarms.manage"])),
    request_body = NewAlarmRule,
    responses((status = 201, description = "The rule", body = AlarmRuleView))
)]
#[post("/v1/alarm-rules")]
pub async fn create_alarm_rule(
    access: Access<may::ManageAlarms>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewAlarmRule>,
) -> Result<HttpResponse> {
    let rule = body.rule.checked()?;
    must_be_callable(&app, body.rule.url.as_deref())?;
    let wrong = |pointer: &str, zh: &str, en: &str| Error::fields(vec![FieldProblem::new(pointer, "unknown", zh, en)]);
    if body.equipment.is_some() && body.category.is_some() {
        return Err(wrong("/category", "设备与设备类别只能填一个", "Name a machine or a kind of machines, not both"));
    }
    let category = body.category.as_deref().map(|code| {
        EquipmentCategory::from_code(code)
            .ok_or_else(|| wrong("/category", "没有这种设备类别", "No such kind of machines"))
    });
    let category = category.transpose()?.map(|category| category.code().to_owned());
    idem.run(&app, &access, &body, async |tx| {
        let machine = match &body.equipment {
            None => None,
            Some(text) => {
                let unknown = || wrong("/equipment", "没有找到该设备", "No such machine");
                let id = Id::<kind::Equipment>::parse(text).ok_or_else(unknown)?;
                let found = equipment::scope::find(tx, &access.principal, id.uuid()).await;
                Some(found.map_err(|_| unknown())?.id)
            }
        };
        let mut rows = store::rules(tx).await?;
        if rows.is_empty() {
            rows = add_standard(tx).await?;
        }
        if rows.len() as u64 >= RULES_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        let row =
            RuleRow { equipment_id: machine, category, url: body.rule.url.clone(), ..store::new_rule(tx, &rule)? };
        super::must_reach(tx, &access.principal, &row).await?;
        let same = |other: &&RuleRow| {
            (&other.kind, other.equipment_id, &other.category) == (&row.kind, row.equipment_id, &row.category)
        };
        if rows.iter().any(|other| same(&other)) {
            let (zh, en) = ("该范围已有同类规则，请直接修改", "There is a rule of this kind for them; change it");
            return Err(wrong("/rule/kind", zh, en));
        }
        store::add_rule(tx, row.clone()).await?;
        let act = Act::new("alarm_rule.create", "alarm_rule", row.id)
            .detail(serde_json::json!({ "after": row.body, "url": row.url }));
        let view = AlarmRuleView::of(&row, context.language)?;
        Ok(Reply::created(format!("/v1/alarm-rules/{}", view.id), view).version(row.version).done(act))
    })
    .await
}
