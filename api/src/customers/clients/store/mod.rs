//! The SQL of customers. Names, numbers, phones and addresses of persons are sealed and looked up by keyed hashes.

mod classes;
mod lists;

pub(super) use classes::{ClassRow, add_class, class_source, classes, classes_until};
pub(super) use lists::{Narrow, Sought, linked, page};

use domain::customers::CustomerKind;
use domain::limits::weights::ClientClass;
use domain::person::{IdNumber, Phone, RealName, address_form, masked_address};
use entity::customers as table;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::door::{NewClient, Who};
use crate::error::{Code, Error, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

pub(in crate::customers) use table::Model as Row;

const NAME: &str = "customers.name";
const IDENTITY: &str = "customers.identity";
const PHONE: &str = "customers.phone";
const ADDRESS: &str = "customers.address";

/// A record in clear.
#[derive(Clone)]
pub(in crate::customers) struct Fields {
    pub(in crate::customers) kind: CustomerKind,
    pub(in crate::customers) name: String,
    /// A person's ID number; of others the credit code.
    pub(in crate::customers) identity: String,
    pub(in crate::customers) phone: Option<String>,
    pub(in crate::customers) address: Option<String>,
    pub(in crate::customers) class: ClientClass,
    pub(in crate::customers) industry: Option<String>,
    pub(in crate::customers) region: Option<String>,
    pub(in crate::customers) controlling_party: bool,
    pub(in crate::customers) enterprise: Option<Uuid>,
    pub(in crate::customers) channel: Option<Uuid>,
    pub(in crate::customers) department: Option<Uuid>,
    pub(in crate::customers) officer: Option<Uuid>,
}

impl Fields {
    pub(super) fn of_new(new: &NewClient<'_>, enterprise: Option<Uuid>) -> Self {
        let (kind, name, identity) = match &new.who {
            Who::Person(name, number) => (CustomerKind::Person, name.expose().to_owned(), number.expose().to_owned()),
            Who::Enterprise(name, code) => (CustomerKind::Enterprise, (*name).to_owned(), code.as_str().to_owned()),
            Who::Bank(name, code) => (CustomerKind::Bank, (*name).to_owned(), code.as_str().to_owned()),
        };
        Self {
            kind,
            name,
            identity,
            phone: new.phone.map(|phone| phone.expose().to_owned()),
            address: None,
            class: new.class,
            industry: new.industry.map(str::to_owned),
            region: new.region.map(str::to_owned),
            controlling_party: false,
            enterprise,
            channel: None,
            department: new.department,
            officer: None,
        }
    }

    /// What a row says.
    pub(in crate::customers) fn of(tx: &TenantTx, row: &Row) -> Result<Self> {
        let open = |place: &str, sealed: &Option<Vec<u8>>| {
            sealed.as_deref().map(|sealed| tx.open(place, row.id, sealed)).transpose()
        };
        let broken = || Error::new(Code::Internal);
        let (name, identity) = (open(NAME, &row.name_sealed)?, open(IDENTITY, &row.identity_sealed)?);
        Ok(Self {
            kind: kind_of(row)?,
            name: name.or_else(|| row.name.clone()).ok_or_else(broken)?,
            identity: identity.or_else(|| row.credit_code.clone()).ok_or_else(broken)?,
            phone: open(PHONE, &row.phone_sealed)?,
            address: open(ADDRESS, &row.address_sealed)?,
            class: ClientClass::from_code(&row.class).ok_or_else(broken)?,
            industry: row.industry.clone(),
            region: row.region.clone(),
            controlling_party: row.controlling_party,
            enterprise: row.enterprise_id,
            channel: row.channel_id,
            department: row.department_id,
            officer: row.officer_id,
        })
    }

    /// Whether a natural person's, so that what says who they are is personal.
    pub(in crate::customers) fn is_person(&self) -> bool {
        self.kind == CustomerKind::Person
    }

    /// The name as it may be shown: of persons the last character.
    pub(in crate::customers) fn shown_name(&self) -> String {
        if self.is_person() { masked_name(&self.name) } else { self.name.clone() }
    }

    /// A person's ID number, masked.
    pub(in crate::customers) fn shown_id_number(&self) -> Option<String> {
        let masked = || IdNumber::parse(&self.identity).map_or_else(|_| "***".to_owned(), |number| number.masked());
        self.is_person().then(masked)
    }

    /// The credit code of those who have one.
    pub(in crate::customers) fn credit_code(&self) -> Option<String> {
        (!self.is_person()).then(|| self.identity.clone())
    }

    /// The phone, masked.
    pub(in crate::customers) fn shown_phone(&self) -> Option<String> {
        let masked = |text: &String| Phone::parse(text).map_or_else(|_| "***".to_owned(), |phone| phone.masked());
        self.phone.as_ref().map(masked)
    }

    /// The address, of persons masked.
    pub(in crate::customers) fn shown_address(&self) -> Option<String> {
        let shown = |text: &String| if self.is_person() { masked_address(text) } else { text.clone() };
        self.address.as_ref().map(shown)
    }

    fn row(&self, tx: &TenantTx, id: Uuid) -> Result<Row> {
        let sealed = |place: &str, text: Option<&str>| text.map(|text| tx.seal(place, id, text)).transpose();
        let hash = |what: &str, text: Option<&str>| text.map(|text| tx.keys().lookup(what, text));
        let personal = |text| self.is_person().then_some(text);
        let address = self.address.as_deref().map(address_form);
        Ok(Row {
            tenant_id: tx.tenant(),
            id,
            kind: self.kind.code().to_owned(),
            name: (!self.is_person()).then(|| self.name.clone()),
            name_sealed: sealed(NAME, personal(self.name.as_str()))?,
            name_hash: personal(self.name.as_str()).map(|name| name_hash(tx, name)),
            identity_hash: identity_hash(tx, self),
            identity_sealed: sealed(IDENTITY, personal(self.identity.as_str()))?,
            credit_code: self.credit_code(),
            phone_sealed: sealed(PHONE, self.phone.as_deref())?,
            phone_hash: hash("phone", self.phone.as_deref()),
            address_sealed: sealed(ADDRESS, self.address.as_deref())?,
            address_hash: hash("address", address.as_deref()),
            class: self.class.code().to_owned(),
            industry: self.industry.clone(),
            region: self.region.clone(),
            controlling_party: self.controlling_party,
            enterprise_id: self.enterprise,
            channel_id: self.channel,
            department_id: self.department,
            officer_id: self.officer,
            version: 1,
            created_at: tx.now(),
            updated_at: tx.now(),
            restricted: None,
        })
    }
}

/// What a row's customer is.
pub(in crate::customers) fn kind_of(row: &Row) -> Result<CustomerKind> {
    CustomerKind::from_code(&row.kind).ok_or_else(|| Error::new(Code::Internal))
}

fn masked_name(name: &str) -> String {
    RealName::parse(name).map_or_else(|_| "***".to_owned(), |name| name.masked())
}

/// By what a record is found again.
pub(super) fn identity_hash(tx: &TenantTx, fields: &Fields) -> Vec<u8> {
    let what = if fields.is_person() { "id_number" } else { "credit_code" };
    tx.keys().lookup(what, &fields.identity)
}

fn name_hash(tx: &TenantTx, name: &str) -> Vec<u8> {
    tx.keys().lookup("name", name)
}

/// Which customers a scope takes in: those of its departments, or those that one looks after.
pub(super) fn visible(scope: &ScopeFilter) -> sea_orm::Condition {
    // what is blocked is kept and used for nothing, what was erased is an empty frame
    let all = sea_orm::Condition::all().add(table::Column::Restricted.is_null());
    match scope {
        ScopeFilter::All => all,
        ScopeFilter::Departments(ids) => all.add(table::Column::DepartmentId.is_in(ids.iter().copied())),
        ScopeFilter::Own(id) => all.add(table::Column::OfficerId.eq(*id)),
    }
}

pub(in crate::customers) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<table::Entity>(id).await
}

/// Rows by id, locked until the transaction ends, in the order of their ids so that no two wait for each other.
pub(in crate::customers) async fn lock_all(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Row>> {
    use sea_orm::QueryOrder;
    let query = tx.all::<table::Entity>().filter(table::Column::Id.is_in(ids.iter().copied()));
    Ok(query.order_by_asc(table::Column::Id).lock_exclusive().all(tx.raw()).await?)
}

/// The row, if it is within `scope`; locked until the transaction ends where it is about to change.
pub(super) async fn find_visible(tx: &TenantTx, scope: &ScopeFilter, id: Uuid, lock: bool) -> Result<Option<Row>> {
    let query = tx.all::<table::Entity>().filter(table::Column::Id.eq(id)).filter(visible(scope));
    Ok(if lock { query.lock_exclusive() } else { query }.one(tx.raw()).await?)
}

pub(super) async fn by_identity(tx: &TenantTx, hash: &[u8]) -> Result<Option<Row>> {
    Ok(tx.all::<table::Entity>().filter(table::Column::IdentityHash.eq(hash.to_vec())).one(tx.raw()).await?)
}

/// Lets a record that was blocked be used again.
pub(super) async fn unblock(tx: &TenantTx, id: Uuid) -> Result<()> {
    tx.update_all::<table::Entity>()
        .set(table::ActiveModel { restricted: sea_orm::ActiveValue::Set(None), ..Default::default() })
        .filter(table::Column::Id.eq(id))
        .exec(tx.raw())
        .await?;
    Ok(())
}

pub(super) async fn named(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(tx.all::<table::Entity>().filter(table::Column::Id.is_in(ids.iter().copied())).all(tx.raw()).await?)
}

/// A name as it may be shown: of persons the last character.
pub(super) fn shown_name(tx: &TenantTx, row: &Row) -> Result<String> {
    if let Some(name) = &row.name {
        return Ok(name.clone());
    }
    let sealed = row.name_sealed.as_deref().ok_or_else(|| Error::new(Code::Internal))?;
    Ok(masked_name(&tx.open(NAME, row.id, sealed)?))
}

/// Adds a record with its class, which holds from today on.
pub(super) async fn insert(tx: &TenantTx, fields: &Fields, source: &str) -> Result<Row> {
    let row = fields.row(tx, Uuid::now_v7())?;
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    add_class(tx, row.id, fields.class, source).await?;
    Ok(row)
}

/// Writes all of a row that was locked, as its next version.
pub(super) async fn replace(tx: &TenantTx, old: &Row, fields: &Fields) -> Result<Row> {
    let mut row = fields.row(tx, old.id)?;
    row.version = old.version.saturating_add(1);
    row.created_at = old.created_at;
    row.restricted.clone_from(&old.restricted);
    tx.update(row.clone().into_active_model().reset_all()).await?;
    Ok(row)
}
