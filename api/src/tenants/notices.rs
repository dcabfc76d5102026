//! The privacy notice and the user terms: people accept a version, so a version says one thing for ever. A text that
//! changes takes a version never used before, and the one before it is kept.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::settings::{self, Settings};
use super::store;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::db::TenantTx;

/// Which notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The privacy notice.
    Privacy,
    /// The user terms.
    Terms,
}

impl NoticeKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Privacy, Self::Terms];

    /// The word in addresses and in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Terms => "terms",
        }
    }

    /// The version in force and its text.
    fn of(self, settings: &Settings) -> (&str, &str) {
        match self {
            Self::Privacy => (&settings.privacy_version, &settings.privacy_text),
            Self::Terms => (&settings.terms_version, &settings.terms_text),
        }
    }
}

/// Keeps what `after` takes out of force.
///
/// # Errors
/// `invalid_fields` where a text changed under its version, or a version was in force before.
pub(super) async fn keep(tx: &TenantTx, before: &Settings, after: &Settings) -> Result<()> {
    let mut problems = vec![];
    for notice in NoticeKind::ALL {
        let ((old, text), (new, new_text)) = (notice.of(before), notice.of(after));
        if (old, text) == (new, new_text) {
            continue;
        }
        let pointer = format!("/{}_version", notice.key());
        if old == new {
            let (zh, en) = ("正文有改动，请同时填写新的版本号", "The text changed; give it a new version");
            problems.push(FieldProblem::new(pointer, "version_needed", zh, en));
        } else if store::ended_notice(tx, notice.key(), new).await?.is_some() {
            let (zh, en) =
                ("该版本号已使用过，请填写新的版本号", "This version was in force before; give it a new version");
            problems.push(FieldProblem::new(pointer, "version_used", zh, en));
        } else {
            store::keep_notice(tx, notice.key(), old, text).await?;
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::fields(problems)) }
}

/// A notice's version and text: the one in force, or the one that `version` names.
///
/// # Errors
/// `not_found` where no such version was ever in force.
pub async fn read(tx: &TenantTx, notice: NoticeKind, version: Option<&str>) -> Result<(String, String)> {
    let (settings, _) = settings::load(tx).await?;
    let (current, text) = notice.of(&settings);
    match version {
        Some(version) if version != current => {
            let kept = store::ended_notice(tx, notice.key(), version).await?.ok_or_else(Error::not_found)?;
            Ok((version.to_owned(), kept))
        }
        _ => Ok((current.to_owned(), text.to_owned())),
    }
}
