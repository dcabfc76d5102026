//! Making a copy of somebody's data: one ZIP with everything that is kept of them as JSON, kind by kind with its purpose, ground and
//! period, and their files. It lies in the storage like a document, and goes after a week.

use std::io::{Cursor, Write};

use bytes::Bytes;
use chrono::Duration;
use domain::privacy::Class;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::store::{self, FileRow, Made, Person};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{snapshot_tx, system_tx};
use crate::platform::db::{Act, TenantTx};
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, finish};
use crate::platform::outside::storage::{Bucket, ObjectKey, StorageError};

/// The kind of job that makes a copy.
pub const EXPORT: &str = "privacy.export";
/// How long a copy can be had, days.
pub(super) const KEPT_DAYS: i64 = 7;
/// Most bytes of files in one copy, so that making it fits into memory; what is left out is named in it.
const FILES_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// What the copy is called inside the storage.
const VERSION: u32 = 1;
const README: &str = "本压缩包是您的个人信息副本（个人信息保护法第45条）。\n\
    data.json：各类数据，每类注明用途、依据、保存期限；files目录：您上传的文件。\n\n\
    This archive is a copy of your personal data (PIPL art. 45).\n\
    data.json: every kind of data with its purpose, ground and period; files: what you uploaded.\n";

#[derive(Serialize, Deserialize)]
struct Order {
    export: Uuid,
}

/// Plans to make a copy.
pub(super) async fn plan(tx: &TenantTx, export: Uuid) -> Result<()> {
    enqueue(tx, EXPORT, &Order { export }).await.map(|_| ())
}

/// Where a copy lies.
pub(super) fn key(tenant: Uuid, export: Uuid) -> ObjectKey {
    ObjectKey::new(tenant, export, VERSION)
}

/// Makes a copy.
///
/// # Errors
/// Later, if the database or the storage fails.
pub async fn export_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = snapshot_tx(app, job.tenant, &job.id.to_string()).await?;
    let order: Order = job.payload(&tx)?;
    let row = store::export(&tx, order.export).await?;
    if row.as_ref().is_none_or(|row| row.state == "expired") {
        // asked for and erased before this was tried again: what an earlier try has stored goes
        let gone = app.storage.delete(Bucket::Documents, &key(job.tenant, order.export)).await;
        gone.map_err(|error| JobError::Later(error.to_string(), None))?;
    }
    let Some(row) = row.filter(|row| row.state == "queued") else {
        return Ok(Outcome::Done);
    };
    let who = Person { applicant: row.applicant_id, customer: row.customer_id };
    let data = document(&tx, who).await?;
    let files = store::files(&tx, who).await?;
    drop(tx);
    let (archive, made) = pack(app, job.tenant, &data, files).await?;
    let stored = app.storage.put_bytes(Bucket::Documents, &key(job.tenant, row.id), "application/zip", archive).await;
    stored.map_err(|error| JobError::Later(error.to_string(), None))?;
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    // asked for and erased meanwhile: then there is nothing to hand out
    let still = store::lock_export(&tx, row.id).await?.is_some_and(|row| row.state == "queued");
    if !still {
        drop(tx);
        let gone = app.storage.delete(Bucket::Documents, &key(job.tenant, row.id)).await;
        gone.map_err(|error| JobError::Later(error.to_string(), None))?;
        return Ok(Outcome::Done);
    }
    let expires_at = tx.now() + Duration::days(KEPT_DAYS);
    let detail = json!({ "bytes": made.bytes, "files": made.files, "left_out": made.left_out });
    store::ready(&tx, row.id, made, expires_at).await?;
    finish(&tx, job).await?;
    tx.commit(Act::new("data_export.make", "data_export", row.id).detail(detail)).await?;
    Ok(Outcome::Finished)
}

/// Everything that is kept of somebody, kind by kind.
async fn document(tx: &TenantTx, who: Person) -> Result<Vec<u8>> {
    let mut kinds: Vec<Value> = vec![];
    let all = store::everything(tx, who).await?;
    for class in Class::ALL {
        let tables: serde_json::Map<String, Value> = all
            .iter()
            .filter(|(of, _, rows)| of == class && !rows.is_empty())
            .map(|(_, table, rows)| ((*table).to_owned(), json!(rows)))
            .collect();
        if tables.is_empty() {
            continue;
        }
        let rule = class.rule();
        kinds.push(json!({
            "class": class.code(), "label": class.words(), "purpose": rule.purpose, "ground": rule.ground,
            "kept_days": store::days_of(tx, *class).await?, "kept_from": rule.counts_from, "rows": tables,
        }));
    }
    let whole = json!({ "made_at": tx.now(), "format": 1, "data": kinds });
    Ok(serde_json::to_vec_pretty(&whole)?)
}

/// Packs the document and the files.
async fn pack(app: &App, tenant: Uuid, data: &[u8], files: Vec<FileRow>) -> Result<(Bytes, Made), JobError> {
    let (mut left, mut packed, mut left_out) = (FILES_BYTES_MAX, 0, vec![]);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    add(&mut zip, "README.txt", README.as_bytes())?;
    add(&mut zip, "data.json", data)?;
    for file in files {
        let version = u32::try_from(file.version_no).unwrap_or(1);
        let found = app.storage.get_bytes(Bucket::Documents, &ObjectKey::new(tenant, file.id, version), left).await;
        match found {
            Ok((_, bytes)) => {
                left = left.saturating_sub(bytes.len() as u64);
                add(&mut zip, &format!("files/{}-{}", file.id.simple(), plain(&file.name)), &bytes)?;
                packed += 1;
            }
            Err(StorageError::TooLarge { .. } | StorageError::NotFound) => left_out.push(file.id),
            Err(error) => return Err(JobError::Later(error.to_string(), None)),
        }
    }
    if !left_out.is_empty() {
        let list: Vec<String> = left_out.iter().map(Uuid::to_string).collect();
        add(&mut zip, "files/LEFT-OUT.txt", list.join("\n").as_bytes())?;
    }
    let archive = zip.finish().map_err(Error::internal)?.into_inner();
    let made = Made {
        bytes: i64::try_from(archive.len()).unwrap_or(i64::MAX),
        sha256: Sha256::digest(&archive).to_vec(),
        files: packed,
        left_out: i32::try_from(left_out.len()).unwrap_or(i32::MAX),
    };
    Ok((archive.into(), made))
}

fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8]) -> Result<()> {
    zip.start_file(name, SimpleFileOptions::default()).map_err(Error::internal)?;
    zip.write_all(bytes).map_err(Error::internal)
}

/// A file's name without what would lead out of its folder.
fn plain(name: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '\0');
    name.chars().map(|c| if is_plain(c) { c } else { '_' }).take(100).collect()
}
