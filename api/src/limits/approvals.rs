//! The door for applications: what was approved can be granted. Who was approved becomes a customer at that moment.

use domain::money::Fen;
use uuid::Uuid;

use super::store::approvals::{self, Approval, CONDITIONS};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// An approval, as applications tell it.
pub struct Approved<'a> {
    /// The application.
    pub application: Uuid,
    /// Its number.
    pub number: Option<&'a str>,
    /// The customer that the applicant or the enterprise is.
    pub customer: Uuid,
    /// The account that applied.
    pub applicant: Uuid,
    /// The product.
    pub product: Uuid,
    /// Up to how much.
    pub amount: Fen,
    /// For how many months.
    pub term_months: u16,
    /// On what conditions.
    pub conditions: &'a [String],
    /// Region (GB/T 2260).
    pub region: Option<&'a str>,
    /// Industry (GB/T 4754).
    pub industry: Option<&'a str>,
    /// The department that handles it.
    pub department: Option<Uuid>,
    /// The officer who handles it.
    pub officer: Option<Uuid>,
    /// Who approved.
    pub approver: Uuid,
}

/// Notes that limits of at most this amount can be granted; gives the approval's id.
///
/// # Errors
/// If the database fails.
pub async fn approved(tx: &TenantTx, approved: &Approved<'_>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let sealed = tx.seal_json(CONDITIONS, id, &approved.conditions)?;
    let row = Approval {
        tenant_id: tx.tenant(),
        id,
        application_id: approved.application,
        application_number: approved.number.map(str::to_owned),
        customer_id: approved.customer,
        applicant_id: approved.applicant,
        product_id: approved.product,
        approved_fen: approved.amount.0,
        granted_fen: 0,
        term_months: i32::from(approved.term_months),
        conditions_sealed: (!approved.conditions.is_empty()).then_some(sealed),
        region: approved.region.map(str::to_owned),
        industry: approved.industry.map(str::to_owned),
        department_id: approved.department,
        officer_id: approved.officer,
        approved_by: approved.approver,
        approved_at: tx.now(),
        version: 1,
    };
    approvals::add(tx, row).await?;
    Ok(id)
}
