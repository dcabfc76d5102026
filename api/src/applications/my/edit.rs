//! `PATCH /v1/my/applications/{id}`: saves what was typed, field by field, so that it is there on another phone. Values
//! are checked as they are saved; what is missing is asked only at submission. `POST …/form` is a second door to the same
//! operation, for the WeChat mini-program, whose `wx.request` knows no PATCH.

use std::sync::Arc;

use actix_web::{patch, post, web::Data};
use domain::applications::changes::changes;
use domain::applications::form::Form;
use domain::applications::lookups::Lookups;
use domain::applications::product::ProductTerms;
use domain::applications::state::ApplicationState;
use domain::id::{Id, kind};
use domain::person::PersonFault;
use domain::reference::{Industry, Region};
use domain::time::TenantZone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{fill_in, own, view::MyApplication};
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::view::ApplicationForm;
use crate::applications::{refusal, store};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Context, IfMatch, Reply};
use crate::tenants::products;

/// Changes the named fields of a draft or a returned application. An enterprise's full name or credit code fills in,
/// from the firm's records, what is still empty or came from another enterprise's record.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body(content = ApplicationForm, description = "A merge patch: what is named is changed, null clears it"),
    responses((status = 200, description = "The application as it is now", body = MyApplication))
)]
#[patch("/v1/my/applications/{id}")]
pub async fn edit_application(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    Body(change): Body<Value>,
) -> Result<Reply<MyApplication>> {
    save(&access, &app, &context, id, seen, &change).await
}

/// The same change for clients that cannot send PATCH, such as the WeChat mini-program. It takes no key: a repeat is
/// refused as stale, since the first has changed the version.
#[utoipa::path(
    tag = "my applications",
    security(("token" = ["own.applications"])),
    request_body(content = ApplicationForm, description = "A merge patch: what is named is changed, null clears it"),
    responses((status = 200, description = "The application as it is now", body = MyApplication))
)]
#[post("/v1/my/applications/{id}/form")]
pub async fn save_application_form(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
    seen: IfMatch,
    Body(change): Body<Value>,
) -> Result<Reply<MyApplication>> {
    save(&access, &app, &context, id, seen, &change).await
}

async fn save(
    access: &Access<may::OwnApplications>,
    app: &App,
    context: &Context,
    id: At<kind::Application>,
    seen: IfMatch,
    change: &Value,
) -> Result<Reply<MyApplication>> {
    let tx = access.begin(app).await?;
    let mut case = own::lock(&tx, access.principal.id, id.uuid()).await?;
    seen.check(case.row.version, Some(&case.row.state))?;
    own::editable(&case)?;
    let product = product_after(&tx, &case, change).await?;
    let terms = product.as_ref().map(|(_, terms)| terms.as_ref());
    let form = patched(&case.form, change, terms)?;
    let form = fill_in::filled_in(&tx, &case.form, form, change, terms).await?;
    born_by(&tx, &form)?;
    let differs = changes(&case.form, &form, terms, false);
    same_product_once_submitted(&case, product.as_ref().map(|(id, _)| *id))?;
    if let Some((id, terms)) = product {
        case.product_active |= id != case.row.product_id;
        (case.row.product_id, case.product) = (id, terms);
    }
    let before = case.row.version;
    case.take_form(&tx, form).await?;
    case.row.version = before.saturating_add(1);
    case.row.updated_at = tx.now();
    store::replace(&tx, case.row.clone(), before).await?;
    let view = MyApplication::of(&tx, &case, context.language).await?;
    let act = Act::new("application.edit", "application", case.id());
    tx.commit(act.detail(json!({ "changes": differs, "version": case.row.version }))).await?;
    Ok(Reply::ok(view).version(case.row.version))
}

/// A birth date in the future is a typing error that the number's own form cannot tell.
fn born_by(tx: &TenantTx, form: &Form) -> Result<()> {
    let today = TenantZone::default().date_of(tx.now());
    if form.id_number().is_none_or(|id| id.birth_date() <= today) {
        return Ok(());
    }
    let fault = PersonFault::IdBirthUnlikely;
    let words = fault.words();
    Err(refusal::wrong_field("/subject/id_number", fault.code(), &words.zh, &words.en))
}

/// Officer, department and score belong to the product that was submitted, so a returned application keeps it.
fn same_product_once_submitted(case: &Case, named: Option<Uuid>) -> Result<()> {
    if case.facts.state != ApplicationState::Returned || named == Some(case.row.product_id) {
        return Ok(());
    }
    Err(refusal::wrong_field(
        "/product_id",
        "product_fixed",
        "退回的申请不能更换产品，如需更换请撤回后重新申请",
        "A returned application keeps its product; withdraw it and apply anew to change it",
    ))
}

/// The product that the form names after the change: the one it has, even if closed since, or another that is on offer.
async fn product_after(tx: &TenantTx, case: &Case, change: &Value) -> Result<Option<(Uuid, Arc<ProductTerms>)>> {
    let Some(id) = case.form.product_after(change).and_then(Id::<kind::Product>::parse) else {
        return Ok(None);
    };
    if id.uuid() == case.row.product_id {
        return Ok(Some((id.uuid(), Arc::clone(&case.product))));
    }
    let found = products::load(tx, id.uuid()).await?;
    Ok(found.and_then(|(terms, active, _)| active.then_some((id.uuid(), terms))))
}

pub(super) fn patched(form: &Form, change: &Value, product: Option<&ProductTerms>) -> Result<Form> {
    let lookups = Lookups {
        product,
        region_exists: &|code| Region::find(code).is_some(),
        industry_exists: &|code| Industry::find(code).is_some(),
    };
    form.patched(change, &lookups).map_err(refusal::form_errors)
}
