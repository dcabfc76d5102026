//! What other areas may ask of customers: who a client is, as far as the law's bounds ask; their group; and a record for
//! whoever was approved.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::id::{Id, kind};
use domain::limits::groups::LinkKind;
use domain::limits::weights::ClientClass;
use domain::person::{CreditCode, IdNumber, Phone, RealName};
use uuid::Uuid;

use super::store::{self, Fields, Row};
use crate::customers;
use crate::customers::words::{CustomerBrief, CustomerKindWord};
use crate::error::{Code, Error, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// Most members of a group that are looked for: a guarantee circle of more than this is no group of related clients.
const GROUP_MAX: usize = 2_000;

/// A customer as the bounds on guarantees ask.
#[derive(Clone, Debug)]
pub struct Client {
    /// Which one.
    pub id: Uuid,
    /// `person`, `enterprise` or `bank`.
    pub kind: String,
    /// Its size or kind.
    pub class: ClientClass,
    /// Whether it is the firm's controlling shareholder or actual controller (Order 683 art. 17).
    pub controlling_party: bool,
    /// Its industry (GB/T 4754).
    pub industry: Option<String>,
    /// Its region (GB/T 2260).
    pub region: Option<String>,
    /// The department that looks after it.
    pub department: Option<Uuid>,
    /// Whether its record is blocked or was erased: nothing new is begun with it.
    pub restricted: bool,
}

/// Whoever was approved and becomes a customer.
pub struct NewClient<'a> {
    /// A person by name and number, or an enterprise or a bank by name and code.
    pub who: Who<'a>,
    /// Their mobile number.
    pub phone: Option<&'a Phone>,
    /// Their size or kind, as far as it is known; an existing record keeps its own.
    pub class: ClientClass,
    /// Industry (GB/T 4754).
    pub industry: Option<&'a str>,
    /// Region (GB/T 2260).
    pub region: Option<&'a str>,
    /// The department that looks after it.
    pub department: Option<Uuid>,
}

/// By what a customer is known.
pub enum Who<'a> {
    /// A natural person.
    Person(&'a RealName, &'a IdNumber),
    /// An enterprise.
    Enterprise(&'a str, &'a CreditCode),
    /// A bank.
    Bank(&'a str, &'a CreditCode),
}

/// The customer with this id.
///
/// # Errors
/// `not_found`, or a failing database.
pub async fn client(tx: &TenantTx, id: Uuid) -> Result<Client> {
    store::get(tx, id).await?.map(brief).ok_or_else(Error::not_found)
}

/// Whether there is such a customer within what a member of staff sees.
///
/// # Errors
/// If the database fails.
pub async fn is_seen(tx: &TenantTx, scope: &ScopeFilter, id: Uuid) -> Result<bool> {
    Ok(store::find_visible(tx, scope, id, false).await?.is_some())
}

fn brief(row: Row) -> Client {
    Client {
        id: row.id,
        kind: row.kind,
        class: ClientClass::from_code(&row.class).unwrap_or(ClientClass::Other),
        controlling_party: row.controlling_party,
        industry: row.industry,
        region: row.region,
        department: row.department_id,
        restricted: row.restricted.is_some(),
    }
}

/// The record of whoever was approved; made where there is none, found by ID number or credit code. Who comes again after their
/// record was blocked is a customer again.
///
/// # Errors
/// If the database fails.
pub async fn ensure(tx: &TenantTx, new: &NewClient<'_>) -> Result<Uuid> {
    let enterprise = match &new.who {
        Who::Person(..) => None,
        Who::Enterprise(_, code) | Who::Bank(_, code) => customers::find_by_code(tx, code).await?.map(|known| known.id),
    };
    let fields = Fields::of_new(new, enterprise);
    if let Some(row) = store::by_identity(tx, &store::identity_hash(tx, &fields)).await? {
        if row.restricted.is_some() {
            store::unblock(tx, row.id).await?;
        }
        return Ok(row.id);
    }
    Ok(store::insert(tx, &fields, "application").await?.id)
}

/// Everyone in a client's group on a day, itself among them, by links of the counted kinds.
///
/// # Errors
/// If the group is larger than any, or the database fails.
pub async fn group_of(tx: &TenantTx, id: Uuid, counted: &[LinkKind], day: NaiveDate) -> Result<Vec<Uuid>> {
    let mut members = BTreeSet::from([id]);
    let mut frontier = vec![id];
    while !frontier.is_empty() {
        let near = store::linked(tx, &frontier, counted, day).await?;
        frontier = near.into_iter().filter(|other| members.insert(*other)).collect();
        if members.len() > GROUP_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
    }
    Ok(members.into_iter().collect())
}

/// What customers are called; persons by the last character of their name.
///
/// # Errors
/// If the database fails.
pub async fn names(tx: &TenantTx, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows = store::named(tx, ids).await?;
    rows.iter().map(|row| Ok((row.id, store::shown_name(tx, row)?))).collect()
}

/// What class some customers had on a day; who had none yet is not among them.
///
/// # Errors
/// If the database fails.
pub async fn classes_on(tx: &TenantTx, ids: &[Uuid], day: NaiveDate) -> Result<HashMap<Uuid, ClientClass>> {
    let rows = store::classes_until(tx, ids, day).await?;
    let known = rows.into_iter().filter_map(|(id, class)| Some((id, ClientClass::from_code(&class)?)));
    // in the order of their days, so that the last one counts
    Ok(known.collect())
}

/// Customers as others name them, by id.
///
/// # Errors
/// If the database fails.
pub(in crate::customers) async fn briefs(tx: &TenantTx, ids: &[Uuid]) -> Result<HashMap<Uuid, CustomerBrief>> {
    let rows = store::named(tx, ids).await?;
    rows.iter().map(|row| Ok((row.id, brief_of(tx, row)?))).collect()
}

/// A customer as others name it.
///
/// # Errors
/// If what was sealed does not open.
pub(in crate::customers) fn brief_of(tx: &TenantTx, row: &Row) -> Result<CustomerBrief> {
    Ok(CustomerBrief {
        id: Id::<kind::Customer>::from_uuid(row.id).to_string(),
        name: store::shown_name(tx, row)?,
        kind: CustomerKindWord(store::kind_of(row)?),
    })
}
