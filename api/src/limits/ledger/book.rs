//! Writing what the domain permitted: limits, reservation, drawdown, and one entry a limit that says who, why, when and
//! under which document.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::limits::posting::{Effect, Posting};
use domain::limits::reservation as domain_rows;
use domain::limits::tree::Limit;
use uuid::Uuid;

use super::Why;
use crate::error::{Code, Error, Result};
use crate::limits::law::today;
use crate::limits::store::{Drawdown, Entry, LimitRow, Reservation, entries, rows, uses};
use crate::platform::db::TenantTx;

/// What was written.
pub(in crate::limits) struct Written {
    /// The limits as they are now.
    pub limits: BTreeMap<Uuid, LimitRow>,
    /// The entries, in order.
    pub entries: Vec<Entry>,
}

impl Written {
    /// A limit that was written.
    pub(in crate::limits) fn limit(&self, id: Uuid) -> Result<LimitRow> {
        self.limits.get(&id).cloned().ok_or_else(|| Error::new(Code::Internal))
    }
}

/// The rows that an operation stands on.
pub(super) struct Book<'a> {
    tx: &'a TenantTx,
    why: &'a Why,
    operation: Uuid,
    rows: BTreeMap<Uuid, LimitRow>,
    fresh: Option<Uuid>,
    reservation: Option<Reservation>,
    reservation_seen: i64,
    drawdown: Option<Drawdown>,
    drawdown_seen: i64,
    corrects: Vec<Uuid>,
    day: NaiveDate,
}

impl<'a> Book<'a> {
    /// A book of rows that are locked.
    pub(super) fn new(tx: &'a TenantTx, why: &'a Why, rows: &[LimitRow]) -> Self {
        let rows = rows.iter().map(|row| (row.id, row.clone())).collect();
        Self {
            tx,
            why,
            operation: Uuid::now_v7(),
            rows,
            fresh: None,
            reservation: None,
            reservation_seen: 0,
            drawdown: None,
            drawdown_seen: 0,
            corrects: vec![],
            day: today(tx),
        }
    }

    /// The operation's id.
    pub(super) fn operation(&self) -> Uuid {
        self.operation
    }

    /// The day of the balances that the entries change, where they do.
    pub(super) fn on(mut self, day: NaiveDate) -> Self {
        self.day = day;
        self
    }

    /// Adds the row of a limit that comes into being.
    pub(super) fn with_new(mut self, row: LimitRow) -> Self {
        self.fresh = Some(row.id);
        self.rows.insert(row.id, row);
        self
    }

    /// The reservation that is used; of a new one the row that it will be, whose amounts the posting says.
    pub(super) fn with_reservation(mut self, row: Reservation) -> Self {
        self.reservation_seen = row.version;
        self.reservation = Some(row);
        self
    }

    /// The drawdown that is used, or the row of a new one.
    pub(super) fn with_drawdown(mut self, row: Drawdown) -> Self {
        self.drawdown_seen = row.version;
        self.drawdown = Some(row);
        self
    }

    /// The entries that are taken back, in the order of the postings.
    pub(super) fn correcting(mut self, ids: Vec<Uuid>) -> Self {
        self.corrects = ids;
        self
    }

    /// Writes the postings: every entry, and every row that they change as it is after the last of them.
    pub(super) async fn write(
        mut self,
        postings: &[Posting],
    ) -> Result<(Written, Option<Reservation>, Option<Drawdown>)> {
        let mut all = Vec::with_capacity(postings.len());
        let mut changed = BTreeSet::new();
        for (number, posting) in postings.iter().enumerate() {
            let row = self.rows.get_mut(&posting.limit()).ok_or_else(|| Error::new(Code::Internal))?;
            row.entries = row.entries.saturating_add(1);
            row.version = row.version.saturating_add(1);
            row.updated_at = self.tx.now();
            rows::put(row, posting.after());
            let row = row.clone();
            changed.insert(row.id);
            if let Some(effect) = posting.reservation() {
                self.reserve(effect)?;
            }
            if let Some(effect) = posting.drawdown() {
                self.draw(effect)?;
            }
            all.push(self.entry(posting, &row, self.corrects.get(number).copied())?);
        }
        let mut written = self.tx.together();
        for row in self.rows.values().filter(|row| changed.contains(&row.id)) {
            written = match self.fresh {
                Some(fresh) if fresh == row.id => entries::add_limit(written, row.clone()),
                _ => entries::change_limit(written, row)?,
            };
        }
        if let Some(row) = &self.reservation {
            written = uses::put_reservation(written, row, self.reservation_seen)?;
        }
        if let Some(row) = &self.drawdown {
            written = uses::put_drawdown(written, row, self.drawdown_seen)?;
        }
        self.tx.write(entries::add(written, all.clone())).await?;
        Ok((Written { limits: self.rows, entries: all }, self.reservation, self.drawdown))
    }

    fn entry(&self, posting: &Posting, row: &LimitRow, corrects: Option<Uuid>) -> Result<Entry> {
        let (tx, id, deltas) = (self.tx, Uuid::now_v7(), posting.deltas());
        let document = self.why.document.as_deref();
        Ok(Entry {
            tenant_id: tx.tenant(),
            id,
            operation_id: self.operation,
            limit_id: row.id,
            seq: row.entries,
            kind: posting.kind().code().to_owned(),
            granted_fen: deltas.granted.0,
            allocated_fen: deltas.allocated.0,
            reserved_fen: deltas.reserved.0,
            drawn_fen: deltas.drawn.0,
            spent_fen: deltas.spent.0,
            granted_after_fen: row.granted_fen,
            allocated_after_fen: row.allocated_fen,
            reserved_after_fen: row.reserved_fen,
            drawn_after_fen: row.drawn_fen,
            spent_after_fen: row.spent_fen,
            reservation_id: self.reservation.as_ref().map(|one| one.id),
            drawdown_id: self.drawdown.as_ref().map(|one| one.id),
            corrects_id: corrects,
            reason_sealed: tx.seal(entries::REASON, id, self.why.reason.as_str())?,
            document_sealed: document.map(|text| tx.seal(entries::DOCUMENT, id, text)).transpose()?,
            actor_kind: tx.actor().kind.key().to_owned(),
            actor_id: tx.actor().id,
            request_id: tx.actor().request_id.clone(),
            day: self.day,
            at: tx.now(),
        })
    }

    fn reserve(&mut self, effect: &Effect<domain_rows::Reservation>) -> Result<()> {
        let row = self.reservation.as_mut().ok_or_else(|| Error::new(Code::Internal))?;
        let after = effect.after();
        let is_open = after.state == domain_rows::ReservationState::Open;
        row.amount_fen = after.amount.0;
        row.drawn_fen = after.drawn.0;
        row.released_fen = after.released.0;
        row.state = after.state.code().to_owned();
        row.lapses_at = after.lapses_at;
        row.ended_at = if is_open { None } else { row.ended_at.or(Some(self.tx.now())) };
        row.version = row.version.saturating_add(1);
        Ok(())
    }

    fn draw(&mut self, effect: &Effect<domain_rows::Drawdown>) -> Result<()> {
        let row = self.drawdown.as_mut().ok_or_else(|| Error::new(Code::Internal))?;
        let after = effect.after();
        row.amount_fen = after.amount.0;
        row.repaid_fen = after.repaid.0;
        row.reversed = after.reversed;
        row.settled = after.outstanding().0 == 0;
        row.version = row.version.saturating_add(1);
        Ok(())
    }
}

/// The rows of a way down as the domain takes them: what is above, and the limit itself.
pub(super) fn split_path(path: &[LimitRow]) -> Result<(Vec<Limit>, Limit)> {
    let mut all = path.iter().map(rows::limit).collect::<Result<Vec<_>>>()?;
    let own = all.pop().ok_or_else(Error::not_found)?;
    Ok((all, own))
}
