//! One machine as staff see it: where it stands and whose phone goes with it are said here and in no list.

use domain::access::Permission;
use domain::id::kind;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::line::{About, EquipmentLine};
use super::papers;
use super::papers_shape::EquipmentPapers;
use super::store::{self, Fields, Row};
use super::words::{EquipmentAction, EquipmentStateWord, MonitoringWord, id_of};
use crate::devices::bindings::{self, BindingView};
use crate::devices::scores;
use crate::error::{Language, Result};
use crate::people;
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;

/// A machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipmentView {
    /// What lists show of it.
    #[serde(flatten)]
    pub line: EquipmentLine,
    /// The mobile number of the applicant who sees it as theirs, masked.
    #[schema(example = "138******12")]
    pub owner_phone: Option<String>,
    /// Where it stands.
    #[schema(example = "示例省示例市示例路1号一车间")]
    pub place: Option<String>,
    /// Its papers in the five dimensions.
    #[schema(value_type = EquipmentPapers)]
    pub papers: Value,
    /// The department that looks after it.
    #[schema(example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<String>,
    /// The socket at it now.
    pub binding: Option<BindingView>,
    /// What the caller may do now.
    pub allowed_actions: Vec<EquipmentAction>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
}

impl EquipmentView {
    /// The record with what it takes to show it.
    pub(in crate::devices) async fn one(tx: &TenantTx, row: &Row, who: &Principal, language: Language) -> Result<Self> {
        let about = About::of(tx, std::slice::from_ref(row), language).await?;
        let owner_phone = match row.applicant_id {
            Some(applicant) => people::applicant_phone(tx, applicant).await?.map(|phone| phone.masked()),
            None => None,
        };
        Ok(Self {
            line: EquipmentLine::of(row, &about)?,
            owner_phone,
            place: store::place(tx, row)?,
            papers: papers::shown(&store::papers(row)?)?,
            department: row.department_id.map(id_of::<kind::Department>),
            binding: bindings::in_force(tx, row.id).await?,
            allowed_actions: allowed(tx, row, who).await?,
            version: row.version,
        })
    }
}

/// What a member of staff may do with a machine as it stands.
async fn allowed(tx: &TenantTx, row: &Row, who: &Principal) -> Result<Vec<EquipmentAction>> {
    if EquipmentStateWord::read(&row.state)? == EquipmentStateWord::Retired {
        return Ok(vec![]);
    }
    let may = |permission| who.permissions.has(permission);
    let (manage, score) = (may(Permission::ManageEquipment), may(Permission::ScoreEquipment));
    let encumber = may(Permission::EncumberEquipment);
    let (free, watched) = (row.encumbrance.is_none(), row.monitoring == MonitoringWord::On.code());
    let controllable = scores::is_controllable(tx, row).await?;
    let bound = bindings::is_bound(tx, row.id).await?;
    let rows = [
        (EquipmentAction::Change, manage),
        (EquipmentAction::BindSocket, manage && !bound),
        (EquipmentAction::Score, score),
        (EquipmentAction::StartMonitoring, score && !watched && controllable),
        (EquipmentAction::StopMonitoring, score && watched),
        (EquipmentAction::Encumber, encumber && free),
        (EquipmentAction::Free, encumber && !free),
        (EquipmentAction::Offer, manage && free),
        (EquipmentAction::Retire, manage && free),
    ];
    Ok(rows.into_iter().filter_map(|(action, can)| can.then_some(action)).collect())
}

/// What the audit chain keeps of a record: not where it stands, which is sealed in the record itself.
pub(super) fn for_audit(fields: &Fields) -> Result<Value> {
    Ok(json!({
        "name": fields.name, "category": fields.category.code(), "customer": fields.customer,
        "applicant": fields.applicant, "region": fields.region, "papers": papers::shown(&fields.papers)?,
        "department": fields.department, "officer": fields.officer,
    }))
}
