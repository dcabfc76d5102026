//! A machine's file as staff and its owner see it: the owner is not told who of the firm added one.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use domain::devices::document::EquipmentDocumentKind;
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reach::{kept, kind_of, sees, sends};
use crate::customers::ColleagueBrief;
use crate::devices::equipment::scope::{By, must_be_in_use};
use crate::devices::equipment::store::Row as Machine;
use crate::devices::equipment::words::{id_of, say};
use crate::documents::{self, File, Owner, RefusalView, Sending};
use crate::error::{Language, Result};
use crate::people::{self, StaffBrief};
use crate::platform::db::{ActorKind, TenantTx};
use crate::platform::http::coded_word;

coded_word! {
    /// What a file of a machine shows.
    EquipmentDocumentKindWord(EquipmentDocumentKind)
}

/// Who added a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddedBy {
    /// The machine's owner.
    Owner,
    /// The firm.
    Staff,
}

/// What can be done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentDocumentAction {
    /// Ask for a fresh request to send it: `restart_equipment_document`, by the owner `restart_my_equipment_document`.
    Restart,
    /// Finish its upload: `finish_equipment_document`, by the owner `finish_my_equipment_document`.
    Finish,
    /// Read it: `download_equipment_document`, by the owner `download_my_equipment_document`.
    Download,
    /// Take it away: `remove_equipment_document`, by the owner `remove_my_equipment_document`.
    Remove,
}

/// A photo or document of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipmentDocumentView {
    /// Its id.
    #[schema(example = "doc_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it shows.
    pub kind: EquipmentDocumentKindWord,
    /// The same in words.
    #[schema(example = "铭牌照片")]
    pub kind_label: String,
    /// Whether a score counts it among the machine's photos, once it is ready.
    pub photo: bool,
    /// Its number among the files of its kind, from 1 in the order in which they were begun.
    #[schema(example = 1, minimum = 1)]
    pub version_no: i32,
    /// `awaiting`: not arrived or not checked; `ready`: can be read; `rejected`: see `refusal`; `removed`: taken away; staff
    /// can still read it while `sha256` is there, since something rests on it.
    #[schema(example = "ready")]
    pub state: String,
    /// The file's name as the uploader knows it; empty where the file is gone and its name is forgotten.
    #[schema(example = "铭牌.jpg", max_length = 120)]
    pub file_name: String,
    /// What it is: by its content once it is ready, as declared before.
    #[schema(example = "image/jpeg")]
    pub media_type: String,
    /// Its size in bytes.
    #[schema(example = 183_204, minimum = 1)]
    pub bytes: i64,
    /// SHA-256 of its content in hexadecimal digits, once it is ready and as long as it is kept.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: Option<String>,
    /// Why it was rejected.
    pub refusal: Option<RefusalView>,
    /// Who added it.
    pub added_by: AddedBy,
    /// The member of staff who did; null where the owner did, and to the owner.
    pub by: Option<ColleagueBrief>,
    /// Since when a score or a record rests on it; only staff take it away then, and its content stays.
    pub relied_on_at: Option<DateTime<Utc>>,
    /// What the caller may do now.
    pub allowed_actions: Vec<EquipmentDocumentAction>,
    /// When the upload was begun.
    pub created_at: DateTime<Utc>,
    /// When its checks ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Version for `If-Match`.
    #[schema(example = 2, minimum = 1)]
    pub version: i64,
}

/// The photos and documents of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipmentDocuments {
    /// All of them by kind and number, also those that were taken away.
    pub items: Vec<EquipmentDocumentView>,
}

/// The request with which a file is uploaded: to be sent exactly as it stands, then the upload is to be finished.
#[derive(Debug, Serialize, ToSchema)]
pub struct EquipmentUploadView {
    /// The document that waits for its content.
    pub document: EquipmentDocumentView,
    /// The method to send.
    #[schema(example = "PUT")]
    pub method: String,
    /// Where to send the file; it works like a password until it expires.
    #[schema(example = "http://127.0.0.1:8080/zhidan-quarantine/object", format = "uri")]
    pub url: String,
    /// Headers to send with exactly these values.
    #[schema(example = json!({"content-type": "image/jpeg"}))]
    pub headers: BTreeMap<String, String>,
    /// Until when the upload may be begun; afterwards ask to restart it.
    pub expires_at: DateTime<Utc>,
}

/// Who looks at a machine's files, and in which language.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) by: By<'a>,
    pub(super) language: Language,
}

impl Reader<'_> {
    /// All that they reach of a machine's files.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn all(self, tx: &TenantTx, machine: &Machine) -> Result<EquipmentDocuments> {
        let mut files = documents::list_of(tx, Owner::Equipment(machine.id)).await?;
        files.retain(|file| sees(self.by, file));
        let names = self.names(tx, &files).await?;
        let items = files.into_iter().map(|file| self.show(file, machine, &names)).collect::<Result<_>>()?;
        Ok(EquipmentDocuments { items })
    }

    /// One of them.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn one(self, tx: &TenantTx, machine: &Machine, file: File) -> Result<EquipmentDocumentView> {
        let names = self.names(tx, std::slice::from_ref(&file)).await?;
        self.show(file, machine, &names)
    }

    /// One that is to be sent.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn sending(
        self,
        tx: &TenantTx,
        machine: &Machine,
        sending: Sending,
    ) -> Result<EquipmentUploadView> {
        let Sending { file, request, expires_at } = sending;
        Ok(EquipmentUploadView {
            document: self.one(tx, machine, file).await?,
            method: request.method,
            url: request.url,
            headers: request.headers.into_iter().collect(),
            expires_at,
        })
    }

    async fn names(self, tx: &TenantTx, files: &[File]) -> Result<HashMap<Uuid, StaffBrief>> {
        let By::Staff(_) = self.by else { return Ok(HashMap::new()) };
        let by = files.iter().filter(|file| file.is_by(ActorKind::Staff)).map(|file| file.uploaded_by.1);
        people::staff_brief(tx, &by.collect::<Vec<_>>()).await
    }

    fn show(self, file: File, machine: &Machine, names: &HashMap<Uuid, StaffBrief>) -> Result<EquipmentDocumentView> {
        let kind = kind_of(&file)?;
        let added_by = if file.is_by(ActorKind::Applicant) { AddedBy::Owner } else { AddedBy::Staff };
        Ok(EquipmentDocumentView {
            id: id_of::<kind::Document>(file.id),
            kind: EquipmentDocumentKindWord(kind),
            kind_label: say(&kind.words(), self.language),
            photo: kind.is_photo(),
            added_by,
            by: ColleagueBrief::of(file.uploaded_by.1, names),
            allowed_actions: self.allowed(&file, machine),
            version_no: file.version_no,
            state: file.state,
            file_name: file.file_name,
            media_type: file.media_type,
            bytes: file.bytes,
            sha256: file.sha256,
            refusal: file.refusal,
            relied_on_at: file.relied_on_at,
            created_at: file.created_at,
            finished_at: file.finished_at,
            version: file.version,
        })
    }

    /// What they may do with a file as it and its machine stand.
    fn allowed(self, file: &File, machine: &Machine) -> Vec<EquipmentDocumentAction> {
        use EquipmentDocumentAction as Action;
        let (manages, sees_removed) = match self.by {
            By::Staff(who) => (who.permissions.has(domain::access::Permission::ManageEquipment), true),
            By::Owner(_) => (true, false),
        };
        let changes = manages && must_be_in_use(machine).is_ok();
        let sends = changes && file.is_awaiting() && sends(self.by, file);
        let rows = [
            (Action::Restart, sends),
            (Action::Finish, sends),
            (Action::Download, file.is_ready() || sees_removed && file.has_content()),
            (Action::Remove, changes && !file.is_gone() && kept(self.by, file).is_none()),
        ];
        rows.into_iter().filter_map(|(action, can)| can.then_some(action)).collect()
    }
}
