//! An application opened for work: its row, what the state machine knows of it, its form, and its product.

use std::sync::Arc;

use domain::applications::completeness::{Missing, Place, missing, name_gap};
use domain::applications::form::{Form, label_of};
use domain::applications::product::ProductTerms;
use domain::applications::state::Facts;
use domain::consent::{ConsentState, SubjectKind};
use domain::words::Words;
use serde::Deserialize;
use uuid::Uuid;

use super::store::{self, Row};
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::tenants::products;
use crate::{customers, data, documents};

/// An application opened for work.
pub(super) struct Case {
    pub row: Row,
    pub facts: Facts,
    pub form: Form,
    pub product: Arc<ProductTerms>,
    pub product_active: bool,
    /// On what conditions it was approved.
    pub conditions: Vec<String>,
}

impl Case {
    /// Opens a row.
    pub(super) async fn open(tx: &TenantTx, row: Row) -> Result<Self> {
        let facts = Facts::deserialize(&row.facts)?;
        let form = store::open_form(tx, &row)?;
        let (product, product_active, _) =
            products::load(tx, row.product_id).await?.ok_or_else(|| Error::new(Code::Internal))?;
        let conditions = store::open_conditions(tx, &row)?;
        Ok(Self { row, facts, form, product, product_active, conditions })
    }

    /// Whose its files are.
    pub(super) fn files(&self) -> documents::Owner<'_> {
        documents::Owner::Application { id: self.row.id, product: &self.product }
    }

    /// Readable files per checklist item.
    pub(super) async fn ready(&self, tx: &TenantTx) -> Result<Vec<(String, u32)>> {
        documents::ready_counts(tx, self.files()).await
    }

    /// Everything that stands against the next step.
    pub(super) async fn missing(&self, tx: &TenantTx) -> Result<Vec<Missing>> {
        self.missing_with(tx, &self.ready(tx).await?).await
    }

    /// The same where the readable files are known already.
    pub(super) async fn missing_with(&self, tx: &TenantTx, ready: &[(String, u32)]) -> Result<Vec<Missing>> {
        let consent = match self.form.subject_kind() {
            Some(SubjectKind::Enterprise) => self.consent(tx).await?,
            _ => ConsentState::Absent,
        };
        let mut gaps = self.gaps(ready, consent);
        gaps.extend(self.name_gap(tx).await?);
        Ok(gaps)
    }

    /// Whether the firm's record of the credit code has another name than the form.
    async fn name_gap(&self, tx: &TenantTx) -> Result<Option<Missing>> {
        let code = self.form.credit_code().filter(|_| self.form.subject_kind() == Some(SubjectKind::Enterprise));
        let Some(code) = code else { return Ok(None) };
        let record = customers::find_by_code(tx, &code).await?;
        Ok(record.and_then(|record| name_gap(&self.form, &record.full_name)))
    }

    /// How it stands with the consent of the enterprise that the form names now: one that was given for another
    /// enterprise counts for nothing.
    pub(super) async fn consent(&self, tx: &TenantTx) -> Result<ConsentState> {
        let (state, live) = data::consent_state(tx, self.row.id).await?;
        if state != ConsentState::Granted {
            return Ok(state);
        }
        let code = self.form.credit_code();
        let same = live.zip(code).is_some_and(|(live, code)| live.subject == code.as_str());
        Ok(if same { state } else { ConsentState::Absent })
    }

    fn gaps(&self, ready: &[(String, u32)], consent: ConsentState) -> Vec<Missing> {
        let ready: Vec<(&str, u32)> = ready.iter().map(|(key, count)| (key.as_str(), *count)).collect();
        let mut gaps = missing(&self.form, &self.product, &ready, consent);
        let pointer = "/product_id";
        // who had already submitted when a product was closed is not sent away
        if !self.product_active && self.row.number.is_none() {
            gaps.push(Missing {
                place: Place::Pointer(pointer.to_owned()),
                code: "product_closed",
                label: label_of(pointer, None),
                message: Words::new(
                    "该担保产品已停办，请选择其他产品",
                    "This product is no longer on offer; choose another",
                ),
            });
        }
        gaps
    }

    /// Takes over a form: the sealed copy, the columns that lists filter by, and what the state machine knows.
    pub(super) async fn take_form(&mut self, tx: &TenantTx, form: Form) -> Result<()> {
        let row = &mut self.row;
        if let Some(kind) = form.subject_kind() {
            row.subject_kind = super::words::code_of(&kind);
            self.facts.subject = kind;
        }
        let code = form.credit_code().filter(|_| form.subject_kind() == Some(SubjectKind::Enterprise));
        let known = match &code {
            Some(code) => customers::find_by_code(tx, code).await?,
            None => None,
        };
        row.subject_hash = match (form.subject_kind(), &code) {
            (Some(SubjectKind::Enterprise), Some(code)) => Some(tx.keys().lookup("credit_code", code.as_str())),
            (Some(SubjectKind::Person), _) => form.id_number().map(|id| tx.keys().lookup("id_number", id.expose())),
            _ => None,
        };
        row.enterprise_id = known.map(|enterprise| enterprise.id);
        let is_enterprise = form.subject_kind() == Some(SubjectKind::Enterprise);
        row.enterprise_name = form.text("/subject/full_name").filter(|_| is_enterprise).map(str::to_owned);
        row.credit_code = code.map(String::from);
        row.region = form.text("/region").map(str::to_owned);
        row.industry = form.text("/industry").map(str::to_owned);
        row.requested_amount_fen = form.amount().map(|amount| amount.0);
        row.requested_term_months = form.term_months().map(i32::from);
        row.form_sealed = store::seal_form(tx, row.id, &form)?;
        self.facts.requested = form.amount().unwrap_or_default();
        self.facts.product_max = self.product.amount_max_fen;
        self.facts.product_min = self.product.amount_min_fen;
        self.facts.product_months_max = self.product.months_max;
        self.facts.product_months_min = self.product.months_min;
        row.facts = serde_json::to_value(&self.facts)?;
        self.form = form;
        Ok(())
    }

    /// Its id.
    pub(super) fn id(&self) -> Uuid {
        self.row.id
    }
}
