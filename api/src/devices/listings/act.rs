//! One step of a listing, by staff or by the machine's owner: the machine is reached and locked, the domain decides, the
//! row and the machine's history are written.

use domain::devices::life::LifeEvent;
use domain::devices::listing::ListingActionKind;
use domain::devices::listing::{
    ListingAction, ListingActor, ListingFacts, ListingRefusal, ListingState, allowed_actions, decide,
};
use domain::money::Fen;
use domain::words::Words;
use uuid::Uuid;

use super::store::{self, ListingRow};
use crate::devices::equipment::scope;
pub(super) use crate::devices::equipment::scope::By;
use crate::devices::equipment::store::{Row as Machine, papers};
use crate::devices::equipment::words::known;
use crate::devices::life::{self, Note};
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::{Checks, IfMatch};

impl By<'_> {
    /// A listing and its machine, if they reach it.
    pub(super) async fn find(self, tx: &TenantTx, id: Uuid) -> Result<(ListingRow, Machine)> {
        let row = store::get(tx, id).await?.ok_or_else(Error::not_found)?;
        let machine = self.machine(tx, row.equipment_id, false).await?;
        Ok((row, machine))
    }

    /// The same, both locked, the machine first.
    pub(super) async fn lock(self, tx: &TenantTx, id: Uuid) -> Result<(ListingRow, Machine)> {
        let row = store::get(tx, id).await?.ok_or_else(Error::not_found)?;
        let machine = self.machine(tx, row.equipment_id, true).await?;
        let row = store::lock(tx, row.id).await?.ok_or_else(Error::not_found)?;
        Ok((row, machine))
    }

    pub(super) fn actor(self) -> ListingActor {
        match self {
            Self::Staff(who) => ListingActor { id: who.id, is_staff: true },
            Self::Owner(id) => ListingActor { id, is_staff: false },
        }
    }
}

/// What the domain is told of a listing and its machine.
pub(super) fn facts(row: &ListingRow, machine: &Machine) -> Result<ListingFacts> {
    let papers = papers(machine)?;
    let owner = machine.applicant_id.unwrap_or_default();
    Ok(ListingFacts {
        state: known(ListingState::from_code(&row.state))?,
        asking_fen: row.price_fen.map(Fen),
        reserved_for: row.enquiry_id,
        sold_fen: row.sold_fen.map(Fen),
        ..ListingFacts::draft(owner, &papers.title, machine.encumbrance.is_some())
    })
}

/// What somebody may do with a listing now.
pub(super) fn allowed(row: &ListingRow, machine: &Machine, by: By<'_>) -> Result<Vec<ListingActionKind>> {
    let mut allowed = allowed_actions(&facts(row, machine)?, &by.actor());
    if scope::must_be_in_use(machine).is_err() {
        allowed.retain(|action| *action == ListingActionKind::Withdraw);
    }
    Ok(allowed)
}

/// Takes a step with a locked listing, of which the version was seen.
///
/// # Errors
/// What the domain refuses, `stale`, or a failing database.
pub(super) async fn step(
    tx: &TenantTx,
    by: By<'_>,
    (row, machine): (&mut ListingRow, &Machine),
    seen: IfMatch,
    action: &ListingAction,
) -> Result<()> {
    seen.check(row.version, Some(&row.state))?;
    if action.kind() != ListingActionKind::Withdraw {
        scope::must_be_in_use(machine)?;
    }
    if action.kind() == ListingActionKind::Redraft && store::has_open(tx, machine.id).await? {
        return Err(Error::new(Code::ListingOpen));
    }
    let done = decide(&facts(row, machine)?, action, &by.actor()).map_err(refused)?;
    let after = done.after();
    after.state.code().clone_into(&mut row.state);
    row.price_fen = after.asking_fen.map(|price| price.0);
    row.sold_fen = after.sold_fen.map(|price| price.0);
    row.enquiry_id = after.reserved_for;
    match after.state {
        ListingState::Draft => (row.published_at, row.ended_at) = (None, None),
        ListingState::Published => row.published_at = row.published_at.or(Some(tx.now())),
        ListingState::Reserved => {}
        ListingState::Sold | ListingState::Withdrawn => row.ended_at = Some(tx.now()),
    }
    store::save(tx, row).await?;
    if let Some(event) = event(action) {
        life::record(tx, machine.id, event, Note::about(row.id, words(row, action))).await?;
    }
    Ok(())
}

/// What a machine's history says of a step; drafts are nobody's business yet.
fn event(action: &ListingAction) -> Option<LifeEvent> {
    match action {
        ListingAction::Publish => Some(LifeEvent::Listed),
        ListingAction::Reserve { .. } => Some(LifeEvent::Reserved),
        ListingAction::Sell { .. } => Some(LifeEvent::Sold),
        ListingAction::Withdraw => Some(LifeEvent::Withdrawn),
        ListingAction::Release => Some(LifeEvent::Listed),
        ListingAction::Change { .. } | ListingAction::Redraft => None,
    }
}

fn words(row: &ListingRow, action: &ListingAction) -> Words {
    let price = match action {
        ListingAction::Sell { price_fen } => Some(*price_fen),
        ListingAction::Publish => row.price_fen.map(Fen),
        _ => None,
    };
    let number = &row.number;
    match (price, action) {
        (Some(price), _) => {
            Words::new(format!("{number}，{}", price.in_wan_yuan()), format!("{number}, {} yuan", price.in_yuan_en()))
        }
        (None, ListingAction::Release) => {
            Words::new(format!("{number}，取消预订"), format!("{number}, no longer reserved"))
        }
        (None, _) => Words::new(number, number),
    }
}

/// A refusal of the domain as callers are told of it.
pub(super) fn refused(refusal: ListingRefusal) -> Error {
    let words = refusal.words();
    let told = |code| Error::new(code).detail(format!("{}。", words.zh), format!("{}.", words.en));
    match refusal {
        ListingRefusal::NotYours => Error::not_found(),
        ListingRefusal::Encumbered => told(Code::EquipmentEncumbered),
        ListingRefusal::NotOwned | ListingRefusal::RegisteredElsewhere | ListingRefusal::Disputed => {
            told(Code::TitleNotClear)
        }
        ListingRefusal::PriceInvalid => {
            let mut checks = Checks::new();
            super::form::price(&mut checks);
            checks.refuse()
        }
        ListingRefusal::NotInThisState { state } => {
            told(Code::IllegalTransition).current(serde_json::json!({ "state": state.code() }))
        }
        ListingRefusal::EnquiryNotInThisState { state } => {
            told(Code::IllegalTransition).current(serde_json::json!({ "state": state.code() }))
        }
        ListingRefusal::StaffOnly | ListingRefusal::EnquiryClosed | ListingRefusal::EnquiryWrongSide => {
            told(Code::IllegalTransition)
        }
    }
}
