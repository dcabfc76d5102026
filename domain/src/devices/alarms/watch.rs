//! Finds where a rule's condition begins and ends. It is a pure function of the history: what it remembers between two
//! stretches is a [`Watch`], and a history fed in one piece or in any pieces gives the same alarms. An alarm is told apart
//! by its rule, its machine and the instant at which its condition began; recomputing finds the same instants again, so an
//! alarm is raised once.
//!
//! - A condition that holds for its minutes without the opposite in between raises an alarm, at the moment when they are full.
//! - Unknown time neither counts for nor against; but what was not seen for longer than the time to clear begins anew.
//! - An alarm clears when the opposite held for the time to clear without the condition in between; unknown time does not
//!   clear.
//! - Something that happens at an instant (a counter went down) raises at once; if it happens again
//!   before the alarm is cleared, that is the same alarm.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::pieces::{MINUTE_NS, Piece, Sense, draws, pieces};
use super::rule::{Condition, Rule};
use crate::coded::coded;
use crate::time::TenantZone;

coded! {
    /// What was seen of a machine.
    Seen {
        /// The socket is not connected.
        Offline "offline" "离线" "offline";
        /// It draws nothing.
        Off "off" "关机" "off";
        /// It draws a little.
        Standby "standby" "待机" "standby";
        /// It works.
        Working "working" "运行" "working";
        /// It takes more than it should.
        Overload "overload" "超负荷" "overload";
        /// Nothing is known.
        Unknown "unknown" "未知" "unknown";
    }
}

coded! {
    /// What happens at an instant.
    EventKind {
        /// The counter of energy went down.
        MeterReset "meter_reset" "电量读数回退" "energy counter went back";
    }
}

/// A stretch of time in one state, from `from` (included) to `to` (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Its begin.
    pub from: DateTime<Utc>,
    /// Its end.
    pub to: DateTime<Utc>,
    /// The state.
    pub seen: Seen,
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
}

/// What is known of a stretch. Spans and events may come in any order; time between spans is unknown, and of two spans that
/// overlap the one that begins first holds. The first stretch begins with the first thing known, so a socket that never
/// spoke is given as an unknown span from its binding on.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The states.
    pub spans: &'a [Span],
    /// The events.
    pub events: &'a [Event],
    /// The stretch's end (not included): until then spans and events are complete.
    pub until: DateTime<Utc>,
}

/// What is remembered of a machine under a rule. The default is the start of everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Until when it has looked.
    pub seen_to: Option<DateTime<Utc>>,
    /// Whether the machine drew power when it was last seen.
    pub drew: bool,
    /// How far the condition has come.
    pub phase: Phase,
}

/// How far a condition has come. Times are nanoseconds, the precision of instants, so that no cut changes a sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Phase {
    /// It does not hold.
    #[default]
    Quiet,
    /// It holds, and not long enough yet.
    Pending {
        /// Since when.
        began: DateTime<Utc>,
        /// For how long it was seen to hold.
        held_ns: i64,
        /// For how long it was not seen since.
        unseen_ns: i64,
    },
    /// It is an alarm.
    Raised {
        /// Since when the condition holds.
        began: DateTime<Utc>,
        /// For how long the opposite was seen since.
        opposite_ns: i64,
    },
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Transition {
    /// An alarm.
    Raised {
        /// The instant at which the condition began; it tells the alarm apart.
        began: DateTime<Utc>,
        /// The instant at which it had held long enough.
        at: DateTime<Utc>,
    },
    /// Its end.
    Cleared {
        /// Of which alarm.
        began: DateTime<Utc>,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Looks at a stretch, from where the watch stands to the stretch's end, and tells what was found in order of time. What lies
/// before is not looked at again; late data are looked at by starting from a watch before them.
pub fn advance(rule: &Rule, zone: TenantZone, watch: &Watch, history: &History<'_>) -> (Watch, Vec<Transition>) {
    let mut looking = Looking { rule, zone, watch: *watch, found: Vec::new() };
    if !rule.enabled {
        looking.stop();
    }
    let mut spans: Vec<Span> = history.spans.iter().copied().filter(|span| span.from < span.to).collect();
    spans.sort_unstable();
    let mut events: Vec<Event> =
        history.events.iter().copied().filter(|event| event.concerns(&rule.condition)).collect();
    events.sort_unstable();
    let first =
        spans.first().map(|span| span.from).into_iter().chain(history.events.iter().map(|event| event.at)).min();
    let Some(start) = watch.seen_to.or(first).filter(|start| *start < history.until) else {
        return (looking.watch, looking.found);
    };
    let mut events = events.into_iter().filter(|event| start <= event.at && event.at < history.until).peekable();
    let mut at = start;
    for span in spans {
        let (from, to) = (span.from.clamp(at, history.until), span.to.clamp(at, history.until));
        looking.pass(&mut events, (at, from), Seen::Unknown);
        looking.pass(&mut events, (from, to), span.seen);
        at = to;
    }
    looking.pass(&mut events, (at, history.until), Seen::Unknown);
    looking.watch.seen_to = Some(history.until);
    (looking.watch, looking.found)
}

impl Event {
    fn concerns(&self, condition: &Condition) -> bool {
        matches!((condition, self.kind), (Condition::MeterReset {}, EventKind::MeterReset))
    }
}

struct Looking<'a> {
    rule: &'a Rule,
    zone: TenantZone,
    watch: Watch,
    found: Vec<Transition>,
}

impl Looking<'_> {
    /// A rule that is switched off watches nothing, and what it had raised ends where it last looked.
    fn stop(&mut self) {
        if let (Phase::Raised { began, .. }, Some(at)) = (self.watch.phase, self.watch.seen_to) {
            self.found.push(Transition::Cleared { began, at });
        }
        self.watch.phase = Phase::Quiet;
    }

    /// Passes a stretch of one state, with the events in it.
    fn pass(
        &mut self,
        events: &mut std::iter::Peekable<impl Iterator<Item = Event>>,
        (mut from, to): (DateTime<Utc>, DateTime<Utc>),
        seen: Seen,
    ) {
        while from < to {
            while events.next_if(|event| event.at <= from).is_some() {
                self.happens(from);
            }
            let next = events.peek().map_or(to, |event| event.at.min(to));
            if self.rule.enabled {
                for piece in pieces(&self.rule.condition, self.zone, seen, self.watch.drew, (from, next)) {
                    self.lasts(piece);
                }
            }
            from = next;
            if !matches!(seen, Seen::Unknown | Seen::Offline) {
                self.watch.drew = draws(seen);
            }
        }
    }

    fn happens(&mut self, at: DateTime<Utc>) {
        if !self.rule.enabled {
            return;
        }
        match &mut self.watch.phase {
            Phase::Raised { opposite_ns, .. } => *opposite_ns = 0,
            phase => {
                *phase = Phase::Raised { began: at, opposite_ns: 0 };
                self.found.push(Transition::Raised { began: at, at });
            }
        }
    }

    fn lasts(&mut self, piece: Piece) {
        let length = piece.to.signed_duration_since(piece.from).num_nanoseconds().unwrap_or(i64::MAX);
        let (hold, clear) = (minutes_ns(self.rule.condition.minutes()), minutes_ns(self.rule.clear_after_minutes));
        self.watch.phase = match (self.watch.phase, piece.sense) {
            (Phase::Quiet, Sense::Holds) => self.held(piece.from, piece.from, 0, length, hold),
            (Phase::Pending { began, held_ns, .. }, Sense::Holds) => {
                self.held(began, piece.from, held_ns, length, hold)
            }
            (Phase::Pending { began, held_ns, unseen_ns }, Sense::Unknown) => {
                let unseen_ns = unseen_ns.saturating_add(length);
                if unseen_ns > clear { Phase::Quiet } else { Phase::Pending { began, held_ns, unseen_ns } }
            }
            (Phase::Quiet, _) | (Phase::Pending { .. }, Sense::Opposite) => Phase::Quiet,
            (Phase::Raised { began, .. }, Sense::Holds) => Phase::Raised { began, opposite_ns: 0 },
            (Phase::Raised { began, opposite_ns }, Sense::Opposite) => {
                let all = opposite_ns.saturating_add(length);
                if all >= clear {
                    let at = after(piece.from, clear.saturating_sub(opposite_ns));
                    self.found.push(Transition::Cleared { began, at });
                    Phase::Quiet
                } else {
                    Phase::Raised { began, opposite_ns: all }
                }
            }
            (phase @ Phase::Raised { .. }, Sense::Unknown) => phase,
        };
    }

    /// The condition held for another while from `from`.
    fn held(&mut self, began: DateTime<Utc>, from: DateTime<Utc>, held_ns: i64, length: i64, hold: i64) -> Phase {
        let all = held_ns.saturating_add(length);
        if all >= hold {
            self.found.push(Transition::Raised { began, at: after(from, hold.saturating_sub(held_ns)) });
            Phase::Raised { began, opposite_ns: 0 }
        } else {
            Phase::Pending { began, held_ns: all, unseen_ns: 0 }
        }
    }
}

fn minutes_ns(minutes: u32) -> i64 {
    i64::from(minutes).saturating_mul(MINUTE_NS)
}

fn after(from: DateTime<Utc>, ns: i64) -> DateTime<Utc> {
    from.checked_add_signed(TimeDelta::nanoseconds(ns.max(0))).unwrap_or(from)
}
