//! The SQL of customers. Names, numbers, phones and addresses of persons are sealed and looked up by keyed hashes.

use chrono::NaiveDate;
use domain::limits::groups::LinkKind;
use domain::limits::weights::ClientClass;
use domain::person::RealName;
use entity::{customer_classes as classes, customer_relations as relations, customers as table};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::door::{NewClient, Who};
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

pub(super) use table::Model as Row;

const NAME: &str = "customers.name";
const IDENTITY: &str = "customers.identity";
const PHONE: &str = "customers.phone";
const ADDRESS: &str = "customers.address";

/// A record in clear.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// A person's ID number; of others the credit code.
    pub(super) identity: String,
    pub(super) phone: Option<String>,
    pub(super) address: Option<String>,
    pub(super) class: ClientClass,
    pub(super) industry: Option<String>,
    pub(super) region: Option<String>,
    pub(super) controlling_party: bool,
    pub(super) channel: Option<Uuid>,
    pub(super) department: Option<Uuid>,
}

impl Fields {
    pub(super) fn of_new(new: &NewClient<'_>) -> Self {
        let (kind, name, identity) = match &new.who {
            Who::Person(name, number) => ("person", name.expose().to_owned(), number.expose().to_owned()),
            Who::Enterprise(name, code) => ("enterprise", (*name).to_owned(), code.as_str().to_owned()),
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
            channel: None,
            department: new.department,
        }
    }

    fn is_person(&self) -> bool {
        self.kind == "person"
    }
}

/// By what a record is found again.
pub(super) fn identity_hash(tx: &TenantTx, fields: &Fields) -> Result<Vec<u8>> {
    let what = if fields.is_person() { "id_number" } else { "credit_code" };
    Ok(tx.keys().lookup(what, &fields.identity))
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<table::Entity>(id).await
}

pub(super) async fn by_identity(tx: &TenantTx, hash: &[u8]) -> Result<Option<Row>> {
    Ok(tx.all::<table::Entity>().filter(table::Column::IdentityHash.eq(hash.to_vec())).one(tx.raw()).await?)
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
    let name = tx.open(NAME, row.id, sealed)?;
    Ok(RealName::parse(&name).map_or_else(|_| "***".to_owned(), |name| name.masked()))
}

/// Adds a record with its class, which holds from today on.
pub(super) async fn insert(tx: &TenantTx, fields: &Fields, source: &str) -> Result<Row> {
    let id = Uuid::now_v7();
    let sealed = |place: &str, text: Option<&str>| text.map(|text| tx.seal(place, id, text)).transpose();
    let person = fields.is_person();
    let hash = |what: &str, text: Option<&str>| text.map(|text| tx.keys().lookup(what, text));
    let row = Row {
        tenant_id: tx.tenant(),
        id,
        kind: fields.kind.to_owned(),
        name: (!person).then(|| fields.name.clone()),
        name_sealed: sealed(NAME, person.then_some(fields.name.as_str()))?,
        identity_hash: identity_hash(tx, fields)?,
        identity_sealed: sealed(IDENTITY, person.then_some(fields.identity.as_str()))?,
        credit_code: (!person).then(|| fields.identity.clone()),
        phone_sealed: sealed(PHONE, fields.phone.as_deref())?,
        phone_hash: hash("phone", fields.phone.as_deref()),
        address_sealed: sealed(ADDRESS, fields.address.as_deref())?,
        address_hash: hash("address", fields.address.as_deref()),
        class: fields.class.code().to_owned(),
        industry: fields.industry.clone(),
        region: fields.region.clone(),
        controlling_party: fields.controlling_party,
        enterprise_id: None,
        channel_id: fields.channel,
        department_id: fields.department,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    add_class(tx, id, fields.class, source).await?;
    Ok(row)
}

/// What class a customer has from today on.
pub(super) async fn add_class(tx: &TenantTx, customer: Uuid, class: ClientClass, source: &str) -> Result<()> {
    let row = classes::Model {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        customer_id: customer,
        class: class.code().to_owned(),
        source: source.to_owned(),
        valid_from: domain::time::TenantZone::default().date_of(tx.now()),
        set_by: tx.actor().id,
        created_at: tx.now(),
    };
    tx.insert::<_, classes::ActiveModel>(row).await
}

/// Who is linked to any of `parties` on a day by a link of the counted kinds.
pub(super) async fn linked(tx: &TenantTx, parties: &[Uuid], counted: &[LinkKind], day: NaiveDate) -> Result<Vec<Uuid>> {
    use relations::Column as C;
    let parties = || parties.iter().copied();
    let ends: Vec<(Uuid, Uuid)> = tx
        .all::<relations::Entity>()
        .select_only()
        .column(C::AId)
        .column(C::BId)
        .filter(Condition::any().add(C::AId.is_in(parties())).add(C::BId.is_in(parties())))
        .filter(C::Kind.is_in(counted.iter().map(|kind| kind.code())))
        .filter(C::ValidFrom.lte(day))
        .filter(Condition::any().add(C::ValidTo.is_null()).add(C::ValidTo.gt(day)))
        .into_tuple()
        .all(tx.raw())
        .await?;
    Ok(ends.into_iter().flat_map(|(a, b)| [a, b]).collect())
}

/// The classes of some customers up to a day, in the order of their days.
pub(super) async fn classes_until(tx: &TenantTx, ids: &[Uuid], day: NaiveDate) -> Result<Vec<(Uuid, String)>> {
    use classes::Column as C;
    const IDS_AT_ONCE: usize = 10_000;
    let mut all = vec![];
    for some in ids.chunks(IDS_AT_ONCE) {
        let rows = tx.all::<classes::Entity>().select_only().column(C::CustomerId).column(C::Class);
        let rows = rows.filter(C::CustomerId.is_in(some.iter().copied())).filter(C::ValidFrom.lte(day));
        let rows = rows.order_by_asc(C::ValidFrom).order_by_asc(C::Id).into_tuple();
        all.extend(rows.all(tx.raw()).await?);
    }
    Ok(all)
}
