//! Carrying out an erasure, in one transaction: everything of a person, as the domain decides of each thing. Files go by jobs that
//! the same transaction plans, and so do messages that name a phone and nothing else.

use chrono::{DateTime, Utc};
use domain::privacy::{Business, Class, Fate, business_of, fate};
use domain::time::TenantZone;
use uuid::Uuid;

use super::outcome::{Became, Outcome};
use super::store::{self, Gone, Person};
use super::sweep;
use crate::error::Result;
use crate::platform::audit::erase_details;
use crate::platform::db::TenantTx;
use crate::{applications, people};

/// What an erasure did, and whose log-ins it ended.
pub(super) struct Erased {
    pub outcome: Outcome,
    pub ended: Option<people::Revoked>,
}

/// Erases a person's data.
///
/// # Errors
/// If the database fails; then nothing was erased.
pub(super) async fn erase(tx: &TenantTx, who: Person) -> Result<Erased> {
    let mut outcome = Outcome::default();
    let mut gone = business(tx, who, None, &mut outcome).await?;
    for machine in store::equipment(tx, who).await? {
        if store::is_encumbered(tx, machine).await? {
            outcome.note(Class::Machines, Fate::InUse);
            continue;
        }
        gone.extend(store::erase_equipment(tx, machine).await?);
        outcome.note(Class::Machines, Fate::Erased);
    }
    let ended = match who.applicant {
        Some(applicant) => Some(account(tx, applicant, &mut gone, &mut outcome).await?),
        None => None,
    };
    let entries = erase_details(tx, &gone).await?;
    outcome.add(Class::Audit, Became::Erased, entries, None);
    Ok(Erased { outcome, ended })
}

/// What came to be business is looked at again whenever time has passed: what was in use when its person asked for erasure is
/// blocked once it ended, and what was blocked is erased once its period is over.
///
/// # Errors
/// If the database fails.
pub(super) async fn look_again(tx: &TenantTx, who: Person, decided_at: Option<DateTime<Utc>>) -> Result<()> {
    let gone = business(tx, who, decided_at, &mut Outcome::default()).await?;
    erase_details(tx, &gone).await.map(|_| ())
}

/// `decided_at` is when erasure was carried out, where it was: who became a customer again since asked for nothing of that.
async fn business(
    tx: &TenantTx,
    who: Person,
    decided_at: Option<DateTime<Utc>>,
    outcome: &mut Outcome,
) -> Result<Gone> {
    let mut gone: Gone = vec![];
    for application in store::applications(tx, who).await? {
        gone.extend(one_application(tx, application, outcome).await?);
    }
    for customer in store::customers(tx, who).await? {
        if let (Some(decided), Some(approved)) = (decided_at, store::approved_at(tx, customer).await?)
            && approved > decided
        {
            continue;
        }
        gone.extend(one_customer(tx, customer, outcome).await?);
    }
    Ok(gone)
}

/// An application, and all that lies with it.
async fn one_application(tx: &TenantTx, id: Uuid, outcome: &mut Outcome) -> Result<Gone> {
    applications::withdraw_undecided(tx, id).await?;
    let standing = store::standing(tx, id).await?;
    if standing.restricted.as_deref() == Some("erased") {
        return Ok(vec![]);
    }
    let limits = store::limits(tx, "a.application_id", id).await?;
    let business = business_of(standing.state, standing.since, &limits);
    let fate = fate_of(tx, Class::Applications, business).await?;
    for class in [Class::Applications, Class::Documents, Class::Collected, Class::Scores, Class::Consents] {
        outcome.note(class, fate);
    }
    match fate {
        Fate::Erased => store::erase_application(tx, id).await,
        Fate::Blocked(_) => store::block(tx, "applications", id).await.map(|()| vec![]),
        Fate::InUse => Ok(vec![]),
    }
}

/// A record among the customers, and the books that belong to it.
async fn one_customer(tx: &TenantTx, id: Uuid, outcome: &mut Outcome) -> Result<Gone> {
    let limits = store::limits(tx, "l.customer_id", id).await?;
    let is_surety = store::is_surety(tx, id).await?;
    let approved_on = store::approved_at(tx, id).await?.map(|at| TenantZone::default().date_of(at));
    let business = match approved_on {
        _ if is_surety || limits.iter().any(|limit| limit.is_open) => Business::Open,
        Some(on) => Business::Ended(limits.iter().map(|limit| limit.last_on).fold(on, Ord::max)),
        None => Business::Never,
    };
    let fate = fate_of(tx, Class::Customers, business).await?;
    outcome.note(Class::Customers, fate);
    if business != Business::Never {
        let until = if let Fate::Blocked(until) = fate { Some(until) } else { None };
        outcome.add(Class::Limits, Became::Kept, 1, until);
    }
    match fate {
        Fate::Erased => store::erase_customer(tx, id).await,
        Fate::Blocked(_) => store::block(tx, "customers", id).await.map(|()| vec![]),
        Fate::InUse => Ok(vec![]),
    }
}

async fn fate_of(tx: &TenantTx, class: Class, business: Business) -> Result<Fate> {
    let days = store::days_of(tx, class).await?.unwrap_or(u32::MAX);
    Ok(fate(business, days, TenantZone::default().date_of(tx.now())))
}

/// The account itself: messages, kept replies, copies, log-ins, and last the phone.
async fn account(tx: &TenantTx, id: Uuid, gone: &mut Gone, outcome: &mut Outcome) -> Result<people::Revoked> {
    if let Some(phone) = people::applicant_phone(tx, id).await? {
        sweep::plan(tx, &phone).await?;
    }
    gone.extend(store::erase_account_rows(tx, id).await?);
    let ended = people::close_account(tx, id).await?;
    for class in [Class::Account, Class::LogIns, Class::Inbox, Class::Deliveries, Class::Replies] {
        outcome.add(class, Became::Erased, 1, None);
    }
    let requests = domain::privacy::Class::Requests;
    let until = TenantZone::default().date_of(tx.now());
    let days = store::days_of(tx, requests).await?.unwrap_or_default();
    outcome.add(requests, Became::Kept, 1, until.checked_add_days(chrono::Days::new(days.into())));
    Ok(ended)
}
