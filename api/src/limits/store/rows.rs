//! Rows as the domain sees them, and back.

use domain::limits::posting::EntryKind;
use domain::limits::reservation::{self, ReservationState};
use domain::limits::sharing::Shares;
use domain::limits::tree::{Amounts, Limit, LimitState};
use domain::limits::weights::Business;
use domain::money::Fen;

use crate::error::{Code, Error, Result};

pub(in crate::limits) use entity::limit_drawdowns::Model as Drawdown;
pub(in crate::limits) use entity::limit_entries::Model as Entry;
pub(in crate::limits) use entity::limit_reservations::Model as Reservation;
pub(in crate::limits) use entity::limits::Model as LimitRow;

fn unknown<T>(found: Option<T>, what: &str, word: &str) -> Result<T> {
    found.ok_or_else(|| Error::new(Code::LimitBooksBroken).because(anyhow::anyhow!("{what} {word:?}")))
}

/// The columns of a limit.
pub(in crate::limits) fn amounts(row: &LimitRow) -> Amounts {
    Amounts {
        granted: Fen(row.granted_fen),
        allocated: Fen(row.allocated_fen),
        reserved: Fen(row.reserved_fen),
        drawn: Fen(row.drawn_fen),
        spent: Fen(row.spent_fen),
    }
}

/// A limit's row for the domain.
pub(in crate::limits) fn limit(row: &LimitRow) -> Result<Limit> {
    Ok(Limit {
        id: row.id,
        parent: row.parent_id,
        depth: u8::try_from(row.depth).unwrap_or(u8::MAX),
        amounts: amounts(row),
        revolving: row.revolving,
        state: unknown(LimitState::from_code(&row.state), "state of a limit", &row.state)?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    })
}

/// Puts the domain's row after an entry into ours.
pub(in crate::limits) fn put(row: &mut LimitRow, after: &Limit) {
    row.granted_fen = after.amounts.granted.0;
    row.allocated_fen = after.amounts.allocated.0;
    row.reserved_fen = after.amounts.reserved.0;
    row.drawn_fen = after.amounts.drawn.0;
    row.spent_fen = after.amounts.spent.0;
    row.state = after.state.code().to_owned();
}

/// A reservation's row for the domain.
pub(in crate::limits) fn reservation(row: &Reservation) -> Result<reservation::Reservation> {
    Ok(reservation::Reservation {
        amount: Fen(row.amount_fen),
        drawn: Fen(row.drawn_fen),
        released: Fen(row.released_fen),
        state: unknown(ReservationState::from_code(&row.state), "state of a reservation", &row.state)?,
        lapses_at: row.lapses_at,
    })
}

/// A drawdown's row for the domain.
pub(in crate::limits) fn drawdown(row: &Drawdown) -> reservation::Drawdown {
    reservation::Drawdown { amount: Fen(row.amount_fen), repaid: Fen(row.repaid_fen), reversed: row.reversed }
}

/// Who bears what of a drawdown.
pub(in crate::limits) fn shares(row: &Drawdown) -> Result<Shares> {
    let bp = |value: i32| u16::try_from(value).unwrap_or(u16::MAX);
    let shares = Shares::new(bp(row.bank_bp), bp(row.firm_bp), bp(row.reguarantor_bp), bp(row.government_bp));
    shares.map_err(|fault| Error::new(Code::LimitBooksBroken).because(fault))
}

/// What kind of guarantee a limit is for.
pub(in crate::limits) fn business(word: &str) -> Result<Business> {
    unknown(Business::from_code(word), "business", word)
}

/// What an entry records.
pub(in crate::limits) fn kind(word: &str) -> Result<EntryKind> {
    unknown(EntryKind::from_code(word), "kind of an entry", word)
}

/// What an entry added.
pub(in crate::limits) fn deltas(row: &Entry) -> Amounts {
    Amounts {
        granted: Fen(row.granted_fen),
        allocated: Fen(row.allocated_fen),
        reserved: Fen(row.reserved_fen),
        drawn: Fen(row.drawn_fen),
        spent: Fen(row.spent_fen),
    }
}
