//! What this process counts of clients: how fast they ask, what they have in hand, what they used of the day, and what is still
//! to be written down. One lock, held for no longer than counting takes.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use domain::clients::bucket::{Bucket, Level};
use domain::clients::limits::{DayLevel, Limits};
use domain::time::TenantZone;
use uuid::Uuid;

/// Most requests that wait to be written down; of more, the later ones are not, and counted as such.
const LINES_MAX: usize = 20_000;

/// A client of a firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The firm.
    pub tenant: Uuid,
    /// The client.
    pub client: Uuid,
}

/// What was counted of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    /// Let in: what counts against the quota.
    pub admitted: i64,
    /// Of these, answered well.
    pub succeeded: i64,
    /// Of these, refused by what was asked.
    pub refused: i64,
    /// Of these, failed by our fault.
    pub failed: i64,
    /// Not let in.
    pub held_back: i64,
    /// Bytes of bodies that were answered.
    pub bytes: i64,
}

impl DayCounts {
    fn add(&mut self, other: &Self) {
        self.admitted += other.admitted;
        self.succeeded += other.succeeded;
        self.refused += other.refused;
        self.failed += other.failed;
        self.held_back += other.held_back;
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// A request as it is written down.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// Whose it was.
    pub client: Uuid,
    /// When it was answered.
    pub at: DateTime<Utc>,
    /// Its method.
    pub method: String,
    /// Its route as documented, without ids.
    pub route: String,
    /// The answer's status.
    pub status: u16,
    /// The problem's code.
    pub code: Option<&'static str>,
    /// The request's id.
    pub request_id: String,
    /// How long it took, milliseconds.
    pub took_ms: i32,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Elsewhere,
    Day,
    AtOnce,
    Rate,
}

/// How a client stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub rate: Level,
    pub day: DayLevel,
}

/// What is taken away to be written down, of one firm.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub days: BTreeMap<(Uuid, NaiveDate), DayCounts>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Default)]
struct Counted {
    bucket: Bucket,
    in_hand: u32,
    /// What all processes together had written down of a day when it was last looked at.
    written: Option<(NaiveDate, i64)>,
    /// What is just being written down.
    flying: BTreeMap<NaiveDate, DayCounts>,
    /// What is to be.
    pending: BTreeMap<NaiveDate, DayCounts>,
}

impl Counted {
    fn used(&self, day: NaiveDate) -> i64 {
        let of = |counts: &BTreeMap<NaiveDate, DayCounts>| counts.get(&day).map_or(0, |counts| counts.admitted);
        let written = self.written.filter(|(of, _)| *of == day).map_or(0, |(_, admitted)| admitted);
        written.saturating_add(of(&self.flying)).saturating_add(of(&self.pending))
    }

    fn seen(&mut self, day: NaiveDate, admitted: i64) {
        let known = self.written.filter(|(of, _)| *of == day).map_or(0, |(_, known)| known);
        self.written = Some((day, admitted.max(known)));
    }
}

/// The business day of an instant, and the seconds until the next.
pub(super) fn day_of(now: DateTime<Utc>) -> (NaiveDate, u64) {
    let zone = TenantZone::default();
    let day = zone.date_of(now);
    let next = day.succ_opt().and_then(|next| zone.start_of(next)).unwrap_or(now);
    let left_ms = (next - now).num_milliseconds().max(0).unsigned_abs();
    (day, left_ms.div_ceil(1_000))
}

/// The book of this process. It has a row for each client that ever asked here, of which a firm has few.
#[derive(Debug, Default)]
pub struct Book {
    clients: HashMap<Key, Counted>,
    lines: HashMap<Uuid, Vec<Line>>,
    waiting: usize,
}

impl Book {
    /// Lets a request in, or says why not. What is refused by the one is not counted against the others.
    pub(super) fn admit(
        &mut self,
        key: Key,
        limits: &Limits,
        is_from_there: bool,
        now: DateTime<Utc>,
    ) -> (Standing, Option<Held>) {
        let counted = self.clients.entry(key).or_default();
        let ((day, reset_s), now_us) = (day_of(now), now.timestamp_micros());
        let quota = i64::try_from(limits.per_day).unwrap_or(i64::MAX);
        let left = |counted: &Counted| quota.saturating_sub(counted.used(day)).max(0).unsigned_abs();
        let mut rate = counted.bucket.level(limits, now_us);
        let held = if !is_from_there {
            Some(Held::Elsewhere)
        } else if left(counted) == 0 {
            Some(Held::Day)
        } else if counted.in_hand >= limits.at_once {
            Some(Held::AtOnce)
        } else {
            match counted.bucket.take(limits, now_us) {
                Ok(level) => {
                    rate = level;
                    None
                }
                Err(level) => {
                    rate = level;
                    Some(Held::Rate)
                }
            }
        };
        let today = counted.pending.entry(day).or_default();
        if held.is_some() {
            today.held_back += 1;
        } else {
            today.admitted += 1;
            counted.in_hand += 1;
        }
        (Standing { rate, day: DayLevel { left: left(counted), reset_s } }, held)
    }

    /// One request less in hand.
    pub(super) fn let_go(&mut self, key: Key) {
        if let Some(counted) = self.clients.get_mut(&key) {
            counted.in_hand = counted.in_hand.saturating_sub(1);
        }
    }

    /// Counts how a request ended and keeps its line to be written down; says whether there was room for it.
    pub(super) fn note(&mut self, key: Key, line: Line, admitted: bool, bytes: i64) -> bool {
        let (day, _) = day_of(line.at);
        let today = self.clients.entry(key).or_default().pending.entry(day).or_default();
        today.bytes = today.bytes.saturating_add(bytes);
        match line.status {
            _ if !admitted => {}
            ..400 => today.succeeded += 1,
            400..500 => today.refused += 1,
            _ => today.failed += 1,
        }
        if self.waiting >= LINES_MAX {
            return false;
        }
        self.waiting += 1;
        self.lines.entry(key.tenant).or_default().push(line);
        true
    }

    /// What all processes together have written down of a client's day, as the database says.
    pub(super) fn seen(&mut self, key: Key, day: NaiveDate, admitted: i64) {
        let counted = self.clients.entry(key).or_default();
        // what is on its way may be in it or not; whoever writes it down says so next
        if counted.flying.is_empty() {
            counted.seen(day, admitted);
        }
    }

    /// What a client used of today.
    pub(super) fn used(&self, key: Key, day: NaiveDate) -> i64 {
        self.clients.get(&key).map_or(0, |counted| counted.used(day))
    }

    /// Takes what is to be written down.
    pub(super) fn take(&mut self) -> BTreeMap<Uuid, Taken> {
        let mut taken: BTreeMap<Uuid, Taken> = BTreeMap::new();
        for (key, counted) in &mut self.clients {
            counted.flying = std::mem::take(&mut counted.pending);
            for (day, counts) in &counted.flying {
                taken.entry(key.tenant).or_default().days.insert((key.client, *day), *counts);
            }
        }
        for (tenant, lines) in self.lines.drain() {
            taken.entry(tenant).or_default().lines = lines;
        }
        self.waiting = 0;
        taken
    }

    /// What was taken of a firm is written down; each day with what all processes together have of it.
    pub(super) fn landed(&mut self, tenant: Uuid, totals: &[(Uuid, NaiveDate, i64)]) {
        for (client, day, admitted) in totals {
            if let Some(counted) = self.clients.get_mut(&Key { tenant, client: *client }) {
                counted.flying.remove(day);
                counted.seen(*day, *admitted);
            }
        }
    }

    /// What was taken of a firm could not be written down: it is counted on, and its lines wait again as far as there is room;
    /// gives how many had none.
    pub(super) fn came_back(&mut self, tenant: Uuid, taken: Taken) -> usize {
        for ((client, day), counts) in &taken.days {
            let counted = self.clients.entry(Key { tenant, client: *client }).or_default();
            counted.flying.remove(day);
            counted.pending.entry(*day).or_default().add(counts);
        }
        let room = LINES_MAX.saturating_sub(self.waiting);
        let lost = taken.lines.len().saturating_sub(room);
        let kept = taken.lines.into_iter().take(room);
        let lines = self.lines.entry(tenant).or_default();
        let before = lines.len();
        lines.extend(kept);
        self.waiting += lines.len() - before;
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn key() -> Key {
        Key { tenant: Uuid::from_u128(1), client: Uuid::from_u128(2) }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn line(status: u16, at: DateTime<Utc>) -> Line {
        let (method, route) = ("GET".to_owned(), "/v1/client".to_owned());
        let (id, client, request_id) = (Uuid::nil(), key().client, "request".to_owned());
        Line { id, client, at, method, route, status, code: None, request_id, took_ms: 1 }
    }

    #[test]
    fn a_day_is_one_of_beijing() {
        let (day, reset_s) = day_of(at("2026-11-30T15:59:59.500Z"));
        assert_eq!((day.to_string().as_str(), reset_s), ("2026-11-30", 1));
        let (day, reset_s) = day_of(at("2026-11-30T16:00:00Z"));
        assert_eq!((day.to_string().as_str(), reset_s), ("2026-12-01", 86_400));
    }

    #[test]
    fn each_limit_holds_back_by_itself_and_a_new_day_begins_anew() {
        let limits = Limits { rate_per_second: 1, burst: 3, at_once: 2, per_day: 4 };
        let (mut book, now) = (Book::default(), at("2026-11-30T12:00:00Z"));
        let ask = |book: &mut Book, now| book.admit(key(), &limits, true, now).1;
        assert_eq!((ask(&mut book, now), ask(&mut book, now)), (None, None));
        assert_eq!(ask(&mut book, now), Some(Held::AtOnce));
        book.let_go(key());
        assert_eq!(ask(&mut book, now), None);
        book.let_go(key());
        assert_eq!(ask(&mut book, now), Some(Held::Rate));
        assert_eq!(book.admit(key(), &limits, false, now).1, Some(Held::Elsewhere));
        let later = now + Duration::seconds(10);
        assert_eq!(ask(&mut book, later), None);
        book.let_go(key());
        let (standing, held) = book.admit(key(), &limits, true, later);
        assert_eq!((held, standing.day.left), (Some(Held::Day), 0));
        let tomorrow = now + Duration::days(1);
        let (standing, held) = book.admit(key(), &limits, true, tomorrow);
        assert_eq!((held, standing.day.left), (None, 3));
    }

    #[test]
    fn nothing_is_counted_twice_or_lost_on_its_way_to_the_database() {
        let limits = Limits { at_once: 100, ..Limits::default() };
        let (mut book, now) = (Book::default(), at("2026-11-30T12:00:00Z"));
        let (day, _) = day_of(now);
        for status in [200, 404, 500] {
            book.admit(key(), &limits, true, now);
            assert!(book.note(key(), line(status, now), true, 10));
        }
        book.seen(key(), day, 7);
        assert_eq!(book.used(key(), day), 10);
        let taken = book.take();
        let counts = taken[&key().tenant].days[&(key().client, day)];
        assert_eq!((counts.admitted, counts.succeeded, counts.refused, counts.failed, counts.bytes), (3, 1, 1, 1, 30));
        assert_eq!(taken[&key().tenant].lines.len(), 3);
        // on its way it is counted once, whether the database has it already or not
        book.seen(key(), day, 10);
        book.admit(key(), &limits, true, now);
        assert_eq!(book.used(key(), day), 11);
        for (_, taken) in taken {
            assert_eq!(book.came_back(key().tenant, taken), 0);
        }
        assert_eq!(book.used(key(), day), 11);
        let again = book.take();
        assert_eq!(
            (again[&key().tenant].days[&(key().client, day)].admitted, again[&key().tenant].lines.len()),
            (4, 3)
        );
        book.landed(key().tenant, &[(key().client, day, 11)]);
        assert_eq!(book.used(key(), day), 11);
        assert!(book.take().is_empty());
    }

    #[test]
    fn what_has_no_room_is_counted_and_never_kept_for() {
        let (mut book, now) = (Book::default(), at("2026-11-30T12:00:00Z"));
        for _ in 0..LINES_MAX {
            assert!(book.note(key(), line(200, now), true, 0));
        }
        assert!(!book.note(key(), line(200, now), true, 0));
        let taken = book.take().remove(&key().tenant).unwrap();
        assert!(book.note(key(), line(200, now), true, 0));
        assert_eq!(book.came_back(key().tenant, taken), 1);
        let (day, _) = day_of(now);
        let counts = book.take()[&key().tenant].days[&(key().client, day)];
        assert_eq!(counts.succeeded, i64::try_from(LINES_MAX).unwrap() + 2);
    }
}
