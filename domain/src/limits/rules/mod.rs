//! The law and the firm's own rules on how much it may stand for, judged before every grant and draw in the transaction
//! that makes it, and by the same function for a what-if.
//!
//! Sources: State Council Order 683 art. 15 (liability balance at most 10 times net assets, 15 times for firms that mainly
//! serve small enterprises and agriculture), art. 16 (one client at most 10 %, with its related parties at most 15 %), art. 17
//! (none for the controlling shareholder or actual controller); 融资担保责任余额计量办法 (银保监发〔2018〕1号) for what counts and for
//! the test of the 15-fold. 不超过 includes the bound: a figure equal to it passes, one fen more does not.
//!
//! A change that does not raise a figure never breaks its rule: when net assets fall, repayments must still be possible.

mod figure;

use serde::{Deserialize, Serialize};

pub use figure::{Figure, RuleRefusal};

use super::BASIS_POINTS;
use super::balances::Balances;
use crate::coded::coded;
use crate::money::Fen;

/// The most that art. 15 allows of any firm, in basis points of net assets.
pub const LEVERAGE_BP_MAX: u32 = 100_000;
/// The most that it allows of firms which mainly serve small enterprises and agriculture.
pub const LEVERAGE_RAISED_BP_MAX: u32 = 150_000;
/// The most that art. 16 allows for one client.
pub const CLIENT_BP_MAX: u16 = 1_000;
/// The most that it allows for a client with its related parties.
pub const GROUP_BP_MAX: u16 = 1_500;

coded! {
    /// A rule that a grant or draw can break.
    Rule {
        /// Without net assets nothing of the law can be judged, so nothing passes.
        NetAssets "net_assets_missing" "净资产未录入" "net assets are not entered";
        /// Art. 17: none for the controlling shareholder or actual controller.
        ControllingParty "controlling_party" "控股股东、实际控制人" "controlling shareholder or actual controller";
        /// Art. 15: liability balance by net assets.
        Leverage "leverage" "融资担保责任余额" "liability balance";
        /// Art. 16: one client.
        OneClient "one_client" "单一被担保人责任余额" "liability for one client";
        /// Art. 16: one client with its related parties.
        ClientGroup "client_group" "被担保人及其关联方责任余额" "liability for a client with its related parties";
        /// The firm's ceiling for a product.
        Product "product_ceiling" "产品限额" "ceiling of the product";
        /// The firm's ceiling for an industry.
        Industry "industry_ceiling" "行业限额" "ceiling of the industry";
        /// The firm's ceiling for a region.
        Region "region_ceiling" "区域限额" "ceiling of the region";
        /// The firm's ceiling for a bank.
        Bank "bank_ceiling" "银行限额" "ceiling of the bank";
        /// What the approver may decide on.
        Authority "approver_authority" "审批权限" "approver's authority";
    }
}

coded! {
    /// What a ceiling of the firm is for.
    Dimension {
        /// A product.
        Product "product" "产品" "product";
        /// An industry.
        Industry "industry" "行业" "industry";
        /// A region.
        Region "region" "区域" "region";
        /// A bank.
        Bank "bank" "银行" "bank";
    }
}

impl Dimension {
    /// The rule that a ceiling of this dimension is.
    pub fn rule(self) -> Rule {
        match self {
            Self::Product => Rule::Product,
            Self::Industry => Rule::Industry,
            Self::Region => Rule::Region,
            Self::Bank => Rule::Bank,
        }
    }
}

coded! {
    /// Which balance a ceiling bounds.
    Measure {
        /// Nominal.
        Nominal "nominal" "名义在保余额" "nominal balance";
        /// In-force, the usual one.
        InForce "in_force" "在保余额" "in-force balance";
        /// Liability.
        Liability "liability" "责任余额" "liability balance";
    }
}

impl Measure {
    /// That balance among all.
    pub fn of(self, balances: &Balances) -> Fen {
        match self {
            Self::Nominal => balances.nominal,
            Self::InForce => balances.in_force,
            Self::Liability => balances.liability,
        }
    }
}

coded! {
    /// How the firm's leverage is chosen.
    LeverageClass {
        /// By what it serves, see [`Leverage::bound_bp`].
        ByComposition "by_composition" "按业务结构判定" "by composition";
        /// The usual multiple.
        Standard "standard" "十倍" "standard";
        /// The raised multiple, as the regulator has recognised.
        Raised "raised" "十五倍" "raised";
    }
}

/// How often net assets may be stood for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leverage {
    /// The usual multiple in basis points: 100,000 is 10 times.
    pub standard_bp: u32,
    /// The raised one.
    pub raised_bp: u32,
    /// For the raised one: small and micro enterprises with farmers have at least this share of the in-force balance…
    pub balance_share_bp: u16,
    /// … and at least this share of the clients.
    pub client_share_bp: u16,
    /// Whether that is computed or decided.
    pub class: LeverageClass,
}

impl Leverage {
    /// The statutory figures.
    pub const STATUTORY: Self = Self {
        standard_bp: LEVERAGE_BP_MAX,
        raised_bp: LEVERAGE_RAISED_BP_MAX,
        balance_share_bp: 5_000,
        client_share_bp: 8_000,
        class: LeverageClass::ByComposition,
    };

    /// The multiple for a firm of this composition, in basis points.
    pub fn bound_bp(&self, composition: &Composition) -> u32 {
        let is_raised = match self.class {
            LeverageClass::Standard => false,
            LeverageClass::Raised => true,
            LeverageClass::ByComposition => self.qualifies(composition),
        };
        if is_raised { self.raised_bp } else { self.standard_bp }
    }

    /// Whether a firm of this composition mainly serves small enterprises and agriculture.
    pub fn qualifies(&self, composition: &Composition) -> bool {
        let reaches = |part: i128, whole: i128, share_bp: u16| {
            whole > 0 && part.saturating_mul(i128::from(BASIS_POINTS)) >= whole.saturating_mul(i128::from(share_bp))
        };
        let Composition { in_force, in_force_small, clients, clients_small } = *composition;
        reaches(in_force_small.0.into(), in_force.0.into(), self.balance_share_bp)
            && reaches(clients_small.into(), clients.into(), self.client_share_bp)
    }
}

/// Whom the firm serves: small and micro enterprises with farmers, of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composition {
    /// The in-force balance.
    pub in_force: Fen,
    /// Of it small and micro enterprises' and farmers'.
    pub in_force_small: Fen,
    /// The clients in force.
    pub clients: u64,
    /// Of them small and micro enterprises and farmers.
    pub clients_small: u64,
}

/// The figures that hold on the day, from the firm's dated parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Net assets; nothing when none were entered and approved for the day.
    pub net_assets: Option<Fen>,
    /// The multiple.
    pub leverage: Leverage,
    /// One client, in basis points of net assets.
    pub client_bp: u16,
    /// A client with its related parties.
    pub group_bp: u16,
}

impl Bounds {
    /// The statutory bounds for net assets.
    pub fn statutory(net_assets: Option<Fen>) -> Self {
        Self { net_assets, leverage: Leverage::STATUTORY, client_bp: CLIENT_BP_MAX, group_bp: GROUP_BP_MAX }
    }
}

/// A ceiling of the firm with what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceiling {
    /// What it is for.
    pub dimension: Dimension,
    /// Which product, industry, region or bank.
    pub subject: String,
    /// Which balance it bounds.
    pub measure: Measure,
    /// The largest balance (inclusive).
    pub bound: Fen,
    /// The balance before the change.
    pub before: Fen,
    /// What the change adds to it: of a change that moves a client over a bound of the weights, this is not the client's
    /// whole change, since the loans under other subjects weigh more as well.
    pub adds: Fen,
}

/// What the firm stands for before the change, read under the locks of the transaction that makes it. A caller that wants reservations to count adds them here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposures {
    /// The firm's liability balance.
    pub firm_liability: Fen,
    /// The client's concentration figure.
    pub client: Fen,
    /// That of the client with its related parties.
    pub group: Fen,
    /// Whom the firm serves **after** the change: a draw for a large client may cost the firm its 15-fold.
    pub composition: Composition,
    /// The ceilings that the change comes under.
    pub ceilings: Vec<Ceiling>,
}

/// Up to what amount somebody may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Authority {
    /// Nobody decides now: a draw within what was decided.
    NotNeeded,
    /// Up to this amount (inclusive).
    UpTo(Fen),
}

/// What is to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The amount granted or drawn; 0 for a repayment.
    pub asked: Fen,
    /// The client's balances after it less those before it, see [`super::balances::of_client`].
    pub balances: Balances,
    /// Whether the client is the controlling shareholder or actual controller.
    pub controlling_party: bool,
    /// What the one who decides may decide on.
    pub authority: Authority,
}

/// Judges a change by every rule at once.
///
/// # Errors
/// [`RuleRefusal`] with every rule that is broken, and the figures of the others.
pub fn judge(bounds: &Bounds, exposures: &Exposures, change: &Change) -> Result<Vec<Figure>, RuleRefusal> {
    let mut figures = of_the_law(bounds, exposures, change);
    for ceiling in &exposures.ceilings {
        let figure = Figure::of(ceiling.dimension.rule(), ceiling.bound, ceiling.before, ceiling.adds);
        figures.push(figure.about(&ceiling.subject));
    }
    if let Authority::UpTo(bound) = change.authority {
        figures.push(Figure::of(Rule::Authority, bound, Fen::ZERO, change.asked));
    }
    if figures.iter().any(Figure::is_broken) {
        let (broken, passed) = figures.into_iter().partition(Figure::is_broken);
        return Err(RuleRefusal { broken, passed });
    }
    Ok(figures)
}

fn of_the_law(bounds: &Bounds, exposures: &Exposures, change: &Change) -> Vec<Figure> {
    let added = &change.balances;
    let mut figures = Vec::new();
    if change.controlling_party {
        let adds = change.asked.max(added.nominal);
        figures.push(Figure::of(Rule::ControllingParty, Fen::ZERO, Fen::ZERO, adds));
    }
    let Some(net_assets) = bounds.net_assets else {
        let adds = change.asked.max(added.nominal);
        figures.push(Figure::of(Rule::NetAssets, Fen::ZERO, Fen::ZERO, adds));
        return figures;
    };
    let leverage_bp = i64::from(bounds.leverage.bound_bp(&exposures.composition));
    let rows = [
        (Rule::Leverage, leverage_bp, exposures.firm_liability, added.liability),
        (Rule::OneClient, i64::from(bounds.client_bp), exposures.client, added.concentration),
        (Rule::ClientGroup, i64::from(bounds.group_bp), exposures.group, added.concentration),
    ];
    figures.extend(rows.map(|(rule, bp, before, adds)| Figure::of(rule, share_of(net_assets, bp), before, adds)));
    figures
}

/// A bound in fen: the largest whole fen within a share of net assets. Nothing passes on net assets of 0 or less; a bound
/// that leaves 64 bits is above every amount there is.
pub(super) fn share_of(net_assets: Fen, bp: i64) -> Fen {
    let wide = i128::from(net_assets.0.max(0)).saturating_mul(i128::from(bp)) / i128::from(BASIS_POINTS);
    Fen(i64::try_from(wide).unwrap_or(i64::MAX))
}

/// The largest amount, of 0 to `most`, that passes: what a refusal can offer instead, in the amount that was asked and not in
/// the rule's own measure. Where something passes again above an amount that fails (a draw that itself brings the firm its
/// 15-fold), the answer still passes, but a larger one may too.
pub fn largest_passing(most: Fen, passes: impl Fn(Fen) -> bool) -> Fen {
    let (mut low, mut high) = (0i64, most.0.max(0));
    if passes(Fen(high)) {
        return Fen(high);
    }
    // low passes or is 0, high fails; 63 rounds at most
    while high.saturating_sub(low) > 1 {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        if passes(Fen(middle)) { low = middle } else { high = middle }
    }
    Fen(low)
}
