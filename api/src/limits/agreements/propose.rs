//! `POST /v1/sharing-agreements`: an agreement is entered with its shares and dates. It has no effect until another person
//! has approved it.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use domain::limits::BASIS_POINTS;
use domain::limits::parameters::ParameterState;
use domain::limits::sharing::{Agreement, Shares};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Row};
use super::view::{self, AgreementView, SharesBody};
use crate::app::App;
use crate::error::Result;
use crate::limits::proposal::{Viewer, check_day};
use crate::limits::subject::{NO_BANK, NO_PRODUCT, is_bank, is_product};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Checks, Idempotency, Reply};

const NAME_CHARS_MAX: usize = 100;
const DOCUMENT_CHARS_MAX: usize = 200;

/// An agreement to be entered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// What it is called.
    #[schema(example = "示例银行“4321”分担协议", min_length = 1, max_length = 100)]
    pub name: String,
    /// The customer that is the bank; without it the agreement is for every bank.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub bank_id: Option<Id<kind::Customer>>,
    /// The product; without it the agreement is for every product.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product_id: Option<Id<kind::Product>>,
    /// Who re-guarantees; needed where a re-guarantor bears a share.
    #[schema(example = "示例省再担保有限公司", max_length = 100)]
    pub reguarantor: Option<String>,
    /// Who bears what.
    pub shares: SharesBody,
    /// The first day; of the years 2000 to 2100.
    #[schema(example = "2026-01-01")]
    pub valid_from: NaiveDate,
    /// The first day on which it no longer holds; without it the agreement has no end.
    #[schema(example = "2027-01-01")]
    pub valid_to: Option<NaiveDate>,
    /// Its number, or where it is kept.
    #[schema(example = "银担协字〔2026〕1号", min_length = 1, max_length = 200)]
    pub document: String,
}

/// The same, checked and trimmed.
struct Checked {
    name: String,
    reguarantor: Option<String>,
    document: String,
    agreement: Agreement,
}

impl NewAgreement {
    fn checked(&self) -> Result<Checked> {
        let mut checks = Checks::new();
        let name = checks.line("/name", &self.name, NAME_CHARS_MAX);
        let reguarantor = self.reguarantor.as_deref().unwrap_or_default();
        let reguarantor = checks.maybe_line("/reguarantor", reguarantor, NAME_CHARS_MAX);
        let document = checks.line("/document", &self.document, DOCUMENT_CHARS_MAX);
        let shares = shares(&mut checks, &self.shares);
        if self.shares.reguarantor_bp > 0 && reguarantor.is_empty() {
            let (zh, en) = ("再担保机构分担风险的，请填写其名称", "is needed where a re-guarantor bears a share");
            checks.problem("/reguarantor", "required", zh, en);
        }
        check_day(&mut checks, "/valid_from", self.valid_from);
        if let Some(to) = self.valid_to {
            check_day(&mut checks, "/valid_to", to);
        }
        let dates = Agreement { shares: Shares::FIRM_ALONE, valid_from: self.valid_from, valid_to: self.valid_to };
        if dates.validate().is_err() {
            checks.problem("/valid_to", "order", "失效日应晚于生效日", "is later than the first day");
        }
        match shares {
            Some(shares) => {
                checks.done()?;
                let reguarantor = Some(reguarantor).filter(|name| !name.is_empty());
                Ok(Checked { name, reguarantor, document, agreement: Agreement { shares, ..dates } })
            }
            None => Err(checks.refuse()),
        }
    }

    async fn check_subjects(&self, tx: &TenantTx) -> Result<()> {
        let mut checks = Checks::new();
        if let Some(bank) = self.bank_id
            && !is_bank(tx, bank.uuid()).await?
        {
            checks.problem("/bank_id", "subject_unknown", NO_BANK.0, NO_BANK.1);
        }
        if let Some(product) = self.product_id
            && !is_product(tx, product.uuid()).await?
        {
            checks.problem("/product_id", "subject_unknown", NO_PRODUCT.0, NO_PRODUCT.1);
        }
        checks.done()
    }
}

/// The shares as the rules know them, or a problem that says how much is missing.
fn shares(checks: &mut Checks, sent: &SharesBody) -> Option<Shares> {
    let SharesBody { bank_bp, firm_bp, reguarantor_bp, government_bp } = *sent;
    let parts = [("bank", bank_bp), ("firm", firm_bp), ("reguarantor", reguarantor_bp), ("government", government_bp)];
    let whole = 0..=BASIS_POINTS;
    for (name, _) in parts.iter().filter(|(_, share)| !whole.contains(share)) {
        let (zh, en) = ("应在0至10000之间（单位为万分之一，即0%至100%）", "is 0 to 10,000, in 1/10,000");
        checks.problem(&format!("/shares/{name}_bp"), "range", zh, en);
    }
    if parts.iter().any(|(_, share)| !whole.contains(share)) {
        return None;
    }
    let gap = BASIS_POINTS - parts.iter().map(|(_, share)| share).sum::<i64>();
    let bp = |share: i64| u16::try_from(share).unwrap_or_default();
    let shares = Shares::new(bp(bank_bp), bp(firm_bp), bp(reguarantor_bp), bp(government_bp)).ok();
    if shares.is_none() {
        let (zh, en) = if gap > 0 { ("还差", "missing") } else { ("多出", "too much") };
        let by = gap.abs();
        let percent = format!("{}.{:02}%", by / 100, by % 100);
        checks.problem(
            "/shares",
            "sum",
            format!("各方分担比例合计应为10000（即100%），现{zh}{by}（即{percent}）"),
            format!("the shares add to 10,000 (100 %); {by} ({percent}) are {en}"),
        );
    }
    shares
}

/// Enters a sharing agreement.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.propose"])),
    request_body = NewAgreement,
    responses((status = 201, description = "The agreement, without effect yet", body = AgreementView))
)]
#[post("/v1/sharing-agreements")]
pub async fn propose_sharing_agreement(
    access: Access<may::ProposeParameters>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<NewAgreement>,
) -> Result<HttpResponse> {
    let Checked { name, reguarantor, document, agreement } = body.checked()?;
    let (viewer, by) = (Viewer::of(&access), access.principal.id);
    idem.run(&app, &access, &body, async |tx| {
        body.check_subjects(tx).await?;
        let shares = agreement.shares;
        let row = Row {
            tenant_id: tx.tenant(),
            id: Uuid::now_v7(),
            name,
            bank_id: body.bank_id.map(|id| id.uuid()),
            product_id: body.product_id.map(|id| id.uuid()),
            reguarantor,
            bank_bp: shares.bank_bp().into(),
            firm_bp: shares.firm_bp().into(),
            reguarantor_bp: shares.reguarantor_bp().into(),
            government_bp: shares.government_bp().into(),
            valid_from: agreement.valid_from,
            valid_to: agreement.valid_to,
            document: Some(document),
            state: ParameterState::Proposed.code().to_owned(),
            proposed_by: by,
            proposed_at: tx.now(),
            decided_by: None,
            decided_at: None,
            version: 1,
        };
        store::insert(tx, &row).await?;
        let id = row.id;
        let shown = view::agreement(tx, row, viewer).await?;
        let act = Act::new("agreement.propose", "agreement", id).detail(json!({ "after": shown }));
        Ok(Reply::created(format!("/v1/sharing-agreements/{}", shown.id), shown).version(1).done(act))
    })
    .await
}
