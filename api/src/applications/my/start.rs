//! `POST /v1/my/applications`: begins a draft for one product.

use std::sync::Arc;

use actix_web::{HttpResponse, post, web::Data};
use domain::applications::form::Form;
use domain::applications::lookups::Lookups;
use domain::applications::product::ProductTerms;
use domain::applications::state::{ApplicationState as S, Facts};
use domain::applications::timeline::EventKind;
use domain::consent::SubjectKind;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::MyApplication;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::detail::Detail;
use crate::applications::store::{self, Row};
use crate::applications::{refusal, transition};
use crate::error::{Code, Error, FieldProblem, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Context, Idempotency, Reply};
use crate::tenants::{products, settings};

/// Which product a draft is for, and whom it is about.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// The product; it can be changed while it is a draft.
    #[schema(example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
    pub product_id: String,
    /// Whom it is about; where left out, whom the product is made for.
    pub subject_kind: Option<SubjectName>,
}

/// Whom an application is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectName {
    /// A natural person, the caller.
    Person,
    /// An enterprise, for which the caller acts.
    Enterprise,
}

/// Begins a draft.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body = NewApplication,
    responses((status = 201, description = "The draft", body = MyApplication))
)]
#[post("/v1/my/applications")]
pub async fn start_application(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    idempotency: Idempotency,
    Body(body): Body<NewApplication>,
) -> Result<HttpResponse> {
    let owner = access.principal.id;
    let work = async |tx: &TenantTx| {
        let (product_id, product) = product_of(tx, &body.product_id).await?;
        let (settings, _) = settings::load(tx).await?;
        people::lock_applicant(tx, owner).await?;
        if store::count_drafts(tx, owner).await? >= u64::from(settings.drafts_max) {
            return Err(Error::new(Code::TooManyItems).detail(
                format!("最多保留{}份草稿，请先提交或删除不需要的。", settings.drafts_max),
                format!("At most {} drafts; submit or discard one first.", settings.drafts_max),
            ));
        }
        subject_fits(&body, &product)?;
        let form = first_form(&body, &product)?;
        let case = insert(tx, owner, (product_id, product), form).await?;
        let id = Id::<kind::Application>::from_uuid(case.id());
        let view = MyApplication::of(tx, &case, context.language).await?;
        let act = Act::new("application.start", "application", case.id());
        let act = act.detail(serde_json::json!({ "after": { "product_id": body.product_id } }));
        Ok(Reply::created(format!("/v1/my/applications/{id}"), view).version(1).done(act))
    };
    idempotency.run(&app, &access, &body, work).await
}

async fn product_of(tx: &TenantTx, text: &str) -> Result<(Uuid, Arc<ProductTerms>)> {
    let unknown = || {
        refusal::wrong_field(
            "/product_id",
            "product_unknown",
            "没有这个担保产品或已停办，请重新选择",
            "There is no such product on offer; choose another",
        )
    };
    let id = Id::<kind::Product>::parse(text).ok_or_else(unknown)?.uuid();
    match products::load(tx, id).await? {
        Some((terms, true, _)) => Ok((id, terms)),
        _ => Err(unknown()),
    }
}

/// Whether the product is for whom it is to be about: a draft that can never be submitted is not begun.
fn subject_fits(body: &NewApplication, product: &ProductTerms) -> Result<()> {
    let kind = match body.subject_kind {
        None => return Ok(()),
        Some(SubjectName::Person) => SubjectKind::Person,
        Some(SubjectName::Enterprise) => SubjectKind::Enterprise,
    };
    if product.subjects.contains(&kind) {
        return Ok(());
    }
    let (zh, en) = match kind {
        SubjectKind::Person => ("企业", "enterprises"),
        SubjectKind::Enterprise => ("个人", "persons"),
    };
    Err(Error::fields(vec![FieldProblem::new(
        "/subject_kind",
        "subject_not_allowed",
        format!("该产品只面向{zh}，请改选主体类型或更换产品"),
        format!("This product is for {en} alone; choose the other kind or another product"),
    )]))
}

/// The form with what is known from the first: the product, and the subject where it is said or can only be one.
fn first_form(body: &NewApplication, product: &ProductTerms) -> Result<Form> {
    let kind = match (body.subject_kind, product.subjects.as_slice()) {
        (Some(SubjectName::Person), _) => Some("person"),
        (Some(SubjectName::Enterprise), _) => Some("enterprise"),
        (None, [SubjectKind::Person]) => Some("person"),
        (None, [SubjectKind::Enterprise]) => Some("enterprise"),
        (None, _) => None,
    };
    let patch = serde_json::json!({ "product_id": body.product_id, "subject": { "kind": kind } });
    let lookups = Lookups { product: Some(product), region_exists: &|_| false, industry_exists: &|_| false };
    Form::default().patched(&patch, &lookups).map_err(refusal::form_errors)
}

async fn insert(
    tx: &TenantTx,
    owner: Uuid,
    (product_id, product): (Uuid, Arc<ProductTerms>),
    form: Form,
) -> Result<Case> {
    let id = Uuid::now_v7();
    let subject = form.subject_kind().or(product.subjects.first().copied()).unwrap_or(SubjectKind::Person);
    let facts =
        Facts::draft(subject, owner, form.amount().unwrap_or_default(), product.amount_max_fen, product.months_max);
    let row = Row {
        tenant_id: tx.tenant(),
        id,
        number: None,
        applicant_id: owner,
        product_id,
        subject_kind: crate::applications::words::code_of(&subject),
        subject_hash: None,
        enterprise_id: None,
        enterprise_name: None,
        credit_code: None,
        region: None,
        industry: None,
        requested_amount_fen: None,
        requested_term_months: None,
        approved_amount_fen: None,
        approved_term_months: None,
        approved_conditions: None,
        form_sealed: store::seal_form(tx, id, &form)?,
        state: S::Draft.code().to_owned(),
        state_since: tx.now(),
        facts: serde_json::to_value(&facts)?,
        department_id: None,
        investigator_id: None,
        reviewer_id: None,
        approver_id: None,
        score: None,
        score_outcome: None,
        round: 0,
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        submitted_at: None,
        restricted: None,
    };
    store::insert(tx, row.clone()).await?;
    transition::record(tx, id, EventKind::Created, (S::Draft, S::Draft), &Detail::default()).await?;
    Ok(Case { row, facts, form, product, product_active: true, conditions: vec![] })
}
