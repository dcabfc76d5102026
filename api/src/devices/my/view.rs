//! A machine as its owner sees it: without who of the firm looks after it, and without what staff noted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::devices::score::opinion;
use domain::id::kind;
use domain::reference;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::devices::alarms;
use crate::devices::equipment::store::{self as machines, Row as Machine};
use crate::devices::equipment::words::{
    EquipmentAction, EquipmentCategoryWord, EquipmentStateWord, MonitoringWord, id_of, say,
};
use crate::devices::equipment::{EquipmentPapers, shown_papers};
use crate::devices::listings::{self, ListingBrief};
use crate::devices::scores::{self, ScoreBrief, UseView};
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;

/// One of the caller's machines in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MyEquipmentLine {
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
    /// The region where it stands, from the province down.
    #[schema(example = "安徽省淮北市")]
    pub region_name: Option<String>,
    /// Whether it is watched online.
    pub monitoring: MonitoringWord,
    /// The same in words.
    #[schema(example = "监控中")]
    pub monitoring_label: String,
    /// How much it was used in the last thirty days.
    pub usage: Option<UseView>,
    /// How many of its alarms are not over.
    #[schema(example = 0, minimum = 0)]
    pub alarms: i64,
    /// The latest score.
    pub score: Option<ScoreBrief>,
    /// Whether it secures a guarantee, so that it cannot be offered.
    pub encumbered: bool,
    /// Its listing that lasts.
    pub listing: Option<ListingBrief>,
    /// Whether it is in use.
    pub state: EquipmentStateWord,
    /// The same in words.
    #[schema(example = "在用")]
    pub state_label: String,
    /// What the caller may do now.
    pub allowed_actions: Vec<EquipmentAction>,
    /// When it was put on record.
    pub created_at: DateTime<Utc>,
}

/// The caller's machines.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyEquipment {
    /// All of them, the newest record first.
    pub items: Vec<MyEquipmentLine>,
}

/// One of the caller's machines, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyEquipmentDetail {
    /// What the list shows of it.
    #[serde(flatten)]
    pub line: MyEquipmentLine,
    /// Where it stands.
    #[schema(example = "示例省示例市示例路1号一车间")]
    pub place: Option<String>,
    /// Its papers in the five dimensions.
    #[schema(value_type = EquipmentPapers)]
    pub papers: Value,
    /// What the latest score says, in a sentence.
    #[schema(example = "设备风控评分72.35分，达到60分的标准，风险可控")]
    pub opinion: Option<String>,
    /// What would change it.
    pub changes: Vec<String>,
}

/// What is looked up for some machines at once.
pub(super) struct About {
    scores: HashMap<Uuid, ScoreBrief>,
    uses: HashMap<Uuid, UseView>,
    listings: HashMap<Uuid, ListingBrief>,
    alarms: HashMap<Uuid, i64>,
    language: Language,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[Machine], language: Language) -> Result<Self> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let scores: Vec<Uuid> = rows.iter().filter_map(|row| row.score_id).collect();
        Ok(Self {
            scores: scores::briefs(tx, &scores, language).await?,
            uses: scores::uses_of(tx, rows).await?,
            listings: listings::open_brief(tx, &ids, language).await?,
            alarms: alarms::not_over(tx, &ids).await?,
            language,
        })
    }
}

impl MyEquipmentLine {
    pub(super) fn of(row: &Machine, about: &About) -> Result<Self> {
        let category = machines::category(row)?;
        let (monitoring, state) = (MonitoringWord::read(&row.monitoring)?, EquipmentStateWord::read(&row.state)?);
        let listing = about.listings.get(&row.id).cloned();
        let offers = state == EquipmentStateWord::InUse && row.encumbrance.is_none() && listing.is_none();
        Ok(Self {
            id: id_of::<kind::Equipment>(row.id),
            number: row.number.clone(),
            name: row.name.clone(),
            category: EquipmentCategoryWord(category),
            category_label: say(&category.words(), about.language),
            region_name: row.region.as_deref().and_then(reference::full_name).map(str::to_owned),
            monitoring,
            monitoring_label: monitoring.label(about.language),
            usage: about.uses.get(&row.id).cloned(),
            alarms: about.alarms.get(&row.id).copied().unwrap_or(0),
            score: row.score_id.and_then(|id| about.scores.get(&id).cloned()),
            encumbered: row.encumbrance.is_some(),
            listing,
            state,
            state_label: state.label(about.language),
            allowed_actions: if offers { vec![EquipmentAction::Offer] } else { vec![] },
            created_at: row.created_at,
        })
    }
}

impl MyEquipmentDetail {
    pub(super) async fn of(tx: &TenantTx, row: &Machine, language: Language) -> Result<Self> {
        let about = About::of(tx, std::slice::from_ref(row), language).await?;
        let said = scores::latest(tx, row).await?.map(|score| opinion(&score));
        Ok(Self {
            line: MyEquipmentLine::of(row, &about)?,
            place: machines::place(tx, row)?,
            papers: shown_papers(&machines::papers(row)?)?,
            opinion: said.as_ref().map(|said| say(&said.verdict, language)),
            changes: said.iter().flat_map(|said| &said.changes).map(|words| say(words, language)).collect(),
        })
    }
}
