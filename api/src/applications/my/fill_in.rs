//! Filling a form from the firm's records once an enterprise is named. What came from the record of another enterprise
//! goes with it, or the form would carry the name of one firm and the code of another.

use domain::applications::form::Form;
use domain::applications::product::ProductTerms;
use domain::person::CreditCode;
use serde_json::{Value, json};

use super::edit::patched;
use crate::customers::{self, EnterpriseBrief};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Where the name of an enterprise stands in the form.
const FULL_NAME: &str = "/subject/full_name";

/// Fills what is still empty, or still as the previous enterprise's record had it, when the enterprise was named just
/// now. A record that does not fit the form is left alone: typing goes on without it.
pub(super) async fn filled_in(
    tx: &TenantTx,
    before: &Form,
    form: Form,
    change: &Value,
    product: Option<&ProductTerms>,
) -> Result<Form> {
    let named = |key: &str| change.get("subject").and_then(|subject| subject.get(key)).and_then(Value::as_str);
    let code = named("credit_code").and_then(|text| CreditCode::parse(text).ok());
    let found = match (&code, named("full_name")) {
        (Some(code), _) => customers::find_by_code(tx, code).await?,
        (None, Some(name)) => customers::find_by_name(tx, name.trim()).await?,
        (None, None) => return Ok(form),
    };
    // a name without a record may be a spelling of the same firm; a code without one is another firm
    if found.is_none() && code.is_none() {
        return Ok(form);
    }
    let previous = values(record_of(tx, before).await?.as_ref());
    let mut fill = json!({ "subject": {} });
    for ((pointer, value), (_, old)) in values(found.as_ref()).into_iter().zip(previous) {
        let mine = form.text(pointer);
        let is_stale = mine.is_some() && mine == old.as_deref();
        if change.pointer(pointer).is_some() || (mine.is_some() && !is_stale) {
            continue;
        }
        match pointer.strip_prefix("/subject/") {
            Some(key) => fill["subject"][key] = value.into(),
            None => fill[pointer.trim_start_matches('/')] = value.into(),
        }
    }
    Ok(patched(&form, &fill, product).unwrap_or(form))
}

/// What a record fills in, by its place in the form.
fn values(record: Option<&EnterpriseBrief>) -> [(&'static str, Option<String>); 4] {
    [
        (FULL_NAME, record.map(|record| record.full_name.clone())),
        ("/subject/credit_code", record.map(|record| record.credit_code.clone())),
        ("/region", record.and_then(|record| record.region.clone())),
        ("/industry", record.and_then(|record| record.industry.clone())),
    ]
}

/// The record of the enterprise that a form names.
async fn record_of(tx: &TenantTx, form: &Form) -> Result<Option<EnterpriseBrief>> {
    match (form.credit_code(), form.text(FULL_NAME)) {
        (Some(code), _) => customers::find_by_code(tx, &code).await,
        (None, Some(name)) => customers::find_by_name(tx, name).await,
        (None, None) => Ok(None),
    }
}
