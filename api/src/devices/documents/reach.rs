//! Which of a machine's files somebody reaches, and which they may take away. Staff reach all of them; an owner those that
//! they or staff added, since a machine may have been somebody else's before.

use domain::devices::document::EquipmentDocumentKind;
use domain::words::Words;
use uuid::Uuid;

use crate::devices::equipment::scope::By;
use crate::devices::equipment::store::Row as Machine;
use crate::devices::equipment::words::known;
use crate::devices::scores::{Cause, rescore};
use crate::documents::{self, File, Owner};
use crate::error::{Code, Error, Result};
use crate::platform::db::{ActorKind, TenantTx};

/// Whether they reach a file of a machine that they reach.
pub(super) fn sees(by: By<'_>, file: &File) -> bool {
    match by {
        By::Staff(_) => true,
        By::Owner(id) => !file.is_by(ActorKind::Applicant) || file.uploaded_by.1 == id,
    }
}

/// The file, if they reach it.
///
/// # Errors
/// `not_found`, or a failing database.
pub(super) async fn find(tx: &TenantTx, by: By<'_>, machine: Uuid, document: Uuid) -> Result<File> {
    let file = documents::find(tx, Owner::Equipment(machine), document).await?;
    if sees(by, &file) { Ok(file) } else { Err(Error::not_found()) }
}

/// Whether they go on with an upload: only the side that began it does, or what one sent would stand in the other's name.
pub(super) fn sends(by: By<'_>, file: &File) -> bool {
    match by {
        By::Staff(_) => file.is_by(ActorKind::Staff),
        By::Owner(id) => file.is_by(ActorKind::Applicant) && file.uploaded_by.1 == id,
    }
}

/// Lets them go on only with an upload of their own side.
///
/// # Errors
/// `not_found`, `illegal_transition`, or a failing database.
pub(super) async fn must_send(tx: &TenantTx, by: By<'_>, machine: Uuid, document: Uuid) -> Result<()> {
    let file = find(tx, by, machine, document).await?;
    if sends(by, &file) {
        return Ok(());
    }
    Err(Error::new(Code::IllegalTransition).detail(
        "该文件不是由您这一方上传的，请由上传的一方继续，或另行上传。",
        "The other side began this upload; let them go on with it, or begin one of your own.",
    ))
}

/// Whether a machine has a file that they reach and that can be read.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn reached_ready(
    tx: &TenantTx,
    by: By<'_>,
    machine: Uuid,
    document: Uuid,
) -> Result<bool> {
    let files = documents::list_of(tx, Owner::Equipment(machine)).await?;
    Ok(files.iter().any(|file| file.id == document && file.is_ready() && sees(by, file)))
}

/// Why somebody may not take a file away that they reach; nothing where they may.
pub(super) fn kept(by: By<'_>, file: &File) -> Option<Words> {
    let By::Owner(_) = by else { return None };
    if !file.is_by(ActorKind::Applicant) {
        let zh = "该文件由担保公司上传，您不能删除；如有误请联系担保公司。";
        return Some(Words::new(zh, "The firm added this file, so it is not yours to remove; contact the firm."));
    }
    file.relied_on_at.map(|_| {
        let zh = "该文件已用于评分或保养登记，您不能删除；如需更换请上传新文件，或联系担保公司。";
        Words::new(zh, "A score or a record rests on this file; upload another beside it, or contact the firm.")
    })
}

/// Lets them go on only with a file that they may take away.
///
/// # Errors
/// `document_kept`.
pub(super) fn must_be_theirs(by: By<'_>, file: &File) -> Result<()> {
    match kept(by, file) {
        Some(words) => Err(Error::new(Code::DocumentKept).detail(words.zh, words.en)),
        None => Ok(()),
    }
}

/// What a file is.
pub(super) fn kind_of(file: &File) -> Result<EquipmentDocumentKind> {
    known(EquipmentDocumentKind::from_code(&file.item_key))
}

/// Takes the score of a locked machine again, if it was scored before, where a photo came or went.
///
/// # Errors
/// If the database fails.
pub(super) async fn rescore_for(tx: &TenantTx, machine: &mut Machine, kind: EquipmentDocumentKind) -> Result<()> {
    if kind.is_photo() && machine.score_id.is_some() {
        rescore(tx, machine, Cause::Photos).await?;
    }
    Ok(())
}
