//! What a random step does: mostly what can be done now, now and then what cannot.

use super::model::{At, End, G, Model, Op, S, State};

/// Four random numbers: which operation, on what, with what, how much and how.
pub type Pick = (u8, u16, u16, u32);

/// What is to be done.
pub enum Step {
    Op(Op),
    /// Time passes.
    Hours(i64),
    /// The service ends what has run out.
    Jobs,
    Nothing,
}

/// What can be used beside others at one moment: it asks for no version.
pub fn can_meet(op: Op) -> bool {
    matches!(op, Op::Reserve { .. } | Op::Draw { .. } | Op::Release(_) | Op::Repay { .. } | Op::Correct(_))
}

fn of<T: Copy>(all: &[T], number: u16) -> Option<T> {
    (!all.is_empty()).then(|| all[usize::from(number) % all.len()])
}

/// An amount: mostly a part of `most`, sometimes all of it, a fen more, or nothing.
fn some(most: i64, number: u32) -> i64 {
    match number % 16 {
        0 | 1 => most,
        2 => most + 1,
        3 => 0,
        _ => 1 + i64::from(number / 16) % (most / 3).max(1),
    }
}

/// Where something can be done; now and then anywhere.
struct Places<'a> {
    model: &'a Model,
    at: At,
    pick: Pick,
}

impl Places<'_> {
    fn one(&self, many: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let (_, which, _, how) = self.pick;
        let anywhere = how % 11 == 0;
        let all: Vec<usize> = (0..many).filter(|number| anywhere || fits(*number)).collect();
        of(&all, which)
    }

    fn node(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
        self.one(self.model.nodes.len(), fits)
    }

    fn is_active(&self, node: usize) -> bool {
        self.model.active(node, self.at.day).is_ok()
    }

    fn free(&self, node: usize) -> i64 {
        self.model.nodes[node].free()
    }

    /// The parts beside a part that can be used.
    fn beside(&self, from: usize) -> Vec<usize> {
        let (nodes, parent) = (&self.model.nodes, self.model.nodes[from].parent);
        let fits = |to: &usize| *to != from && parent.is_some() && nodes[*to].parent == parent && self.is_active(*to);
        (0..nodes.len()).filter(fits).collect()
    }

    fn held(&self, is_to_be_drawn: bool) -> Option<usize> {
        let fits = |held: usize| {
            let row = &self.model.held[held];
            let is_drawn_from = || row.lapses > self.at.minute && self.is_active(row.node);
            row.end == End::Open && (!is_to_be_drawn || is_drawn_from())
        };
        self.one(self.model.held.len(), fits)
    }
}

/// `known` are the operations that can be named, newest last.
pub fn choose(model: &Model, known: &[usize], pick: Pick, at: At) -> Step {
    let (kind, a, b, how) = pick;
    let places = Places { model, at, pick };
    let op = match kind % 40 {
        0..=2 => {
            let approval = usize::from(a) % model.granted.len();
            let left = model.approved - model.granted[approval];
            let (from, to) = (at.day + i64::from(b % 7 == 0), at.day + i64::from(b % 12) + 6);
            Some(Op::Grant { approval, amount: some(left, how), revolving: a % 3 != 0, from, to })
        }
        3..=6 => places.node(|node| places.is_active(node) && places.free(node) > 1).map(|whole| {
            let node = &model.nodes[whole];
            let to = if b % 4 == 0 { node.to - i64::from(b % 5) } else { node.to };
            let revolving = (node.revolving && b % 3 != 0) || b % 17 == 0;
            Op::Split { whole, amount: some(node.free(), how), revolving, to }
        }),
        7..=9 => places.node(|from| places.is_active(from) && !places.beside(from).is_empty()).and_then(|from| {
            let all: Vec<usize> = (0..model.nodes.len()).collect();
            let to = if how % 13 == 0 { of(&all, b) } else { of(&places.beside(from), b) };
            to.map(|to| Op::Move { from, to, amount: some(places.free(from), how) })
        }),
        10..=11 => places.node(|node| places.is_active(node)).map(|node| {
            let row = &model.nodes[node];
            let less = row.used() + some(row.free(), how);
            let more = row.columns[G] + some(row.columns[G], how);
            Op::Resize { node, to: if b % 2 == 0 { less } else { more } }
        }),
        12 => places.node(|node| places.is_active(node)).map(Op::Freeze),
        13..=14 => places.node(|node| model.nodes[node].state == State::Frozen).map(Op::Thaw),
        15 => {
            let unused = |node: usize| model.nodes[node].used() == model.nodes[node].columns[S];
            places.node(|node| unused(node) && model.nodes[node].state != State::Closed).map(Op::Close)
        }
        16..=22 => places.node(|node| places.is_active(node) && places.free(node) > 0).map(|node| {
            let lapses = at.minute + i64::from(b % 30) * 60 + 30;
            Op::Reserve { node, amount: some(places.free(node), how), lapses }
        }),
        23..=27 => places.held(true).map(|held| Op::Draw { held, amount: some(model.held[held].rest(), how) }),
        28 => places.held(false).map(Op::Release),
        29..=32 => {
            let owed = places.one(model.owed.len(), |owed| model.owed[owed].outstanding() > 0);
            owed.map(|owed| Op::Repay { owed, amount: some(model.owed[owed].outstanding(), how) })
        }
        33..=36 => {
            let recent = &known[known.len().saturating_sub(12)..];
            of(if b % 4 == 0 { known } else { recent }, a).map(Op::Correct)
        }
        37 => return Step::Jobs,
        _ => return Step::Hours(1 + i64::from(b % 9)),
    };
    op.map_or(Step::Nothing, Step::Op)
}
