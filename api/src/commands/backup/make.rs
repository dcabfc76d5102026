//! Making a backup: the database first, then the objects, so that what the database names is there unless it was taken away since;
//! what was is named.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::StreamExt as _;
use sha2::{Digest, Sha256};

use super::manifest::{FORM, Manifest, ObjectEntry, PartEntry};
use crate::app::App;
use crate::commands::out::say;
use crate::platform::db::{self, Part};
use crate::platform::outside::storage::{Bucket, ObjectKey, StorageError};
use crate::platform::private;

/// A file of rows that is being written.
struct Rows {
    out: GzEncoder<BufWriter<File>>,
    hash: Sha256,
    entry: PartEntry,
}

impl Rows {
    fn begin(part: &Part, folder: &Path) -> anyhow::Result<Self> {
        let entry = PartEntry { tenant: part.tenant, table: part.table.clone(), rows: 0, sha256: String::new() };
        let path = entry.path(folder);
        private::folder(path.parent().context("a folder")?)?;
        let file = File::create_new(&path).with_context(|| format!("writing {}", path.display()))?;
        Ok(Self { out: GzEncoder::new(BufWriter::new(file), Compression::fast()), hash: Sha256::new(), entry })
    }

    fn add(&mut self, lines: Vec<String>) -> io::Result<()> {
        for mut line in lines {
            line.push('\n');
            self.hash.update(&line);
            self.out.write_all(line.as_bytes())?;
            self.entry.rows = self.entry.rows.saturating_add(1);
        }
        Ok(())
    }

    fn end(self) -> anyhow::Result<PartEntry> {
        let file = self.out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(PartEntry { sha256: hex::encode(self.hash.finalize()), ..self.entry })
    }
}

/// Makes a backup in a folder.
pub async fn make(app: &App, url: &str, folder: &Path) -> anyhow::Result<()> {
    private::folder(folder).with_context(|| format!("making {}", folder.display()))?;
    let is_empty = fs::read_dir(folder)?.next().is_none();
    ensure!(is_empty, "{} is not empty: a backup wants a folder of its own", folder.display());
    let made_at = app.clock.now();
    let is_sqlite = url.starts_with("sqlite");
    let migrations = db::migrations(url).await?;
    let parts = if is_sqlite { database_file(url, folder).await? } else { rows(url, folder).await? };
    let rows: u64 = parts.iter().map(|part| part.rows).sum();
    say(&if is_sqlite { "the database is copied".to_owned() } else { format!("{rows} rows are copied") })?;
    let (objects, missing) = objects(app, folder).await?;
    say(&format!("{} files are copied, {} were taken away meanwhile", objects.len(), missing.len()))?;
    let mut master_keys = vec![app.config.master_key.name()];
    master_keys.extend(app.config.master_key.other_names());
    let manifest = Manifest {
        form: FORM,
        product: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        database: if is_sqlite { "sqlite" } else { "postgres" }.to_owned(),
        migrations,
        master_keys,
        parts,
        objects,
        missing,
    };
    manifest.write(folder)?;
    let keys = manifest.master_keys.join(", ");
    say(&format!(
        "{} is a backup; it needs the master key {keys}; its files are not sealed: keep it safe",
        folder.display()
    ))?;
    Ok(())
}

/// The name of the one file of SQLite.
pub const DATABASE: &str = "zhidan.db";

async fn database_file(url: &str, folder: &Path) -> anyhow::Result<Vec<PartEntry>> {
    let path = folder.join(DATABASE);
    db::dump_sqlite(url, &path).await?;
    private::file(&path)?;
    File::open(&path)?.sync_all()?;
    Ok(vec![PartEntry { tenant: None, table: "database".to_owned(), rows: 0, sha256: super::restore::hash_of(&path)? }])
}

async fn rows(url: &str, folder: &Path) -> anyhow::Result<Vec<PartEntry>> {
    let mut all: BTreeMap<Part, Rows> = BTreeMap::new();
    let mut done = vec![];
    db::dump_postgres(url, |part, lines| {
        if !all.contains_key(part) {
            // what comes now is another part: the one before is whole
            for (_, rows) in std::mem::take(&mut all) {
                done.push(rows.end()?);
            }
            all.insert(part.clone(), Rows::begin(part, folder)?);
        }
        match all.get_mut(part) {
            Some(rows) => Ok(rows.add(lines)?),
            None => Ok(()),
        }
    })
    .await?;
    for (_, rows) in all {
        done.push(rows.end()?);
    }
    Ok(done)
}

async fn objects(app: &App, folder: &Path) -> anyhow::Result<(Vec<ObjectEntry>, Vec<String>)> {
    let (mut all, mut missing) = (vec![], vec![]);
    // in this order: what is taken out of quarantine meanwhile is found among the documents
    for bucket in [Bucket::Quarantine, Bucket::Documents] {
        for stored in app.storage.list_older_than(bucket, "", Duration::ZERO, usize::MAX).await? {
            let Ok(key) = stored.key.parse::<ObjectKey>() else { continue };
            match object(app, bucket, &key, folder).await {
                Ok(entry) => all.push(entry),
                // taken away since it was listed
                Err(error) if matches!(error.downcast_ref(), Some(StorageError::NotFound)) => missing.push(stored.key),
                Err(error) => return Err(error.context(format!("copying {key}"))),
            }
        }
    }
    Ok((all, missing))
}

async fn object(app: &App, bucket: Bucket, key: &ObjectKey, folder: &Path) -> anyhow::Result<ObjectEntry> {
    let mut object = app.storage.get_stream(bucket, key).await?;
    let mut entry = ObjectEntry {
        bucket: bucket.suffix().to_owned(),
        key: key.to_string(),
        content_type: object.head.content_type.clone(),
        inspected_sha256: object.head.sha256.clone(),
        bytes: 0,
        sha256: String::new(),
    };
    let path = entry.path(folder);
    private::folder(path.parent().context("a folder")?)?;
    let (mut out, mut hash) = (File::create_new(&path)?, Sha256::new());
    while let Some(piece) = object.stream.next().await {
        let piece = piece?;
        hash.update(&piece);
        out.write_all(&piece)?;
        entry.bytes = entry.bytes.saturating_add(piece.len() as u64);
    }
    out.sync_all()?;
    ensure!(entry.bytes == object.head.bytes, "it ended early");
    entry.sha256 = hex::encode(hash.finalize());
    Ok(entry)
}
