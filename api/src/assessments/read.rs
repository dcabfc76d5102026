//! Reading evaluations, for the area that knows who may see the application.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::kept::Inputs;
use super::store::{self, KeptRow};
use super::view::{self, AssessmentView};
use crate::data;
use crate::error::{Error, Language, Result};
use crate::platform::db::TenantTx;

/// Most evaluations of one application that are shown.
const SHOWN_MAX: u64 = 50;

/// The evaluations of an application, newest first, at most fifty.
///
/// # Errors
/// If the database fails.
pub async fn list_of(tx: &TenantTx, application: Uuid, language: Language) -> Result<Vec<AssessmentView>> {
    let mut views = Vec::new();
    for row in store::assessments_of(tx, application, SHOWN_MAX).await? {
        views.push(shown(tx, row, language).await?);
    }
    Ok(views)
}

/// The last evaluation of an application.
///
/// # Errors
/// If the database fails.
pub async fn latest(tx: &TenantTx, application: Uuid, language: Language) -> Result<Option<AssessmentView>> {
    match store::assessments_of(tx, application, 1).await?.into_iter().next() {
        Some(row) => Ok(Some(shown(tx, row, language).await?)),
        None => Ok(None),
    }
}

/// The application of an evaluation.
///
/// # Errors
/// `not_found`.
pub async fn application_of(tx: &TenantTx, assessment: Uuid) -> Result<Uuid> {
    Ok(store::assessment(tx, assessment).await?.ok_or_else(Error::not_found)?.application_id)
}

/// Those of `applications` whose last evaluation rests on an authorisation that was revoked: its result is not shown.
///
/// # Errors
/// If the database fails.
pub async fn blocked(tx: &TenantTx, applications: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    let mut blocked = BTreeSet::new();
    for application in data::with_revocation(tx, applications).await? {
        if let Some(row) = store::assessments_of(tx, application, 1).await?.into_iter().next()
            && is_blocked(tx, &row.inputs.read()?).await?
        {
            blocked.insert(application);
        }
    }
    Ok(blocked)
}

/// Whether the authorisation that an evaluation rests on was revoked; a person's rests on none.
pub(super) async fn is_blocked(tx: &TenantTx, inputs: &Inputs) -> Result<bool> {
    match inputs.authorisation {
        Some(authorisation) => data::is_revoked(tx, authorisation).await,
        None => Ok(false),
    }
}

async fn shown(tx: &TenantTx, row: KeptRow, language: Language) -> Result<AssessmentView> {
    let inputs: Inputs = row.inputs.read()?;
    let blocked = is_blocked(tx, &inputs).await?;
    view::of(tx, row, inputs, blocked, language)
}
