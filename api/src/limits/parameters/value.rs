//! A parameter's content as it travels: amounts end in `_fen`, shares in `_bp`, and products and banks go by their ids.
//! It is read member by member, so that what does not fit is named where it stands.

use domain::limits::groups::LinkKind;
use domain::limits::parameters::ParameterValue;
use domain::limits::rules::{Dimension, Leverage, LeverageClass, Measure};
use domain::limits::weights::{SizedWeight, WeightSet};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::subject;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::http::read_value;

/// What a parameter says.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ParameterContent {
    /// Net assets 净资产, from the accounts.
    NetAssets(NetAssetsContent),
    /// The bounds of the law, or tighter ones of the firm.
    Bounds(BoundsContent),
    /// The weights of the liability balance.
    Weights(WeightsContent),
    /// Which relations make a group of related clients.
    CountedLinks(CountedLinksContent),
    /// A ceiling of the firm for a product, bank, industry or region.
    Ceiling(CeilingContent),
}

/// Words of which a member takes only one: by `kind` a reader knows which content it is.
macro_rules! only_word {
    ($($name:ident $word:ident;)*) => {$(
        /// The only word here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "the content says what it is")]
        pub enum $name { $word }
    )*};
}

only_word! {
    NetAssetsKind NetAssets;
    BoundsKind Bounds;
    WeightsKind Weights;
    CountedLinksKind CountedLinks;
    CeilingKind Ceiling;
}

/// The kinds, to read `kind` first.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    NetAssets,
    Bounds,
    Weights,
    CountedLinks,
    Ceiling,
}

/// Net assets.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NetAssetsContent {
    /// Which content this is.
    pub kind: NetAssetsKind,
    /// How much, fen; a loss can bring it below 0.
    #[schema(example = 10_000_000_000_i64, minimum = -100_000_000_000_000_i64, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
}

/// Bounds.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundsContent {
    /// Which content this is.
    pub kind: BoundsKind,
    /// How often net assets may be stood for.
    pub leverage: LeverageContent,
    /// The most for one client, in 1/10,000 of net assets; the law allows 1,000.
    #[schema(example = 1000, minimum = 1, maximum = 1000)]
    pub client_bp: i64,
    /// The most for a client with its related parties; the law allows 1,500.
    #[schema(example = 1500, minimum = 1, maximum = 1500)]
    pub group_bp: i64,
}

/// How often net assets may be stood for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeverageContent {
    /// The usual multiple, in 1/10,000: 100,000 is 10 times, the most that the law allows.
    #[schema(example = 100_000, minimum = 1, maximum = 100_000)]
    pub standard_bp: i64,
    /// The multiple of firms that mainly serve small enterprises and agriculture; the law allows 15 times.
    #[schema(example = 150_000, minimum = 1, maximum = 150_000)]
    pub raised_bp: i64,
    /// For the raised one: the least share of small and micro enterprises and farmers in the in-force balance, in 1/10,000.
    #[schema(example = 5000, minimum = 0, maximum = 10_000)]
    pub balance_share_bp: i64,
    /// And their least share of the clients.
    #[schema(example = 8000, minimum = 0, maximum = 10_000)]
    pub client_share_bp: i64,
    /// Whether which one holds is computed or was decided.
    pub class: LeverageChoice,
}

/// How the multiple is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeverageChoice {
    /// By what the firm serves.
    ByComposition,
    /// The usual one.
    Standard,
    /// The raised one, as the regulator has recognised.
    Raised,
}

/// Weights of the liability balance, in 1/10,000.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightsContent {
    /// Which content this is.
    pub kind: WeightsKind,
    /// Loans to small and micro enterprises.
    pub small_micro: SizedWeightContent,
    /// Loans to farmers.
    pub farmer: SizedWeightContent,
    /// Housing loans.
    #[schema(example = 3000, minimum = 1, maximum = 10_000)]
    pub housing_bp: i64,
    /// Other loans, and loans of clients above their size.
    #[schema(example = 10_000, minimum = 1, maximum = 10_000)]
    pub loan_bp: i64,
    /// Bonds of issuers rated AA or better.
    #[schema(example = 8000, minimum = 1, maximum = 10_000)]
    pub bond_aa_bp: i64,
    /// Other bonds.
    #[schema(example = 10_000, minimum = 1, maximum = 10_000)]
    pub bond_bp: i64,
    /// Other financing guarantees.
    #[schema(example = 10_000, minimum = 1, maximum = 10_000)]
    pub other_bp: i64,
    /// What a bond of an issuer rated AA or better counts for the bounds on one client and on a group.
    #[schema(example = 6000, minimum = 1, maximum = 10_000)]
    pub concentration_bond_aa_bp: i64,
}

/// A weight for clients up to a size.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SizedWeightContent {
    /// The largest in-force balance of one client that still has this weight, fen.
    #[schema(example = 500_000_000_i64, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub client_balance_max_fen: i64,
    /// The weight.
    #[schema(example = 7500, minimum = 1, maximum = 10_000)]
    pub weight_bp: i64,
}

/// Which relations make a group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedLinksContent {
    /// Which content this is.
    pub kind: CountedLinksKind,
    /// The kinds, each once.
    #[schema(min_items = 1, max_items = 6, example = json!(["shareholder", "controller", "spouse"]))]
    pub kinds: Vec<CountedLink>,
}

/// How two clients are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountedLink {
    /// One holds shares of the other.
    Shareholder,
    /// One controls the other.
    Controller,
    /// They are married.
    Spouse,
    /// One guarantees for the other.
    Guarantor,
    /// They have the same address.
    SameAddress,
    /// They have the same phone.
    SamePhone,
}

/// A ceiling of the firm.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CeilingContent {
    /// Which content this is.
    pub kind: CeilingKind,
    /// What it is for.
    pub dimension: CeilingDimension,
    /// Which: a product's id, the id of a customer that is a bank, a region's code (GB/T 2260) or an industry's
    /// (GB/T 4754).
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c", min_length = 1, max_length = 64)]
    pub subject: String,
    /// Which balance it bounds.
    pub measure: CeilingMeasure,
    /// The largest balance (inclusive), fen; null takes the ceiling away from the day on.
    #[serde(deserialize_with = "stated")]
    #[schema(required = true, example = 5_000_000_000_i64, minimum = 0, maximum = 100_000_000_000_000_i64)]
    pub bound_fen: Option<i64>,
}

/// A member that must be there, be it null: a ceiling is not taken away by forgetting its amount.
fn stated<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Option::deserialize(from)
}

/// What a ceiling is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CeilingDimension {
    /// A product.
    Product,
    /// An industry.
    Industry,
    /// A region.
    Region,
    /// A bank.
    Bank,
}

/// Which balance a ceiling bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CeilingMeasure {
    /// Nominal 名义在保余额.
    Nominal,
    /// In-force 在保余额.
    InForce,
    /// Liability 责任余额.
    Liability,
}

impl ParameterContent {
    /// Reads what was sent under `/value`: its kind first, then the members of that kind.
    ///
    /// # Errors
    /// `invalid_fields` with the first member that does not fit.
    pub(super) fn read(sent: &Value) -> Result<Self> {
        let Some(members) = sent.as_object() else {
            let (zh, en) = ("类型不对，应为对象", "Wrong type; expected an object");
            return Err(problem(FieldProblem::new("/value", "type", zh, en)));
        };
        let Some(kind) = members.get("kind").cloned() else {
            return Err(problem(FieldProblem::new("/value/kind", "required", "请填写此项", "Fill this in")));
        };
        Ok(match read_value(kind, "/value/kind").map_err(problem)? {
            Kind::NetAssets => Self::NetAssets(content(sent)?),
            Kind::Bounds => Self::Bounds(content(sent)?),
            Kind::Weights => Self::Weights(content(sent)?),
            Kind::CountedLinks => Self::CountedLinks(content(sent)?),
            Kind::Ceiling => Self::Ceiling(content(sent)?),
        })
    }

    /// A stored value as it is shown.
    pub(super) fn of(value: &ParameterValue) -> Self {
        match value {
            ParameterValue::NetAssets { amount } => {
                Self::NetAssets(NetAssetsContent { kind: NetAssetsKind::NetAssets, amount_fen: amount.0 })
            }
            ParameterValue::Bounds { leverage, client_bp, group_bp } => Self::Bounds(BoundsContent {
                kind: BoundsKind::Bounds,
                leverage: leverage_content(leverage),
                client_bp: i64::from(*client_bp),
                group_bp: i64::from(*group_bp),
            }),
            ParameterValue::Weights { weights } => Self::Weights(weights_content(weights)),
            ParameterValue::CountedLinks { kinds } => Self::CountedLinks(CountedLinksContent {
                kind: CountedLinksKind::CountedLinks,
                kinds: kinds.iter().map(|kind| (*kind).into()).collect(),
            }),
            ParameterValue::Ceiling { dimension, subject, measure, bound } => Self::Ceiling(CeilingContent {
                kind: CeilingKind::Ceiling,
                dimension: (*dimension).into(),
                subject: subject::shown(*dimension, subject),
                measure: (*measure).into(),
                bound_fen: bound.map(|bound| bound.0),
            }),
        }
    }
}

fn problem(problem: FieldProblem) -> Error {
    Error::fields(vec![problem])
}

fn content<T: DeserializeOwned>(sent: &Value) -> Result<T> {
    read_value(sent.clone(), "/value").map_err(problem)
}

fn leverage_content(leverage: &Leverage) -> LeverageContent {
    LeverageContent {
        standard_bp: i64::from(leverage.standard_bp),
        raised_bp: i64::from(leverage.raised_bp),
        balance_share_bp: i64::from(leverage.balance_share_bp),
        client_share_bp: i64::from(leverage.client_share_bp),
        class: leverage.class.into(),
    }
}

fn weights_content(weights: &WeightSet) -> WeightsContent {
    let sized = |sized: &SizedWeight| SizedWeightContent {
        client_balance_max_fen: sized.client_balance_max.0,
        weight_bp: i64::from(sized.weight_bp),
    };
    WeightsContent {
        kind: WeightsKind::Weights,
        small_micro: sized(&weights.small_micro),
        farmer: sized(&weights.farmer),
        housing_bp: i64::from(weights.housing_bp),
        loan_bp: i64::from(weights.loan_bp),
        bond_aa_bp: i64::from(weights.bond_aa_bp),
        bond_bp: i64::from(weights.bond_bp),
        other_bp: i64::from(weights.other_bp),
        concentration_bond_aa_bp: i64::from(weights.concentration_bond_aa_bp),
    }
}

/// Words that stand in both, each turned into the other.
macro_rules! same_words {
    ($ours:ident $theirs:ident: $($word:ident)*) => {
        impl From<$theirs> for $ours {
            fn from(word: $theirs) -> Self {
                match word { $($theirs::$word => Self::$word),* }
            }
        }

        impl From<$ours> for $theirs {
            fn from(word: $ours) -> Self {
                match word { $($ours::$word => Self::$word),* }
            }
        }
    };
}

same_words!(LeverageChoice LeverageClass: ByComposition Standard Raised);
same_words!(CountedLink LinkKind: Shareholder Controller Spouse Guarantor SameAddress SamePhone);
same_words!(CeilingDimension Dimension: Product Industry Region Bank);
same_words!(CeilingMeasure Measure: Nominal InForce Liability);
