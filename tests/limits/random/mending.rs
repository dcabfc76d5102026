//! The rest of the model: what is taken back, and what the firm's balances are.

use super::model::{A, At, Columns, D, End, G, Kind, Maybe, Model, No, R, State, must};

impl Model {
    pub(super) fn correct(&mut self, which: usize, at: At) -> Maybe {
        let done = self.done[which].clone();
        must(!done.taken && done.lines.iter().all(|(node, _)| self.nodes[*node].state != State::Closed))?;
        let mut back: Vec<(usize, Columns)> =
            done.lines.iter().map(|(node, adds)| (*node, adds.map(|column| -column))).collect();
        match done.kind {
            Kind::Reserved => {
                let held = &mut self.held[done.held.expect("a reservation")];
                must(held.end == End::Open && held.drawn == 0)?;
                (held.released, held.end) = (held.amount, End::Closed);
            }
            Kind::Drawn => {
                let owed = &mut self.owed[done.owed.expect("a drawdown")];
                must(!owed.reversed && owed.repaid == 0)?;
                owed.reversed = true;
                let (amount, held) = (owed.amount, &mut self.held[done.held.expect("a reservation")]);
                held.drawn -= amount;
                if held.end != End::Open {
                    held.released += amount;
                    back[0].1[R] = 0;
                }
            }
            Kind::Repaid => {
                let (node, adds) = back[0];
                let owed = &mut self.owed[done.owed.expect("a drawdown")];
                must(!owed.reversed && owed.repaid >= adds[D])?;
                owed.repaid -= adds[D];
                must(!self.nodes[node].revolving || self.nodes[node].free() >= adds[D])?;
            }
            Kind::Amounts => self.take_back(&back, at)?,
            Kind::Opened if back.len() == 2 => {
                self.take_back(&back, at)?;
                must(self.nodes[back[1].0].columns[G] + back[1].1[G] > 0)?;
            }
            Kind::Opened | Kind::Other => return Err(No),
        }
        self.post(Kind::Other, &back, done.held, done.owed);
        self.done[which].taken = true;
        Ok(())
    }

    fn take_back(&mut self, back: &[(usize, Columns)], at: At) -> Maybe {
        for (node, adds) in back {
            let row = &self.nodes[*node];
            must(row.on(at.day) == State::Active && row.free() + adds[G] - adds[A] >= 0)?;
        }
        if let [(root, adds)] = back {
            let approval = self.nodes[*root].approval;
            must(self.granted[approval] + adds[G] <= self.approved)?;
            self.granted[approval] += adds[G];
        }
        Ok(())
    }

    /// The firm's balances: nominal, in-force, liability and what counts for one client. Of all that is drawn the bank bears
    /// 20 % and the re-guarantor 30 %; small enterprises weigh 75 %.
    pub fn balances(&self) -> [i64; 4] {
        let part = |amount: i64, bp: i64| (amount * bp + 5_000) / 10_000;
        let each = self.owed.iter().map(|owed| {
            let nominal = owed.outstanding();
            let weighed = part(nominal - part(nominal, 5_000), 7_500);
            [nominal, nominal - part(nominal, 2_000), weighed, weighed]
        });
        each.fold([0; 4], |sum, one| std::array::from_fn(|at| sum[at] + one[at]))
    }
}
