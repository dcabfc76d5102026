//! What is shown of parameters: what each says, from when, on what ground, and who entered and decided.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Row};
use super::subject;
use super::value::ParameterContent;
use crate::error::{Error, Result};
use crate::limits::proposal::{DeciderView, People, ProposalAction, ProposalState, Viewer};
use crate::limits::subject::Names;
use crate::platform::db::TenantTx;

/// A dated parameter of the firm.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParameterView {
    /// Its id.
    #[schema(example = "par_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is about; of two with one key the newer holds.
    #[schema(example = "net_assets")]
    pub key: String,
    /// What it says.
    pub value: ParameterContent,
    /// What the subject of a ceiling is called.
    #[schema(example = "小微企业贷款担保")]
    pub subject_name: Option<String>,
    /// The first day on which it holds, once approved.
    #[schema(example = "2026-01-01")]
    pub effective_from: NaiveDate,
    /// Where the figure comes from.
    #[schema(example = "2025年度审计报告")]
    pub source: String,
    /// How far it has come.
    pub state: ProposalState,
    /// Who entered it.
    pub proposed_by: DeciderView,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who approved or rejected it; whoever entered it where it was taken back.
    pub decided_by: Option<DeciderView>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// What the caller may do now.
    pub allowed_actions: Vec<ProposalAction>,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}

/// Rows as they are shown to whoever looks, in their order.
pub(super) async fn parameters(tx: &TenantTx, rows: Vec<Row>, viewer: Viewer) -> Result<Vec<ParameterView>> {
    let read: Vec<_> = rows.iter().map(store::parameter).collect::<Result<_>>()?;
    let names = Names::read(tx, read.iter().filter_map(|one| subject::bank_of(&one.value))).await?;
    let staff = read.iter().flat_map(|one| std::iter::once(one.proposed_by).chain(one.decided_by));
    let people = People::read(tx, staff).await?;
    let shown = rows.into_iter().zip(&read).map(|(row, one)| ParameterView {
        id: Id::<kind::Parameter>::from_uuid(row.id).to_string(),
        key: subject::shown_key(&one.value),
        value: ParameterContent::of(&one.value),
        subject_name: subject::name(&one.value, &names),
        effective_from: row.effective_from,
        source: row.source,
        state: one.state.into(),
        proposed_by: people.view(row.proposed_by),
        proposed_at: row.proposed_at,
        decided_by: row.decided_by.map(|id| people.view(id)),
        decided_at: row.decided_at,
        allowed_actions: viewer.may(one.state, one.proposed_by),
        version: row.version,
    });
    Ok(shown.collect())
}

/// One row as it is shown.
pub(super) async fn parameter(tx: &TenantTx, row: Row, viewer: Viewer) -> Result<ParameterView> {
    parameters(tx, vec![row], viewer).await?.pop().ok_or_else(Error::not_found)
}
