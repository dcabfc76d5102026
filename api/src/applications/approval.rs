//! What follows from an approval for the firm's books: whoever was approved is a customer from then on, and limits of at
//! most the approved amount can be granted.

use domain::applications::action::Terms;
use domain::applications::product::ProductKind;
use domain::consent::SubjectKind;
use domain::limits::weights::ClientClass;
use uuid::Uuid;

use super::case::Case;
use crate::customers::clients::{NewClient, Who, ensure};
use crate::error::{Error, Result};
use crate::limits::{Approved, approved};
use crate::platform::db::TenantTx;

/// Notes the approval of a case.
pub(super) async fn note(tx: &TenantTx, case: &Case, terms: Terms) -> Result<()> {
    let customer = customer(tx, case).await?;
    let row = &case.row;
    let approval = Approved {
        application: row.id,
        number: row.number.as_deref(),
        customer,
        applicant: row.applicant_id,
        product: row.product_id,
        amount: terms.amount,
        term_months: terms.months,
        conditions: &case.conditions,
        region: row.region.as_deref(),
        industry: row.industry.as_deref(),
        department: row.department_id,
        officer: row.investigator_id,
        approver: row.approver_id.unwrap_or_default(),
    };
    approved(tx, &approval).await.map(|_| ())
}

/// The customer that a case is about.
async fn customer(tx: &TenantTx, case: &Case) -> Result<Uuid> {
    let form = &case.form;
    let (name, number, code) = (form.real_name(), form.id_number(), form.credit_code());
    let who = match (form.subject_kind(), &name, &number, form.text("/subject/full_name"), &code) {
        (Some(SubjectKind::Person), Some(name), Some(number), ..) => Who::Person(name, number),
        (Some(SubjectKind::Enterprise), _, _, Some(name), Some(code)) => Who::Enterprise(name, code),
        _ => return Err(Error::internal(anyhow::anyhow!("an approved application says nothing of its subject"))),
    };
    let phone = form.contact_phone();
    let new = NewClient {
        // a contact of an enterprise is a person's phone, not the enterprise's
        phone: phone.as_ref().filter(|_| matches!(who, Who::Person(..))),
        class: class(case),
        industry: case.row.industry.as_deref(),
        region: case.row.region.as_deref(),
        department: case.row.department_id,
        who,
    };
    ensure(tx, &new).await
}

/// What class a new customer has until somebody confirms another: that of the product's own clients, and the heaviest where
/// the product takes anybody.
fn class(case: &Case) -> ClientClass {
    match (case.product.kind, case.form.subject_kind()) {
        (ProductKind::LoanFarmer, Some(SubjectKind::Person)) => ClientClass::Farmer,
        (ProductKind::LoanEnterprise, Some(SubjectKind::Enterprise)) => ClientClass::Small,
        _ => ClientClass::Other,
    }
}
