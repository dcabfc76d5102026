//! Blobs: how a body becomes a file that is sure to be there, and where it lies.

use super::store::{Store, internal};
use crate::platform::{outside::storage::presign::base64_of, private};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use md5::{Digest, Md5};
use s3s::{S3Result, checksum::ChecksumHasher, dto::Checksum, s3_error};
use std::{
    io,
    path::{Path, PathBuf},
};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// Size of the pieces in which files are read and written.
pub(super) const PIECE_BYTES: usize = 128 << 10;

/// A body that is safely on the disk but not yet an object. Dropped, it is removed again: by an error, or by a client
/// that went away.
pub(super) struct Written {
    pub(super) blob: String,
    pub(super) bytes: i64,
    pub(super) md5: [u8; 16],
    pub(super) crc32: String,
    path: Option<PathBuf>,
}

/// Checksums that the content must have, in base64 as S3 writes them.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) checksum: Checksum,
    pub(super) md5: Option<String>,
}

impl Written {
    /// From here on the file stays, whatever happens.
    pub(super) fn keep(&mut self) {
        self.path = None;
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // what cannot be removed now is swept at the next start
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Store {
    /// Streams a body into a blob. Nothing can see it before its row.
    pub(super) async fn write<S, E>(&self, mut body: S, wanted: Wanted) -> S3Result<Written>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let blob = Uuid::new_v4().to_string();
        let temporary = self.root.join("tmp").join(&blob);
        let mut written = Written { blob, bytes: 0, md5: [0; 16], crc32: String::new(), path: Some(temporary.clone()) };
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true).mode(private::FILE);
        let file = options.open(&temporary).await.map_err(internal)?;
        let mut file = tokio::io::BufWriter::with_capacity(PIECE_BYTES, file);
        let (mut md5, mut hasher) = (Md5::new(), hasher_for(&wanted.checksum));
        let mut total = 0u64;
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|e| s3_error!(IncompleteBody, "the body ended early: {e}"))?;
            total = total.saturating_add(piece.len() as u64);
            self.fits(total)?;
            md5.update(&piece);
            hasher.update(&piece);
            file.write_all(&piece).await.map_err(internal)?;
        }
        file.flush().await.map_err(internal)?;
        file.get_ref().sync_data().await.map_err(internal)?;
        written.md5 = md5.finalize().into();
        let got = hasher.finalize();
        if !matches(&wanted, &got, &written.md5) {
            return Err(s3_error!(BadDigest));
        }
        written.bytes = i64::try_from(total).map_err(internal)?;
        written.crc32 = got.checksum_crc32.unwrap_or_default();
        let path = self.path(&written.blob);
        tokio::fs::rename(&temporary, &path).await.map_err(internal)?;
        written.path = Some(path.clone());
        sync_folder_of(path).await.map_err(internal)?;
        Ok(written)
    }
}

fn hasher_for(wanted: &Checksum) -> ChecksumHasher {
    ChecksumHasher {
        // always: it is kept, and a copy is compared with it
        crc32: Some(Default::default()),
        crc32c: wanted.checksum_crc32c.is_some().then(Default::default),
        sha1: wanted.checksum_sha1.is_some().then(Default::default),
        sha256: wanted.checksum_sha256.is_some().then(Default::default),
        crc64nvme: wanted.checksum_crc64nvme.is_some().then(Default::default),
    }
}

fn matches(wanted: &Wanted, got: &Checksum, md5: &[u8]) -> bool {
    let same = |want: &Option<String>, got: &Option<String>| want.is_none() || want == got;
    let w = &wanted.checksum;
    same(&w.checksum_crc32, &got.checksum_crc32)
        && same(&w.checksum_crc32c, &got.checksum_crc32c)
        && same(&w.checksum_sha1, &got.checksum_sha1)
        && same(&w.checksum_sha256, &got.checksum_sha256)
        && same(&w.checksum_crc64nvme, &got.checksum_crc64nvme)
        && wanted.md5.as_ref().is_none_or(|want| *want == base64_of(md5))
}

/// `blobs/{last two digits}/{id}`: 256 folders, so that none gets too large.
pub(super) fn blob_path(root: &Path, blob: &str) -> PathBuf {
    let folder = blob.get(blob.len().saturating_sub(2)..).unwrap_or("00");
    root.join("blobs").join(folder).join(blob)
}

/// All folders are made at once, readable by this user only: the documents are personal data.
pub(super) fn make_folders(root: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(root.join("tmp"))?;
    for n in 0..=255u8 {
        builder.create(root.join("blobs").join(format!("{n:02x}")))?;
    }
    std::fs::File::open(root.join("blobs"))?.sync_all()
}

/// A rename is only sure to outlast a power cut once its folder was synced.
async fn sync_folder_of(path: PathBuf) -> io::Result<()> {
    let synced = tokio::task::spawn_blocking(move || match path.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    });
    synced.await.map_err(io::Error::other)?
}
