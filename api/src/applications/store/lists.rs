//! Lists of applications: the applicant's own, and the staff's queue with its filters. What staff see at all is decided
//! by [`visible`], which every query of theirs carries.

use chrono::{DateTime, Utc};
use domain::applications::state::ApplicationState;
use entity::applications::{Column, Entity, Model};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::messages::Within;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

/// In which order staff see their queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::applications) enum Sort {
    /// Whoever waits longest in the present step comes first.
    #[default]
    OldestWaiting,
    /// The newest comes first.
    Newest,
    /// The largest requested amount comes first.
    Amount,
}

/// What staff ask of their queue.
#[derive(Debug, Default)]
pub(in crate::applications) struct Queue {
    pub state: Option<ApplicationState>,
    pub officer: Option<Uuid>,
    pub product: Option<Uuid>,
    pub region: Option<String>,
    /// Submitted at this instant or before.
    pub submitted_until: Option<DateTime<Utc>>,
    /// Submitted after this instant.
    pub submitted_after: Option<DateTime<Utc>>,
    pub text: Option<String>,
    pub sort: Sort,
}

/// What staff with this scope see: submitted applications of their departments, or those that they themselves handle.
pub(super) fn visible(scope: &ScopeFilter) -> Condition {
    // what is blocked is kept and used for nothing, what was erased is an empty frame
    within(scope).add(Column::Restricted.is_null())
}

/// The same with the frames of what was erased, of which nothing but figures is left.
pub(super) fn visible_or_erased(scope: &ScopeFilter) -> Condition {
    within(scope).add(Condition::any().add(Column::Restricted.is_null()).add(Column::Restricted.eq("erased")))
}

fn within(scope: &ScopeFilter) -> Condition {
    let submitted = Condition::all().add(Column::Number.is_not_null());
    match scope {
        ScopeFilter::All => submitted,
        ScopeFilter::Departments(departments) => submitted.add(Column::DepartmentId.is_in(departments.iter().copied())),
        ScopeFilter::Own(id) => submitted.add(
            Condition::any()
                .add(Column::InvestigatorId.eq(*id))
                .add(Column::ReviewerId.eq(*id))
                .add(Column::ApproverId.eq(*id)),
        ),
    }
}

/// The deliveries that staff with this scope see: with the applications, those about them.
pub(in crate::applications) fn deliveries_within(tx: &TenantTx, scope: &ScopeFilter) -> Within {
    if *scope == ScopeFilter::All {
        return Within::All;
    }
    let ids = tx.all::<Entity>().filter(visible(scope)).select_only().column(Column::Id).into_query();
    Within::Applications(Box::new(ids))
}

/// The applicant's own, newest first, without discarded drafts.
pub(in crate::applications) async fn own_page(tx: &TenantTx, applicant: Uuid, cursor: &Cursor) -> Result<Vec<Model>> {
    let shown =
        Condition::any().add(Column::Number.is_not_null()).add(Column::State.ne(ApplicationState::Withdrawn.code()));
    let mut query = tx.all::<Entity>().filter(Column::ApplicantId.eq(applicant)).filter(shown);
    if let Some(after) = cursor.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(cursor.fetch()).all(tx.raw()).await?)
}

/// A page of the staff's queue.
pub(in crate::applications) async fn queue(
    tx: &TenantTx,
    scope: &ScopeFilter,
    ask: &Queue,
    cursor: &Cursor,
) -> Result<Vec<Model>> {
    let mut query = tx.all::<Entity>().filter(visible(scope)).filter(wanted(ask));
    if let Some(after) = cursor.after {
        let bad = || {
            Error::new(Code::InvalidParameter)
                .detail("cursor应取自上一页的next。", "cursor is the next of the page before.")
        };
        let anchor = super::find_visible(tx, scope, after).await?.ok_or_else(bad)?;
        query = query.filter(beyond(ask.sort, &anchor));
    }
    let (column, order) = match ask.sort {
        Sort::OldestWaiting => (Column::StateSince, Order::Asc),
        Sort::Newest => (Column::Id, Order::Desc),
        Sort::Amount => (Column::RequestedAmountFen, Order::Desc),
    };
    let tie = if ask.sort == Sort::Newest { Order::Desc } else { Order::Asc };
    Ok(query.order_by(column, order).order_by(Column::Id, tie).limit(cursor.fetch()).all(tx.raw()).await?)
}

/// Rows that come after `anchor`: further in the sorted column, or equal there and further by id.
fn beyond(sort: Sort, anchor: &Model) -> Condition {
    let tie = |equal: Expr| Condition::all().add(equal).add(Column::Id.gt(anchor.id));
    match sort {
        Sort::Newest => Condition::all().add(Column::Id.lt(anchor.id)),
        Sort::OldestWaiting => Condition::any()
            .add(Column::StateSince.gt(anchor.state_since))
            .add(tie(Column::StateSince.eq(anchor.state_since))),
        Sort::Amount => Condition::any()
            .add(Column::RequestedAmountFen.lt(anchor.requested_amount_fen))
            .add(tie(Column::RequestedAmountFen.eq(anchor.requested_amount_fen))),
    }
}

fn wanted(ask: &Queue) -> Condition {
    Condition::all()
        .add_option(ask.state.map(|state| Column::State.eq(state.code())))
        .add_option(ask.officer.map(|officer| Column::InvestigatorId.eq(officer)))
        .add_option(ask.product.map(|product| Column::ProductId.eq(product)))
        .add_option(ask.region.as_deref().map(|region| begins(Column::Region, region)))
        .add_option(ask.submitted_until.map(|at| Column::SubmittedAt.lte(at)))
        .add_option(ask.submitted_after.map(|at| Column::SubmittedAt.gt(at)))
        .add_option(ask.text.as_deref().map(|text| {
            Condition::any()
                .add(begins(Column::Number, &text.to_ascii_uppercase()))
                .add(begins(Column::EnterpriseName, text))
                .add(Column::CreditCode.eq(text.to_ascii_uppercase()))
        }))
}

/// Whether a column begins with `text`; not LIKE, whose wildcards a caller could send.
fn begins(column: Column, text: &str) -> Expr {
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    Expr::expr(Func::cust(Alias::new("substr")).args([Expr::col(column), Expr::val(1), Expr::val(length)])).eq(text)
}

/// Numbers of the open applications for the same product by the same subject, but for this one; of one applicant's own
/// alone where `applicant` is given.
pub(in crate::applications) async fn same_open(
    tx: &TenantTx,
    row: &Model,
    applicant: Option<Uuid>,
) -> Result<Vec<String>> {
    const SHOWN_MAX: u64 = 5;
    let Some(subject) = row.subject_hash.clone() else { return Ok(vec![]) };
    let closed = ApplicationState::ALL.into_iter().filter(|state| state.is_final()).map(ApplicationState::code);
    let found = tx
        .all::<Entity>()
        .filter(Column::SubjectHash.eq(subject))
        .filter(Column::ProductId.eq(row.product_id))
        .filter(Column::Id.ne(row.id))
        .filter(Column::Number.is_not_null())
        .filter(Column::State.is_not_in(closed))
        .filter(Condition::all().add_option(applicant.map(|owner| Column::ApplicantId.eq(owner))));
    let numbers = found.select_only().column(Column::Number).order_by_asc(Column::Id).limit(SHOWN_MAX);
    Ok(numbers.into_tuple().all(tx.raw()).await?)
}

/// How many of what staff may see stand in each state, and how many open ones are `me`'s.
pub(in crate::applications) async fn counts(
    tx: &TenantTx,
    scope: &ScopeFilter,
    me: Uuid,
) -> Result<(Vec<(String, i64)>, u64)> {
    let by_state = tx
        .all::<Entity>()
        .filter(visible(scope))
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "n")
        .group_by(Column::State)
        .into_tuple::<(String, i64)>()
        .all(tx.raw())
        .await?;
    let closed = ApplicationState::ALL.into_iter().filter(|state| state.is_final()).map(ApplicationState::code);
    let mine = tx
        .all::<Entity>()
        .filter(visible(scope))
        .filter(Column::InvestigatorId.eq(me))
        .filter(Column::State.is_not_in(closed))
        .count(tx.raw())
        .await?;
    Ok((by_state, mine))
}
