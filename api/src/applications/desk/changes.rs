//! `GET /v1/applications/{id}/changes`: what the applicant changed between the last two submissions, so that the officer
//! reads the difference and not the form again.

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use domain::applications::changes::changes;
use domain::id::kind;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::scope;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::store::{self, Snapshot};
use crate::applications::words::say;
use crate::error::{Language, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// When the earlier of the two was submitted; null where there was only one.
    pub since: Option<DateTime<Utc>>,
    /// Fields that differ.
    pub fields: Vec<FieldChangeView>,
    /// Checklist items whose files differ.
    pub documents: Vec<DocumentChange>,
}

/// One field that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChangeView {
    /// Its place as a JSON pointer.
    #[schema(example = "/amount_fen")]
    pub pointer: String,
    /// Its label.
    #[schema(example = "申请金额")]
    pub label: String,
    /// What it was; null where it is new.
    pub before: Option<String>,
    /// What it is; null where it was removed.
    pub after: Option<String>,
    /// Whether both are masked.
    pub masked: bool,
}

/// One checklist item whose files differ.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentChange {
    /// The item's key.
    #[schema(example = "business_licence")]
    pub item_key: String,
    /// What it is called.
    #[schema(example = "营业执照")]
    pub label: String,
    /// Documents that are new.
    #[schema(example = json!(["doc_01jd8m1f5ne6xa9q2t4k7v3b8c"]))]
    pub added: Vec<String>,
    /// Documents that are gone.
    pub removed: Vec<String>,
}

/// What changed between the last two submissions.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "Fields and documents that differ", body = Changes))
)]
#[get("/v1/applications/{id}/changes")]
pub async fn read_changes(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    id: At<kind::Application>,
) -> Result<Reply<Changes>> {
    let tx = access.read(&app).await?;
    let case = scope::find(&tx, &access.principal, id.uuid()).await?;
    let last = store::last_submissions(&tx, case.id(), 2).await?;
    Ok(Reply::ok(match last.as_slice() {
        [after, before] => difference(&case, before, after, context.language),
        _ => Changes { since: None, fields: vec![], documents: vec![] },
    }))
}

fn difference(case: &Case, before: &Snapshot, after: &Snapshot, language: Language) -> Changes {
    let fields = changes(&before.form, &after.form, Some(&case.product), false)
        .into_iter()
        .map(|change| FieldChangeView {
            label: say(&change.label, language),
            pointer: change.pointer,
            before: change.before,
            after: change.after,
            masked: change.masked,
        })
        .collect();
    let items = case.product.checklist.iter().filter_map(|item| {
        let (old, new) = (files(&before.documents, &item.key), files(&after.documents, &item.key));
        let without = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|id| !those.contains(id)).cloned().collect()
        };
        let (added, removed) = (without(&new, &old), without(&old, &new));
        let label = say(&item.label, language);
        (!added.is_empty() || !removed.is_empty()).then(|| DocumentChange {
            item_key: item.key.clone(),
            label,
            added,
            removed,
        })
    });
    Changes { since: Some(before.at), fields, documents: items.collect() }
}

/// The documents of one item in a snapshot.
fn files(documents: &Value, key: &str) -> Vec<String> {
    let versions = documents.get(key).and_then(Value::as_array).into_iter().flatten();
    versions.filter_map(|version| version.get("document")?.as_str().map(str::to_owned)).collect()
}
