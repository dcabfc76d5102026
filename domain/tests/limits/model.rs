//! A small model of limits written apart from the code, from the rules: every granted fen is a token that lies at one
//! node, free, reserved, drawn or spent. Columns are counted from tokens, never added up.

/// Where a token is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Free,
    Reserved(usize),
    Drawn(usize),
    Spent,
}
use Place::{Drawn, Free, Reserved, Spent};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Active,
    Frozen,
    Expired,
    Closed,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub parent: Option<usize>,
    pub revolving: bool,
    pub state: State,
    pub to_day: i64,
    pub spent_at_close: usize,
}

#[derive(Debug, Clone)]
pub struct Held {
    pub node: usize,
    pub amount: usize,
    pub open: bool,
    pub lapses_hour: i64,
    pub ends: usize,
}

#[derive(Debug, Clone)]
pub struct Owed {
    pub node: usize,
    pub held: usize,
    pub amount: usize,
    pub reversed: bool,
}

/// What an operation did, as far as it can be taken back.
#[derive(Debug, Clone, Copy)]
pub enum Done {
    Reserve(usize),
    Draw(usize),
    Repay { owed: usize, amount: usize },
    Shift { from: usize, to: usize, amount: usize, was_split: bool },
    Grow { root: usize, by: i64 },
    Final,
}

/// What is tried.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    Split { whole: usize, amount: usize, revolving: bool, to_day: i64 },
    SplitMore { part: usize, amount: usize },
    Move { from: usize, to: usize, amount: usize },
    ResizeGrant { root: usize, to: usize },
    ResizePart { part: usize, to: usize },
    Freeze(usize),
    Thaw(usize),
    Expire(usize),
    Close(usize),
    Reserve { node: usize, amount: usize, hours: i64 },
    Draw { held: usize, amount: usize },
    Release(usize),
    Lapse(usize),
    Repay { owed: usize, amount: usize },
    Correct(usize),
}

pub const APPROVED: usize = 60;
pub const DEPTH: usize = 6;

#[derive(Debug, Clone, Default)]
pub struct Model {
    pub hour: i64,
    pub nodes: Vec<Node>,
    pub tokens: Vec<(usize, Place)>,
    pub held: Vec<Held>,
    pub owed: Vec<Owed>,
    pub done: Vec<(Done, bool)>,
}

impl Model {
    pub fn new(revolving: bool, amount: usize, to_day: i64) -> Self {
        let root = Node { parent: None, revolving, state: State::Active, to_day, spent_at_close: 0 };
        Self { nodes: vec![root], tokens: vec![(0, Free); amount], done: vec![(Done::Final, false)], ..Self::default() }
    }

    fn state(&self, node: usize) -> State {
        let Node { state, to_day, .. } = self.nodes[node];
        if state != State::Closed && self.hour.div_euclid(24) >= to_day { State::Expired } else { state }
    }

    pub fn above(&self, node: usize) -> Vec<usize> {
        let mut way = vec![];
        let mut at = node;
        while let Some(parent) = self.nodes[at].parent {
            way.insert(0, parent);
            at = parent;
        }
        way
    }

    fn usable(&self, node: usize) -> bool {
        self.state(node) == State::Active && self.above(node).iter().all(|up| self.state(*up) == State::Active)
    }

    fn is_under(&self, node: usize, top: usize) -> bool {
        node == top || self.above(node).contains(&top)
    }

    pub fn count(&self, node: usize, fits: impl Fn(Place) -> bool) -> usize {
        self.tokens.iter().filter(|(at, place)| *at == node && fits(*place)).count()
    }

    /// granted, allocated, reserved, drawn, spent.
    pub fn columns(&self, node: usize) -> [i64; 5] {
        let own = [
            self.count(node, |p| matches!(p, Reserved(_))),
            self.count(node, |p| matches!(p, Drawn(_))),
            self.count(node, |p| p == Spent) + self.nodes[node].spent_at_close,
        ];
        let all = self.tokens.iter().filter(|(at, _)| self.is_under(*at, node)).count();
        let here = self.count(node, |_| true);
        let granted = all + self.nodes[node].spent_at_close;
        [granted as i64, (all - here) as i64, own[0] as i64, own[1] as i64, own[2] as i64]
    }

    /// Changes `amount` tokens of a node from one place to another; nothing where there are not as many.
    fn turn(&mut self, node: usize, amount: usize, from: Place, to: (usize, Place)) -> Option<()> {
        if amount == 0 || self.count(node, |place| place == from) < amount {
            return None;
        }
        let those = self.tokens.iter_mut().filter(|token| **token == (node, from)).take(amount);
        those.for_each(|token| *token = to);
        Some(())
    }

    fn shift(&mut self, from: usize, to: usize, amount: usize) -> Option<()> {
        self.turn(from, amount, Free, (to, Free))
    }

    fn end(&mut self, held: usize) -> Option<()> {
        let node = self.nodes.get(self.held[held].node)?;
        if !self.held[held].open || node.state == State::Closed {
            return None;
        }
        self.tokens.iter_mut().filter(|(_, p)| *p == Reserved(held)).for_each(|token| token.1 = Free);
        (self.held[held].open, self.held[held].ends) = (false, self.held[held].ends + 1);
        Some(())
    }

    /// The model after what is tried, or nothing where the rules forbid it.
    pub fn after(&self, act: Act) -> Option<Self> {
        let mut next = self.clone();
        let done = next.apply(act)?;
        next.done.push((done, false));
        Some(next)
    }

    fn apply(&mut self, act: Act) -> Option<Done> {
        let is_live = |model: &Self, node: usize| model.nodes[node].state != State::Closed;
        match act {
            Act::Split { whole, amount, revolving, to_day } => {
                let top = &self.nodes[whole];
                let fits = to_day <= top.to_day && (top.revolving || !revolving) && self.above(whole).len() < DEPTH;
                let fits = fits && self.usable(whole) && to_day > self.hour.div_euclid(24);
                let part = Node { parent: Some(whole), revolving, state: State::Active, to_day, spent_at_close: 0 };
                self.nodes.push(part);
                let to = self.nodes.len() - 1;
                self.shift(whole, to, amount)?;
                fits.then_some(Done::Shift { from: whole, to, amount, was_split: true })
            }
            Act::SplitMore { part, amount } => {
                let from = self.nodes[part].parent?;
                let fits = self.usable(part);
                self.shift(from, part, amount)?;
                fits.then_some(Done::Shift { from, to: part, amount, was_split: true })
            }
            Act::Move { from, to, amount } => {
                let fits = from != to && self.nodes[from].parent.is_some();
                let fits = fits && self.nodes[from].parent == self.nodes[to].parent;
                let fits = fits && self.usable(from) && self.usable(to);
                self.shift(from, to, amount)?;
                fits.then_some(Done::Shift { from, to, amount, was_split: false })
            }
            Act::ResizeGrant { root, to } => self.resize_grant(root, to),
            Act::ResizePart { part, to } => {
                let parent = self.nodes[part].parent?;
                let now = self.columns(part)[0] as usize;
                let (from, into, amount) = if to > now { (parent, part, to - now) } else { (part, parent, now - to) };
                let fits = if to > now { self.usable(part) } else { is_live(self, part) };
                self.shift(from, into, amount)?;
                (fits && to > 0).then_some(Done::Shift { from, to: into, amount, was_split: false })
            }
            Act::Freeze(node) => {
                (self.state(node) == State::Active).then(|| self.nodes[node].state = State::Frozen)?;
                Some(Done::Final)
            }
            Act::Thaw(node) => {
                (self.state(node) == State::Frozen).then(|| self.nodes[node].state = State::Active)?;
                Some(Done::Final)
            }
            Act::Expire(node) => {
                let is_new = matches!(self.nodes[node].state, State::Active | State::Frozen);
                (is_new && self.state(node) == State::Expired).then(|| self.nodes[node].state = State::Expired)?;
                Some(Done::Final)
            }
            Act::Close(node) => self.close(node),
            Act::Reserve { node, amount, hours } => {
                let fits = self.usable(node) && (1..=366 * 24).contains(&hours);
                self.held.push(Held { node, amount, open: true, lapses_hour: self.hour + hours, ends: 0 });
                let held = self.held.len() - 1;
                self.turn(node, amount, Free, (node, Reserved(held)))?;
                fits.then_some(Done::Reserve(held))
            }
            Act::Draw { held, amount } => {
                let Held { node, open, lapses_hour, .. } = self.held[held];
                let fits = open && self.hour < lapses_hour && self.usable(node);
                self.owed.push(Owed { node, held, amount, reversed: false });
                let owed = self.owed.len() - 1;
                self.turn(node, amount, Reserved(held), (node, Drawn(owed)))?;
                if self.count(node, |place| place == Reserved(held)) == 0 {
                    (self.held[held].open, self.held[held].ends) = (false, self.held[held].ends + 1);
                }
                fits.then_some(Done::Draw(owed))
            }
            Act::Release(held) => self.end(held).map(|()| Done::Final),
            Act::Lapse(held) => {
                let is_due = self.hour >= self.held[held].lapses_hour;
                self.end(held)?;
                is_due.then_some(Done::Final)
            }
            Act::Repay { owed, amount } => {
                let node = self.owed[owed].node;
                let place = if self.nodes[node].revolving { Free } else { Spent };
                self.turn(node, amount, Drawn(owed), (node, place))?;
                Some(Done::Repay { owed, amount })
            }
            Act::Correct(at) => {
                let (done, corrected) = self.done[at];
                self.done[at].1 = true;
                (!corrected).then_some(())?;
                self.take_back(done).map(|()| Done::Final)
            }
        }
    }

    fn resize_grant(&mut self, root: usize, to: usize) -> Option<Done> {
        let now = self.columns(root)[0] as usize;
        if self.nodes[root].parent.is_some() || to == now || to == 0 || self.nodes[root].state == State::Closed {
            return None;
        }
        if to > now {
            (self.state(root) == State::Active && to <= APPROVED).then_some(())?;
            self.tokens.extend(vec![(root, Free); to - now]);
        } else {
            self.drop_free(root, now - to)?;
        }
        Some(Done::Grow { root, by: to as i64 - now as i64 })
    }

    fn drop_free(&mut self, root: usize, amount: usize) -> Option<()> {
        (self.count(root, |place| place == Free) >= amount).then_some(())?;
        for _ in 0..amount {
            let at = self.tokens.iter().position(|token| *token == (root, Free))?;
            self.tokens.swap_remove(at);
        }
        Some(())
    }

    fn close(&mut self, node: usize) -> Option<Done> {
        let [_, allocated, reserved, drawn, spent] = self.columns(node);
        if self.nodes[node].state == State::Closed || allocated + reserved + drawn > 0 {
            return None;
        }
        let parent = self.nodes[node].parent;
        if let Some(up) = parent {
            let takes_back = self.nodes[up].revolving;
            for token in self.tokens.iter_mut().filter(|(at, _)| *at == node) {
                *token = (up, if takes_back { Free } else { token.1 });
            }
        } else {
            self.tokens.retain(|(at, _)| *at != node);
        }
        (self.nodes[node].state, self.nodes[node].spent_at_close) = (State::Closed, spent as usize);
        Some(Done::Final)
    }

    fn take_back(&mut self, done: Done) -> Option<()> {
        match done {
            Done::Reserve(held) => {
                let Held { node, amount, .. } = self.held[held];
                let is_whole = self.count(node, |place| place == Reserved(held)) == amount;
                self.end(held)?;
                is_whole.then_some(())
            }
            Done::Draw(owed) => {
                let Owed { node, held, amount, .. } = self.owed[owed];
                let place = if self.held[held].open { Reserved(held) } else { Free };
                (!self.owed[owed].reversed).then_some(())?;
                self.owed[owed].reversed = true;
                self.turn(node, amount, Drawn(owed), (node, place))
            }
            Done::Repay { owed, amount } => {
                let Owed { node, reversed, .. } = self.owed[owed];
                let place = if self.nodes[node].revolving { Free } else { Spent };
                (!reversed && self.nodes[node].state != State::Closed).then_some(())?;
                self.turn(node, amount, place, (node, Drawn(owed)))
            }
            Done::Shift { from, to, amount, was_split } => {
                let fits = self.state(from) == State::Active && self.state(to) == State::Active;
                self.shift(to, from, amount)?;
                let empties = was_split && self.columns(to)[0] == 0;
                (fits && !empties).then_some(())
            }
            Done::Grow { root, by } => {
                (self.state(root) == State::Active).then_some(())?;
                if by > 0 {
                    return self.drop_free(root, by as usize);
                }
                self.tokens.extend(vec![(root, Free); by.unsigned_abs() as usize]);
                Some(())
            }
            Done::Final => None,
        }
    }
}
