//! Keys of the embedded default: made once, kept under the data folder, readable by their owner alone.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;

use crate::platform::private;

/// The key in `data_dir/keys/<file>`, made of 32 random bytes where there is none.
pub fn read_or_make(data_dir: &Path, file: &str) -> anyhow::Result<String> {
    let dir = data_dir.join("keys");
    let path = dir.join(file);
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(text.trim().to_owned());
    }
    private::folder(data_dir)
        .and_then(|()| private::folder(&dir))
        .with_context(|| format!("making {}", dir.display()))?;
    let fresh = hex::encode(rand::random::<[u8; 32]>());
    let mut options = OpenOptions::new();
    match options.write(true).create_new(true).mode(private::FILE).open(&path) {
        Ok(mut out) => {
            out.write_all(fresh.as_bytes())?;
            out.sync_all()?;
            Ok(fresh)
        }
        // Another process was first.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Ok(fs::read_to_string(&path)?.trim().to_owned())
        }
        Err(error) => Err(error).with_context(|| format!("writing {}", path.display())),
    }
}
