//! Every link that counts on a day, for what is asked of all groups at once.

use chrono::NaiveDate;
use domain::limits::groups::{LINKS_MAX, Link, LinkKind, LinkSource};
use entity::customer_relations::{Column as C, Entity, Model};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// The links of the counted kinds that hold on a day; more than the domain takes are refused.
///
/// # Errors
/// `too_many_items`, or a failing database.
pub async fn links_on(tx: &TenantTx, counted: &[LinkKind], day: NaiveDate) -> Result<Vec<Link>> {
    let most = u64::try_from(LINKS_MAX).unwrap_or(u64::MAX);
    let rows = tx.all::<Entity>().filter(C::Kind.is_in(counted.iter().map(|kind| kind.code())));
    let rows = rows.filter(C::ValidFrom.lte(day));
    let rows = rows.filter(Condition::any().add(C::ValidTo.is_null()).add(C::ValidTo.gt(day)));
    let rows = rows.order_by_asc(C::Id).limit(most.saturating_add(1)).all(tx.raw()).await?;
    if rows.len() > LINKS_MAX {
        return Err(Error::new(Code::TooManyItems));
    }
    rows.iter().map(link).collect()
}

fn link(row: &Model) -> Result<Link> {
    let unknown = |what: &str, word: &str| Error::internal(anyhow::anyhow!("{what} of a relation {word:?}"));
    Ok(Link {
        a: row.a_id,
        b: row.b_id,
        kind: LinkKind::from_code(&row.kind).ok_or_else(|| unknown("kind", &row.kind))?,
        source: LinkSource::from_code(&row.source).ok_or_else(|| unknown("source", &row.source))?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    })
}
