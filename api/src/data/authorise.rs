//! Granting, revoking and reading authorisations (授权标识). Without one in force nothing is collected or evaluated.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::consent::{Authorisation, Capacity, ConsentPurpose, ConsentState};
use domain::id::{Id, kind};
use domain::person::CreditCode;
use domain::time::TenantZone;
use uuid::Uuid;

use super::entitle::{Consenter, entitlement_of};
use super::store::{self, AuthorisationRow};
use super::view::{AuthorisationView, ConsenterView};
use super::{SOURCES, source_of};
use crate::error::{Code, Error, FieldProblem, Result};
use crate::people;
use crate::platform::db::TenantTx;
use crate::tenants::settings;

/// What an applicant agrees to.
#[derive(Clone, Debug)]
pub struct NewAuthorisation {
    /// The application it is for.
    pub application: Uuid,
    /// Who gives it.
    pub applicant: Uuid,
    /// Credit code of the enterprise.
    pub subject: String,
    /// In which capacity.
    pub capacity: Capacity,
    /// The person who gives it.
    pub person: Consenter,
    /// Codes of the sources that may be asked.
    pub sources: Vec<String>,
}

/// An authorisation in force, with its row.
#[derive(Clone, Debug)]
pub struct LiveAuthorisation {
    /// Its id.
    pub id: Uuid,
    /// Its mark.
    pub mark: String,
    /// Who gave it.
    pub applicant: Uuid,
    /// Credit code of the enterprise.
    pub subject: String,
    /// In which capacity.
    pub capacity: Capacity,
    /// What it allows.
    pub authorisation: Authorisation,
}

/// Grants an authorisation, or gives back the live one where it covers the same. One that differs takes the place of
/// the live one. The caller has checked who is entitled and has locked the application, so that two grants at once
/// cannot both be live.
///
/// # Errors
/// Fields that are wrong (`/sources`, `/credit_code`); `too_many_enterprises` where the account has consented for as many
/// today as the firm allows.
pub async fn grant(tx: &TenantTx, new: NewAuthorisation) -> Result<AuthorisationView> {
    let sources = checked_sources(&new.sources)?;
    let subject = CreditCode::parse(&new.subject).map_err(|fault| {
        let words = fault.words();
        Error::fields(vec![FieldProblem::new("/credit_code", fault.code(), words.zh, words.en)])
    })?;
    let (settings, _) = settings::load(tx).await?;
    let now = tx.now();
    for row in store::authorisations_of(tx, new.application).await? {
        let old = authorisation_of(&row)?;
        if old.state_at(now) != ConsentState::Granted {
            continue;
        }
        let same = row.subject == subject.as_str()
            && row.applicant_id == new.applicant
            && row.capacity == word(&new.capacity)?
            && row.notice_version == settings.privacy_version
            && old.purpose == ConsentPurpose::Admission
            && old.sources == sources
            && Consenter::of(tx, &row)?.is_same(&new.person);
        if same {
            return view(tx, row);
        }
        store::end(tx, row.id, now, row.version + 1).await?;
    }
    not_too_many(tx, &new, subject.as_str(), settings.consent_enterprises_per_day_max).await?;
    let days = chrono::Duration::days(settings.authorisation_days.into());
    let authorisation = Authorisation::new(ConsentPurpose::Admission, sources, now, now + days).map_err(|state| {
        let words = state.words();
        Error::fields(vec![FieldProblem::new("/sources", state.code(), words.zh, words.en)])
    })?;
    let day = TenantZone::default().date_of(now).format("%Y%m%d");
    let id = Uuid::now_v7();
    let (person_name_sealed, person_id_sealed, person_hash) = new.person.sealed(tx, id)?;
    let row = AuthorisationRow {
        tenant_id: tx.tenant(),
        id,
        mark: format!("SQ{day}-{:06}", tx.next_number("authorisation").await?),
        application_id: new.application,
        applicant_id: new.applicant,
        subject: subject.as_str().to_owned(),
        capacity: word(&new.capacity)?,
        purpose: word(&authorisation.purpose)?,
        sources: serde_json::to_value(&authorisation.sources)?,
        notice_version: settings.privacy_version,
        person_name_sealed,
        person_id_sealed,
        person_hash,
        entitlement: authorisation.entitlement.code().to_owned(),
        confirmed_by: None,
        confirmed_at: None,
        valid_from: authorisation.valid_from,
        valid_to: authorisation.valid_to,
        revoked_at: None,
        version: 1,
        created_at: now,
    };
    store::add_authorisation(tx, row.clone()).await?;
    view(tx, row)
}

/// Whoever asks around among enterprises is stopped: the account is locked, so that what is counted stays so.
async fn not_too_many(tx: &TenantTx, new: &NewAuthorisation, subject: &str, max: u8) -> Result<()> {
    people::lock_applicant(tx, new.applicant).await?;
    let zone = TenantZone::default();
    let midnight = zone.start_of(zone.date_of(tx.now())).unwrap_or(tx.now());
    let mut known = store::subjects_since(tx, new.applicant, midnight).await?;
    known.retain(|known| known != subject);
    if known.len() < usize::from(max) {
        return Ok(());
    }
    Err(Error::new(Code::TooManyEnterprises).detail(
        format!("每个账号每天最多为{max}家企业授权，请明日再试，或联系担保公司办理。"),
        format!("One account may consent for at most {max} enterprises a day; try again tomorrow or ask the firm."),
    ))
}

/// The sources in the order in which they are named to people, each once.
fn checked_sources(codes: &[String]) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for (at, _) in codes.iter().enumerate().filter(|(_, code)| source_of(code).is_none()).take(SOURCES.len()) {
        problems.push(FieldProblem::new(
            format!("/sources/{at}"),
            "unknown_source",
            format!("没有这个数据来源，可选：{}", SOURCES.join("、")),
            format!("No such source; there are {}", SOURCES.join(", ")),
        ));
    }
    if codes.is_empty() {
        let words = ConsentState::NoSources.words();
        problems.push(FieldProblem::new("/sources", ConsentState::NoSources.code(), words.zh, words.en));
    }
    if !problems.is_empty() {
        return Err(Error::fields(problems));
    }
    let named = SOURCES.iter().filter(|code| codes.iter().any(|named| named == *code));
    Ok(named.map(|code| (*code).to_owned()).collect())
}

/// Revokes an authorisation: no pull or evaluation from now on, and what was collected is blocked.
///
/// # Errors
/// `not_found`; `consent_ended` where it was revoked before.
pub async fn revoke(tx: &TenantTx, application: Uuid, authorisation: Uuid) -> Result<AuthorisationView> {
    let row = store::lock_authorisation(tx, authorisation).await?;
    let mut row = row.filter(|row| row.application_id == application).ok_or_else(Error::not_found)?;
    if row.revoked_at.is_some() {
        return Err(Error::new(Code::ConsentEnded).detail("该授权此前已撤回。", "It was revoked before."));
    }
    row.revoked_at = Some(tx.now());
    row.version += 1;
    store::revoke(tx, row.id, tx.now(), row.version).await?;
    view(tx, row)
}

/// The application's authorisation in force.
///
/// # Errors
/// If the database fails.
pub async fn live(tx: &TenantTx, application: Uuid) -> Result<Option<LiveAuthorisation>> {
    for row in store::authorisations_of(tx, application).await? {
        let authorisation = authorisation_of(&row)?;
        if authorisation.in_force(tx.now()).is_ok() {
            return Ok(Some(live_of(row, authorisation)?));
        }
    }
    Ok(None)
}

/// The authorisation in force by somebody entitled, locked until the transaction ends, so that it cannot be revoked in
/// between.
///
/// # Errors
/// `consent_ended` where there is none.
pub async fn hold(tx: &TenantTx, application: Uuid) -> Result<LiveAuthorisation> {
    let ended = || Error::new(Code::ConsentEnded);
    let seen = live(tx, application).await?.ok_or_else(ended)?;
    let row = store::lock_authorisation(tx, seen.id).await?.ok_or_else(ended)?;
    let authorisation = authorisation_of(&row)?;
    authorisation.may_evaluate(tx.now()).map_err(|_| ended())?;
    live_of(row, authorisation)
}

/// How it stands with the application's authorisation: granted if any is in force, else what became of the last. With
/// it the one in force, as [`live`] finds it.
///
/// # Errors
/// If the database fails.
pub async fn consent_state(tx: &TenantTx, application: Uuid) -> Result<(ConsentState, Option<LiveAuthorisation>)> {
    let (mut last, mut live) = (ConsentState::Absent, None);
    for row in store::authorisations_of(tx, application).await? {
        let authorisation = authorisation_of(&row)?;
        let state = authorisation.covers(tx.now(), ConsentPurpose::Admission, &[]);
        if live.is_none() && authorisation.in_force(tx.now()).is_ok() {
            live = Some(live_of(row, authorisation)?);
        }
        if last == ConsentState::Absent || state == ConsentState::Granted {
            last = state;
        }
    }
    Ok((last, live))
}

/// Every authorisation of an application, newest first.
///
/// # Errors
/// If the database fails.
pub async fn list_of(tx: &TenantTx, application: Uuid) -> Result<Vec<AuthorisationView>> {
    let rows = store::authorisations_of(tx, application).await?;
    let begun: Vec<_> = rows.iter().map(|row| row.created_at).collect();
    let views = rows.into_iter().map(|row| view(tx, row).map(|view| replaced(view, &begun)));
    views.collect()
}

/// An authorisation that ended in the instant in which another began did not run out: the other took its place.
fn replaced(mut view: AuthorisationView, begun: &[DateTime<Utc>]) -> AuthorisationView {
    if view.state == ConsentState::Expired.code() && begun.contains(&view.valid_to) {
        view.state_zh = "已由新的授权替代".to_owned();
        view.state_en = "Replaced by a newer authorisation".to_owned();
    }
    view
}

/// Whether an authorisation was revoked; one that is not there counts as revoked.
///
/// # Errors
/// If the database fails.
pub async fn is_revoked(tx: &TenantTx, authorisation: Uuid) -> Result<bool> {
    Ok(store::authorisation(tx, authorisation).await?.is_none_or(|row| row.revoked_at.is_some()))
}

/// Those of `applications` of which an authorisation was revoked.
///
/// # Errors
/// If the database fails.
pub async fn with_revocation(tx: &TenantTx, applications: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    if applications.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(store::with_revocation(tx, applications).await?.into_iter().collect())
}

/// The rule's form of a stored row.
pub(super) fn authorisation_of(row: &AuthorisationRow) -> Result<Authorisation> {
    Ok(Authorisation {
        purpose: serde_json::from_value(row.purpose.clone().into())?,
        sources: serde_json::from_value(row.sources.clone())?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        revoked_at: row.revoked_at,
        entitlement: entitlement_of(row)?,
    })
}

fn live_of(row: AuthorisationRow, authorisation: Authorisation) -> Result<LiveAuthorisation> {
    Ok(LiveAuthorisation {
        id: row.id,
        mark: row.mark,
        applicant: row.applicant_id,
        subject: row.subject,
        capacity: serde_json::from_value(row.capacity.into())?,
        authorisation,
    })
}

/// The stored word of a value that is one word on the wire.
fn word<T: serde::Serialize>(value: &T) -> Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}

fn view(tx: &TenantTx, row: AuthorisationRow) -> Result<AuthorisationView> {
    let authorisation = authorisation_of(&row)?;
    let state = authorisation.state_at(tx.now());
    let words = state.words();
    let (person, entitled) = (Consenter::of(tx, &row)?, authorisation.entitlement.words());
    Ok(AuthorisationView {
        id: Id::<kind::Authorisation>::from_uuid(row.id).to_string(),
        mark: row.mark,
        subject: row.subject,
        capacity: row.capacity,
        person: ConsenterView { real_name: person.real_name.masked(), id_number: person.id_number.masked() },
        entitlement: row.entitlement,
        entitlement_zh: entitled.zh,
        entitlement_en: entitled.en,
        confirmed_at: row.confirmed_at,
        purpose: row.purpose,
        sources: authorisation.sources.iter().filter_map(|code| source_of(code)).map(Into::into).collect(),
        notice_version: row.notice_version,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        revoked_at: row.revoked_at,
        state: state.code().to_owned(),
        state_zh: words.zh,
        state_en: words.en,
        version: row.version,
        created_at: row.created_at,
    })
}
