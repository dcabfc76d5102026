//! A tenant leaves: the operator hands it all that is its own, and then removes it. Both are commands, not routes: what they do is
//! of all of a firm's data at once, and the second cannot be taken back.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::store::{self, Ask};
use crate::app::App;
use crate::platform::access::snapshot_tx;
use crate::platform::db::{Actor, ActorKind, Db, DbSettings, TenantRow, TenantTx};
use crate::platform::outside::storage::{Bucket, ObjectKey};
use crate::platform::private;

/// Rows read at once.
const PAGE_ROWS: u64 = 2_000;
/// Objects listed at once.
const OBJECTS_AT_ONCE: usize = 1_000;
/// Most bytes of one file: what an upload may be is far less.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// A table in a copy.
#[derive(Debug, Default, Serialize)]
pub struct TableCopied {
    /// Its rows.
    pub rows: u64,
    /// SHA-256 of its lines.
    pub sha256: String,
    /// Sealed values that did not open; they stand in the copy as they are stored.
    pub unopened: u64,
}

/// A file in a copy.
#[derive(Debug, Serialize)]
pub struct FileCopied {
    /// Its key in the storage, under which it lies in the copy.
    pub key: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// What is in a copy of a tenant.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// The form of the copy.
    pub format: u32,
    /// The tenant's id.
    pub tenant: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// The firm's name.
    pub name: String,
    /// When the rows were as they are in the copy.
    pub as_of: chrono::DateTime<chrono::Utc>,
    /// Its tables, by name.
    pub tables: BTreeMap<String, TableCopied>,
    /// Its files.
    pub files: Vec<FileCopied>,
}

impl Manifest {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows).sum()
    }
}

type Archive = ZipWriter<BufWriter<File>>;

fn begin(zip: &mut Archive, name: &str) -> anyhow::Result<()> {
    Ok(zip.start_file(name, SimpleFileOptions::default().large_file(true))?)
}

/// Writes all that is a tenant's into a new file: rows as JSON lines with what is sealed opened, files, and last the manifest.
///
/// # Errors
/// If the file is there already or cannot be written, or the database or the storage fails.
pub async fn export_tenant(app: &App, tenant: &TenantRow, to: &Path) -> anyhow::Result<Manifest> {
    let file = OpenOptions::new().write(true).create_new(true).mode(private::FILE).open(to);
    let file = file.with_context(|| format!("making {}", to.display()))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let tx = snapshot_tx(app, tenant.id, "zhidan tenant export").await?;
    let mut manifest = Manifest {
        format: 1,
        tenant: tenant.id,
        slug: tenant.slug.clone(),
        name: tenant.name.clone(),
        as_of: tx.now(),
        tables: BTreeMap::new(),
        files: vec![],
    };
    for table in store::tables(&tx).await? {
        let copied = copy_table(&tx, &mut zip, &table).await?;
        manifest.tables.insert(table, copied);
    }
    drop(tx);
    for key in keys(app, Bucket::Documents, tenant.id).await? {
        let named: ObjectKey = key.parse().with_context(|| format!("the file {key}"))?;
        let (_, bytes) = app.storage.get_bytes(Bucket::Documents, &named, FILE_BYTES_MAX).await?;
        begin(&mut zip, &format!("files/{key}"))?;
        zip.write_all(&bytes)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        manifest.files.push(FileCopied { key, bytes: bytes.len() as u64, sha256 });
    }
    begin(&mut zip, "manifest.json")?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    zip.finish()?.into_inner()?.sync_all()?;
    Ok(manifest)
}

async fn copy_table(tx: &TenantTx, zip: &mut Archive, table: &str) -> anyhow::Result<TableCopied> {
    let columns = store::columns(tx, table).await?;
    let (mut copied, mut hash) = (TableCopied::default(), Sha256::new());
    begin(zip, &format!("rows/{table}.jsonl"))?;
    loop {
        let page = Some((PAGE_ROWS, copied.rows));
        let (rows, closed) = store::rows(tx, &Ask { table, columns: &columns, condition: "true", page }).await?;
        copied.unopened += closed;
        for row in &rows {
            let mut line = serde_json::to_vec(row)?;
            line.push(b'\n');
            hash.update(&line);
            zip.write_all(&line)?;
        }
        let read = rows.len() as u64;
        copied.rows += read;
        if read < PAGE_ROWS {
            copied.sha256 = hex::encode(hash.finalize());
            return Ok(copied);
        }
    }
}

/// The keys of a tenant's objects.
async fn keys(app: &App, bucket: Bucket, tenant: Uuid) -> anyhow::Result<Vec<String>> {
    let prefix = ObjectKey::tenant_prefix(tenant);
    let found = app.storage.list_older_than(bucket, &prefix, Duration::ZERO, usize::MAX).await?;
    Ok(found.into_iter().map(|object| object.key).collect())
}

/// Removes all that is a suspended tenant's: its rows, its files, its key. Its id and its name in addresses stay. Called again, it
/// goes on where it was interrupted. Gives how many rows and files went.
///
/// # Errors
/// If the tenant is not suspended, the role that owns the tables is not named, or the database or the storage fails.
pub async fn remove_tenant(app: &App, tenant: &TenantRow) -> anyhow::Result<(u64, u64)> {
    anyhow::ensure!(tenant.suspended, "suspend the tenant first: what is at work is not removed");
    let rows = if tenant.is_removed() { 0 } else { remove_rows(app, tenant).await? };
    let mut files = 0;
    for bucket in [Bucket::Documents, Bucket::Quarantine] {
        loop {
            let prefix = ObjectKey::tenant_prefix(tenant.id);
            let some = app.storage.list_older_than(bucket, &prefix, Duration::ZERO, OBJECTS_AT_ONCE).await?;
            if some.is_empty() {
                break;
            }
            for object in some {
                app.storage.delete_named(bucket, &object.key).await?;
                files += 1;
            }
        }
    }
    Ok((rows, files))
}

async fn remove_rows(app: &App, tenant: &TenantRow) -> anyhow::Result<u64> {
    let db = if app.db.is_postgres() {
        let owner = app.config.owner_url.clone();
        let url =
            owner.context("ZHIDAN_DATABASE__OWNER_URL names the role that owns the tables; only it may do this")?;
        Db::connect(&DbSettings { url, max_connections: 2 }).await?
    } else {
        app.db.clone()
    };
    let keys = app.keys_of(tenant.id).await?;
    let actor =
        Actor { kind: ActorKind::Operator, id: Uuid::nil(), request_id: "zhidan tenant remove".to_owned(), from: None };
    let tx = TenantTx::begin(&db, tenant.id, actor, keys, &app.clock, true).await?;
    let gone = store::remove_all(&tx).await?;
    store::tombstone(&tx, app.config.master_key.new_wrapped_keys(tenant.id)?).await?;
    tx.commit_bookkeeping().await?;
    if app.db.is_postgres() {
        db.close().await;
    }
    Ok(gone.values().sum())
}
