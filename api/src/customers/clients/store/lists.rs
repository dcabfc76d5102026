//! Lists of customers: the staff's, within their data scope, and who is linked to whom.

use chrono::NaiveDate;
use domain::limits::groups::LinkKind;
use entity::customer_relations as relations;
use entity::customers::{Column, Entity};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Row, name_hash, visible};
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

/// What somebody looks for: whatever the typed text can be, each by the column that finds it.
#[derive(Default)]
pub(in crate::customers::clients) struct Sought {
    /// An ID number or a credit code, or both, as what it would be.
    pub identities: Vec<(&'static str, String)>,
    /// A phone.
    pub phone: Option<String>,
    /// A person's whole name.
    pub person: Option<String>,
    /// A part of an enterprise's or a bank's name.
    pub part: String,
}

/// What a list is narrowed by.
#[derive(Default)]
pub(in crate::customers::clients) struct Narrow {
    pub kind: Option<&'static str>,
    pub class: Option<&'static str>,
    pub channel: Option<Uuid>,
    pub sought: Option<Sought>,
}

/// A page of the customers within `scope`, oldest record first.
pub(in crate::customers::clients) async fn page(
    tx: &TenantTx,
    scope: &ScopeFilter,
    narrow: &Narrow,
    at: Cursor,
) -> Result<Vec<Row>> {
    let mut rows = tx.all::<Entity>().filter(visible(scope)).filter(wanted(tx, narrow));
    if let Some(after) = at.after {
        rows = rows.filter(Column::Id.gt(after));
    }
    Ok(rows.order_by_asc(Column::Id).limit(at.fetch()).all(tx.raw()).await?)
}

fn wanted(tx: &TenantTx, narrow: &Narrow) -> Condition {
    let sought = narrow.sought.as_ref().map(|sought| found(tx, sought));
    Condition::all()
        .add_option(narrow.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(narrow.class.map(|class| Column::Class.eq(class)))
        .add_option(narrow.channel.map(|channel| Column::ChannelId.eq(channel)))
        .add_option(sought)
}

fn found(tx: &TenantTx, sought: &Sought) -> Condition {
    let identities = sought.identities.iter().map(|(what, text)| tx.keys().lookup(what, text));
    let phone = sought.phone.as_deref().map(|phone| tx.keys().lookup("phone", phone));
    let person = sought.person.as_deref().map(|name| name_hash(tx, name));
    // LIKE differs between the databases in capitals, and has wildcards to escape; these two do the same.
    let place = if tx.is_postgres() { "strpos" } else { "instr" };
    let part = Func::cust(place).arg(Expr::col((Entity, Column::Name))).arg(sought.part.as_str());
    Condition::any()
        .add(Expr::expr(part).gt(0))
        .add(Column::IdentityHash.is_in(identities))
        .add_option(phone.map(|hash| Column::PhoneHash.eq(hash)))
        .add_option(person.map(|hash| Column::NameHash.eq(hash)))
}

/// Who is linked to any of `parties` on a day by a link of the counted kinds.
pub(in crate::customers::clients) async fn linked(
    tx: &TenantTx,
    parties: &[Uuid],
    counted: &[LinkKind],
    day: NaiveDate,
) -> Result<Vec<Uuid>> {
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
