//! What is shown of sharing agreements: who bears what, for which bank and product, from when to when, and who agreed.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{Id, kind};
use domain::limits::parameters::ParameterState;
use domain::limits::sharing::Shares;
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::Row;
use crate::error::{Error, Result};
use crate::limits::proposal::{DeciderView, People, ProposalAction, ProposalState, Viewer, state_of};
use crate::limits::subject::Names;
use crate::platform::db::TenantTx;

/// Who bears how much of a loss, in 1/10,000; the four add to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SharesBody {
    /// The bank's share.
    #[schema(example = 2000, minimum = 0, maximum = 10_000)]
    pub bank_bp: i64,
    /// The firm's.
    #[schema(example = 4000, minimum = 0, maximum = 10_000)]
    pub firm_bp: i64,
    /// The re-guarantor's.
    #[schema(example = 3000, minimum = 0, maximum = 10_000)]
    pub reguarantor_bp: i64,
    /// The local government's.
    #[schema(example = 1000, minimum = 0, maximum = 10_000)]
    pub government_bp: i64,
}

impl From<Shares> for SharesBody {
    fn from(shares: Shares) -> Self {
        Self {
            bank_bp: i64::from(shares.bank_bp()),
            firm_bp: i64::from(shares.firm_bp()),
            reguarantor_bp: i64::from(shares.reguarantor_bp()),
            government_bp: i64::from(shares.government_bp()),
        }
    }
}

/// A bank or product of an agreement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AgreementSubject {
    /// Its id.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called.
    #[schema(example = "示例银行")]
    pub name: Option<String>,
}

/// A sharing agreement.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementView {
    /// Its id.
    #[schema(example = "agr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called.
    #[schema(example = "示例银行“4321”分担协议")]
    pub name: String,
    /// The bank that it is with; null where it is for every bank.
    pub bank: Option<AgreementSubject>,
    /// The product that it is for; null where it is for every product.
    pub product: Option<AgreementSubject>,
    /// Who re-guarantees.
    #[schema(example = "示例省再担保有限公司")]
    pub reguarantor: Option<String>,
    /// Who bears what.
    pub shares: SharesBody,
    /// The first day.
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// The first day on which it no longer holds; null where it has no end.
    #[schema(example = "2027-01-01")]
    pub valid_to: Option<NaiveDate>,
    /// Its number, or where it is kept.
    #[schema(example = "银担协字〔2026〕1号")]
    pub document: Option<String>,
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
pub(super) async fn agreements(tx: &TenantTx, rows: Vec<Row>, viewer: Viewer) -> Result<Vec<AgreementView>> {
    let names = Names::read(tx, rows.iter().filter_map(|row| row.bank_id)).await?;
    let people = People::read(tx, rows.iter().flat_map(|row| std::iter::once(row.proposed_by).chain(row.decided_by)));
    let people = people.await?;
    let today = TenantZone::default().date_of(tx.now());
    let bank = |id| AgreementSubject { id: Id::<kind::Customer>::from_uuid(id).to_string(), name: names.customer(id) };
    let product = |id| AgreementSubject { id: Id::<kind::Product>::from_uuid(id).to_string(), name: names.product(id) };
    let show = |row: Row| {
        let state = state_of(&row.state)?;
        let mut allowed_actions = viewer.may(state, row.proposed_by);
        let runs = state == ParameterState::Approved && row.valid_to.is_none_or(|to| to > today);
        if runs && viewer.approves() {
            allowed_actions.push(ProposalAction::End);
        }
        Ok(AgreementView {
            id: Id::<kind::Agreement>::from_uuid(row.id).to_string(),
            shares: super::store::agreement(&row)?.shares.into(),
            name: row.name,
            bank: row.bank_id.map(bank),
            product: row.product_id.map(product),
            reguarantor: row.reguarantor,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            document: row.document,
            state: state.into(),
            proposed_by: people.view(row.proposed_by),
            proposed_at: row.proposed_at,
            decided_by: row.decided_by.map(|id| people.view(id)),
            decided_at: row.decided_at,
            allowed_actions,
            version: row.version,
        })
    };
    rows.into_iter().map(show).collect()
}

/// One row as it is shown.
pub(super) async fn agreement(tx: &TenantTx, row: Row, viewer: Viewer) -> Result<AgreementView> {
    agreements(tx, vec![row], viewer).await?.pop().ok_or_else(Error::not_found)
}
