//! How much more may lie in the stream, of one tenant and of all together. The server could be told these limits itself, and
//! then removes the oldest until they hold whenever it starts: after a kill it finds messages again whose removal it had not
//! written down yet, and to make room for these it would remove others that nobody has taken in (seen with 2.9.10). So
//! nothing is removed but what was acknowledged, and whoever puts messages in looks first whether there is room.
//!
//! What others put in between two looks is not known here: with several processes a little more lies there than may.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How long a look is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// How long a look is believed that found no room.
const FULL_BELIEVED: Duration = Duration::from_millis(100);

/// What lies there, at most: what a look has found, and what this process has let through since.
#[derive(Clone, Copy, Default)]
struct Gauge {
    found: u64,
    /// How much was answered when that look began: the look has seen it, or it had been taken in.
    answered_then: u64,
    looked: Option<Instant>,
    admitted: u64,
    answered: u64,
}

impl Gauge {
    fn fits(&self, more: u64, most: u64) -> bool {
        let there = self.found.saturating_add(self.admitted.saturating_sub(self.answered_then));
        there.saturating_add(more) <= most
    }

    fn believed(&self, now: Instant, time: Duration) -> bool {
        self.looked.is_some_and(|looked| now.saturating_duration_since(looked) < time)
    }
}

/// What is known of the stream.
#[derive(Default)]
struct Known {
    tenants: HashMap<Uuid, Gauge>,
    bytes: Gauge,
}

/// The room in one stream.
pub(super) struct Room {
    messages_max: u64,
    bytes_max: u64,
    known: Mutex<Known>,
}

/// Whether a message may go in.
pub(super) enum Admission<'a> {
    /// It may, and counts as being there from now on.
    Admitted(Admitted<'a>),
    /// As much of its tenant lies there as may.
    TenantFull,
    /// As much lies there as may.
    Full,
    /// Somebody must look first.
    Look(Look),
}

/// A look that begins.
pub(super) struct Look {
    messages_answered: u64,
    bytes_answered: u64,
}

/// A message on its way in, until this is dropped.
pub(super) struct Admitted<'a> {
    room: &'a Room,
    tenant: Uuid,
    bytes: u64,
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.room.with(|known| {
            known.tenants.entry(self.tenant).or_default().answered += 1;
            known.bytes.answered += self.bytes;
        });
    }
}

impl Room {
    /// For so many messages of each tenant, and so many bytes of all.
    pub fn new(messages_max: u64, bytes_max: u64) -> Self {
        Self { messages_max, bytes_max, known: Mutex::default() }
    }

    /// Lets a message of so many bytes in, or says why not. After a look that was just taken it does not ask for another.
    pub fn admit(&self, tenant: Uuid, bytes: u64, now: Instant) -> Admission<'_> {
        self.with(|known| {
            let all = &mut known.bytes;
            let of_tenant = known.tenants.entry(tenant).or_default();
            let (fits, all_fit) = (of_tenant.fits(1, self.messages_max), all.fits(bytes, self.bytes_max));
            let believed = if fits && all_fit { BELIEVED } else { FULL_BELIEVED };
            if !of_tenant.believed(now, believed) || !all.believed(now, believed) {
                return Admission::Look(Look { messages_answered: of_tenant.answered, bytes_answered: all.answered });
            }
            if !fits {
                return Admission::TenantFull;
            }
            if !all_fit {
                return Admission::Full;
            }
            of_tenant.admitted += 1;
            all.admitted += bytes;
            Admission::Admitted(Admitted { room: self, tenant, bytes })
        })
    }

    /// Notes what a look has found.
    pub fn looked(&self, tenant: Uuid, look: &Look, messages: u64, bytes: u64, now: Instant) {
        self.with(|known| {
            let saw = |gauge: &mut Gauge, found, answered_then| {
                *gauge = Gauge { found, answered_then, looked: Some(now), ..*gauge };
            };
            saw(known.tenants.entry(tenant).or_default(), messages, look.messages_answered);
            saw(&mut known.bytes, bytes, look.bytes_answered);
        });
    }

    fn with<T>(&self, does: impl FnOnce(&mut Known) -> T) -> T {
        does(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn word(admission: &Admission<'_>) -> &'static str {
        match admission {
            Admission::Admitted(_) => "admitted",
            Admission::TenantFull => "tenant full",
            Admission::Full => "full",
            Admission::Look(_) => "look",
        }
    }

    /// Asks, and looks where it must: so many messages are found, and bytes.
    fn ask<'a>(room: &'a Room, tenant: Uuid, bytes: u64, now: Instant, found: (u64, u64)) -> (Admission<'a>, bool) {
        match room.admit(tenant, bytes, now) {
            Admission::Look(look) => {
                room.looked(tenant, &look, found.0, found.1, now);
                (room.admit(tenant, bytes, now), true)
            }
            other => (other, false),
        }
    }

    #[test]
    fn a_tenant_that_fills_its_part_waits_and_others_do_not() {
        let (room, now) = (Room::new(3, 1_000), Instant::now());
        assert_eq!(word(&room.admit(ONE, 10, now)), "look", "nothing is known yet");
        for _ in 0..3 {
            assert_eq!(word(&ask(&room, ONE, 10, now, (0, 0)).0), "admitted");
        }
        assert_eq!(word(&ask(&room, ONE, 10, now, (3, 30)).0), "tenant full");
        assert_eq!(word(&ask(&room, OTHER, 10, now, (0, 30)).0), "admitted");
        // not looked for each one that is refused, and soon again
        let (refused, looked) = ask(&room, ONE, 10, now + FULL_BELIEVED / 2, (0, 0));
        assert_eq!((word(&refused), looked), ("tenant full", false));
        let (admitted, looked) = ask(&room, ONE, 10, now + FULL_BELIEVED, (1, 20));
        assert_eq!((word(&admitted), looked), ("admitted", true));
    }

    #[test]
    fn what_is_on_its_way_counts_in_a_look_that_has_not_seen_it() {
        let (room, now) = (Room::new(3, 1_000), Instant::now());
        let on_its_way = ask(&room, ONE, 10, now, (0, 0)).0;
        drop(ask(&room, ONE, 10, now, (0, 0)).0);
        // one was answered and is found, the other is not there yet
        let later = now + BELIEVED;
        assert_eq!(word(&ask(&room, ONE, 10, later, (1, 10)).0), "admitted");
        assert_eq!(word(&ask(&room, ONE, 10, later, (9, 90)).0), "tenant full");
        drop(on_its_way);
        let again = later + BELIEVED;
        assert_eq!(word(&ask(&room, ONE, 10, again, (2, 20)).0), "admitted");
    }

    #[test]
    fn what_is_answered_while_a_look_goes_on_counts_still() {
        let (room, now) = (Room::new(1, 1_000), Instant::now());
        let admitted = ask(&room, ONE, 10, now, (0, 0)).0;
        let Admission::Look(look) = room.admit(ONE, 10, now + BELIEVED) else { panic!("it is believed for long") };
        // the look was taken, then the message came in and was answered, then the look returns
        drop(admitted);
        room.looked(ONE, &look, 0, 0, now + BELIEVED);
        assert_eq!(word(&room.admit(ONE, 10, now + BELIEVED)), "tenant full");
    }

    #[test]
    fn bytes_count_over_all_tenants() {
        let (room, now) = (Room::new(100, 100), Instant::now());
        assert_eq!(word(&ask(&room, ONE, 60, now, (0, 0)).0), "admitted");
        assert_eq!(word(&ask(&room, OTHER, 60, now, (0, 60)).0), "full");
        assert_eq!(word(&ask(&room, OTHER, 40, now, (0, 60)).0), "admitted");
        assert_eq!(word(&ask(&room, OTHER, 101, now + BELIEVED, (0, 0)).0), "full");
    }
}
