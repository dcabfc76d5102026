//! Whether whoever gave an authorisation may: compared with record and registration before anything else is asked for, or
//! confirmed by a member of staff. The rule itself is the domain's.

use domain::assessments::admission::{SourceKind, Sources};
use domain::consent::Capacity;
use domain::entitlement::{Entitlement, compare};
use domain::person::{CreditCode, IdNumber, RealName};
use serde_json::json;
use uuid::Uuid;

use super::authorise::authorisation_of;
use super::store::{self, AuthorisationRow};
use super::{json_source, source_of};
use crate::customers;
use crate::error::{Code, Error, Result};
use crate::platform::db::{Act, TenantTx};

const NAME: &str = "authorisations.person_name";
const ID_NUMBER: &str = "authorisations.person_id";

/// Who gives an authorisation.
#[derive(Clone, Debug)]
pub struct Consenter {
    /// Their name.
    pub real_name: RealName,
    /// Their ID number.
    pub id_number: IdNumber,
}

/// What is compared, for whoever has to clear up a difference. It holds personal data in clear.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Who gave the authorisation.
    pub person: Consenter,
    /// In which capacity.
    pub capacity: Capacity,
    /// The legal representative in the firm's record of the enterprise.
    pub recorded: Option<RealName>,
    /// The legal representative in the registration, as it is written there.
    pub registered: Option<String>,
}

impl Consenter {
    /// Seals them for a row: name, ID number, and the hash by which they are found.
    pub(super) fn sealed(&self, tx: &TenantTx, row: Uuid) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>)> {
        let name = tx.seal(NAME, row, self.real_name.expose())?;
        let number = tx.seal(ID_NUMBER, row, self.id_number.expose())?;
        Ok((name, number, tx.keys().lookup("id_number", self.id_number.expose())))
    }

    /// Opens them from a row.
    pub(super) fn of(tx: &TenantTx, row: &AuthorisationRow) -> Result<Self> {
        let name = tx.open(NAME, row.id, &row.person_name_sealed)?;
        let number = tx.open(ID_NUMBER, row.id, &row.person_id_sealed)?;
        let broken = |_| Error::internal(anyhow::anyhow!("who consented cannot be read"));
        Ok(Self {
            real_name: RealName::parse(&name).map_err(broken)?,
            id_number: IdNumber::parse(&number).map_err(broken)?,
        })
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.real_name == other.real_name && self.id_number == other.id_number
    }
}

/// How it stands, as stored.
pub(super) fn entitlement_of(row: &AuthorisationRow) -> Result<Entitlement> {
    let unknown = || Error::internal(anyhow::anyhow!("no such entitlement"));
    Entitlement::from_code(&row.entitlement).ok_or_else(unknown)
}

/// Compares whoever consented with record and registration, unless that is settled, and commits what came of it. `None`
/// where the authorisation has ended.
pub(super) async fn settle(tx: TenantTx, authorisation: Uuid, round: i32) -> Result<Option<Entitlement>> {
    let row = store::lock_authorisation(&tx, authorisation).await?.ok_or_else(Error::not_found)?;
    let given = authorisation_of(&row)?;
    if given.in_force(tx.now()).is_err() {
        return Ok(None);
    }
    if given.entitlement.is_settled() {
        return Ok(Some(given.entitlement));
    }
    let found = compared(&tx, &row, round).await?;
    let registered = found.registered.as_deref();
    let entitlement = compare(found.capacity, &found.person.real_name, found.recorded.as_ref(), registered);
    if entitlement != given.entitlement {
        store::entitle(&tx, &row, entitlement.code(), None).await?;
        let detail =
            json!({ "before": row.entitlement, "after": entitlement.code(), "mark": row.mark, "round": round });
        tx.commit(Act::new("authorisation.compare", "application", row.application_id).detail(detail)).await?;
    }
    Ok(Some(entitlement))
}

/// Confirms that whoever gave this authorisation may. The caller has locked the application, and says which one they
/// looked at: it has to be the one in force.
///
/// # Errors
/// `not_found`; `consent_ended` where it is not in force; `illegal_transition` where nothing is to be confirmed.
pub async fn confirm(tx: &TenantTx, application: Uuid, authorisation: Uuid, by: Uuid) -> Result<()> {
    let row = store::lock_authorisation(tx, authorisation).await?;
    let row = row.filter(|row| row.application_id == application).ok_or_else(Error::not_found)?;
    let given = authorisation_of(&row)?;
    given.in_force(tx.now()).map_err(|_| {
        Error::new(Code::ConsentEnded).detail(
            "该授权已撤回、过期或被新的授权取代，请查看最新的授权。",
            "It was revoked, has expired, or another has taken its place; look at the present one.",
        )
    })?;
    if given.entitlement.is_settled() {
        return Err(Error::new(Code::IllegalTransition).detail("该授权无需确认。", "There is nothing to confirm."));
    }
    store::entitle(tx, &row, Entitlement::Confirmed.code(), Some(by)).await
}

/// Who gave the last authorisation of an application and what they are compared with; `None` where there is none.
///
/// # Errors
/// If the database fails.
pub async fn compared_of(tx: &TenantTx, application: Uuid, round: i32) -> Result<Option<Compared>> {
    match store::authorisations_of(tx, application).await?.first() {
        Some(row) => compared(tx, row, round).await.map(Some),
        None => Ok(None),
    }
}

/// Whether it is settled that whoever gave an authorisation may; one that is not there was given by nobody.
///
/// # Errors
/// If the database fails.
pub async fn is_entitled(tx: &TenantTx, authorisation: Uuid) -> Result<bool> {
    let row = store::authorisation(tx, authorisation).await?;
    row.map_or(Ok(false), |row| Ok(entitlement_of(&row)?.is_settled()))
}

/// The legal representative in the firm's record of an enterprise.
///
/// # Errors
/// If the database fails.
pub async fn recorded_representative(tx: &TenantTx, subject: &CreditCode) -> Result<Option<RealName>> {
    Ok(customers::find_by_code(tx, subject).await?.and_then(|known| known.legal_representative))
}

async fn compared(tx: &TenantTx, row: &AuthorisationRow, round: i32) -> Result<Compared> {
    let subject = CreditCode::parse(&row.subject).map_err(|e| Error::internal(anyhow::anyhow!("{e}")))?;
    Ok(Compared {
        person: Consenter::of(tx, row)?,
        capacity: serde_json::from_value(row.capacity.clone().into())?,
        recorded: recorded_representative(tx, &subject).await?,
        registered: registered_representative(tx, row.application_id, round).await?,
    })
}

/// The legal representative that the round's last answer of the registration names.
async fn registered_representative(tx: &TenantTx, application: Uuid, round: i32) -> Result<Option<String>> {
    let revoked = store::revoked_of(tx, application).await?;
    let pulls = store::pulls_of(tx, application, Some(round)).await?;
    let answered = pulls.into_iter().rev().find(|pull| {
        source_of(&pull.source) == Some(SourceKind::Registration)
            && ["complete", "incomplete"].contains(&pull.outcome.as_str())
            && !revoked.contains(&pull.authorisation_id)
    });
    let Some(pull) = answered else { return Ok(None) };
    let Some(text) = store::content(tx, pull.id).await? else { return Ok(None) };
    let mut sources = Sources::default();
    json_source::fill(&mut sources, SourceKind::Registration, &text)
        .map_err(|why| Error::internal(anyhow::anyhow!(why)))?;
    Ok(sources.registration.and_then(|registration| registration.legal_representative))
}
