//! Whether what was asked for in a return was mended: the field, document or authorisation has changed since, or the
//! applicant says why not. A resubmission that does neither would come back to the officer as it was.

use std::collections::BTreeSet;

use domain::applications::action::{ReturnItem, is_asked_for};
use domain::applications::completeness::{Missing, Place, not_mended, same_file};
use domain::applications::form::Form;
use domain::applications::state::ApplicationState as S;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::applications::case::Case;
use crate::applications::detail::{place_label, place_of};
use crate::applications::store::{self, AskedItem, Snapshot};
use crate::error::{Error, FieldProblem, Result};
use crate::platform::db::TenantTx;
use crate::{data, documents};

/// What the applicant says of an item that they did not change.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendingNote {
    /// The item, as the return named it.
    #[schema(example = "#power_of_attorney", max_length = 100)]
    pub item: String,
    /// Why it is as it is.
    #[schema(example = "原件已遗失，补办证明随后上传", min_length = 1, max_length = 1000)]
    pub text: String,
}

/// Reads the notes: each about one item that was asked for.
pub(super) async fn read_notes(tx: &TenantTx, case: &Case, notes: &[MendingNote]) -> Result<Vec<ReturnItem>> {
    let asked = if notes.is_empty() { vec![] } else { open_items(tx, case).await? };
    let (mut read, mut problems): (Vec<ReturnItem>, Vec<FieldProblem>) = (vec![], vec![]);
    for (at, note) in notes.iter().enumerate() {
        let place = place_of(&note.item);
        let is_new = read.iter().all(|item| *item.place() != place);
        if !is_new || !asked.iter().any(|item| item.place == note.item) {
            let (zh, en) =
                ("退回事项中没有此项，或重复说明", "The return names no such item, or it is explained twice");
            problems.push(FieldProblem::new(format!("/notes/{at}/item"), "return_item_unknown", zh, en));
            continue;
        }
        match ReturnItem::new(place, &note.text, &case.product, &case.form) {
            Ok(item) => read.push(item),
            Err(refused) => {
                let words = refused.words();
                problems.push(FieldProblem::new(format!("/notes/{at}/text"), refused.code(), words.zh, words.en));
            }
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(Error::fields(problems)) }
}

/// The items of the present return that were neither changed nor explained.
pub(super) async fn untouched(tx: &TenantTx, case: &Case, notes: &[ReturnItem]) -> Result<Vec<Missing>> {
    let asked = open_items(tx, case).await?;
    let Some(last) = store::last_submissions(tx, case.id(), 1).await?.into_iter().next() else { return Ok(vec![]) };
    let now = Now::of(tx, case).await?;
    let open = asked.into_iter().filter_map(|item| {
        let place = place_of(&item.place);
        let explained = notes.iter().any(|note| *note.place() == place);
        let asked_for = is_asked_for(&place, &case.product, &case.form);
        if explained || !asked_for || now.differs(&place, &item, &last) {
            return None;
        }
        let (again, label) = (now.came_again(&place, &item), place_label(&item.place, &case.product));
        Some(if again { same_file(place, label, &item.reason) } else { not_mended(place, label, &item.reason) })
    });
    Ok(open.collect())
}

async fn open_items(tx: &TenantTx, case: &Case) -> Result<Vec<AskedItem>> {
    if case.facts.state != S::Returned {
        return Ok(vec![]);
    }
    let asked = store::return_items(tx, case.id()).await?;
    Ok(asked.into_iter().filter(|item| item.resolved_at.is_none()).collect())
}

/// Everything that a return may have asked to change, as it is now.
struct Now {
    form: Form,
    documents: Vec<documents::File>,
    authorisations: Vec<data::AuthorisationView>,
}

impl Now {
    async fn of(tx: &TenantTx, case: &Case) -> Result<Self> {
        Ok(Self {
            form: case.form.submitted(&case.product),
            documents: documents::list_of(tx, case.files()).await?,
            authorisations: data::list_of(tx, case.id()).await?,
        })
    }

    /// Whether an item differs from what it was when it was asked for.
    fn differs(&self, place: &Place, item: &AskedItem, last: &Snapshot) -> bool {
        match place {
            Place::Pointer(pointer) => self.form.get(pointer) != last.form.get(pointer),
            Place::ItemKey(key) => {
                // By content: the same file under another name or version answers nothing.
                let had = last.documents.get(key).and_then(Value::as_array).into_iter().flatten();
                let had: BTreeSet<_> = had.filter_map(|version| version.get("sha256")?.as_str()).collect();
                let known =
                    self.ready(key).filter(|file| !is_new(file, item)).filter_map(|file| file.sha256.as_deref());
                let known: BTreeSet<_> = known.chain(had.iter().copied()).collect();
                let now: BTreeSet<_> = self.ready(key).filter_map(|file| file.sha256.as_deref()).collect();
                !now.is_subset(&known) || !had.is_subset(&now)
            }
            Place::Consent => self.authorisations.iter().any(|one| one.created_at > item.asked_at),
        }
    }

    /// Whether a file came for a checklist item since it was asked for, the same as before where nothing differs.
    fn came_again(&self, place: &Place, item: &AskedItem) -> bool {
        matches!(place, Place::ItemKey(key) if self.ready(key).any(|file| is_new(file, item)))
    }

    /// The files of a checklist item that can be read.
    fn ready(&self, key: &str) -> impl Iterator<Item = &documents::File> {
        self.documents.iter().filter(move |file| file.item_key == key && file.is_ready())
    }
}

/// Whether a file came after an item was asked for.
fn is_new(file: &documents::File, item: &AskedItem) -> bool {
    file.finished_at.is_some_and(|at| at > item.asked_at)
}
