//! Random histories of operations on a small tree, tried on the rules and on the model at once: they must agree on what is
//! allowed and on every column, and the entries must replay to the balances.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::limits::operation::{
    Entry, Line, Opening, close, correct, draw, expire, freeze, grant, lapse, move_between, release, repay, reserve,
    resize_grant, resize_part, split, split_more, thaw,
};
use domain::limits::posting::{Effect, EntryKind, Posting};
use domain::limits::refusal::LimitRefusal;
use domain::limits::reservation::{Drawdown, Reservation, ReservationState};
use domain::limits::tree::{Amounts, Limit, LimitState, Moment};
use domain::money::Fen;
use domain::time::TenantZone;
use proptest::prelude::*;

use crate::model::{APPROVED, Act, Model};
use crate::support::{columns, id};

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}

fn date(day: i64) -> NaiveDate {
    first_day() + TimeDelta::days(day)
}

fn instant(hour: i64) -> DateTime<Utc> {
    first_day().and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::hours(hour)
}

fn moment(hour: i64) -> Moment {
    Moment::new(instant(hour), TenantZone::parse("UTC").unwrap())
}

/// The store's part: rows and entries.
struct World {
    limits: Vec<Limit>,
    held: Vec<Reservation>,
    owed: Vec<Drawdown>,
    /// What each operation wrote, with the reservation and the drawdown that it names.
    log: Vec<(Vec<Entry>, Option<usize>, Option<usize>)>,
}

impl World {
    fn new(revolving: bool, amount: usize, to_day: i64) -> Self {
        let opening = Opening {
            id: id(1),
            amount: Fen(amount as i64),
            revolving,
            valid_from: first_day(),
            valid_to: date(to_day),
        };
        let mut world = Self { limits: vec![], held: vec![], owed: vec![], log: vec![] };
        let postings = grant(&opening, Fen(APPROVED as i64), moment(0)).unwrap();
        world.take_over(&postings, None, None);
        world
    }

    fn above(&self, model: &Model, node: usize) -> Vec<Limit> {
        model.above(node).into_iter().map(|up| self.limits[up].clone()).collect()
    }

    fn decide(&self, model: &Model, act: Act) -> Result<Vec<Posting>, LimitRefusal> {
        let at = moment(model.hour);
        let fen = |amount: usize| Fen(amount as i64);
        let above = |node| self.above(model, node);
        match act {
            Act::Split { whole, amount, revolving, to_day } => {
                let opening = Opening {
                    id: id(1 + self.limits.len() as u128),
                    amount: fen(amount),
                    revolving,
                    valid_from: first_day(),
                    valid_to: date(to_day),
                };
                let limit = &self.limits[whole];
                let open = |part: &&Limit| part.parent == Some(limit.id) && part.state != LimitState::Closed;
                let children = self.limits.iter().filter(open).count() as u32;
                split(&above(whole), limit, children, &opening, at)
            }
            Act::SplitMore { part, amount } => split_more(&above(part), &self.limits[part], fen(amount), at),
            Act::Move { from, to, amount } => {
                move_between(&above(from), &self.limits[from], &self.limits[to], fen(amount), at)
            }
            Act::ResizeGrant { root, to } => resize_grant(&self.limits[root], fen(to), fen(APPROVED), at),
            Act::ResizePart { part, to } => resize_part(&above(part), &self.limits[part], fen(to), at),
            Act::Freeze(node) => freeze(&self.limits[node], at),
            Act::Thaw(node) => thaw(&self.limits[node], at),
            Act::Expire(node) => expire(&self.limits[node], at),
            Act::Close(node) => close(above(node).last(), &self.limits[node], at),
            Act::Reserve { node, amount, hours } => {
                reserve(&above(node), &self.limits[node], fen(amount), instant(model.hour + hours), at)
            }
            Act::Draw { held, amount } => {
                let node = model.held[held].node;
                draw(&above(node), &self.limits[node], &self.held[held], fen(amount), at)
            }
            Act::Release(held) => release(&self.limits[model.held[held].node], &self.held[held], at),
            Act::Lapse(held) => lapse(&self.limits[model.held[held].node], &self.held[held], at),
            Act::Repay { owed, amount } => {
                repay(&self.limits[model.owed[owed].node], &self.owed[owed], fen(amount), at)
            }
            Act::Correct(which) => {
                let (entries, held, owed) = &self.log[which];
                let lines: Vec<Line<'_>> =
                    entries.iter().map(|entry| Line { limit: self.limit(entry), entry }).collect();
                correct(&lines, held.map(|at| &self.held[at]), owed.map(|at| &self.owed[at]), at)
            }
        }
    }

    fn limit(&self, entry: &Entry) -> &Limit {
        self.limits.iter().find(|limit| limit.id == entry.limit).unwrap()
    }

    /// Which reservation and drawdown an act is about.
    fn named(&self, model: &Model, act: Act) -> (Option<usize>, Option<usize>) {
        match act {
            Act::Draw { held, .. } | Act::Release(held) | Act::Lapse(held) => (Some(held), None),
            Act::Repay { owed, .. } => (Some(model.owed[owed].held), Some(owed)),
            Act::Correct(which) => (self.log[which].1, self.log[which].2),
            _ => (None, None),
        }
    }

    fn take_over(&mut self, postings: &[Posting], mut held: Option<usize>, mut owed: Option<usize>) {
        for posting in postings {
            match self.limits.iter_mut().find(|limit| limit.id == posting.limit()) {
                Some(limit) => *limit = posting.after().clone(),
                None => self.limits.push(posting.after().clone()),
            }
            match posting.reservation() {
                Some(Effect::Opens(new)) => {
                    self.held.push(new.clone());
                    held = Some(self.held.len() - 1);
                }
                Some(Effect::Changes(after)) => self.held[held.unwrap()] = after.clone(),
                None => {}
            }
            match posting.drawdown() {
                Some(Effect::Opens(new)) => {
                    self.owed.push(new.clone());
                    owed = Some(self.owed.len() - 1);
                }
                Some(Effect::Changes(after)) => self.owed[owed.unwrap()] = after.clone(),
                None => {}
            }
        }
        self.log.push((postings.iter().map(crate::support::entry).collect(), held, owed));
    }

    /// What must hold whatever was done.
    fn assert_laws(&self, model: &Model) {
        for (node, limit) in self.limits.iter().enumerate() {
            assert_eq!(limit.check(), Ok(()));
            let children: Vec<Limit> = self.limits.iter().filter(|l| l.parent == Some(limit.id)).cloned().collect();
            assert_eq!(limit.check_children(&children), Ok(()));
            assert_eq!(columns(limit), model.columns(node), "node {node} of {model:?}");
            let entries = self.log.iter().flat_map(|(entries, ..)| entries);
            let replayed = entries
                .filter(|entry| entry.limit == limit.id)
                .fold(Amounts::ZERO, |sum, entry| sum.plus(entry.deltas).unwrap());
            assert_eq!(replayed, limit.amounts, "the entries do not replay");
        }
        for (held, expected) in self.held.iter().zip(&model.held) {
            assert_eq!(held.check(), Ok(()));
            assert_eq!(held.state == ReservationState::Open, expected.open);
            assert_eq!(expected.ends, usize::from(!expected.open), "a reservation ends once");
        }
        for (at, owed) in self.owed.iter().enumerate() {
            let expected = model.tokens.iter().filter(|(_, p)| *p == crate::model::Place::Drawn(at)).count();
            assert_eq!(owed.outstanding(), Fen(expected as i64));
        }
    }
}

/// Draws small numbers from one random one.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        let rolled = self.0 % sides as u64;
        self.0 /= sides as u64;
        rolled as usize
    }
}

/// An act on what there is, with amounts around what fits.
fn act(bits: u64, model: &Model) -> Option<Act> {
    let mut dice = Dice(bits);
    let kind = dice.roll(24);
    let node = dice.roll(model.nodes.len());
    let other = dice.roll(model.nodes.len());
    let amount = if dice.roll(8) == 0 { dice.roll(80) } else { dice.roll(13) };
    let latest = |all: usize, back: usize| all.checked_sub(1 + back % all.max(1));
    let back = dice.roll(6);
    let (held, owed) = (latest(model.held.len(), back), latest(model.owed.len(), back));
    let to_day = [400, 400, 200, 90, 30][dice.roll(5)];
    Some(match kind {
        0 | 1 if model.nodes.len() < 9 => Act::Split { whole: node, amount, revolving: dice.roll(3) > 0, to_day },
        0 | 2 => Act::SplitMore { part: node, amount },
        1 | 3 => Act::Move { from: node, to: other, amount },
        4 => Act::ResizeGrant { root: node, to: dice.roll(70) },
        5 => Act::ResizePart { part: node, to: dice.roll(30) },
        6 => Act::Freeze(node),
        7 | 8 => Act::Thaw(node),
        9 => Act::Expire(node),
        10 if dice.roll(3) == 0 => Act::Close(node),
        10..=13 => Act::Reserve { node, amount, hours: [24, 24, 240, 8784, 8785, 0][dice.roll(6)] },
        14..=16 => Act::Draw { held: held?, amount },
        17 => Act::Release(held?),
        18 => Act::Lapse(held?),
        19..=21 => Act::Repay { owed: owed?, amount },
        _ => Act::Correct(latest(model.done.len(), dice.roll(12))?),
    })
}

/// One step on both; the name of what was written, or nothing where both refused.
fn step(world: &mut World, model: &mut Model, bits: u64) -> Option<EntryKind> {
    let mut dice = Dice(bits.rotate_left(32));
    model.hour += [0, 0, 0, 1, 6, 30, 100][dice.roll(7)];
    let act = act(bits, model)?;
    let decided = world.decide(model, act);
    let expected = model.after(act);
    assert_eq!(decided.is_ok(), expected.is_some(), "{act:?} gave {decided:?} on {model:?}");
    let (Ok(postings), Some(next)) = (decided, expected) else { return None };
    let (held, owed) = world.named(model, act);
    if let Act::Correct(which) = act {
        world.log[which].0.iter_mut().for_each(|entry| entry.corrected = true);
    }
    world.take_over(&postings, held, owed);
    *model = next;
    world.assert_laws(model);
    postings.first().map(Posting::kind)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_rules_and_the_tokens_agree(revolving: bool, walk in prop::collection::vec(any::<u64>(), 1..120)) {
        let (mut world, mut model) = (World::new(revolving, 50, 400), Model::new(revolving, 50, 400));
        for bits in walk {
            step(&mut world, &mut model, bits);
        }
    }
}

/// The walks would prove nothing if most of what they try were refused: a fixed number of them must do everything.
#[test]
fn walks_do_everything() {
    let mut seen = BTreeSet::from([EntryKind::Granted]);
    let mut bits = 7u64;
    for round in 0..60 {
        let revolving = round % 2 == 0;
        let (mut world, mut model) = (World::new(revolving, 50, 400), Model::new(revolving, 50, 400));
        for _ in 0..150 {
            // splitmix64, so that the walks are the same each time
            bits = bits.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            seen.extend(step(&mut world, &mut model, mixed ^ (mixed >> 31)));
        }
    }
    let missed: Vec<_> = EntryKind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missed.is_empty(), "never done: {missed:?}");
}
