//! What head-room looks like.

use chrono::NaiveDate;
use domain::id::kind;
use domain::limits::overview::{HeadRoom, law_bounds, leverage_reason};
use domain::limits::rules::Rule;
use domain::money::Fen;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::gather::{Ceiling, Gathered};
use crate::error::Language;
use crate::limits::law::Frame;
use crate::limits::store::exposures;
use crate::limits::view::{id_of, say};
use crate::limits::views::subject::{name, shown};

/// Somebody in a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupMember {
    /// The client.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called; of a person the last character.
    #[schema(example = "示例农业有限公司")]
    pub name: Option<String>,
}

/// One bound with what stands under it, in fen.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadRoomLine {
    /// Which rule.
    #[schema(example = "one_client")]
    pub rule: String,
    /// The same in words.
    #[schema(example = "单一被担保人责任余额")]
    pub label: String,
    /// The client, bank or product by its id, the region or industry by its code; null for the firm and for groups.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub subject: Option<String>,
    /// What that is called; of a group the first of its members.
    #[schema(example = "示例农业有限公司")]
    pub subject_name: Option<String>,
    /// Of a ceiling which balance it bounds: nominal, in-force or liability.
    #[schema(example = "in_force")]
    pub measure: Option<String>,
    /// How much there is.
    #[schema(example = 300_000_000)]
    pub figure_fen: i64,
    /// How much there may be (inclusive); null where no net assets are entered for the day.
    #[schema(example = 1_000_000_000)]
    pub bound_fen: Option<i64>,
    /// How much more there may be; below 0 where there is too much already.
    #[schema(example = 700_000_000)]
    pub room_fen: Option<i64>,
    /// The figure as a share of the bound in 1/10,000, rounded up: above 10,000 exactly where it is above the bound. Null where
    /// the bound is 0 or there is none.
    #[schema(example = 3_000)]
    pub share_bp: Option<i64>,
    /// Whether there is too much.
    #[schema(example = false)]
    pub is_over: bool,
    /// Of a group who is in it, as far as the caller sees them, at most 50; else empty.
    pub members: Vec<GroupMember>,
}

/// Which multiple of net assets holds, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeverageView {
    /// The multiple in 1/10,000: 100,000 is 10 times.
    #[schema(example = 100_000)]
    pub bound_bp: u32,
    /// Whether it is the raised one, of firms that mainly serve small enterprises and agriculture.
    #[schema(example = false)]
    pub raised: bool,
    /// The share of small and micro enterprises and farmers in the in-force balance, in 1/10,000, rounded down; null where
    /// nobody is in force.
    #[schema(example = 4_200)]
    pub balance_share_bp: Option<i64>,
    /// Their share of the clients.
    #[schema(example = 7_500)]
    pub client_share_bp: Option<i64>,
    /// Why it is this one.
    #[schema(example = "小微企业和农户的在保余额占42%、户数占75%，未同时达到50%和80%，按净资产的10倍执行")]
    pub reason: String,
}

/// How near the firm stands to each bound at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadRoomView {
    /// The day.
    #[schema(example = "2026-11-29")]
    pub day: NaiveDate,
    /// Net assets; null where none are entered for the day, and then nothing can be granted or drawn.
    #[schema(example = 10_000_000_000_i64)]
    pub net_assets_fen: Option<i64>,
    /// The liability balance by net assets.
    pub liability: HeadRoomLine,
    /// Which multiple that is judged by.
    pub leverage: LeverageView,
    /// The ten largest clients.
    pub clients: Vec<HeadRoomLine>,
    /// The ten largest groups of related clients.
    pub groups: Vec<HeadRoomLine>,
    /// Every ceiling of the firm in force, in the order of products, industries, regions and banks.
    pub ceilings: Vec<HeadRoomLine>,
}

fn line(rule: Rule, figure: Fen, bound: Option<Fen>, language: Language) -> HeadRoomLine {
    let room = HeadRoom::of(figure, bound);
    HeadRoomLine {
        rule: rule.code().to_owned(),
        label: say(&rule.words(), language),
        subject: None,
        subject_name: None,
        measure: None,
        figure_fen: figure.0,
        bound_fen: bound.map(|fen| fen.0),
        room_fen: room.room.map(|fen| fen.0),
        share_bp: room.share_bp,
        is_over: room.is_over,
        members: vec![],
    }
}

fn ceiling(one: &Ceiling, gathered: &Gathered, language: Language) -> HeadRoomLine {
    let dimension = one.dimension.code();
    HeadRoomLine {
        subject: Some(shown(dimension, &one.subject)),
        subject_name: name(dimension, &one.subject, &gathered.names),
        measure: Some(one.measure.code().to_owned()),
        ..line(one.dimension.rule(), one.figure, Some(one.bound), language)
    }
}

/// Shows what was gathered.
pub(super) fn of(frame: &Frame, gathered: &Gathered, language: Language) -> HeadRoomView {
    let composition = gathered.figures.composition();
    let bounds = law_bounds(&frame.bounds, &composition);
    let reason = leverage_reason(&frame.bounds.leverage, &composition);
    let client = |(id, figure): &(Uuid, Fen)| HeadRoomLine {
        subject: Some(id_of::<kind::Customer>(*id)),
        subject_name: gathered.names.customer(*id),
        ..line(Rule::OneClient, *figure, bounds.client, language)
    };
    let groups = gathered.groups.iter().map(|group| {
        let member = |id: Uuid| GroupMember { id: id_of::<kind::Customer>(id), name: gathered.names.customer(id) };
        let members: Vec<_> = gathered.members(group).map(member).collect();
        HeadRoomLine {
            subject_name: members.first().and_then(|first| first.name.clone()),
            members,
            ..line(Rule::ClientGroup, group.concentration, bounds.group, language)
        }
    });
    let liability = gathered.figures.balances(&exposures::firm()).liability;
    HeadRoomView {
        day: frame.day,
        net_assets_fen: frame.bounds.net_assets.map(|fen| fen.0),
        liability: line(Rule::Leverage, liability, bounds.leverage, language),
        leverage: LeverageView {
            bound_bp: reason.bound_bp,
            raised: reason.raised,
            balance_share_bp: reason.balance_share_bp,
            client_share_bp: reason.client_share_bp,
            reason: say(&reason.words, language),
        },
        clients: gathered.clients.iter().map(client).collect(),
        groups: groups.collect(),
        ceilings: gathered.ceilings.iter().map(|one| ceiling(one, gathered, language)).collect(),
    }
}
