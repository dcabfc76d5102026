//! This folder's SQL: relations, and records that have a phone or address in common.

use chrono::NaiveDate;
use domain::limits::groups::LinkKind;
use entity::customer_relations::{ActiveModel, Column, Entity, Model};
use entity::customers;
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::customers::clients::store::Row as Customer;
use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::customer_relations::Model as RelationRow;

const DOCUMENT: &str = "customer_relations.document";

/// A new relation as it is stored; of a shareholder, controller or guarantor `a` is that.
pub(super) struct Fresh<'a> {
    pub a: Uuid,
    pub b: Uuid,
    pub kind: LinkKind,
    pub source: &'static str,
    pub share_bp: Option<i32>,
    pub document: Option<&'a str>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

pub(super) async fn insert(tx: &TenantTx, fresh: &Fresh<'_>) -> Result<RelationRow> {
    let id = Uuid::now_v7();
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        a_id: fresh.a,
        b_id: fresh.b,
        kind: fresh.kind.code().to_owned(),
        source: fresh.source.to_owned(),
        share_bp: fresh.share_bp,
        document_sealed: fresh.document.map(|text| tx.seal(DOCUMENT, id, text)).transpose()?,
        valid_from: fresh.valid_from,
        valid_to: fresh.valid_to,
        recorded_by: tx.actor().id,
        ended_by: None,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// The document that a relation is known from.
pub(super) fn document(tx: &TenantTx, row: &RelationRow) -> Result<Option<String>> {
    row.document_sealed.as_deref().map(|sealed| tx.open(DOCUMENT, row.id, sealed)).transpose()
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<RelationRow>> {
    tx.lock::<Entity>(id).await
}

/// Writes a locked row back.
pub(super) async fn save(tx: &TenantTx, row: RelationRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

fn with(customer: Uuid) -> Condition {
    Condition::any().add(Column::AId.eq(customer)).add(Column::BId.eq(customer))
}

/// Those that hold on a day.
fn on(day: NaiveDate) -> Condition {
    let not_over = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(day));
    Condition::all().add(Column::ValidFrom.lte(day)).add(not_over)
}

/// How many a customer has, whether they hold or not.
pub(super) async fn count(tx: &TenantTx, customer: Uuid) -> Result<u64> {
    Ok(tx.all::<Entity>().filter(with(customer)).count(tx.raw()).await?)
}

/// A page of a customer's relations, the latest recorded first.
pub(super) async fn page(
    tx: &TenantTx,
    customer: Uuid,
    day: Option<NaiveDate>,
    at: Cursor,
) -> Result<Vec<RelationRow>> {
    let mut rows = tx.all::<Entity>().filter(with(customer));
    if let Some(day) = day {
        rows = rows.filter(on(day));
    }
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.lt(after));
    }
    Ok(rows.order_by_desc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

/// Whether the same is recorded for a time that the new one's touches; where a kind has no direction, either way round.
pub(super) async fn overlaps(tx: &TenantTx, new: &Fresh<'_>, directed: bool) -> Result<bool> {
    let pair = |a: Uuid, b: Uuid| Condition::all().add(Column::AId.eq(a)).add(Column::BId.eq(b));
    let same = Condition::any().add(pair(new.a, new.b)).add_option((!directed).then(|| pair(new.b, new.a)));
    let not_before = Condition::any().add(Column::ValidTo.is_null()).add(Column::ValidTo.gt(new.valid_from));
    let query = tx
        .all::<Entity>()
        .filter(Column::Kind.eq(new.kind.code()))
        .filter(same)
        .filter(not_before)
        .filter(Condition::all().add_option(new.valid_to.map(|to| Column::ValidFrom.lt(to))));
    Ok(query.count(tx.raw()).await? > 0)
}

/// At most `rows_max` relations of some kinds among `members` that hold on a day.
pub(super) async fn among(
    tx: &TenantTx,
    members: &[Uuid],
    kinds: &[LinkKind],
    day: NaiveDate,
    rows_max: u64,
) -> Result<Vec<RelationRow>> {
    let members = || members.iter().copied();
    let query = tx
        .all::<Entity>()
        .filter(Column::AId.is_in(members()))
        .filter(Column::BId.is_in(members()))
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .filter(on(day));
    Ok(query.order_by_asc(Column::Id).limit(rows_max).all(tx.raw()).await?)
}

/// At most `rows_max` other customers whose phone or address, as `kind` says, is the customer's, and whom no relation of
/// that kind links to it on a day.
pub(super) async fn alike(
    tx: &TenantTx,
    customer: &Customer,
    kind: LinkKind,
    day: NaiveDate,
    rows_max: u64,
) -> Result<Vec<Customer>> {
    use customers::Column as C;
    let (column, hash) = match kind {
        LinkKind::SamePhone => (C::PhoneHash, &customer.phone_hash),
        LinkKind::SameAddress => (C::AddressHash, &customer.address_hash),
        _ => return Ok(vec![]),
    };
    let Some(hash) = hash else { return Ok(vec![]) };
    let recorded: Vec<(Uuid, Uuid)> = tx
        .all::<Entity>()
        .select_only()
        .column(Column::AId)
        .column(Column::BId)
        .filter(with(customer.id))
        .filter(Column::Kind.eq(kind.code()))
        .filter(on(day))
        .into_tuple()
        .all(tx.raw())
        .await?;
    let known = recorded.into_iter().flat_map(|(a, b)| [a, b]).chain([customer.id]);
    let query = tx.all::<customers::Entity>().filter(column.eq(hash.clone())).filter(C::Id.is_not_in(known));
    let query = query.filter(C::Restricted.is_null());
    Ok(query.order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}
