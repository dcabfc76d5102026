//! What a backup holds, written last: a folder without it is none.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::db::Part;

/// The form of this file and of what lies beside it.
pub const FORM: u32 = 1;
const FILE: &str = "manifest.json";

/// The manifest.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORM`].
    pub form: u32,
    /// The version of the product that made it.
    pub product: String,
    /// When it was begun.
    pub made_at: DateTime<Utc>,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Migrations of the schema.
    pub migrations: Vec<String>,
    /// The master keys that open it, by their names; more than one while one takes another's place.
    pub master_keys: Vec<String>,
    /// What there is of each table; on SQLite the one file.
    pub parts: Vec<PartEntry>,
    /// Objects of the storage.
    pub objects: Vec<ObjectEntry>,
    /// Keys of objects that were listed and were gone when they were to be copied.
    pub missing: Vec<String>,
}

/// A file of rows.
#[derive(Debug, Serialize, Deserialize)]
pub struct PartEntry {
    /// Whose rows; none for the platform's, and for the one file of SQLite.
    pub tenant: Option<Uuid>,
    /// Which table; `database` for the one file.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of the rows, each with its end of line, or of the one file.
    pub sha256: String,
}

/// An object.
#[derive(Debug, Serialize, Deserialize)]
pub struct ObjectEntry {
    /// `documents` or `quarantine`.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Its media type.
    pub content_type: Option<String>,
    /// What was noted of it when it was inspected.
    pub inspected_sha256: Option<String>,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of its content.
    pub sha256: String,
}

impl PartEntry {
    /// Where its rows lie.
    pub fn path(&self, folder: &Path) -> PathBuf {
        let whose = self.tenant.map_or_else(|| "platform".to_owned(), |tenant| tenant.to_string());
        folder.join("rows").join(whose).join(format!("{}.jsonl.gz", self.table))
    }

    /// Which rows.
    pub fn part(&self) -> Part {
        Part { tenant: self.tenant, table: self.table.clone() }
    }
}

impl ObjectEntry {
    /// Where it lies.
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join("objects").join(&self.bucket).join(&self.key)
    }
}

impl Manifest {
    /// Writes it.
    ///
    /// # Errors
    /// If the disk does not take it.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let (path, text) = (folder.join(FILE), serde_json::to_string_pretty(self)?);
        let begun = folder.join("manifest.json.new");
        fs::write(&begun, text).and_then(|()| fs::File::open(&begun)?.sync_all()).context("writing the manifest")?;
        fs::rename(&begun, &path).context("writing the manifest")
    }

    /// Reads it.
    ///
    /// # Errors
    /// Where there is none, or of another form.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{}: no backup, or one that was broken off", path.display()))?;
        let manifest: Self = serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
        ensure!(manifest.form == FORM, "a backup of form {}, which this version does not read", manifest.form);
        Ok(manifest)
    }
}
