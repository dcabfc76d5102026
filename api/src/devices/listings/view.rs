//! How listings are shown: to the firm and the owner with all steps, to whoever may buy as offers. Score, use and value
//! stand beside each, since they are what an offer rests on.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::devices::listing::{ListingActionKind, ListingState};
use domain::id::kind;
use domain::reference;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{By, allowed};
use super::store::{self, ListingRow};
use crate::devices::equipment::store::{self as machines, Row as Machine};
use crate::devices::equipment::words::{EquipmentCategoryWord, id_of, known, say};
use crate::devices::life::{ValuationView, valuation};
use crate::devices::scores::{self, ScoreBrief, UseView};
use crate::error::{Language, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::coded_word;

coded_word! {
    /// Where a listing is.
    ListingStateWord(ListingState)
}
coded_word! {
    /// What can be done with a listing.
    ListingActionWord(ListingActionKind)
}

/// The listing of a machine in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListingBrief {
    /// Its id.
    #[schema(example = "lst_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its number.
    #[schema(example = "LZ20261129-0001")]
    pub number: String,
    /// Where it is.
    pub state: ListingStateWord,
    /// The same in words.
    #[schema(example = "已发布")]
    pub state_label: String,
}

impl ListingBrief {
    fn of(row: &ListingRow, language: Language) -> Result<Self> {
        let state = known(ListingState::from_code(&row.state))?;
        Ok(Self {
            id: id_of::<kind::Listing>(row.id),
            number: row.number.clone(),
            state: ListingStateWord(state),
            state_label: say(&state.words(), language),
        })
    }
}

/// The listings of some machines that last, by machine.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn open_brief(
    tx: &TenantTx,
    ids: &[Uuid],
    language: Language,
) -> Result<HashMap<Uuid, ListingBrief>> {
    let rows = store::open_of(tx, ids).await?;
    rows.iter().map(|row| Ok((row.equipment_id, ListingBrief::of(row, language)?))).collect()
}

/// The machine that is offered, as readers see it: what it is, and neither whose it is nor where exactly it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferedMachine {
    /// What kind of machine it is.
    pub category: EquipmentCategoryWord,
    /// The same in words.
    #[schema(example = "车床")]
    pub category_label: String,
    /// Who made it.
    #[schema(example = "示例机床")]
    pub maker: Option<String>,
    /// The maker's model.
    #[schema(example = "CK6140")]
    pub model: Option<String>,
    /// When it was made.
    #[schema(example = "2021-03-01")]
    pub made_on: Option<chrono::NaiveDate>,
    /// Rated power, watts.
    #[schema(example = 7_500)]
    pub rated_power_w: Option<i64>,
    /// The region where it stands, from the province down.
    #[schema(example = "安徽省淮北市")]
    pub region_name: Option<String>,
}

impl OfferedMachine {
    fn of(row: &Machine, language: Language) -> Result<Self> {
        let (category, papers) = (machines::category(row)?, machines::papers(row)?);
        Ok(Self {
            category: EquipmentCategoryWord(category),
            category_label: say(&category.words(), language),
            maker: papers.basic.maker,
            model: papers.basic.model,
            made_on: papers.basic.made_on,
            rated_power_w: papers.basic.rated_power_w,
            region_name: row.region.as_deref().and_then(reference::full_name).map(str::to_owned),
        })
    }
}

/// What an offer rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListingSupport {
    /// The machine's latest score.
    pub score: Option<ScoreBrief>,
    /// How much it was used in the last thirty days.
    pub usage: Option<UseView>,
}

/// A listing in a list of offers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferLine {
    /// The listing in short.
    #[serde(flatten)]
    pub brief: ListingBrief,
    /// What readers see first.
    #[schema(example = "转让数控车床CK6140一台")]
    pub title: String,
    /// The price that is asked, fen.
    #[schema(example = 9_000_000)]
    pub price_fen: Option<i64>,
    /// The machine.
    pub machine: OfferedMachine,
    /// What the offer rests on.
    pub support: ListingSupport,
    /// Since when it is offered.
    pub published_at: Option<DateTime<Utc>>,
}

/// A listing as the firm and the owner see it in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ListingLine {
    /// What readers see of it.
    #[serde(flatten)]
    pub offer: OfferLine,
    /// The machine's id.
    #[schema(example = "eqp_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub equipment: String,
    /// The machine's number.
    #[schema(example = "SB20261129-0001")]
    pub equipment_number: String,
    /// The enquiry for which it is kept.
    #[schema(example = "enq_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub reserved_for: Option<String>,
    /// What was paid for it, fen.
    #[schema(example = 8_800_000)]
    pub sold_fen: Option<i64>,
    /// When it was sold or taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// An offer, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferView {
    /// What lists show of it.
    #[serde(flatten)]
    pub offer: OfferLine,
    /// What there is to say.
    #[schema(example = "2021年购入，一直单班使用，可现场看机。")]
    pub description: String,
    /// What the machine is worth, as far as that can be said.
    pub value: Option<ValuationView>,
}

/// A listing, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingView {
    /// What lists show of it.
    #[serde(flatten)]
    pub line: ListingLine,
    /// What there is to say.
    #[schema(example = "2021年购入，一直单班使用，可现场看机。")]
    pub description: String,
    /// What the machine is worth.
    pub value: Option<ValuationView>,
    /// Why that cannot be said, where it cannot.
    #[schema(example = "请先填写设备购入价格")]
    pub value_unknown: Option<String>,
    /// What the caller may do now.
    pub allowed_actions: Vec<ListingActionWord>,
    /// Version for `If-Match`.
    #[schema(example = 1, minimum = 1)]
    pub version: i64,
}

/// What is looked up for some listings at once.
pub(super) struct About {
    machines: HashMap<Uuid, Machine>,
    scores: HashMap<Uuid, ScoreBrief>,
    uses: HashMap<Uuid, UseView>,
    language: Language,
}

impl About {
    pub(super) async fn of(tx: &TenantTx, rows: &[ListingRow], language: Language) -> Result<Self> {
        let mut ids: Vec<Uuid> = rows.iter().map(|row| row.equipment_id).collect();
        ids.sort_unstable();
        ids.dedup();
        Self::of_machines(tx, machines::some(tx, &ids).await?, language).await
    }

    async fn of_machines(tx: &TenantTx, rows: Vec<Machine>, language: Language) -> Result<Self> {
        let scores: Vec<Uuid> = rows.iter().filter_map(|row| row.score_id).collect();
        let scores = scores::briefs(tx, &scores, language).await?;
        let uses = scores::uses_of(tx, &rows).await?;
        Ok(Self { machines: rows.into_iter().map(|row| (row.id, row)).collect(), scores, uses, language })
    }
}

impl OfferLine {
    pub(super) fn of(row: &ListingRow, about: &About) -> Result<Self> {
        let machine = known(about.machines.get(&row.equipment_id))?;
        Ok(Self {
            brief: ListingBrief::of(row, about.language)?,
            title: row.title.clone(),
            price_fen: row.price_fen,
            machine: OfferedMachine::of(machine, about.language)?,
            support: ListingSupport {
                score: machine.score_id.and_then(|id| about.scores.get(&id).cloned()),
                usage: about.uses.get(&machine.id).cloned(),
            },
            published_at: row.published_at,
        })
    }
}

impl ListingLine {
    pub(super) fn of(row: &ListingRow, about: &About) -> Result<Self> {
        let machine = known(about.machines.get(&row.equipment_id))?;
        Ok(Self {
            offer: OfferLine::of(row, about)?,
            equipment: id_of::<kind::Equipment>(machine.id),
            equipment_number: machine.number.clone(),
            reserved_for: row.enquiry_id.map(id_of::<kind::Enquiry>),
            sold_fen: row.sold_fen,
            ended_at: row.ended_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl OfferView {
    pub(super) async fn of(tx: &TenantTx, row: &ListingRow, machine: &Machine, language: Language) -> Result<Self> {
        let about = About::of_machines(tx, vec![machine.clone()], language).await?;
        Ok(Self {
            offer: OfferLine::of(row, &about)?,
            description: row.description.clone(),
            value: valuation(tx, machine, language).await?.ok(),
        })
    }
}

impl ListingView {
    /// The listing as `by` sees it.
    pub(super) async fn of(
        tx: &TenantTx,
        row: &ListingRow,
        machine: &Machine,
        by: By<'_>,
        language: Language,
    ) -> Result<Self> {
        let about = About::of_machines(tx, vec![machine.clone()], language).await?;
        let valued = valuation(tx, machine, language).await?;
        Ok(Self {
            line: ListingLine::of(row, &about)?,
            description: row.description.clone(),
            value_unknown: valued.as_ref().err().map(|refusal| say(&refusal.words(), language)),
            value: valued.ok(),
            allowed_actions: allowed(row, machine, by)?.into_iter().map(ListingActionWord).collect(),
            version: row.version,
        })
    }
}
