//! The storage that needs nobody else: S3 answered from this server's own disk.
//!
//! Ready-made file backends for S3 turn keys into paths and keep data and metadata in separate files, so that a key can
//! climb out of its bucket and a reader can see half of an overwrite. Here a blob is a file named by a random id, and
//! one SQLite index says which key is which blob: a key is only ever a value in a query, and an object changes when one
//! transaction commits.

mod backend;
mod blob;
mod connector;
mod lock;
mod mount;
mod multipart;
mod pump;
mod store;
mod sweep;

pub(super) use connector::InProcess;
pub use mount::{configure, is_address};
pub use sweep::SweepReport;

use super::{Bucket, EmbeddedSettings, StorageError};
use backend::Backend;
use s3s::{
    auth::SimpleAuth,
    config::{S3Config, StaticConfigProvider},
    service::{S3Service, S3ServiceBuilder},
};
use std::{sync::Arc, time::Duration};
use store::Store;

/// How far a client's clock may be ahead. Addresses are signed by this server, so anything but seconds would be a
/// mistake.
const CLOCK_SKEW_SECS_MAX: u32 = 60;
/// The largest XML body: the list of parts that completes a multipart upload.
const XML_BYTES_MAX: usize = 1 << 20;

/// The embedded storage, to be mounted in the HTTP server with [`configure`].
#[derive(Clone)]
pub struct EmbeddedS3 {
    inner: Arc<Inner>,
}

struct Inner {
    service: S3Service,
    store: Arc<Store>,
    swept: Option<SweepReport>,
    http: HttpLimits,
}

/// What the HTTP side enforces before and while a request reaches the storage.
#[derive(Debug, Clone)]
struct HttpLimits {
    quarantine: String,
    documents: String,
    object_bytes_max: u64,
    body_window: Duration,
    body_window_bytes_min: u64,
    body_time_max: Duration,
    allow_origin: String,
}

impl EmbeddedS3 {
    pub(super) async fn open(settings: &EmbeddedSettings) -> Result<Self, StorageError> {
        let http = HttpLimits {
            quarantine: Bucket::Quarantine.name(&settings.bucket_prefix),
            documents: Bucket::Documents.name(&settings.bucket_prefix),
            object_bytes_max: settings.object_bytes_max,
            body_window: settings.body_window,
            body_window_bytes_min: settings.body_window_bytes_min,
            body_time_max: settings.body_time_max,
            allow_origin: settings.allow_origin.clone(),
        };
        let buckets = [http.quarantine.clone(), http.documents.clone()];
        let (store, swept) = Store::open(&settings.dir, buckets, settings.object_bytes_max).await?;
        let store = Arc::new(store);
        let mut builder = S3ServiceBuilder::new(Backend(store.clone()));
        builder.set_auth(SimpleAuth::from_single(settings.access_key.as_str(), settings.secret_key.as_str()));
        let mut config = S3Config::default();
        config.presigned_url_max_skew_time_secs = CLOCK_SKEW_SECS_MAX;
        config.xml_max_body_size = XML_BYTES_MAX;
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
        Ok(Self { inner: Arc::new(Inner { service: builder.build(), store, swept, http }) })
    }

    pub(super) fn service(&self) -> S3Service {
        self.inner.service.clone()
    }

    /// Writes and removes a file, to see that the disk takes one.
    pub(super) async fn probe(&self) -> Result<(), StorageError> {
        self.inner.store.probe().await.map_err(|e| StorageError::unavailable("write to its disk", e))
    }

    /// What was found and tidied at start; none if another process has the folder open, as then nothing may be taken
    /// for left over.
    pub fn swept(&self) -> Option<&SweepReport> {
        self.inner.swept.as_ref()
    }
}
