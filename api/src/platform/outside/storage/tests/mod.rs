//! The storage as its users meet it: over HTTP on a real port, and through the SDK.

mod kept;
mod names;
mod presigned;
mod remote;
mod sniffed;
mod sniffed_active;
mod sniffed_archives;
mod sniffed_pictures;
mod sweeping;
mod timing;

use super::*;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::{net::TcpListener, path::PathBuf, time::Duration};
use uuid::Uuid;

const PNG: &str = "image/png";
const SECRET: &str = "a secret of the tests only";

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("zhidan-storage-{}", Uuid::new_v4())))
    }

    /// All files below a part of it.
    fn files(&self, part: &str) -> Vec<PathBuf> {
        let (mut folders, mut files) = (vec![self.0.join(part)], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server on a free port with the embedded storage mounted.
struct Rig {
    folder: Folder,
    storage: Storage,
    s3: EmbeddedS3,
    address: std::net::SocketAddr,
    http: reqwest::Client,
}

impl Rig {
    async fn start() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut EmbeddedSettings)) -> Self {
        let folder = Folder::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut settings = EmbeddedSettings::new(&folder.0, format!("http://{address}"), "tests", SECRET);
        change(&mut settings);
        let (storage, s3) = Storage::embedded(settings).await.unwrap();
        let mounted = s3.clone();
        let server = actix_web::HttpServer::new(move || {
            let s3 = mounted.clone();
            actix_web::App::new().configure(move |cfg| configure(cfg, s3))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        actix_web::rt::spawn(server);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { folder, storage, s3, address, http }
    }

    /// Sends a presigned request as it stands.
    async fn send(&self, request: &Presigned, body: impl Into<reqwest::Body>) -> reqwest::Response {
        let mut out = self.http.request(request.method.parse().unwrap(), &request.url);
        for (name, value) in &request.headers {
            out = out.header(name, value);
        }
        if request.method == "PUT" {
            out = out.body(body);
        }
        out.send().await.unwrap()
    }

    async fn presign_put(&self, key: &ObjectKey, content: &[u8]) -> Presigned {
        self.storage.presign_put(key, upload(content.len() as u64)).await.unwrap()
    }

    async fn presign_get(&self, key: &ObjectKey) -> Presigned {
        self.storage.presign_get(key, download("a.png")).await.unwrap()
    }

    async fn get(&self, bucket: Bucket, key: &ObjectKey) -> Option<Bytes> {
        match self.storage.get_bytes(bucket, key, 1 << 30).await {
            Ok((_, bytes)) => Some(bytes),
            Err(StorageError::NotFound) => None,
            Err(e) => panic!("{e}"),
        }
    }

    /// What inspection would hand to promotion for the object in quarantine.
    async fn promote(&self, key: &ObjectKey) -> Result<Promoted, StorageError> {
        let (head, bytes) = self.storage.get_bytes(Bucket::Quarantine, key, 1 << 30).await?;
        let inspection = Inspection { etag: &head.etag, sha256: Sha256::digest(&bytes).into(), content_type: PNG };
        self.storage.promote(key, inspection).await
    }
}

fn upload(content_length: u64) -> Upload<'static> {
    Upload { content_length, content_type: PNG, sha256: None, expires: Duration::from_secs(60) }
}

fn download(file_name: &str) -> Download<'_> {
    Download { file_name, content_type: PNG, expires: Duration::from_secs(60) }
}

fn key() -> ObjectKey {
    ObjectKey::new(Uuid::now_v7(), Uuid::now_v7(), 1)
}
