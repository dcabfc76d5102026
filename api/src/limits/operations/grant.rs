//! `POST /v1/limits` grants a limit from an approval; `POST /v1/limits/{id}/resize` makes a limit or part larger or smaller.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{Months, NaiveDate};
use domain::applications::action::Reason;
use domain::id::kind;
use domain::limits::weights::Business;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Step;
use super::body::{id, maybe_id, why};
use crate::app::App;
use crate::error::{Error, FieldProblem, ProblemBody, Result};
use crate::limits::law::today;
use crate::limits::ledger::{By, GrantOrder, Operation, Why, perform};
use crate::limits::store::approvals;
use crate::limits::view::{OperationView, id_of};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, Principal, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Body, Context, Idempotency, IfMatch};

/// Most conditions of a limit.
const CONDITIONS_MAX: usize = 20;

/// A limit to be granted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// The approval that it comes from, see `GET /v1/limit-approvals`.
    #[schema(example = "lap_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub approval: String,
    /// How much, in fen: at most what was approved and is not granted yet.
    #[schema(example = 50_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// ISO 4217; limits are in yuan.
    #[serde(default = "yuan")]
    #[schema(example = "CNY", max_length = 3)]
    pub currency: String,
    /// Whether repayment restores it.
    pub revolving: bool,
    /// The first day on which it can be used.
    #[schema(example = "2026-12-01")]
    pub valid_from: NaiveDate,
    /// The first day on which it no longer can.
    #[schema(example = "2027-12-01")]
    pub valid_to: NaiveDate,
    /// The bank that will lend, if one alone will: a customer of that kind.
    #[serde(default)]
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub bank: Option<String>,
    /// `loan`, `housing_loan`, `bond_aa`, `bond` or `other_financing`.
    #[serde(default = "loan")]
    #[schema(example = "loan", max_length = 20)]
    pub business: String,
    /// Conditions of its use, each 1 to 1000 characters.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["单笔用款不超过20万元"]))]
    pub conditions: Vec<String>,
    /// Why.
    #[schema(example = "按批复授信", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "授信批复-2026-001", max_length = 100)]
    pub document: Option<String>,
}

fn yuan() -> String {
    "CNY".to_owned()
}

fn loan() -> String {
    Business::Loan.code().to_owned()
}

impl NewGrant {
    /// What the ledger is asked.
    pub(in crate::limits) fn order(&self) -> Result<(Operation, Why)> {
        let wrong = |pointer: &str, code: &str, zh: &str, en: &str| {
            Error::fields(vec![FieldProblem::new(pointer, code, zh, en)])
        };
        if self.currency != "CNY" {
            return Err(wrong("/currency", "currency", "额度以人民币计，请填写CNY", "limits are in yuan: CNY"));
        }
        if self.conditions.len() > CONDITIONS_MAX {
            return Err(wrong("/conditions", "count", "最多20项条件", "at most 20 conditions"));
        }
        let business = Business::from_code(&self.business).ok_or_else(|| {
            let (zh, en) =
                ("请选择担保业务种类", "name a kind of guarantee: loan, housing_loan, bond_aa, bond, other_financing");
            wrong("/business", "choice", zh, en)
        })?;
        let conditions = self.conditions.iter().enumerate().map(|(place, text)| {
            let pointer = format!("/conditions/{place}");
            let (zh, en) = ("请填写条件内容（1至1000字）", "give a condition of 1 to 1000 characters");
            Reason::parse(text).map_err(|_| wrong(&pointer, "required", zh, en))
        });
        let order = GrantOrder {
            approval: id::<kind::LimitApproval>("/approval", &self.approval)?,
            amount: Fen(self.amount_fen),
            revolving: self.revolving,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            bank: maybe_id::<kind::Customer>("/bank", self.bank.as_deref())?,
            business,
            conditions: conditions.collect::<Result<_>>()?,
        };
        Ok((Operation::Grant(order), why("/reason", &self.reason, self.document.as_deref())?))
    }
}

/// Grants a limit. The law and the firm's ceilings are judged in the same transaction, and so is the approver's authority.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.grant"])),
    request_body = NewGrant,
    responses(
        (status = 201, description = "The limit, with what every rule said", body = OperationView),
        (status = 404, description = "No such approval", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "More than was approved, or a rule would be broken", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits")]
pub async fn grant_limit(
    access: Access<may::GrantLimits>,
    app: Data<App>,
    context: Context,
    idempotency: Idempotency,
    Body(body): Body<NewGrant>,
) -> Result<HttpResponse> {
    let order = body.order()?;
    Step { seen: None, idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// Another size.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSize {
    /// What may be used in all from now on, in fen.
    #[schema(example = 60_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
    pub amount_fen: i64,
    /// Why.
    #[schema(example = "经营扩大，调增额度", min_length = 1, max_length = 1000)]
    pub reason: String,
    /// Under which document.
    #[serde(default)]
    #[schema(example = "授信批复-2026-002", max_length = 100)]
    pub document: Option<String>,
}

/// Makes a limit or a part larger or smaller: up to what was approved or the limit above has free, down to what is in use.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.grant"])),
    request_body = NewSize,
    responses(
        (status = 200, description = "The limit as it is now", body = OperationView),
        (status = 409, description = "More than there is, less than is in use, or a rule would be broken", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/{id}/resize")]
pub async fn resize_limit(
    access: Access<may::GrantLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    seen: IfMatch,
    idempotency: Idempotency,
    Body(body): Body<NewSize>,
) -> Result<HttpResponse> {
    let operation = Operation::Resize { limit: at.uuid(), to: Fen(body.amount_fen) };
    let order = (operation, why("/reason", &body.reason, body.document.as_deref())?);
    Step { seen: Some(seen), idempotency, language: context.language }.run(&app, &access, &body, order).await
}

/// The limit that an approval grants at once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantedLimit {
    /// Whether repayment restores it.
    pub revolving: bool,
    /// The first day on which it can be used; today if not said.
    #[serde(default)]
    #[schema(example = "2026-12-01")]
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it no longer can; after the approved term if not said.
    #[serde(default)]
    #[schema(example = "2027-12-01")]
    pub valid_to: Option<NaiveDate>,
    /// The bank that will lend, if one alone will: a customer of that kind.
    #[serde(default)]
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub bank: Option<String>,
}

/// Grants the whole of what was approved on an application, in the transaction that approves.
///
/// # Errors
/// As for a grant: nothing is approved then either.
pub async fn grant_at_once(tx: &TenantTx, who: &Principal, application: Uuid, limit: &GrantedLimit) -> Result<()> {
    let approval = approvals::of_application(tx, application).await?;
    let months = u32::try_from(approval.term_months).unwrap_or(0);
    let from = limit.valid_from.unwrap_or_else(|| today(tx));
    let to = limit.valid_to.or_else(|| from.checked_add_months(Months::new(months)));
    let conditions: Vec<String> = match &approval.conditions_sealed {
        Some(sealed) => tx.open_json(approvals::CONDITIONS, approval.id, sealed)?,
        None => vec![],
    };
    let order = NewGrant {
        approval: id_of::<kind::LimitApproval>(approval.id),
        amount_fen: approval.approved_fen,
        currency: yuan(),
        revolving: limit.revolving,
        valid_from: from,
        valid_to: to.unwrap_or(from),
        bank: limit.bank.clone(),
        business: loan(),
        conditions,
        reason: "申请获批，同时授信".to_owned(),
        document: approval.application_number.clone(),
    };
    let (operation, why) = order.order().map_err(|error| error.under("/limit"))?;
    let scope = departments_of(tx, who).await?;
    let by = By::Staff { id: who.id, scope: &scope, seen: None };
    perform(tx, &by, &operation, &why).await.map(|_| ()).map_err(|error| error.under("/limit"))
}
