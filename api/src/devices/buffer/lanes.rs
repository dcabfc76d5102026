//! Whose turn it is: each firm has a lane, and the lanes are served in turn, one message each time, so that what one firm has
//! piled up is no longer a wait for another than one message is. Of one firm some are in work at once, and never all.

use std::collections::{HashMap, HashSet, VecDeque};

use uuid::Uuid;

/// What waits, by firm.
pub(super) struct Lanes<T> {
    lanes: HashMap<Uuid, VecDeque<T>>,
    /// Firms with something that waits, in the order of their turns.
    turns: VecDeque<Uuid>,
    busy: HashMap<Uuid, usize>,
    at_once: usize,
    /// What waits and what is in work, by number.
    in_hand: HashSet<u64>,
    working: usize,
}

impl<T> Lanes<T> {
    /// None yet; of one firm `at_once` messages may be in work.
    pub fn new(at_once: usize) -> Self {
        let (lanes, turns, busy) = (HashMap::new(), VecDeque::new(), HashMap::new());
        Self { lanes, turns, busy, at_once, in_hand: HashSet::new(), working: 0 }
    }

    /// Puts a message at its firm's end. One that is in hand already was announced again, and is not taken a second time.
    pub fn add(&mut self, firm: Uuid, number: u64, message: T) {
        if !self.in_hand.insert(number) {
            return;
        }
        let lane = self.lanes.entry(firm).or_default();
        if lane.is_empty() {
            self.turns.push_back(firm);
        }
        lane.push_back(message);
    }

    /// The next whose turn it is, if there is one and there is room: one more place than a firm can take.
    pub fn next(&mut self) -> Option<(Uuid, T)> {
        if self.working > self.at_once {
            return None;
        }
        let busy = |firm: &Uuid| self.busy.get(firm).copied().unwrap_or_default();
        let place = self.turns.iter().position(|firm| busy(firm) < self.at_once)?;
        let firm = self.turns.remove(place)?;
        let lane = self.lanes.get_mut(&firm)?;
        let message = lane.pop_front()?;
        if lane.is_empty() {
            self.lanes.remove(&firm);
        } else {
            self.turns.push_back(firm);
        }
        *self.busy.entry(firm).or_default() += 1;
        self.working += 1;
        Some((firm, message))
    }

    /// A message is in work no longer.
    pub fn done(&mut self, firm: Uuid, number: u64) {
        self.in_hand.remove(&number);
        self.working = self.working.saturating_sub(1);
        if let Some(busy) = self.busy.get_mut(&firm) {
            *busy = busy.saturating_sub(1);
            if *busy == 0 {
                self.busy.remove(&firm);
            }
        }
    }

    /// All that waits.
    pub fn waiting(&self) -> impl Iterator<Item = &T> {
        self.lanes.values().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOOD: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const THIRD: Uuid = Uuid::from_u128(3);

    #[test]
    fn a_flood_is_one_message_ahead_of_another_firm_and_no_more() {
        let mut lanes = Lanes::new(2);
        (0..1_000).for_each(|number| lanes.add(FLOOD, number, number));
        // two of the flood are in work, and there is a place for others still
        assert_eq!([lanes.next(), lanes.next(), lanes.next()], [Some((FLOOD, 0)), Some((FLOOD, 1)), None]);
        lanes.add(OTHER, 1_000, 1_000);
        assert_eq!(lanes.next(), Some((OTHER, 1_000)));
        lanes.add(OTHER, 1_001, 1_001);
        lanes.add(THIRD, 1_002, 1_002);
        assert_eq!(lanes.next(), None, "every place is taken");
        // in turn, as soon as there is a place
        lanes.done(FLOOD, 0);
        assert_eq!(lanes.next(), Some((FLOOD, 2)), "it has waited for longest");
        lanes.done(FLOOD, 1);
        assert_eq!(lanes.next(), Some((OTHER, 1_001)));
        lanes.done(OTHER, 1_000);
        assert_eq!(lanes.next(), Some((THIRD, 1_002)));
        assert_eq!(lanes.waiting().count(), 997);
    }

    #[test]
    fn everything_comes_once_and_in_its_firms_order() {
        let mut lanes = Lanes::new(4);
        for number in 0..60 {
            lanes.add([FLOOD, OTHER, THIRD][number % 3], number as u64, number);
            // announced again, while it waits
            lanes.add(FLOOD, number as u64, 99);
        }
        let mut came: HashMap<Uuid, Vec<usize>> = HashMap::new();
        while let Some((firm, number)) = lanes.next() {
            came.entry(firm).or_default().push(number);
            // announced again, while it is in work
            lanes.add(firm, number as u64, 99);
            lanes.done(firm, number as u64);
        }
        for (place, firm) in [FLOOD, OTHER, THIRD].into_iter().enumerate() {
            let expected: Vec<usize> = (0..60).filter(|number| number % 3 == place).collect();
            assert_eq!(came[&firm], expected);
        }
        assert_eq!(lanes.waiting().count(), 0);
        // afterwards it is news again
        lanes.add(FLOOD, 0, 0);
        assert_eq!(lanes.next(), Some((FLOOD, 0)));
    }
}
