//! What each moment of a stretch means to a rule: its condition holds, its opposite holds, or nobody knows.

use chrono::{DateTime, TimeDelta, Utc};

use super::rule::{Condition, DAY_MINUTES};
use super::watch::Seen;
use crate::time::TenantZone;

/// Longest stretch of one state that is cut at quiet hours; a longer one counts as unknown, since no socket says one thing
/// for so long.
pub const QUIET_DAYS_MAX: i64 = 400;
/// Nanoseconds of a minute.
pub const MINUTE_NS: i64 = 60_000_000_000;

/// What a moment means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Holds,
    Opposite,
    Unknown,
}

/// A stretch with one meaning; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub sense: Sense,
}

/// Whether a machine draws power.
pub(super) fn draws(seen: Seen) -> bool {
    matches!(seen, Seen::Standby | Seen::Working | Seen::Overload)
}

/// Cuts a span into pieces. `drew` tells whether the machine drew power when it was last seen.
pub(super) fn pieces(
    condition: &Condition,
    zone: TenantZone,
    seen: Seen,
    drew: bool,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<Piece> {
    let whole = |sense| vec![Piece { from, to, sense }];
    let known = |holds: bool| match (seen, holds) {
        // an offline socket says no more about the machine than a silent one
        (Seen::Unknown | Seen::Offline, _) => Sense::Unknown,
        (_, true) => Sense::Holds,
        (_, false) => Sense::Opposite,
    };
    match condition {
        Condition::Overload { .. } => whole(known(seen == Seen::Overload)),
        Condition::IdleTooLong { .. } => whole(known(seen == Seen::Standby)),
        Condition::MovedOrUnplugged { .. } => whole(match seen {
            Seen::Offline if drew => Sense::Holds,
            _ => known(false),
        }),
        Condition::Offline { .. } => whole(match seen {
            Seen::Offline | Seen::Unknown => Sense::Holds,
            _ => Sense::Opposite,
        }),
        // a counter that stands does not say that it will; only time shows that it no longer goes down
        Condition::MeterReset {} => whole(Sense::Opposite),
        Condition::AtNight { quiet_from_minute, quiet_to_minute, .. } => {
            let inside = known(matches!(seen, Seen::Working | Seen::Overload));
            by_quiet_hours((*quiet_from_minute, *quiet_to_minute), zone, inside, (from, to))
        }
    }
}

/// Cuts a stretch at the ends of quiet hours; outside of them the opposite holds whatever the machine does.
fn by_quiet_hours(
    (quiet_from, quiet_to): (u16, u16),
    zone: TenantZone,
    inside: Sense,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<Piece> {
    if inside == Sense::Opposite {
        return vec![Piece { from, to, sense: inside }];
    }
    if to.signed_duration_since(from).num_days() > QUIET_DAYS_MAX {
        return vec![Piece { from, to, sense: Sense::Unknown }];
    }
    let mut day = zone.date_of(from);
    let mut cuts = vec![from, to];
    while let Some(start) = zone.start_of(day).filter(|start| *start < to) {
        let at = |minute: u16| start.checked_add_signed(TimeDelta::minutes(i64::from(minute % DAY_MINUTES)));
        cuts.extend([at(quiet_from), at(quiet_to)].into_iter().flatten().filter(|cut| from < *cut && *cut < to));
        let Some(next) = day.succ_opt() else { break };
        day = next;
    }
    cuts.sort_unstable();
    cuts.dedup();
    let sense_at = |at: DateTime<Utc>| if is_quiet(at, zone, quiet_from, quiet_to) { inside } else { Sense::Opposite };
    cuts.windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(Piece { from: *from, to: *to, sense: sense_at(*from) }),
            _ => None,
        })
        .collect()
}

fn is_quiet(at: DateTime<Utc>, zone: TenantZone, quiet_from: u16, quiet_to: u16) -> bool {
    let Some(start) = zone.start_of(zone.date_of(at)) else { return false };
    let minute = at.signed_duration_since(start).num_minutes();
    let (quiet_from, quiet_to) = (i64::from(quiet_from % DAY_MINUTES), i64::from(quiet_to % DAY_MINUTES));
    if quiet_from <= quiet_to {
        quiet_from <= minute && minute < quiet_to
    } else {
        minute >= quiet_from || minute < quiet_to
    }
}
