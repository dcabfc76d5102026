//! The way of an application as one table: state × action × hat → next state. Nothing else in the product changes a
//! state; the server sends [`allowed_actions`], and clients never copy the table.
//!
//! Maker is not checker: whoever investigated (now or earlier) neither reviews nor decides, whoever reviewed does not decide.
//!
//! What a user may expect:
//! - A person's application pulls no data; it is graded and always goes to an officer, whatever the grade says.
//! - Whoever consents for an enterprise is who may, or an officer has confirmed it; until then nothing but the
//!   registration is collected, nothing is scored, and nothing is granted.
//! - A gap in the data, an officer already at work or a requested review by a person each rule out an automatic refusal.
//! - A return remembers who returned it. The resubmission goes straight back there with all work kept; it is collected
//!   (enterprise) or graded (person) again on the way only when it is now about somebody else.
//! - Sending back goes to any earlier step and deletes nothing; from the data steps it comes back to its officer.

use super::action::{Action, ActionKind, Advice, CONDITIONS_MAX, Outcome, RETURN_ITEMS_MAX, ReturnItem, Terms};
use super::completeness::{Missing, Place};
use super::refusal::Refusal;
use super::state::ApplicationState as S;
use super::state::{Actor, Facts, Hat};
use super::transition::Transition;
use crate::consent::SubjectKind;
use crate::money::Fen;

/// Where an action leads.
#[derive(Debug, Clone, Copy)]
enum To {
    Is(S),
    /// Stays where it is.
    Stays,
    /// To collection or, for a person, to grading.
    Entry,
    /// Back to the step that returned it.
    Returner,
    /// To its officer, or to get one.
    Doubted,
    /// To a person, or to an automatic refusal.
    Screened,
    /// To the earlier step that the caller names.
    Named,
}

/// The one table.
const TABLE: &[(S, ActionKind, &[Hat], To)] = &[
    (S::Draft, ActionKind::Submit, &[Hat::Applicant], To::Entry),
    (S::Draft, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Collecting, ActionKind::Collected, &[Hat::System], To::Is(S::Screening)),
    (S::Collecting, ActionKind::CollectionGap, &[Hat::System], To::Is(S::Screening)),
    (S::Collecting, ActionKind::EntitlementDoubted, &[Hat::System], To::Doubted),
    (S::Collecting, ActionKind::Assign, ASSIGNERS, To::Stays),
    (S::Collecting, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Screening, ActionKind::Screened, &[Hat::System], To::Screened),
    (S::Screening, ActionKind::Assign, ASSIGNERS, To::Stays),
    (S::Screening, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Assigning, ActionKind::Assign, ASSIGNERS, To::Is(S::Investigating)),
    (S::Assigning, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Investigating, ActionKind::Assign, ASSIGNERS, To::Stays),
    (S::Investigating, ActionKind::ConfirmEntitlement, &[Hat::Officer], To::Is(S::Collecting)),
    (S::Investigating, ActionKind::Return, &[Hat::Officer], To::Is(S::Returned)),
    (S::Investigating, ActionKind::Recommend, &[Hat::Officer], To::Is(S::Reviewing)),
    (S::Investigating, ActionKind::SendBack, &[Hat::Officer], To::Named),
    (S::Investigating, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Returned, ActionKind::Resubmit, &[Hat::Applicant], To::Returner),
    (S::Returned, ActionKind::Assign, ASSIGNERS, To::Stays),
    (S::Returned, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Reviewing, ActionKind::ReviewPass, &[Hat::Reviewer], To::Is(S::Approving)),
    (S::Reviewing, ActionKind::Return, &[Hat::Reviewer], To::Is(S::Returned)),
    (S::Reviewing, ActionKind::SendBack, &[Hat::Reviewer], To::Named),
    (S::Reviewing, ActionKind::Assign, ASSIGNERS, To::Stays),
    (S::Reviewing, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Approving, ActionKind::Approve, &[Hat::Approver], To::Is(S::Approved)),
    (S::Approving, ActionKind::Refuse, &[Hat::Approver], To::Is(S::Refused)),
    (S::Approving, ActionKind::Return, &[Hat::Approver], To::Is(S::Returned)),
    (S::Approving, ActionKind::SendBack, &[Hat::Approver], To::Named),
    (S::Approving, ActionKind::Assign, ASSIGNERS, To::Stays),
    (S::Approving, ActionKind::Withdraw, &[Hat::Applicant], To::Is(S::Withdrawn)),
    (S::Refused, ActionKind::RequestHumanReview, &[Hat::Applicant], To::Is(S::Assigning)),
];

const ASSIGNERS: &[Hat] = &[Hat::System, Hat::Dispatcher];

/// Decides on an action. The result is the only thing that the store accepts as a change of state.
///
/// # Errors
/// The [`Refusal`], and nothing has changed.
pub fn decide(facts: &Facts, action: &Action, actor: &Actor) -> Result<Transition, Refusal> {
    let (hat, to) = permitted(facts, action.kind(), actor)?;
    judge(facts, action, actor)?;
    let state = next_state(facts, action, to)?;
    let mut after = facts.clone();
    remember(&mut after, action, actor, hat, state);
    Ok(Transition::new(facts.state, after, action.clone(), hat, actor.id))
}

/// What this caller may do now, as far as it depends on state and person; amounts and reasons are judged by [`decide`].
pub fn allowed_actions(facts: &Facts, actor: &Actor) -> Vec<ActionKind> {
    ActionKind::ALL.into_iter().filter(|kind| permitted(facts, *kind, actor).is_ok()).collect()
}

/// The earlier steps to which the application can be sent back from where it is.
pub fn earlier_steps(facts: &Facts) -> Vec<S> {
    let way: &[S] = match facts.subject {
        SubjectKind::Enterprise => &[S::Collecting, S::Screening, S::Investigating, S::Reviewing, S::Approving],
        SubjectKind::Person => &[S::Screening, S::Investigating, S::Reviewing, S::Approving],
    };
    match facts.state {
        S::Investigating | S::Reviewing | S::Approving => {
            way.iter().copied().take_while(|step| *step != facts.state).collect()
        }
        _ => Vec::new(),
    }
}

/// The hat under which the caller may, and where it leads.
fn permitted(facts: &Facts, kind: ActionKind, actor: &Actor) -> Result<(Hat, To), Refusal> {
    let row = TABLE.iter().find(|(state, action, ..)| *state == facts.state && *action == kind);
    let not_now = Refusal::NotInThisState { state: facts.state };
    let Some((state, _, hats, to)) = row else {
        return Err(not_now);
    };
    // before an officer has it there is nobody to replace
    let replaces_nobody = kind == ActionKind::Assign && *state != S::Assigning && facts.investigator.is_none();
    if replaces_nobody {
        return Err(not_now);
    }
    let hat = hats.iter().copied().find(|hat| actor.hats.contains(hat)).ok_or(Refusal::WrongHat)?;
    is_theirs(facts, hat, actor)?;
    match kind {
        ActionKind::ConfirmEntitlement if !facts.entitlement_open => Err(Refusal::EntitlementSettled),
        ActionKind::RequestHumanReview if !facts.refused_automatically => Err(Refusal::NotAutomatic),
        ActionKind::Approve if actor.authority_limit.is_none() => Err(Refusal::AboveAuthority { limit: Fen::ZERO }),
        _ => Ok((hat, *to)),
    }
}

fn is_theirs(facts: &Facts, hat: Hat, actor: &Actor) -> Result<(), Refusal> {
    let id = match (hat, actor.id) {
        (Hat::System, _) => return Ok(()),
        (_, None) => return Err(Refusal::NotYours),
        (_, Some(id)) => id,
    };
    match hat {
        Hat::Applicant if id != facts.applicant => Err(Refusal::NotYours),
        Hat::Officer if facts.investigator != Some(id) => Err(Refusal::NotYours),
        Hat::Reviewer if facts.investigated_by(id) => Err(Refusal::ReviewerInvestigated),
        Hat::Approver if facts.investigated_by(id) => Err(Refusal::ApproverInvestigated),
        Hat::Approver if facts.reviewers.contains(&id) => Err(Refusal::ApproverReviewed),
        _ => Ok(()),
    }
}

/// Judges what the action carries.
fn judge(facts: &Facts, action: &Action, actor: &Actor) -> Result<(), Refusal> {
    match action {
        Action::Submit { missing } | Action::Resubmit { missing, .. } => complete(missing),
        Action::CollectionGap { sources } if sources.is_empty() => Err(Refusal::ReasonMissing),
        Action::EntitlementDoubted { doubt } if !doubt.is_doubted() => Err(Refusal::EntitlementSettled),
        Action::Assign { to } if facts.reviewers.contains(to) => Err(Refusal::AssigneeReviewed),
        Action::Assign { to } if facts.investigator == Some(*to) => Err(Refusal::AlreadyAssigned),
        Action::Return { items } => items_are_sane(items),
        Action::Recommend { advice, missing, .. } => {
            complete(missing)?;
            match advice {
                Advice::Grant(_) if facts.entitlement_open => Err(Refusal::EntitlementOpen),
                Advice::Grant(terms) => terms_fit(facts, *terms),
                Advice::Decline => Ok(()),
            }
        }
        Action::Approve { .. } if facts.entitlement_open => Err(Refusal::EntitlementOpen),
        Action::Approve { terms, conditions } => {
            terms_fit(facts, *terms)?;
            let limit = actor.authority_limit.unwrap_or_default();
            if terms.amount > limit {
                return Err(Refusal::AboveAuthority { limit });
            }
            if conditions.len() > CONDITIONS_MAX { Err(Refusal::TooManyConditions) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn complete(missing: &[Missing]) -> Result<(), Refusal> {
    if missing.is_empty() { Ok(()) } else { Err(Refusal::Incomplete { missing: missing.to_vec() }) }
}

fn items_are_sane(items: &[ReturnItem]) -> Result<(), Refusal> {
    let places: std::collections::BTreeSet<&Place> = items.iter().map(ReturnItem::place).collect();
    let is_sane = (1..=RETURN_ITEMS_MAX).contains(&items.len()) && places.len() == items.len();
    if is_sane { Ok(()) } else { Err(Refusal::ItemsInvalid) }
}

fn terms_fit(facts: &Facts, terms: Terms) -> Result<(), Refusal> {
    let months_min = facts.product_months_min.max(1);
    if terms.amount <= Fen::ZERO {
        Err(Refusal::AmountNotPositive)
    } else if terms.amount > facts.requested {
        Err(Refusal::AboveRequested { requested: facts.requested })
    } else if terms.amount > facts.product_max {
        Err(Refusal::AboveProductMax { max: facts.product_max })
    } else if terms.amount < facts.product_min {
        Err(Refusal::BelowProductMin { min: facts.product_min })
    } else if !(months_min..=facts.product_months_max).contains(&terms.months) {
        Err(Refusal::TermOutOfRange { months_min, months_max: facts.product_months_max })
    } else {
        Ok(())
    }
}

fn next_state(facts: &Facts, action: &Action, to: To) -> Result<S, Refusal> {
    let entry = match facts.subject {
        SubjectKind::Enterprise => S::Collecting,
        SubjectKind::Person => S::Screening,
    };
    Ok(match (to, action) {
        (To::Is(state), _) => state,
        (To::Stays, _) => facts.state,
        (To::Entry, _) | (To::Returner, Action::Resubmit { needs_new_data: true, .. }) => entry,
        // an application cannot be returned without a returner; if a stored row lacks it, it goes to be assigned
        (To::Returner, _) => facts.returned_from.unwrap_or(S::Assigning),
        (To::Doubted, _) if facts.investigator.is_some() => S::Investigating,
        (To::Doubted, _) => S::Assigning,
        (To::Screened, Action::Screened { outcome }) => after_screening(facts, *outcome),
        (To::Screened, _) => S::Assigning,
        (To::Named, Action::SendBack { to, .. }) if earlier_steps(facts).contains(to) => *to,
        (To::Named, _) => return Err(Refusal::NotAnEarlierStep),
    })
}

fn after_screening(facts: &Facts, outcome: Outcome) -> S {
    let a_person_decides = facts.subject == SubjectKind::Person || facts.data_gap || facts.human_review;
    match (facts.returned_from, facts.investigator, outcome) {
        (Some(returner), _, _) => returner,
        (None, Some(_), _) => S::Investigating,
        (None, None, Outcome::Refuse) if !a_person_decides => S::Refused,
        (None, None, _) => S::Assigning,
    }
}

/// Writes into the facts what later steps need to know.
fn remember(after: &mut Facts, action: &Action, actor: &Actor, hat: Hat, state: S) {
    let before = after.state;
    after.state = state;
    // what was returned stands at the step that it goes back to
    let step = if before == S::Returned { after.returned_from.unwrap_or(before) } else { before };
    after.ended_at = state.is_final().then_some(step);
    match (hat, actor.id) {
        (Hat::Reviewer, Some(id)) if !after.reviewers.contains(&id) => after.reviewers.push(id),
        _ => {}
    }
    // collection asks for it anew
    if state == S::Collecting && before != S::Collecting {
        after.entitlement_open = false;
    }
    match action {
        Action::EntitlementDoubted { .. } => after.entitlement_open = true,
        Action::Return { .. } => after.returned_from = Some(before),
        Action::Assign { to } => {
            after.past_investigators.extend(after.investigator.replace(*to));
            after.past_investigators.sort();
            after.past_investigators.dedup();
        }
        Action::CollectionGap { .. } => after.data_gap = true,
        Action::Collected { .. } => after.data_gap = false,
        Action::RequestHumanReview { .. } => {
            after.human_review = true;
            after.refused_automatically = false;
        }
        Action::Screened { .. } if state == S::Refused => after.refused_automatically = true,
        _ => {}
    }
    if after.returned_from == Some(state) {
        after.returned_from = None;
    }
}
