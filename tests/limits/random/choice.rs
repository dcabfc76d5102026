//! What a random step does: mostly what can be done now, now and then what cannot.

use super::model::{At, End, G, Model, Op, S};

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

/// `known` are the operations that can be named, newest last.
pub fn choose(model: &Model, known: &[usize], pick: Pick, at: At) -> Step {
    let (kind, a, b, how) = pick;
    let nodes: Vec<usize> = (0..model.nodes.len()).collect();
    let open: Vec<usize> = (0..model.held.len()).filter(|held| model.held[*held].end == End::Open).collect();
    let owing: Vec<usize> = (0..model.owed.len()).filter(|owed| model.owed[*owed].outstanding() > 0).collect();
    // where something can be done, and now and then anywhere
    let held = if how % 11 == 0 { of(&(0..model.held.len()).collect::<Vec<_>>(), a) } else { of(&open, a) };
    let owed = if how % 11 == 0 { of(&(0..model.owed.len()).collect::<Vec<_>>(), a) } else { of(&owing, a) };
    let days = 1 + i64::from(b % 12);
    let op = match kind % 40 {
        0..=2 => {
            let approval = usize::from(a) % model.granted.len();
            let left = model.approved - model.granted[approval];
            let from = at.day + i64::from(b % 7 == 0);
            let amount = some(left, how);
            Some(Op::Grant { approval, amount, revolving: a % 3 != 0, from, to: at.day + days + 3 })
        }
        3..=6 => of(&nodes, a).map(|whole| {
            let node = &model.nodes[whole];
            let to = if b % 4 == 0 { node.to - i64::from(b % 5) } else { node.to };
            Op::Split {
                whole,
                amount: some(node.free(), how),
                revolving: node.revolving && b % 3 != 0 || b % 17 == 0,
                to,
            }
        }),
        7..=9 => of(&nodes, a).and_then(|from| {
            // of roots nothing can move: mostly another is taken
            let parts: Vec<usize> = nodes.iter().copied().filter(|node| model.nodes[*node].parent.is_some()).collect();
            let from = if how % 13 == 1 { from } else { of(&parts, a)? };
            let parent = model.nodes[from].parent;
            let beside = |to: &usize| *to != from && model.nodes[*to].parent == parent;
            let siblings: Vec<usize> = nodes.iter().copied().filter(beside).collect();
            let to = if how % 13 == 0 { of(&nodes, b) } else { of(&siblings, b) };
            to.map(|to| Op::Move { from, to, amount: some(model.nodes[from].free(), how) })
        }),
        10..=11 => of(&nodes, a).map(|node| {
            let row = &model.nodes[node];
            let to = if b % 2 == 0 {
                row.used() + some(row.free(), how)
            } else {
                row.columns[G] + some(row.columns[G], how)
            };
            Op::Resize { node, to: to - i64::from(b % 19 == 0) }
        }),
        12 => of(&nodes, a).map(Op::Freeze),
        13..=14 => of(&nodes, a).map(Op::Thaw),
        15..=16 => {
            let unused = |node: &usize| model.nodes[*node].used() == model.nodes[*node].columns[S];
            let unused: Vec<usize> = nodes.iter().copied().filter(unused).collect();
            of(if b % 3 == 0 { &nodes } else { &unused }, a).map(Op::Close)
        }
        17..=22 => of(&nodes, a).map(|node| {
            let lapses = at.minute + i64::from(b % 30) * 60 + 30;
            Op::Reserve { node, amount: some(model.nodes[node].free(), how), lapses }
        }),
        23..=27 => held.map(|held| Op::Draw { held, amount: some(model.held[held].rest(), how) }),
        28..=29 => held.map(Op::Release),
        30..=33 => owed.map(|owed| Op::Repay { owed, amount: some(model.owed[owed].outstanding(), how) }),
        34..=36 => {
            let recent = &known[known.len().saturating_sub(12)..];
            of(if b % 4 == 0 { known } else { recent }, a).map(Op::Correct)
        }
        37 => return Step::Jobs,
        _ => return Step::Hours(1 + i64::from(b % 9)),
    };
    op.map_or(Step::Nothing, Step::Op)
}
