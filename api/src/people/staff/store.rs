//! This folder's SQL: staff accounts.

use chrono::{DateTime, Utc};
use domain::access::DataScope;
use domain::person::{EmailAddress, RealName};
use entity::staff::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, LikeExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::people) use entity::staff::Model as StaffRow;

/// Longest log-in name.
pub(in crate::people) const LOGIN_CHARS_MAX: usize = 32;
const NAME: &str = "staff.name_sealed";
const EMAIL: &str = "staff.email_sealed";

/// The keyed hash that an address is found by.
pub(in crate::people) fn email_hash(tx: &TenantTx, email: &EmailAddress) -> Vec<u8> {
    tx.keys().lookup("email", &email.expose().to_ascii_lowercase())
}

pub(in crate::people) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<StaffRow>> {
    tx.get::<Entity>(id).await
}

pub(in crate::people) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<StaffRow>> {
    tx.lock::<Entity>(id).await
}

pub(in crate::people) async fn find_by_login(tx: &TenantTx, login_name: &str) -> Result<Option<StaffRow>> {
    Ok(tx.all::<Entity>().filter(Column::LoginName.eq(login_name)).one(tx.raw()).await?)
}

/// What colleagues are named by.
#[derive(FromQueryResult)]
pub(super) struct Named {
    pub id: Uuid,
    pub name_sealed: Vec<u8>,
    pub department_id: Uuid,
    pub authority_fen: i64,
    pub status: String,
}

impl Named {
    /// The name in clear, as colleagues see it.
    pub fn name(&self, tx: &TenantTx) -> Result<String> {
        tx.open(NAME, self.id, &self.name_sealed)
    }
}

/// What those with these ids are named by, in no order.
pub(super) async fn named(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Named>> {
    let columns = [Column::Id, Column::NameSealed, Column::DepartmentId, Column::AuthorityFen, Column::Status];
    let query = tx.all::<Entity>().filter(Column::Id.is_in(ids.iter().copied())).select_only().columns(columns);
    Ok(query.into_model().all(tx.raw()).await?)
}

/// Everybody who may log in, of one department or of all.
pub(super) async fn active(tx: &TenantTx, department: Option<Uuid>) -> Result<Vec<StaffRow>> {
    let mut query = tx.all::<Entity>().filter(Column::Status.eq("active")).order_by_asc(Column::Id);
    if let Some(department) = department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    Ok(query.all(tx.raw()).await?)
}

/// Everybody with the roles they hold, locked since roles are about to change; in one order, so that two changes at once wait
/// for one another and not each for what the other has.
pub(in crate::people) async fn all_with_roles(tx: &TenantTx) -> Result<Vec<(Uuid, serde_json::Value)>> {
    Ok(tx
        .all::<Entity>()
        .select_only()
        .column(Column::Id)
        .column(Column::Roles)
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(tx.raw())
        .await?)
}

/// How many belong to a department, whatever their state.
pub(in crate::people) async fn count_in(tx: &TenantTx, department: Uuid) -> Result<u64> {
    Ok(tx.all::<Entity>().filter(Column::DepartmentId.eq(department)).count(tx.raw()).await?)
}

/// Whom a scope takes in.
fn visible(scope: &ScopeFilter) -> Condition {
    match scope {
        ScopeFilter::All => Condition::all(),
        ScopeFilter::Departments(departments) => {
            Condition::all().add(Column::DepartmentId.is_in(departments.iter().copied()))
        }
        ScopeFilter::Own(id) => Condition::all().add(Column::Id.eq(*id)),
    }
}

/// The row, if it is within `scope`; locked until the transaction ends where it is about to change.
pub(in crate::people) async fn find_visible(
    tx: &TenantTx,
    scope: &ScopeFilter,
    id: Uuid,
    lock: bool,
) -> Result<Option<StaffRow>> {
    let query = tx.all::<Entity>().filter(Column::Id.eq(id)).filter(visible(scope));
    Ok(if lock { query.lock_exclusive() } else { query }.one(tx.raw()).await?)
}

/// What a list is narrowed by.
pub(super) struct Narrow<'a> {
    pub status: Option<&'a str>,
    pub department: Option<Uuid>,
    pub login_prefix: Option<&'a str>,
}

pub(super) async fn page(
    tx: &TenantTx,
    scope: &ScopeFilter,
    narrow: &Narrow<'_>,
    cursor: &Cursor,
) -> Result<Vec<StaffRow>> {
    let mut query = tx.all::<Entity>().filter(visible(scope)).order_by_asc(Column::Id).limit(cursor.fetch());
    if let Some(after) = cursor.after {
        query = query.filter(Column::Id.gt(after));
    }
    if let Some(status) = narrow.status {
        query = query.filter(Column::Status.eq(status));
    }
    if let Some(department) = narrow.department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    if let Some(prefix) = narrow.login_prefix {
        let literal = prefix.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(Column::LoginName.like(LikeExpr::new(format!("{literal}%")).escape('\\')));
    }
    Ok(query.all(tx.raw()).await?)
}

/// A new account as it is stored.
pub(super) struct Fresh<'a> {
    pub login_name: &'a str,
    pub name: &'a RealName,
    pub email: &'a EmailAddress,
    pub department: Uuid,
    pub roles: &'a [String],
    pub scope: DataScope,
    pub authority_fen: i64,
}

/// Adds somebody who is invited.
pub(super) async fn insert(tx: &TenantTx, fresh: &Fresh<'_>) -> Result<StaffRow> {
    let id = Uuid::now_v7();
    let row = Model {
        tenant_id: tx.tenant(),
        id,
        login_name: fresh.login_name.to_owned(),
        name_sealed: tx.seal(NAME, id, fresh.name.expose())?,
        email_sealed: tx.seal(EMAIL, id, fresh.email.expose())?,
        email_hash: email_hash(tx, fresh.email),
        password_hash: None,
        status: "invited".to_owned(),
        department_id: fresh.department,
        roles: serde_json::to_value(fresh.roles)?,
        data_scope: fresh.scope.key().to_owned(),
        authority_fen: fresh.authority_fen,
        failed_logins: 0,
        locked_until: None,
        reset_held_until: None,
        version: 1,
        created_at: tx.now(),
    };
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes a locked row back.
pub(in crate::people) async fn save(tx: &TenantTx, row: StaffRow) -> Result<()> {
    tx.update(row.into_active_model().reset_all()).await
}

/// Keeps the count of wrong passwords; of nobody where there is no such account.
pub(in crate::people) async fn note_tries(
    tx: &TenantTx,
    id: Uuid,
    failures: i32,
    locked_until: Option<DateTime<Utc>>,
) -> Result<()> {
    tx.update_all::<Entity>()
        .set(ActiveModel { failed_logins: Set(failures), locked_until: Set(locked_until), ..Default::default() })
        .filter(Column::Id.eq(id))
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// Puts a new name into a row.
pub(super) fn set_name(tx: &TenantTx, row: &mut StaffRow, name: &RealName) -> Result<()> {
    row.name_sealed = tx.seal(NAME, row.id, name.expose())?;
    Ok(())
}

/// Puts a new address into a row.
pub(super) fn set_email(tx: &TenantTx, row: &mut StaffRow, email: &EmailAddress) -> Result<()> {
    row.email_sealed = tx.seal(EMAIL, row.id, email.expose())?;
    row.email_hash = email_hash(tx, email);
    Ok(())
}

/// The name in clear, as colleagues see it.
pub(in crate::people) fn name(tx: &TenantTx, row: &StaffRow) -> Result<String> {
    tx.open(NAME, row.id, &row.name_sealed)
}

/// The address, to send to and to show masked.
pub(in crate::people) fn email(tx: &TenantTx, row: &StaffRow) -> Result<EmailAddress> {
    EmailAddress::parse(&tx.open(EMAIL, row.id, &row.email_sealed)?).map_err(Error::internal)
}
