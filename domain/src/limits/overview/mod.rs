//! Figures that people look at: how much of a limit is used, how near to a bound the firm stands, whether the bound is
//! 10 or 15 times net assets and why, and how all that came about. What is decided is decided elsewhere; here it is only
//! said, by the same bounds.

mod trend;

use serde::{Deserialize, Serialize};

pub use trend::{FirmDay, TREND_POINTS_MAX, TrendPoint, days_of_change, newest_row, point, weights_id_on};

use super::BASIS_POINTS;
use super::rules::{Bounds, Composition, Leverage, LeverageClass, share_of};
use super::tree::{Limit, LimitState};
use crate::money::Fen;
use crate::words::Words;

/// What is used of what was granted, in basis points, rounded down: 10,000 only where all of it is used. Nothing where
/// nothing was granted.
pub fn utilisation_bp(used: Fen, granted: Fen) -> Option<i64> {
    ratio_bp(used.0, granted.0, false)
}

/// What is used of a limit and of everything that was split off it: set aside, drawn, or spent for good. What was handed to
/// a part is used only as far as the part uses it, and what a closed part spent its whole has in its own column.
pub fn used_in_tree<'a>(limits: impl IntoIterator<Item = &'a Limit>) -> Fen {
    let open = limits.into_iter().filter(|limit| limit.state != LimitState::Closed);
    let parts = open.flat_map(|limit| [limit.amounts.reserved, limit.amounts.drawn, limit.amounts.spent]);
    Fen(parts.fold(0, |sum: i64, part| sum.saturating_add(part.0)))
}

/// A figure as a share of its bound in basis points, rounded up: above 10,000 exactly where the figure is above the bound,
/// by one fen or by millions. Nothing where the bound is 0 or less, since nothing is a share of nothing.
pub fn share_bp(figure: Fen, bound: Fen) -> Option<i64> {
    ratio_bp(figure.0, bound.0, true)
}

fn ratio_bp(part: i64, whole: i64, up: bool) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part.max(0)).saturating_mul(i128::from(BASIS_POINTS)), i128::from(whole));
    let more = i128::from(up && part % whole != 0);
    Some(i64::try_from((part / whole).saturating_add(more)).unwrap_or(i64::MAX))
}

/// A figure under its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadRoom {
    /// How much there is.
    pub figure: Fen,
    /// How much there may be (inclusive); nothing where no net assets are entered for the day.
    pub bound: Option<Fen>,
    /// How much more there may be; below 0 where there is too much already.
    pub room: Option<Fen>,
    /// The figure as a share of the bound, see [`share_bp`].
    pub share_bp: Option<i64>,
    /// Whether there is too much.
    pub is_over: bool,
}

impl HeadRoom {
    /// A figure under a bound.
    pub fn of(figure: Fen, bound: Option<Fen>) -> Self {
        Self {
            figure,
            bound,
            room: bound.map(|bound| Fen(bound.0.saturating_sub(figure.0))),
            share_bp: bound.and_then(|bound| share_bp(figure, bound)),
            is_over: bound.is_some_and(|bound| figure > bound),
        }
    }
}

/// The bounds of the law in fen; nothing where no net assets are entered for the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawBounds {
    /// The liability balance of the firm.
    pub leverage: Option<Fen>,
    /// One client's concentration.
    pub client: Option<Fen>,
    /// That of a client with its related parties.
    pub group: Option<Fen>,
}

/// The bounds of the law for a firm of this composition, as [`super::rules::judge`] has them.
pub fn law_bounds(bounds: &Bounds, composition: &Composition) -> LawBounds {
    let of = |bp: i64| bounds.net_assets.map(|net_assets| share_of(net_assets, bp));
    LawBounds {
        leverage: of(bounds.leverage.bound_bp(composition).into()),
        client: of(bounds.client_bp.into()),
        group: of(bounds.group_bp.into()),
    }
}

/// Which multiple of net assets holds, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeverageReason {
    /// The multiple in basis points: 100,000 is 10 times.
    pub bound_bp: u32,
    /// Whether it is the raised one.
    pub raised: bool,
    /// The share of small and micro enterprises and farmers in the in-force balance, rounded down so that it reaches what is
    /// asked exactly where the rule finds that it does; nothing where nobody is in force.
    pub balance_share_bp: Option<i64>,
    /// Their share of the clients.
    pub client_share_bp: Option<i64>,
    /// The reason in a sentence.
    pub words: Words,
}

/// Says which multiple holds for a firm of this composition, and why.
pub fn leverage_reason(leverage: &Leverage, composition: &Composition) -> LeverageReason {
    let Composition { in_force, in_force_small, clients, clients_small } = *composition;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let balance_share_bp = ratio_bp(in_force_small.0, in_force.0, false);
    let client_share_bp = ratio_bp(whole(clients_small), whole(clients), false);
    let raised = match leverage.class {
        LeverageClass::Standard => false,
        LeverageClass::Raised => true,
        LeverageClass::ByComposition => leverage.qualifies(composition),
    };
    let bound_bp = leverage.bound_bp(composition);
    let words = match leverage.class {
        LeverageClass::Standard => Words::new(
            format!("按净资产的{}倍执行（公司设定）", times(bound_bp)),
            format!("{} times net assets, as the firm has set", times(bound_bp)),
        ),
        LeverageClass::Raised => Words::new(
            format!("经认定主要为小微企业和农业、农村、农民服务，按净资产的{}倍执行", times(bound_bp)),
            format!(
                "Recognised as mainly serving small enterprises and agriculture: {} times net assets",
                times(bound_bp)
            ),
        ),
        LeverageClass::ByComposition => by_composition(leverage, raised, (balance_share_bp, client_share_bp)),
    };
    LeverageReason { bound_bp, raised, balance_share_bp, client_share_bp, words }
}

fn by_composition(leverage: &Leverage, raised: bool, (balance, client): (Option<i64>, Option<i64>)) -> Words {
    let bound = times(if raised { leverage.raised_bp } else { leverage.standard_bp });
    let (Some(balance), Some(client)) = (balance, client) else {
        return Words::new(
            format!("当日没有在保业务，按净资产的{bound}倍执行"),
            format!("Nothing is in force on the day: {bound} times net assets"),
        );
    };
    let (balance, client) = (percent(balance), percent(client));
    let (wanted_balance, wanted_client) =
        (percent(leverage.balance_share_bp.into()), percent(leverage.client_share_bp.into()));
    let (reaches, reach) = if raised { ("均已达到", "reach") } else { ("未同时达到", "do not both reach") };
    Words::new(
        format!(
            "小微企业和农户的在保余额占{balance}、户数占{client}，{reaches}{wanted_balance}和{wanted_client}，按净资产的{bound}倍执行"
        ),
        format!(
            "Small and micro enterprises and farmers are {balance} of the in-force balance and {client} of the clients, which {reach} \
             {wanted_balance} and {wanted_client}: {bound} times net assets"
        ),
    )
}

/// A multiple for people: `10`, `12.5`.
fn times(bp: u32) -> String {
    trimmed(i64::from(bp), BASIS_POINTS, 4)
}

/// Basis points for people: `80%`, `33.33%`.
fn percent(bp: i64) -> String {
    format!("{}%", trimmed(bp, 100, 2))
}

fn trimmed(value: i64, unit: i64, decimals: usize) -> String {
    let text = format!("{}.{:0decimals$}", value / unit, value % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::rules::{Authority, Change, Exposures, Rule, judge};
    use proptest::prelude::*;

    #[test]
    fn shares_are_said_so_that_one_fen_shows() {
        let rows = [
            // figure, bound, used of it, share of it
            (0, 100, Some(0), Some(0)),
            (1, 3, Some(3_333), Some(3_334)),
            (99_999, 100_000, Some(9_999), Some(10_000)),
            (100_000, 100_000, Some(10_000), Some(10_000)),
            (100_001, 100_000, Some(10_000), Some(10_001)),
            (1_000_000_000_001, 1_000_000_000_000, Some(10_000), Some(10_001)),
            (-5, 100, Some(0), Some(0)),
            (5, 0, None, None),
            (0, 0, None, None),
            (5, -1, None, None),
            (i64::MAX, 1, Some(i64::MAX), Some(i64::MAX)),
        ];
        for (figure, bound, used, share) in rows {
            assert_eq!(utilisation_bp(Fen(figure), Fen(bound)), used, "{figure} of {bound}");
            assert_eq!(share_bp(Fen(figure), Fen(bound)), share, "{figure} of {bound}");
        }
    }

    #[test]
    fn what_is_handed_to_parts_is_used_as_far_as_they_use_it() {
        use crate::limits::tree::Amounts;
        use uuid::Uuid;
        let limit = |depth: u8, state, [allocated, reserved, drawn, spent]: [i64; 4]| Limit {
            id: Uuid::from_u128(1),
            parent: None,
            depth,
            amounts: Amounts {
                granted: Fen(1_000),
                allocated: Fen(allocated),
                reserved: Fen(reserved),
                drawn: Fen(drawn),
                spent: Fen(spent),
            },
            revolving: false,
            state,
            valid_from: chrono::NaiveDate::default(),
            valid_to: chrono::NaiveDate::default(),
        };
        let root = limit(0, LimitState::Active, [600, 10, 20, 7]);
        let part = limit(1, LimitState::Expired, [0, 100, 200, 0]);
        let closed = limit(1, LimitState::Closed, [0, 0, 0, 7]);
        assert_eq!(used_in_tree([&root]), Fen(37));
        assert_eq!(used_in_tree([&root, &part, &closed]), Fen(337));
        assert_eq!(used_in_tree([]), Fen(0));
    }

    #[test]
    fn head_room_is_what_is_left_under_a_bound() {
        let of = |figure: i64, bound: Option<i64>| {
            let room = HeadRoom::of(Fen(figure), bound.map(Fen));
            (room.room.map(|fen| fen.0), room.share_bp, room.is_over)
        };
        assert_eq!(of(60, Some(100)), (Some(40), Some(6_000), false));
        assert_eq!(of(100, Some(100)), (Some(0), Some(10_000), false));
        assert_eq!(of(101, Some(100)), (Some(-1), Some(10_100), true));
        assert_eq!(of(1, Some(0)), (Some(-1), None, true));
        assert_eq!(of(0, Some(0)), (Some(0), None, false));
        assert_eq!(of(60, None), (None, None, false));
    }

    fn composition(in_force: i64, small: i64, clients: u64, clients_small: u64) -> Composition {
        Composition { in_force: Fen(in_force), in_force_small: Fen(small), clients, clients_small }
    }

    #[test]
    fn the_multiple_is_said_with_its_reason() {
        let by = |class| Leverage { class, ..Leverage::STATUTORY };
        let rows = [
            (
                LeverageClass::ByComposition,
                composition(100, 50, 10, 8),
                150_000,
                "均已达到50%和80%，按净资产的15倍执行",
            ),
            (
                LeverageClass::ByComposition,
                composition(10_000, 4_999, 10, 8),
                100_000,
                "占49.99%、户数占80%，未同时达到",
            ),
            (LeverageClass::ByComposition, composition(100, 100, 3, 2), 100_000, "户数占66.66%，未同时达到50%和80%"),
            (LeverageClass::ByComposition, composition(0, 0, 0, 0), 100_000, "当日没有在保业务，按净资产的10倍执行"),
            (LeverageClass::Standard, composition(100, 100, 1, 1), 100_000, "按净资产的10倍执行（公司设定）"),
            (LeverageClass::Raised, composition(100, 0, 1, 0), 150_000, "经认定主要为小微企业"),
        ];
        for (class, composition, bound_bp, says) in rows {
            let reason = leverage_reason(&by(class), &composition);
            assert_eq!((reason.bound_bp, reason.raised), (bound_bp, bound_bp == 150_000), "{says}");
            assert!(reason.words.zh.contains(says), "{} lacks {says}", reason.words.zh);
        }
        let tighter = Leverage { standard_bp: 85_500, class: LeverageClass::Standard, ..Leverage::STATUTORY };
        assert!(leverage_reason(&tighter, &composition(1, 0, 1, 0)).words.en.starts_with("8.55 times"));
    }

    #[test]
    fn bounds_need_net_assets_and_nothing_passes_on_none_or_less() {
        let of = |net_assets: Option<i64>| {
            let bounds = law_bounds(&Bounds::statutory(net_assets.map(Fen)), &composition(0, 0, 0, 0));
            [bounds.leverage, bounds.client, bounds.group].map(|bound| bound.map(|fen| fen.0))
        };
        assert_eq!(of(None), [None; 3]);
        assert_eq!(of(Some(-7)), [Some(0); 3]);
        assert_eq!(of(Some(10_000_000_000)), [Some(100_000_000_000), Some(1_000_000_000), Some(1_500_000_000)]);
        assert_eq!(of(Some(9)), [Some(90), Some(0), Some(1)]);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_what_is_judged(net_assets in -10i64..2_000_000, figure in 0i64..2_000_000, adds in 1i64..50) {
            let bounds = Bounds::statutory(Some(Fen(net_assets)));
            let composition = Composition::default();
            let shown = law_bounds(&bounds, &composition);
            let change = Change {
                asked: Fen(adds),
                balances: crate::limits::balances::Balances { liability: Fen(adds), ..Default::default() },
                controlling_party: false,
                authority: Authority::NotNeeded,
            };
            let exposures = Exposures { firm_liability: Fen(figure), composition, ..Exposures::default() };
            let figures = judge(&bounds, &exposures, &change);
            let all = figures.unwrap_or_else(|refusal| [refusal.broken, refusal.passed].concat());
            let judged = all.iter().find(|one| one.rule == Rule::Leverage);
            prop_assert_eq!(judged.map(|one| one.bound), shown.leverage);
            let room = HeadRoom::of(Fen(figure), shown.leverage).room.map_or(0, |room| room.0);
            prop_assert_eq!(judged.map(|one| one.is_broken()), Some(adds > room));
        }

        #[test]
        fn a_share_is_above_the_whole_exactly_where_the_figure_is(figure: i64, bound in 1i64..) {
            prop_assert_eq!(share_bp(Fen(figure), Fen(bound)).is_some_and(|bp| bp > 10_000), figure > bound);
            prop_assert_eq!(utilisation_bp(Fen(figure), Fen(bound)).is_some_and(|bp| bp >= 10_000), figure >= bound);
        }
    }
}
