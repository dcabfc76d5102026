//! Several processes may have the folder open, and only one that is alone may take an unknown file for rubbish.

use crate::platform::private;
use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Held for as long as the storage is open; the operating system releases it, also after a crash.
#[derive(Debug)]
pub(super) struct FolderLock {
    file: File,
    /// Whether nobody else had the folder open when the lock was taken.
    pub(super) alone: bool,
}

impl FolderLock {
    /// Takes the lock exclusively if nobody has it, else shared.
    pub(super) fn take(root: &Path) -> io::Result<Self> {
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).mode(private::FILE).open(root.join("lock"))?;
        let alone = match file.try_lock() {
            Ok(()) => true,
            Err(std::fs::TryLockError::WouldBlock) => {
                file.lock_shared()?;
                false
            }
            Err(std::fs::TryLockError::Error(e)) => return Err(e),
        };
        Ok(Self { file, alone })
    }

    /// Lets others in. There is a moment without a lock, in which nothing of ours is in flight yet that another's sweep
    /// could hit.
    pub(super) fn share(&mut self) -> io::Result<()> {
        if self.alone {
            self.file.unlock()?;
            self.file.lock_shared()?;
            self.alone = false;
        }
        Ok(())
    }
}
