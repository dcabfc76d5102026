//! Machines as lists show them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::id::kind;
use domain::reference;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Row};
use super::words::{EquipmentCategoryWord, EquipmentStateWord, MonitoringWord, id_of, say};
use crate::customers::{ColleagueBrief, clients};
use crate::devices::scores::{self, ScoreBrief};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::TenantTx;

/// Whose a machine is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EquipmentCustomer {
    /// The customer's id.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// The name; of a person the last character.
    #[schema(example = "示例农业发展有限公司")]
    pub name: String,
}

/// A machine in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EquipmentLine {
    /// Its id.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its number.
    #[schema(example = "SB20261129-0001")]
    pub number: String,
    /// What people call it.
    #[schema(example = "一号数控车床")]
    pub name: String,
    /// What kind of machine it is.
    pub category: EquipmentCategoryWord,
    /// The same in words.
    #[schema(example = "车床")]
    pub category_label: String,
    /// Whose it is, among the firm's customers.
    pub customer: Option<EquipmentCustomer>,
    /// The region's code (GB/T 2260).
    #[schema(example = "340600")]
    pub region: Option<String>,
    /// The region's name from the province down.
    #[schema(example = "安徽省淮北市")]
    pub region_name: Option<String>,
    /// Whether it is watched online.
    pub monitoring: MonitoringWord,
    /// The same in words.
    #[schema(example = "监控中")]
    pub monitoring_label: String,
    /// Since when it is, or is no longer.
    pub monitoring_since: Option<DateTime<Utc>>,
    /// The latest score.
    pub score: Option<ScoreBrief>,
    /// Under which document it secures a guarantee; null where it is free.
    #[schema(example = "抵押合同2026-001")]
    pub encumbrance: Option<String>,
    /// Whether it is in use.
    pub state: EquipmentStateWord,
    /// The same in words.
    #[schema(example = "在用")]
    pub state_label: String,
    /// The member of staff who looks after it.
    pub officer: Option<ColleagueBrief>,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is looked up for some machines at once.
pub(super) struct About {
    customers: HashMap<Uuid, String>,
    officers: HashMap<Uuid, StaffBrief>,
    scores: HashMap<Uuid, ScoreBrief>,
    language: Language,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[Row], language: Language) -> Result<Self> {
        let ids = |of: fn(&Row) -> Option<Uuid>| {
            let mut ids: Vec<Uuid> = rows.iter().filter_map(of).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        Ok(Self {
            customers: clients::names(tx, &ids(|row| row.customer_id)).await?,
            officers: people::staff_brief(tx, &ids(|row| row.officer_id)).await?,
            scores: scores::briefs(tx, &ids(|row| row.score_id), language).await?,
            language,
        })
    }
}

impl EquipmentLine {
    pub(super) fn of(row: &Row, about: &About) -> Result<Self> {
        let category = store::category(row)?;
        let (monitoring, state) = (MonitoringWord::read(&row.monitoring)?, EquipmentStateWord::read(&row.state)?);
        let customer = |id: Uuid| {
            let name = about.customers.get(&id)?.clone();
            Some(EquipmentCustomer { id: id_of::<kind::Customer>(id), name })
        };
        Ok(Self {
            id: id_of::<kind::Equipment>(row.id),
            number: row.number.clone(),
            name: row.name.clone(),
            category: EquipmentCategoryWord(category),
            category_label: say(&category.words(), about.language),
            customer: row.customer_id.and_then(customer),
            region_name: row.region.as_deref().and_then(reference::full_name).map(str::to_owned),
            region: row.region.clone(),
            monitoring,
            monitoring_label: monitoring.label(about.language),
            monitoring_since: row.monitoring_since,
            score: row.score_id.and_then(|id| about.scores.get(&id).cloned()),
            encumbrance: row.encumbrance.clone(),
            state,
            state_label: state.label(about.language),
            officer: row.officer_id.and_then(|id| ColleagueBrief::of(id, &about.officers)),
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
