//! What lies on this machine's disk holds personal data and sealed secrets, so folders and files are for their owner alone,
//! whatever the process's umask is. What an earlier version made wider is narrowed at the next start.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Mode of folders.
const FOLDER: u32 = 0o700;
/// Mode of files.
pub const FILE: u32 = 0o600;

/// Makes a folder that only its owner can enter, with those above it that are missing.
///
/// # Errors
/// If it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)?;
    narrow(path, FOLDER)
}

/// Makes a file that only its owner can read, empty where it is new: the log and the index that SQLite keeps beside a
/// database have the database's mode.
///
/// # Errors
/// If it cannot be made.
pub fn file(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).mode(FILE).open(path)?;
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match narrow(Path::new(&name), FILE) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

/// Takes away what `mode` does not allow. A folder that was mounted may be another's, who then answers for it.
fn narrow(path: &Path, mode: u32) -> io::Result<()> {
    let present = fs::metadata(path)?.permissions().mode();
    if present & 0o777 & !mode == 0 {
        return Ok(());
    }
    match fs::set_permissions(path, Permissions::from_mode(mode)) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), mode = format!("{present:o}"), "others on this machine can read it");
            Ok(())
        }
        other => other,
    }
}
