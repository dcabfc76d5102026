//! What is removed when it is old: deliveries and the messages that nobody is to get any more, addresses that were deleted, and
//! secrets that no longer sign.

use chrono::{DateTime, Duration, Utc};
use entity::{webhook_deliveries as deliveries, webhook_endpoints as endpoints, webhook_messages as messages};
use sea_orm::sea_query::{Condition, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter};

use super::DELETED;
use crate::error::Result;
use crate::platform::db::TenantTx;

/// How long messages and their deliveries are kept, days: as far back as can be replayed.
pub(in crate::webhooks) const KEPT_DAYS: i64 = 30;

fn over(tx: &TenantTx) -> DateTime<Utc> {
    tx.now() - Duration::days(KEPT_DAYS)
}

fn deleted(tx: &TenantTx) -> SelectStatement {
    use endpoints::Column as C;
    let mut ids = Query::select();
    ids.column(C::Id).from(endpoints::Entity).and_where(C::TenantId.eq(tx.tenant())).and_where(C::State.eq(DELETED));
    ids
}

/// Removes at most `rows_max` deliveries that are old, or of deleted addresses; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_deliveries(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    use deliveries::Column as C;
    let spent = Condition::any().add(C::CreatedAt.lte(over(tx))).add(C::EndpointId.in_subquery(deleted(tx)));
    tx.delete_some::<deliveries::Entity>(spent, rows_max).await
}

/// Removes at most `rows_max` messages that are old and on their way to nobody; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_messages(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    use deliveries::Column as D;
    use messages::Column as M;
    let mut on_their_way = Query::select();
    on_their_way.column(D::MessageId).from(deliveries::Entity).and_where(D::TenantId.eq(tx.tenant()));
    let spent = Condition::all().add(M::CreatedAt.lte(over(tx))).add(M::Id.not_in_subquery(on_their_way));
    tx.delete_some::<messages::Entity>(spent, rows_max).await
}

/// Removes at most `rows_max` deleted addresses without deliveries; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_endpoints(tx: &TenantTx, rows_max: u64) -> Result<u64> {
    use deliveries::Column as D;
    use endpoints::Column as E;
    let mut with_deliveries = Query::select();
    with_deliveries.column(D::EndpointId).from(deliveries::Entity).and_where(D::TenantId.eq(tx.tenant()));
    let spent = Condition::all().add(E::State.eq(DELETED)).add(E::Id.not_in_subquery(with_deliveries));
    tx.delete_some::<endpoints::Entity>(spent, rows_max).await
}

/// Forgets secrets that another took the place of and that no longer sign; says how many.
///
/// # Errors
/// If the database fails.
pub async fn purge_secrets(tx: &TenantTx) -> Result<u64> {
    use endpoints::Column as C;
    let done = tx
        .update_all::<endpoints::Entity>()
        .col_expr(C::PreviousSealed, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(C::PreviousUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(C::PreviousUntil.lte(tx.now()))
        .exec(tx.raw())
        .await?;
    Ok(done.rows_affected)
}
