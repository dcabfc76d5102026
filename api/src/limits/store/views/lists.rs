//! Pages of limits, approvals, reservations and drawdowns, and what ends soon.

use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::tree::LimitState;
use entity::{limit_approvals, limit_drawdowns, limit_reservations, limits};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{visible, within};
use crate::error::{Error, Result};
use crate::limits::store::approvals::Approval;
use crate::limits::store::{Drawdown, LimitRow, Reservation};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

/// Which limits.
#[derive(Clone, Debug, Default)]
pub(in crate::limits) struct Wanted {
    pub customer: Option<Uuid>,
    pub product: Option<Uuid>,
    pub bank: Option<Uuid>,
    /// As it is on `today`: who is past the last day is expired, whatever the row says.
    pub state: Option<LimitState>,
    pub today: NaiveDate,
    pub root_only: bool,
    /// Those that end before this day and have not ended yet.
    pub expiring_before: Option<NaiveDate>,
    /// The beginning of the number.
    pub number: Option<String>,
}

/// The same as a condition.
pub(super) fn wanted(ask: &Wanted) -> Condition {
    use limits::Column as C;
    let open = || Condition::all().add(C::State.is_in(["active", "frozen"])).add(C::ValidTo.gt(ask.today));
    let state = ask.state.map(|state| match state {
        LimitState::Active | LimitState::Frozen => open().add(C::State.eq(state.code())),
        LimitState::Closed => Condition::all().add(C::State.eq(state.code())),
        LimitState::Expired => {
            let past = Condition::all().add(C::State.is_in(["active", "frozen"])).add(C::ValidTo.lte(ask.today));
            Condition::any().add(C::State.eq(state.code())).add(past)
        }
    });
    Condition::all()
        .add_option(ask.customer.map(|id| C::CustomerId.eq(id)))
        .add_option(ask.product.map(|id| C::ProductId.eq(id)))
        .add_option(ask.bank.map(|id| C::BankId.eq(id)))
        .add_option(state)
        .add_option(ask.root_only.then(|| C::ParentId.is_null()))
        .add_option(ask.expiring_before.map(|day| open().add(C::ValidTo.lt(day))))
        .add_option(ask.number.as_deref().map(|text| begins(C::Number, text)))
}

/// Whether a column begins with `text`; not LIKE, whose wildcards a caller could send.
fn begins(column: limits::Column, text: &str) -> Expr {
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    Expr::expr(Func::cust(Alias::new("substr")).args([Expr::col(column), Expr::val(1), Expr::val(length)])).eq(text)
}

/// A page of limits, the newest first.
pub(in crate::limits) async fn limits(
    tx: &TenantTx,
    scope: &ScopeFilter,
    ask: &Wanted,
    cursor: Cursor,
) -> Result<Vec<LimitRow>> {
    use limits::Column as C;
    let mut rows = tx.all::<limits::Entity>().filter(visible(scope)).filter(wanted(ask));
    if let Some(after) = cursor.after {
        rows = rows.filter(C::Id.lt(after));
    }
    Ok(rows.order_by_desc(C::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}

/// A limit, if the scope takes it in.
pub(in crate::limits) async fn limit(tx: &TenantTx, scope: &ScopeFilter, id: Uuid) -> Result<LimitRow> {
    let row = tx.all::<limits::Entity>().filter(limits::Column::Id.eq(id)).filter(visible(scope)).one(tx.raw()).await?;
    row.ok_or_else(Error::not_found)
}

/// Limits by their ids, whoever sees them.
pub(in crate::limits) async fn limits_by_id(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<LimitRow>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(tx.all::<limits::Entity>().filter(limits::Column::Id.is_in(ids.iter().copied())).all(tx.raw()).await?)
}

/// A page of approvals, the newest first: those of which something can still be granted, those of which nothing can, or all.
pub(in crate::limits) async fn approvals(
    tx: &TenantTx,
    scope: &ScopeFilter,
    open: Option<bool>,
    cursor: Cursor,
) -> Result<Vec<Approval>> {
    use limit_approvals::Column as C;
    let left = |open: bool| {
        let (approved, granted) = (Expr::col(C::ApprovedFen), Expr::col(C::GrantedFen));
        if open { approved.gt(granted) } else { approved.lte(granted) }
    };
    let mut rows = tx.all::<limit_approvals::Entity>().filter(within(scope, C::DepartmentId, C::OfficerId));
    rows = rows.filter(Condition::all().add_option(open.map(left)));
    if let Some(after) = cursor.after {
        rows = rows.filter(C::Id.lt(after));
    }
    Ok(rows.order_by_desc(C::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}

/// The ids of the limits that a scope takes in, as part of another statement; nothing where it takes in all.
fn seen(tx: &TenantTx, scope: &ScopeFilter) -> Option<SelectStatement> {
    let ids = || tx.all::<limits::Entity>().filter(visible(scope)).select_only().column(limits::Column::Id);
    (*scope != ScopeFilter::All).then(|| ids().into_query())
}

/// A page of a limit's reservations, the newest first.
pub(in crate::limits) async fn reservations(tx: &TenantTx, limit: Uuid, cursor: Cursor) -> Result<Vec<Reservation>> {
    use limit_reservations::Column as C;
    let mut rows = tx.all::<limit_reservations::Entity>().filter(C::LimitId.eq(limit));
    if let Some(after) = cursor.after {
        rows = rows.filter(C::Id.lt(after));
    }
    Ok(rows.order_by_desc(C::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}

/// A page of a limit's drawdowns, the newest first.
pub(in crate::limits) async fn drawdowns(tx: &TenantTx, limit: Uuid, cursor: Cursor) -> Result<Vec<Drawdown>> {
    use limit_drawdowns::Column as C;
    let mut rows = tx.all::<limit_drawdowns::Entity>().filter(C::LimitId.eq(limit));
    if let Some(after) = cursor.after {
        rows = rows.filter(C::Id.lt(after));
    }
    Ok(rows.order_by_desc(C::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}

/// A limit's reservations that can still be drawn from, those that lapse first before the others.
pub(in crate::limits) async fn open_reservations(
    tx: &TenantTx,
    limit: Uuid,
    rows_max: u64,
) -> Result<Vec<Reservation>> {
    use limit_reservations::Column as C;
    let rows = tx.all::<limit_reservations::Entity>().filter(C::LimitId.eq(limit));
    let rows = rows.filter(C::State.eq("open")).filter(C::LapsesAt.gt(tx.now()));
    Ok(rows.order_by_asc(C::LapsesAt).order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}

/// A limit's drawdowns of which something is still to be repaid, the oldest first.
pub(in crate::limits) async fn unsettled_drawdowns(tx: &TenantTx, limit: Uuid, rows_max: u64) -> Result<Vec<Drawdown>> {
    use limit_drawdowns::Column as C;
    let rows = tx.all::<limit_drawdowns::Entity>().filter(C::LimitId.eq(limit)).filter(C::Settled.eq(false));
    Ok(rows.order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}

/// Limits that end from the day after `today` up to `until`, in the order of their days.
pub(in crate::limits) async fn ending_limits(
    tx: &TenantTx,
    scope: &ScopeFilter,
    (today, until): (NaiveDate, NaiveDate),
    rows_max: u64,
) -> Result<Vec<LimitRow>> {
    use limits::Column as C;
    let rows = tx.all::<limits::Entity>().filter(visible(scope)).filter(C::State.is_in(["active", "frozen"]));
    let rows = rows.filter(C::ValidTo.gt(today)).filter(C::ValidTo.lte(until));
    Ok(rows.order_by_asc(C::ValidTo).order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}

/// Reservations that lapse before `until`, in the order of their time.
pub(in crate::limits) async fn ending_reservations(
    tx: &TenantTx,
    scope: &ScopeFilter,
    until: DateTime<Utc>,
    rows_max: u64,
) -> Result<Vec<Reservation>> {
    use limit_reservations::Column as C;
    let rows = tx.all::<limit_reservations::Entity>().filter(C::State.eq("open"));
    let rows = rows.filter(C::LapsesAt.gt(tx.now())).filter(C::LapsesAt.lt(until));
    let rows = rows.filter(Condition::all().add_option(seen(tx, scope).map(|ids| C::LimitId.in_subquery(ids))));
    Ok(rows.order_by_asc(C::LapsesAt).order_by_asc(C::Id).limit(rows_max).all(tx.raw()).await?)
}
