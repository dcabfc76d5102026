//! What operations on limits answer: the limit, the reservation and the drawdown as they are now, the entries that were
//! written, and what the rules said.

mod entry;
mod limit;
mod uses;

pub use entry::EntryView;
pub use limit::LimitView;
pub(super) use limit::actions;
pub use uses::{DrawdownView, ReservationView};

use domain::id::{Id, Kind, kind};
use domain::limits::rules::{Figure, Rule};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ledger::Outcome;
use crate::error::{Language, Result, RuleFigure};
use crate::platform::db::TenantTx;

pub(in crate::limits) use crate::error::say;

/// Where a limit's conditions are sealed.
pub(in crate::limits) const CONDITIONS: &str = "limits.conditions";

pub(in crate::limits) fn id_of<K: Kind>(id: Uuid) -> String {
    Id::<K>::from_uuid(id).to_string()
}

/// A ceiling's subject as callers know it: products and banks by their ids, the others by their codes.
pub(in crate::limits) fn subject(rule: Rule, subject: &str) -> String {
    let id = Uuid::try_parse(subject).ok();
    match (rule, id) {
        (Rule::Product, Some(id)) => id_of::<kind::Product>(id),
        (Rule::Bank, Some(id)) => id_of::<kind::Customer>(id),
        _ => subject.to_owned(),
    }
}

/// What one rule says, in one language.
pub(in crate::limits) fn figure(figure: &Figure, language: Language) -> RuleFigure {
    RuleFigure {
        rule: figure.rule.code().to_owned(),
        label: say(&figure.rule.words(), language),
        subject: figure.subject.as_deref().map(|text| subject(figure.rule, text)),
        broken: figure.is_broken(),
        bound_fen: figure.bound.0,
        before_fen: figure.before.0,
        after_fen: figure.after.0,
        room_fen: figure.room.0,
        message: say(&figure.words(), language),
    }
}

/// What an operation came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationView {
    /// The operation, by which it is taken back.
    #[schema(example = "lop_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub operation: String,
    /// The limit as it is now; of a split the new part.
    pub limit: LimitView,
    /// The reservation as it is now.
    pub reservation: Option<ReservationView>,
    /// The drawdown as it is now.
    pub drawdown: Option<DrawdownView>,
    /// What was written.
    pub entries: Vec<EntryView>,
    /// What the rules said, where they were asked.
    pub figures: Vec<RuleFigure>,
}

impl OperationView {
    pub(in crate::limits) fn of(tx: &TenantTx, outcome: &Outcome, language: Language) -> Result<Self> {
        let entries = outcome.written.entries.iter().map(|entry| EntryView::of(tx, entry, language));
        Ok(Self {
            operation: id_of::<kind::LimitOperation>(outcome.operation),
            limit: LimitView::of(tx, &outcome.limit, language)?,
            reservation: outcome.reservation.as_ref().map(|row| ReservationView::of(tx, row, language)).transpose()?,
            drawdown: outcome.drawdown.as_ref().map(DrawdownView::of),
            entries: entries.collect::<Result<_>>()?,
            figures: outcome.figures.iter().map(|one| figure(one, language)).collect(),
        })
    }
}
