//! Restoring a backup: everything of it is checked before anything is written.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use flate2::read::GzDecoder;
use migration::MigratorTrait;
use sha2::{Digest, Sha256};

use super::make::DATABASE;
use super::manifest::{Manifest, PartEntry};
use crate::commands::out::say;
use crate::config::Config;
use crate::platform::db::{self, Part};
use crate::platform::outside::storage::{Bucket, ObjectKey, Storage};
use crate::platform::private;

/// SHA-256 of a file.
pub fn hash_of(path: &Path) -> anyhow::Result<String> {
    let mut file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    hash(&mut file).with_context(|| format!("reading {}", path.display()))
}

fn hash(from: &mut impl io::Read) -> io::Result<String> {
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(piece.get(..read).unwrap_or_default()),
        }
    }
}

/// Whether a backup is whole and meant for these settings.
pub fn check(config: &Config, manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    let is_sqlite = config.database.url.starts_with("sqlite");
    let database = if is_sqlite { "sqlite" } else { "postgres" };
    ensure!(manifest.database == database, "a backup of {}, and the settings name {database}", manifest.database);
    let here = config.master_key.name();
    for needed in &manifest.master_keys {
        let is_there = *needed == here || config.master_key.other_names().contains(needed);
        ensure!(is_there, "the backup needs the master key {needed}; ZHIDAN_MASTER_KEY is {here}");
    }
    let known = migration::Migrator::migrations();
    for name in &manifest.migrations {
        let is_known = known.iter().any(|migration| migration.name() == name);
        ensure!(is_known, "the backup is of a later version, which knows {name}");
    }
    ensure!(
        is_sqlite || manifest.migrations.len() == known.len(),
        "the backup is of an earlier version ({} of {} migrations): restore it with that, then migrate",
        manifest.migrations.len(),
        known.len()
    );
    for part in &manifest.parts {
        let found = if is_sqlite { hash_of(&folder.join(DATABASE))? } else { hash(&mut rows_of(part, folder)?)? };
        ensure!(found == part.sha256, "the rows of {} are not as they were written", part.table);
    }
    for object in &manifest.objects {
        ensure!(hash_of(&object.path(folder))? == object.sha256, "{} is not as it was written", object.key);
    }
    Ok(())
}

fn rows_of(part: &PartEntry, folder: &Path) -> anyhow::Result<GzDecoder<BufReader<File>>> {
    let path = part.path(folder);
    let file = File::open(&path).with_context(|| format!("opening {}", path.display()))?;
    Ok(GzDecoder::new(BufReader::new(file)))
}

/// Where the settings say that the one file of SQLite is.
fn database_path(config: &Config) -> PathBuf {
    let path = config.database.url.trim_start_matches("sqlite://");
    path.split('?').next().unwrap_or(path).into()
}

/// Refuses to restore where there is a SQLite database; of PostgreSQL this is asked in the transaction that writes.
pub fn refuse_if_there(config: &Config) -> anyhow::Result<()> {
    let path = database_path(config);
    let is_sqlite = config.database.url.starts_with("sqlite");
    ensure!(
        !is_sqlite || !path.exists(),
        "{} is there already: restore into a data folder without a database",
        path.display()
    );
    Ok(())
}

/// Puts the one file of SQLite where the settings say.
pub async fn database_file(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let to = database_path(config);
    let to = to.as_path();
    private::folder(&config.data_dir)?;
    let begun = to.with_extension("restoring");
    fs::copy(folder.join(DATABASE), &begun).with_context(|| format!("writing {}", begun.display()))?;
    private::file(&begun)?;
    db::check_sqlite(&begun).await?;
    File::open(&begun)?.sync_all()?;
    fs::rename(&begun, to).with_context(|| format!("writing {}", to.display()))?;
    say("the database is restored")?;
    Ok(())
}

/// Writes the rows into a PostgreSQL.
pub async fn rows(url: &str, manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    let parts: Vec<Part> = manifest.parts.iter().map(PartEntry::part).collect();
    db::load_postgres(url, &parts, |part| {
        let entry = manifest.parts.iter().find(|entry| entry.part() == *part).context("a part of the manifest")?;
        let lines = BufReader::new(rows_of(entry, folder)?).lines();
        Ok(Box::new(lines.map(|line| line.map_err(Into::into))))
    })
    .await?;
    say(&format!("{} rows are restored", manifest.parts.iter().map(|part| part.rows).sum::<u64>()))?;
    Ok(())
}

/// Puts the objects into the storage.
pub async fn objects(storage: &Storage, manifest: &Manifest, folder: &Path) -> anyhow::Result<()> {
    for object in &manifest.objects {
        let key: ObjectKey = object.key.parse().with_context(|| format!("{:?} is no key of ours", object.key))?;
        let buckets = [Bucket::Documents, Bucket::Quarantine];
        let bucket = buckets.into_iter().find(|bucket| bucket.suffix() == object.bucket).context("a bucket")?;
        let mut bytes = vec![];
        File::open(object.path(folder))?.read_to_end(&mut bytes)?;
        let (media, inspected) = (object.content_type.as_deref(), object.inspected_sha256.as_deref());
        let put = storage.put_again(bucket, &key, media, inspected, bytes.into()).await;
        put.with_context(|| format!("storing {key}"))?;
    }
    say(&format!("{} files are restored", manifest.objects.len()))?;
    Ok(())
}
