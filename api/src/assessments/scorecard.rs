//! Scorecards as rows: which kinds there are, which is in force, and how a body is read and written.

use chrono::NaiveDate;
use domain::assessments::admission::Scorecard;
use domain::assessments::personal::PersonalScorecard;
use domain::devices::score::Scorecard as EquipmentScorecard;
use domain::devices::value::MarketParameters;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, ScorecardRow};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// What a scorecard judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScorecardKind {
    /// Admission of enterprises 融资准入.
    Admission,
    /// The instant grade of a person.
    Personal,
    /// The five dimensions of a machine 设备风控评分.
    Equipment,
    /// Second-hand values of machines 二手价值: the market's parameters.
    EquipmentMarket,
}

impl ScorecardKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Admission, Self::Personal, Self::Equipment, Self::EquipmentMarket];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::Personal => "personal",
            Self::Equipment => "equipment",
            Self::EquipmentMarket => "equipment_market",
        }
    }
}

/// A stored scorecard, read.
pub struct Card<T> {
    /// The row.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// The scorecard itself.
    pub body: T,
}

/// The admission scorecard of a day.
pub(super) async fn admission_on(tx: &TenantTx, day: NaiveDate) -> Result<Card<Scorecard>> {
    read(store::scorecard_on(tx, ScorecardKind::Admission, day).await?, "admission")
}

/// The personal scorecard of a day.
pub(super) async fn personal_on(tx: &TenantTx, day: NaiveDate) -> Result<Card<PersonalScorecard>> {
    read(store::scorecard_on(tx, ScorecardKind::Personal, day).await?, "personal")
}

/// The scorecard of machines of a day.
///
/// # Errors
/// If the database fails.
pub async fn equipment_on(tx: &TenantTx, day: NaiveDate) -> Result<Card<EquipmentScorecard>> {
    let standard = EquipmentScorecard::standard();
    let first = (standard.effective_from, standard);
    on_or_standard(tx, ScorecardKind::Equipment, day, first).await
}

/// The market's parameters of a day.
///
/// # Errors
/// If the database fails.
pub async fn market_on(tx: &TenantTx, day: NaiveDate) -> Result<Card<MarketParameters>> {
    let standard = MarketParameters::standard();
    let first = (standard.effective_from, standard);
    on_or_standard(tx, ScorecardKind::EquipmentMarket, day, first).await
}

/// What is in force on a day, else the standard one: firms that are older than a kind of scorecard have none of it. A
/// transaction that writes gives them theirs.
async fn on_or_standard<T: Serialize + serde::de::DeserializeOwned>(
    tx: &TenantTx,
    kind: ScorecardKind,
    day: NaiveDate,
    (from, standard): (NaiveDate, T),
) -> Result<Card<T>> {
    if let Some(row) = store::scorecard_on(tx, kind, day).await? {
        return read(Some(row), kind.key());
    }
    if tx.only_reads() || store::scorecard_version(tx, kind).await? > 0 {
        return Ok(Card { id: Uuid::nil(), version: 0, body: standard });
    }
    let row = add(tx, kind, 1, from, serde_json::to_value(&standard)?).await?;
    read(Some(row), kind.key())
}

/// A scorecard by id.
pub(super) async fn by_id<T: serde::de::DeserializeOwned>(tx: &TenantTx, id: Uuid) -> Result<Card<T>> {
    read(store::scorecard(tx, id).await?, "stored")
}

fn read<T: serde::de::DeserializeOwned>(row: Option<ScorecardRow>, kind: &str) -> Result<Card<T>> {
    let row = row.ok_or_else(|| Error::internal(anyhow::anyhow!("the tenant has no {kind} scorecard")))?;
    Ok(Card { id: row.id, version: row.version, body: serde_json::from_value(row.body)? })
}

/// Writes the scorecards that a new tenant starts with.
///
/// # Errors
/// If the database fails.
pub async fn create_standard_scorecards(tx: &TenantTx) -> Result<()> {
    let (admission, personal) = (Scorecard::standard(), PersonalScorecard::standard());
    let (equipment, market) = (EquipmentScorecard::standard(), MarketParameters::standard());
    let rows = [
        (ScorecardKind::Admission, admission.effective_from, serde_json::to_value(&admission)?),
        (ScorecardKind::Personal, personal.effective_from, serde_json::to_value(&personal)?),
        (ScorecardKind::Equipment, equipment.effective_from, serde_json::to_value(&equipment)?),
        (ScorecardKind::EquipmentMarket, market.effective_from, serde_json::to_value(&market)?),
    ];
    for (kind, effective_from, body) in rows {
        add(tx, kind, 1, effective_from, body).await?;
    }
    Ok(())
}

/// Adds a version.
pub(super) async fn add(
    tx: &TenantTx,
    kind: ScorecardKind,
    version: i64,
    effective_from: NaiveDate,
    body: serde_json::Value,
) -> Result<ScorecardRow> {
    let row = ScorecardRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        kind: kind.key().to_owned(),
        version,
        effective_from,
        body,
        created_at: tx.now(),
    };
    store::add_scorecard(tx, row.clone()).await?;
    Ok(row)
}
