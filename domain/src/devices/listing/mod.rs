//! Circulation 设备流转 (R10.4): a machine offered for sale, as one table of state × action × hat → next state. Nothing else in
//! the product changes a listing's state; the server sends [`allowed_actions`], and clients never copy the table.
//!
//! What a user may expect:
//! - Only a machine that is the applicant's own, undisputed and registered for nobody else is published, at a price above 0.
//! - While a machine is encumbered (it secures a guarantee), its listing stands still: it can be withdrawn and nothing else.
//! - The owner offers, reserves and withdraws; that it was sold is recorded by staff, since the sale of a watched machine
//!   takes evidence away and somebody of the firm has to have seen it.
//! - A reservation does not outlive the enquiry for which it was made ([`lapsed`]).
//! - A withdrawn listing can be drafted anew; a sold one is history, and the new owner opens another.

mod enquiry;
mod refusal;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use enquiry::{EnquiryAction, EnquiryHat, EnquiryState, enquiry_after};
pub use refusal::ListingRefusal;

use super::score::kinds::{Ownership, RegistrySearch};
use super::score::papers::{PRICE_MAX, Title};
use crate::coded::coded;
use crate::money::Fen;

coded! {
    /// Where a listing is.
    ListingState {
        /// Being written.
        Draft "draft" "草稿" "draft";
        /// Everybody sees it.
        Published "published" "已发布" "published";
        /// It is kept for one who enquired.
        Reserved "reserved" "已预订" "reserved";
        /// It was sold.
        Sold "sold" "已成交" "sold";
        /// It was taken back.
        Withdrawn "withdrawn" "已撤回" "withdrawn";
    }
}

coded! {
    /// What can be done with a listing.
    ListingActionKind {
        /// Change its content.
        Change "change" "修改" "change";
        /// Offer it.
        Publish "publish" "发布" "publish";
        /// Keep it for one who enquired.
        Reserve "reserve" "预订" "reserve";
        /// Keep it for nobody any longer.
        Release "release" "取消预订" "release";
        /// Record the sale.
        Sell "sell" "登记成交" "record the sale";
        /// Take it back.
        Withdraw "withdraw" "撤回" "withdraw";
        /// Begin it anew.
        Redraft "redraft" "重新起草" "draft anew";
    }
}

coded! {
    /// In what function somebody acts on a listing.
    ListingHat {
        /// The account that owns the machine.
        Owner "owner" "设备所有人" "owner";
        /// Staff with the permission.
        Staff "staff" "工作人员" "staff";
    }
}

/// An action with what it carries. It is not read from requests: what an enquiry's state is, the store knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ListingAction {
    /// Change its content.
    Change {
        /// The price that is asked now.
        asking_fen: Option<Fen>,
    },
    /// Offer it.
    Publish,
    /// Keep it for one who enquired.
    Reserve {
        /// Their enquiry.
        enquiry: Uuid,
        /// Where that enquiry stands.
        enquiry_state: EnquiryState,
    },
    /// Keep it for nobody any longer.
    Release,
    /// Record the sale.
    Sell {
        /// What was paid.
        price_fen: Fen,
    },
    /// Take it back.
    Withdraw,
    /// Begin it anew.
    Redraft,
}

impl ListingAction {
    /// Its kind.
    pub fn kind(&self) -> ListingActionKind {
        match self {
            Self::Change { .. } => ListingActionKind::Change,
            Self::Publish => ListingActionKind::Publish,
            Self::Reserve { .. } => ListingActionKind::Reserve,
            Self::Release => ListingActionKind::Release,
            Self::Sell { .. } => ListingActionKind::Sell,
            Self::Withdraw => ListingActionKind::Withdraw,
            Self::Redraft => ListingActionKind::Redraft,
        }
    }
}

/// Who acts. What gives somebody the staff's permission is the access table's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListingActor {
    /// The account or member of staff.
    pub id: Uuid,
    /// Whether they are staff with the permission.
    pub is_staff: bool,
}

/// What is known of a listing and its machine when somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingFacts {
    /// Where it is.
    pub state: ListingState,
    /// The account that owns the machine.
    pub owner: Uuid,
    /// The price that is asked.
    pub asking_fen: Option<Fen>,
    /// The enquiry for which it is kept.
    pub reserved_for: Option<Uuid>,
    /// What was paid for it.
    pub sold_fen: Option<Fen>,
    /// Whether the machine secures a guarantee now.
    pub encumbered: bool,
    /// The machine's ownership, from its papers.
    pub ownership: Option<Ownership>,
    /// What the register says, from its papers.
    pub registry: Option<RegistrySearch>,
    /// Whether it is disputed, from its papers.
    pub disputed: Option<bool>,
}

impl ListingFacts {
    /// A new draft of a machine with such a title.
    pub fn draft(owner: Uuid, title: &Title, encumbered: bool) -> Self {
        Self {
            state: ListingState::Draft,
            owner,
            asking_fen: None,
            reserved_for: None,
            sold_fen: None,
            encumbered,
            ownership: title.ownership,
            registry: title.registry,
            disputed: title.disputed,
        }
    }
}

/// A permitted change, made by [`decide`] alone, so that a store that asks for one cannot change what the table does not
/// allow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a transition that is not stored has not happened"]
pub struct ListingTransition {
    from: ListingState,
    after: ListingFacts,
    action: ListingAction,
    hat: ListingHat,
    actor: Uuid,
}

impl ListingTransition {
    /// Where it was; the store changes a row only if it still is there.
    pub fn from(&self) -> ListingState {
        self.from
    }

    /// The facts to be stored.
    pub fn after(&self) -> &ListingFacts {
        &self.after
    }

    /// What was done.
    pub fn action(&self) -> &ListingAction {
        &self.action
    }

    /// In what function.
    pub fn hat(&self) -> ListingHat {
        self.hat
    }

    /// By whom.
    pub fn actor(&self) -> Uuid {
        self.actor
    }
}

use ListingActionKind as A;
use ListingHat::{Owner, Staff};
use ListingState as S;

const BOTH: &[ListingHat] = &[Owner, Staff];

/// The one table.
const TABLE: &[(S, A, &[ListingHat], S)] = &[
    (S::Draft, A::Change, BOTH, S::Draft),
    (S::Draft, A::Publish, BOTH, S::Published),
    (S::Draft, A::Withdraw, BOTH, S::Withdrawn),
    (S::Published, A::Change, BOTH, S::Published),
    (S::Published, A::Reserve, BOTH, S::Reserved),
    (S::Published, A::Sell, &[Staff], S::Sold),
    (S::Published, A::Withdraw, BOTH, S::Withdrawn),
    (S::Reserved, A::Release, BOTH, S::Published),
    (S::Reserved, A::Sell, &[Staff], S::Sold),
    (S::Reserved, A::Withdraw, BOTH, S::Withdrawn),
    (S::Withdrawn, A::Redraft, BOTH, S::Draft),
];

/// Decides on an action.
///
/// # Errors
/// The [`ListingRefusal`], and nothing has changed.
pub fn decide(
    facts: &ListingFacts,
    action: &ListingAction,
    actor: &ListingActor,
) -> Result<ListingTransition, ListingRefusal> {
    let (hat, state) = permitted(facts, action.kind(), actor)?;
    judge(facts, action)?;
    let mut after = ListingFacts { state, ..*facts };
    match *action {
        ListingAction::Change { asking_fen } => after.asking_fen = asking_fen,
        ListingAction::Reserve { enquiry, .. } => after.reserved_for = Some(enquiry),
        ListingAction::Sell { price_fen } => after.sold_fen = Some(price_fen),
        ListingAction::Release | ListingAction::Withdraw => after.reserved_for = None,
        ListingAction::Publish | ListingAction::Redraft => {}
    }
    Ok(ListingTransition { from: facts.state, after, action: *action, hat, actor: actor.id })
}

/// The facts of a listing once an enquiry about it was closed; nothing where it is not kept for that one. Unlike a release it
/// asks nobody and hangs on nothing: what is kept for an enquiry that is over is kept for nobody, whoever closed it and
/// whatever the machine secures meanwhile.
pub fn lapsed(facts: &ListingFacts, enquiry: Uuid) -> Option<ListingFacts> {
    let is_kept = facts.state == S::Reserved && facts.reserved_for == Some(enquiry);
    is_kept.then_some(ListingFacts { state: S::Published, reserved_for: None, ..*facts })
}

/// What this caller may do now, as far as it depends on state, person, encumbrance and title; prices and enquiries are judged
/// by [`decide`].
pub fn allowed_actions(facts: &ListingFacts, actor: &ListingActor) -> Vec<ListingActionKind> {
    ListingActionKind::ALL.iter().copied().filter(|kind| permitted(facts, *kind, actor).is_ok()).collect()
}

fn permitted(
    facts: &ListingFacts,
    kind: ListingActionKind,
    actor: &ListingActor,
) -> Result<(ListingHat, ListingState), ListingRefusal> {
    // whoever has no business with it learns nothing of its state
    let own_hat = if actor.is_staff {
        Staff
    } else if actor.id == facts.owner {
        Owner
    } else {
        return Err(ListingRefusal::NotYours);
    };
    let row = TABLE.iter().find(|(state, action, ..)| *state == facts.state && *action == kind);
    let (_, _, hats, to) = row.ok_or(ListingRefusal::NotInThisState { state: facts.state })?;
    if !hats.contains(&own_hat) {
        return Err(ListingRefusal::StaffOnly);
    }
    if facts.encumbered && kind != A::Withdraw {
        return Err(ListingRefusal::Encumbered);
    }
    // what was published and is then found to be another's is not reserved or sold either
    if matches!(kind, A::Publish | A::Reserve | A::Sell) {
        title_is_clear(facts)?;
    }
    Ok((own_hat, *to))
}

fn title_is_clear(facts: &ListingFacts) -> Result<(), ListingRefusal> {
    if facts.ownership != Some(Ownership::Owned) {
        Err(ListingRefusal::NotOwned)
    } else if facts.registry == Some(RegistrySearch::Encumbered) {
        Err(ListingRefusal::RegisteredElsewhere)
    } else if facts.disputed == Some(true) {
        Err(ListingRefusal::Disputed)
    } else {
        Ok(())
    }
}

fn judge(facts: &ListingFacts, action: &ListingAction) -> Result<(), ListingRefusal> {
    let is_price = |price: Fen| Fen::ZERO < price && price <= PRICE_MAX;
    let has_price =
        |price: Option<Fen>| if price.is_some_and(is_price) { Ok(()) } else { Err(ListingRefusal::PriceInvalid) };
    match *action {
        // a draft may still lack its price, an offer may not
        ListingAction::Change { asking_fen: None } if facts.state == S::Draft => Ok(()),
        ListingAction::Change { asking_fen } => has_price(asking_fen),
        ListingAction::Publish => has_price(facts.asking_fen),
        ListingAction::Sell { price_fen } => has_price(Some(price_fen)),
        ListingAction::Reserve { enquiry_state: EnquiryState::Closed, .. } => Err(ListingRefusal::EnquiryClosed),
        _ => Ok(()),
    }
}
