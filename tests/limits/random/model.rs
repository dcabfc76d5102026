//! The rules of the ledger once more, as small as they can be said: plain numbers, one function an operation, nothing taken
//! from the product. What it allows and what every column is then must be what the product says.

/// Columns of a limit: granted, allocated, reserved, drawn, spent.
pub type Columns = [i64; 5];
pub const G: usize = 0;
pub const A: usize = 1;
pub const R: usize = 2;
pub const D: usize = 3;
pub const S: usize = 4;
/// Most levels of parts, most parts of one limit, most reservations that a reserve gives back.
const DEPTH: usize = 6;
const PARTS: usize = 200;
const AT_HAND: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Frozen,
    Expired,
    Closed,
}

#[derive(Clone, Debug)]
pub struct Node {
    pub approval: usize,
    pub parent: Option<usize>,
    pub depth: usize,
    pub revolving: bool,
    pub columns: Columns,
    pub state: State,
    pub from: i64,
    pub to: i64,
    pub entries: i64,
}

impl Node {
    pub fn used(&self) -> i64 {
        self.columns[A..].iter().sum()
    }

    pub fn free(&self) -> i64 {
        self.columns[G] - self.used()
    }

    pub(super) fn on(&self, day: i64) -> State {
        match self.state {
            State::Active | State::Frozen if day >= self.to => State::Expired,
            state => state,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Open,
    Closed,
    Lapsed,
}

#[derive(Clone, Debug)]
pub struct Held {
    pub node: usize,
    pub amount: i64,
    pub drawn: i64,
    pub released: i64,
    pub end: End,
    pub lapses: i64,
}

impl Held {
    pub fn rest(&self) -> i64 {
        self.amount - self.drawn - self.released
    }
}

#[derive(Clone, Debug)]
pub struct Owed {
    pub node: usize,
    pub amount: i64,
    pub repaid: i64,
    pub reversed: bool,
}

impl Owed {
    pub fn outstanding(&self) -> i64 {
        if self.reversed { 0 } else { self.amount - self.repaid }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Reserved,
    Drawn,
    Repaid,
    Amounts,
    Opened,
    Other,
}

/// An operation that was done, as far as it may be taken back.
#[derive(Clone, Debug)]
pub struct Done {
    pub(super) kind: Kind,
    pub(super) lines: Vec<(usize, Columns)>,
    pub(super) held: Option<usize>,
    pub(super) owed: Option<usize>,
    pub(super) taken: bool,
}

/// When: minutes, and the business day that they lie in.
#[derive(Clone, Copy, Debug)]
pub struct At {
    pub minute: i64,
    pub day: i64,
}

#[derive(Clone, Copy, Debug)]
pub enum Op {
    Grant { approval: usize, amount: i64, revolving: bool, from: i64, to: i64 },
    Split { whole: usize, amount: i64, revolving: bool, to: i64 },
    Move { from: usize, to: usize, amount: i64 },
    Resize { node: usize, to: i64 },
    Freeze(usize),
    Thaw(usize),
    Close(usize),
    Reserve { node: usize, amount: i64, lapses: i64 },
    Draw { held: usize, amount: i64 },
    Release(usize),
    Repay { owed: usize, amount: i64 },
    Correct(usize),
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub approved: i64,
    /// What is granted of each approval.
    pub granted: Vec<i64>,
    pub nodes: Vec<Node>,
    pub held: Vec<Held>,
    pub owed: Vec<Owed>,
    pub done: Vec<Done>,
}

/// Not allowed.
#[derive(Debug)]
pub struct No;
pub type Maybe = Result<(), No>;

pub(super) fn must(holds: bool) -> Maybe {
    if holds { Ok(()) } else { Err(No) }
}

fn only(column: usize, amount: i64) -> Columns {
    let mut columns = [0; 5];
    columns[column] = amount;
    columns
}

impl Model {
    /// Does it, if it is allowed; else nothing has changed.
    pub fn apply(&mut self, op: Op, at: At) -> Maybe {
        let before = self.clone();
        let done = match op {
            Op::Grant { approval, amount, revolving, from, to } => {
                self.grant(approval, amount, revolving, (from, to), at)
            }
            Op::Split { whole, amount, revolving, to } => self.split(whole, amount, revolving, to, at),
            Op::Move { from, to, amount } => self.shift(from, to, amount, at),
            Op::Resize { node, to } => self.resize(node, to, at),
            Op::Freeze(node) => self.turn(node, State::Active, State::Frozen, at),
            Op::Thaw(node) => self.turn(node, State::Frozen, State::Active, at),
            Op::Close(node) => self.close(node),
            Op::Reserve { node, amount, lapses } => self.reserve(node, amount, lapses, at),
            Op::Draw { held, amount } => self.draw(held, amount, at),
            Op::Release(held) => self.release(held),
            Op::Repay { owed, amount } => self.repay(owed, amount),
            Op::Correct(which) => self.correct(which, at),
        };
        if done.is_err() {
            *self = before;
        }
        done
    }

    pub(super) fn post(&mut self, kind: Kind, lines: &[(usize, Columns)], held: Option<usize>, owed: Option<usize>) {
        for (node, adds) in lines {
            let node = &mut self.nodes[*node];
            node.columns.iter_mut().zip(adds).for_each(|(column, adds)| *column += adds);
            node.entries += 1;
        }
        self.done.push(Done { kind, lines: lines.to_vec(), held, owed, taken: false });
    }

    /// Whether everything above a node is active.
    fn above(&self, node: usize, day: i64) -> bool {
        let mut up = self.nodes[node].parent;
        while let Some(at) = up {
            if self.nodes[at].on(day) != State::Active {
                return false;
            }
            up = self.nodes[at].parent;
        }
        true
    }

    /// Whether a node and everything above it is active.
    pub(super) fn active(&self, node: usize, day: i64) -> Maybe {
        must(self.nodes[node].on(day) == State::Active && self.above(node, day))
    }

    fn open(&mut self, parent: Option<usize>, approval: usize, revolving: bool, (from, to): (i64, i64)) -> usize {
        let depth = parent.map_or(0, |parent| self.nodes[parent].depth + 1);
        let (columns, state, entries) = ([0; 5], State::Active, 0);
        self.nodes.push(Node { approval, parent, depth, revolving, columns, state, from, to, entries });
        self.nodes.len() - 1
    }

    fn grant(&mut self, approval: usize, amount: i64, revolving: bool, period: (i64, i64), at: At) -> Maybe {
        must(amount > 0 && amount <= self.approved - self.granted[approval])?;
        must(period.0 < period.1 && period.1 > at.day)?;
        self.granted[approval] += amount;
        let node = self.open(None, approval, revolving, period);
        self.post(Kind::Opened, &[(node, only(G, amount))], None, None);
        Ok(())
    }

    fn split(&mut self, whole: usize, amount: i64, revolving: bool, to: i64, at: At) -> Maybe {
        self.active(whole, at.day)?;
        let node = self.nodes[whole].clone();
        let parts = self.nodes.iter().filter(|n| n.parent == Some(whole) && n.state != State::Closed).count();
        must(amount > 0 && amount <= node.free() && node.depth < DEPTH && parts < PARTS)?;
        must(node.from < to && to <= node.to && to > at.day && (node.revolving || !revolving))?;
        let part = self.open(Some(whole), node.approval, revolving, (node.from, to));
        self.post(Kind::Amounts, &[(whole, only(A, amount)), (part, only(G, amount))], None, None);
        self.done.last_mut().expect("one").kind = Kind::Opened;
        Ok(())
    }

    fn shift(&mut self, from: usize, to: usize, amount: i64, at: At) -> Maybe {
        must(from != to && self.nodes[from].parent.is_some() && self.nodes[from].parent == self.nodes[to].parent)?;
        self.active(from, at.day)?;
        self.active(to, at.day)?;
        must(amount > 0 && amount <= self.nodes[from].free())?;
        self.post(Kind::Amounts, &[(from, only(G, -amount)), (to, only(G, amount))], None, None);
        Ok(())
    }

    fn resize(&mut self, node: usize, to: i64, at: At) -> Maybe {
        let row = self.nodes[node].clone();
        let by = to - row.columns[G];
        must(to > 0 && by != 0 && to >= row.used())?;
        let state = row.on(at.day);
        must(state == State::Active || (by < 0 && state != State::Closed))?;
        match row.parent {
            None => {
                must(by < 0 || self.granted[row.approval] + by <= self.approved)?;
                self.granted[row.approval] += by;
                self.post(Kind::Amounts, &[(node, only(G, by))], None, None);
            }
            Some(parent) => {
                must(by < 0 || (self.above(node, at.day) && by <= self.nodes[parent].free()))?;
                self.post(Kind::Amounts, &[(parent, only(A, by)), (node, only(G, by))], None, None);
            }
        }
        Ok(())
    }

    fn turn(&mut self, node: usize, from: State, to: State, at: At) -> Maybe {
        must(self.nodes[node].on(at.day) == from)?;
        self.nodes[node].state = to;
        self.post(Kind::Other, &[(node, [0; 5])], None, None);
        Ok(())
    }

    fn close(&mut self, node: usize) -> Maybe {
        let row = self.nodes[node].clone();
        must(row.state != State::Closed && row.columns[A] + row.columns[R] + row.columns[D] == 0)?;
        self.nodes[node].state = State::Closed;
        let mut lines = vec![(node, only(G, -row.free()))];
        if let Some(parent) = row.parent {
            let mut adds = only(A, -row.columns[G]);
            adds[S] = if self.nodes[parent].revolving { 0 } else { row.columns[S] };
            lines.insert(0, (parent, adds));
        }
        self.post(Kind::Other, &lines, None, None);
        Ok(())
    }

    fn reserve(&mut self, node: usize, amount: i64, lapses: i64, at: At) -> Maybe {
        self.active(node, at.day)?;
        must(amount > 0 && self.nodes[node].from <= at.day && lapses > at.minute)?;
        if amount > self.nodes[node].free() {
            for held in self.due(Some(node), at).into_iter().take(AT_HAND) {
                self.end(held, End::Lapsed);
            }
        }
        must(amount <= self.nodes[node].free())?;
        self.held.push(Held { node, amount, drawn: 0, released: 0, end: End::Open, lapses });
        self.post(Kind::Reserved, &[(node, only(R, amount))], Some(self.held.len() - 1), None);
        Ok(())
    }

    fn due(&self, node: Option<usize>, at: At) -> Vec<usize> {
        let is_due =
            |held: &Held| held.end == End::Open && held.lapses <= at.minute && node.is_none_or(|n| n == held.node);
        (0..self.held.len()).filter(|held| is_due(&self.held[*held])).collect()
    }

    /// Gives the rest of a reservation back.
    fn end(&mut self, held: usize, end: End) {
        let row = &mut self.held[held];
        let (node, rest) = (row.node, row.rest());
        (row.released, row.end) = (row.released + rest, end);
        self.post(Kind::Other, &[(node, only(R, -rest))], Some(held), None);
    }

    /// What the service does by itself.
    pub fn lapse(&mut self, at: At) {
        for held in self.due(None, at) {
            self.end(held, End::Lapsed);
        }
    }

    pub fn expire(&mut self, at: At) {
        for node in 0..self.nodes.len() {
            if self.nodes[node].on(at.day) == State::Expired && self.nodes[node].state != State::Expired {
                self.nodes[node].state = State::Expired;
                self.post(Kind::Other, &[(node, [0; 5])], None, None);
            }
        }
    }

    fn draw(&mut self, held: usize, amount: i64, at: At) -> Maybe {
        let row = self.held[held].clone();
        self.active(row.node, at.day)?;
        must(self.nodes[row.node].from <= at.day && row.end == End::Open && row.lapses > at.minute)?;
        must(amount > 0 && amount <= row.rest())?;
        let held_row = &mut self.held[held];
        held_row.drawn += amount;
        if held_row.rest() == 0 {
            held_row.end = End::Closed;
        }
        self.owed.push(Owed { node: row.node, amount, repaid: 0, reversed: false });
        let mut adds = only(D, amount);
        adds[R] = -amount;
        self.post(Kind::Drawn, &[(row.node, adds)], Some(held), Some(self.owed.len() - 1));
        Ok(())
    }

    fn release(&mut self, held: usize) -> Maybe {
        must(self.held[held].end == End::Open)?;
        self.end(held, End::Closed);
        Ok(())
    }

    fn repay(&mut self, owed: usize, amount: i64) -> Maybe {
        let row = self.owed[owed].clone();
        must(amount > 0 && amount <= row.outstanding())?;
        self.owed[owed].repaid += amount;
        let mut adds = only(D, -amount);
        adds[S] = if self.nodes[row.node].revolving { 0 } else { amount };
        self.post(Kind::Repaid, &[(row.node, adds)], None, Some(owed));
        Ok(())
    }
}
