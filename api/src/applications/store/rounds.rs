//! What was submitted in each round, and what was asked for when it was returned.

use domain::applications::action::ReturnItem;
use domain::applications::form::Form;
use domain::id::{Id, kind};
use entity::{application_submissions as submissions, return_items as returns};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Row;
use crate::applications::detail::place_text;
use crate::error::Result;
use crate::platform::db::TenantTx;

const SUBMITTED: &str = "application_submissions.form_sealed";
const REASON: &str = "return_items.reason_sealed";

/// A form and its documents' versions as they were submitted.
pub(in crate::applications) struct Snapshot {
    pub form: Form,
    pub documents: serde_json::Value,
    pub at: chrono::DateTime<chrono::Utc>,
}

pub(in crate::applications) async fn add_submission(
    tx: &TenantTx,
    row: &Row,
    form: &Form,
    documents: serde_json::Value,
) -> Result<()> {
    let id = Uuid::now_v7();
    tx.insert::<_, submissions::ActiveModel>(submissions::Model {
        tenant_id: tx.tenant(),
        id,
        application_id: row.id,
        round: row.round,
        form_sealed: tx.seal_json(SUBMITTED, id, &form.expose())?,
        documents,
        submitted_at: tx.now(),
    })
    .await
}

/// The last submissions, newest first.
pub(in crate::applications) async fn last_submissions(
    tx: &TenantTx,
    application: Uuid,
    count: u64,
) -> Result<Vec<Snapshot>> {
    let rows = tx
        .all::<submissions::Entity>()
        .filter(submissions::Column::ApplicationId.eq(application))
        .order_by_desc(submissions::Column::Round)
        .limit(count)
        .all(tx.raw())
        .await?;
    rows.into_iter()
        .map(|row| {
            let stored: serde_json::Value = tx.open_json(SUBMITTED, row.id, &row.form_sealed)?;
            let form = Form::from_stored(&stored);
            Ok(Snapshot { form, documents: row.documents, at: row.submitted_at })
        })
        .collect()
}

/// Whether any submission of an application named a document.
pub(in crate::applications) async fn was_submitted(
    tx: &TenantTx,
    application: Uuid,
    document: Id<kind::Document>,
) -> Result<bool> {
    let all: Vec<serde_json::Value> = tx
        .all::<submissions::Entity>()
        .select_only()
        .column(submissions::Column::Documents)
        .filter(submissions::Column::ApplicationId.eq(application))
        .into_tuple()
        .all(tx.raw())
        .await?;
    let id = document.to_string();
    let mut versions = all.iter().filter_map(|items| items.as_object()).flat_map(|items| items.values());
    Ok(versions.any(|versions| versions.as_array().is_some_and(|all| all.iter().any(|one| one["document"] == id))))
}

/// Notes what the applicant is to mend in this round. What was asked for before is settled by asking anew.
pub(in crate::applications) async fn add_return_items(tx: &TenantTx, row: &Row, items: &[ReturnItem]) -> Result<()> {
    resolve_returns(tx, row.id).await?;
    let models = items
        .iter()
        .map(|item| {
            let id = Uuid::now_v7();
            Ok(returns::Model {
                tenant_id: tx.tenant(),
                id,
                application_id: row.id,
                round: row.round,
                item: place_text(item.place()),
                reason_sealed: tx.seal(REASON, id, item.reason().as_str())?,
                created_at: tx.now(),
                resolved_at: None,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    tx.insert_all::<_, returns::ActiveModel>(models).await
}

/// Settles every open item: the applicant has resubmitted, which they can only with each of them mended or explained.
pub(in crate::applications) async fn resolve_returns(tx: &TenantTx, application: Uuid) -> Result<()> {
    tx.update_all::<returns::Entity>()
        .col_expr(returns::Column::ResolvedAt, Expr::value(tx.now()))
        .filter(returns::Column::ApplicationId.eq(application))
        .filter(returns::Column::ResolvedAt.is_null())
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// One thing to mend, opened.
pub(in crate::applications) struct AskedItem {
    pub place: String,
    pub reason: String,
    pub asked_at: chrono::DateTime<chrono::Utc>,
    pub resolved_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// What the last return asked for.
pub(in crate::applications) async fn return_items(tx: &TenantTx, application: Uuid) -> Result<Vec<AskedItem>> {
    const ITEMS_MAX: u64 = 100;
    let query = tx.all::<returns::Entity>().filter(returns::Column::ApplicationId.eq(application));
    let last = query.clone().order_by_desc(returns::Column::Round).one(tx.raw()).await?;
    let Some(last) = last else { return Ok(vec![]) };
    let rows = query
        .filter(returns::Column::Round.eq(last.round))
        .order_by_asc(returns::Column::Id)
        .limit(ITEMS_MAX)
        .all(tx.raw())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AskedItem {
                place: row.item,
                reason: tx.open(REASON, row.id, &row.reason_sealed)?,
                asked_at: row.created_at,
                resolved_at: row.resolved_at,
            })
        })
        .collect()
}
