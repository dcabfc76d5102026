//! What has to be known to reach the storage. Secrets are given, never found: no environment, no profile, no metadata
//! service is asked.

use super::error::StorageError;
use std::{fmt, path::PathBuf, time::Duration};

/// Storage that somebody else runs: any S3.
#[derive(Clone)]
pub struct S3Settings {
    /// Where the server reaches it, for example `https://cos.ap-shanghai.myqcloud.com`.
    pub endpoint: String,
    /// Where browsers and phones reach it, when that differs from `endpoint`. It is what presigned requests name.
    pub public_endpoint: Option<String>,
    /// The region that is signed.
    pub region: String,
    /// The buckets are `{prefix}-quarantine` and `{prefix}-documents`.
    pub bucket_prefix: String,
    /// Access key.
    pub access_key: String,
    /// Secret key.
    pub secret_key: String,
    /// `https://host/bucket/key` instead of `https://bucket.host/key`; what most self-run storages need.
    pub force_path_style: bool,
}

/// Storage on this server's own disk.
#[derive(Clone)]
pub struct EmbeddedSettings {
    /// The folder of the blobs and their index. Processes on one machine may share it; machines may not.
    pub dir: PathBuf,
    /// Scheme, host and port under which clients reach this server. Requests are signed for this host, hence a proxy in
    /// front must pass `Host` on unchanged.
    pub public_url: String,
    /// Access key, derived by the caller.
    pub access_key: String,
    /// Secret key, derived by the caller.
    pub secret_key: String,
    /// The buckets are `{prefix}-quarantine` and `{prefix}-documents`. It begins with `zhidan`, because that is what is
    /// routed.
    pub bucket_prefix: String,
    /// The largest object that is stored.
    pub object_bytes_max: u64,
    /// How long a body has to bring `body_window_bytes_min`, or to end. A body that does neither is cut.
    pub body_window: Duration,
    /// What a body must bring in each window: a byte now and then is not progress.
    pub body_window_bytes_min: u64,
    /// How long a body may take altogether.
    pub body_time_max: Duration,
    /// The origin that a browser may upload from; `*` suits, as these requests carry no cookies and their address is
    /// the credential.
    pub allow_origin: String,
}

impl EmbeddedSettings {
    /// The usual limits: 20 MiB per object, at least 8 KiB in 10 seconds, half an hour altogether.
    pub fn new(
        dir: impl Into<PathBuf>,
        public_url: impl Into<String>,
        access_key: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Self {
        Self {
            dir: dir.into(),
            public_url: public_url.into(),
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            bucket_prefix: "zhidan".to_owned(),
            object_bytes_max: 20 << 20,
            body_window: Duration::from_secs(10),
            body_window_bytes_min: 8 << 10,
            body_time_max: Duration::from_secs(30 * 60),
            allow_origin: "*".to_owned(),
        }
    }

    /// Refuses what would only fail later and then puzzlingly.
    pub(super) fn check(&self) -> Result<(), StorageError> {
        check_prefix(&self.bucket_prefix)?;
        if self.bucket_prefix != "zhidan" && !self.bucket_prefix.starts_with("zhidan-") {
            return Err(StorageError::Invalid(format!(
                "the bucket prefix {:?} must be zhidan or begin with zhidan-",
                self.bucket_prefix
            )));
        }
        check_endpoint("public url", &self.public_url)?;
        check_keys(&self.access_key, &self.secret_key)
    }
}

impl S3Settings {
    /// Refuses what would only fail later and then puzzlingly.
    pub(super) fn check(&self) -> Result<(), StorageError> {
        check_prefix(&self.bucket_prefix)?;
        check_endpoint("endpoint", &self.endpoint)?;
        if let Some(public) = &self.public_endpoint {
            check_endpoint("public endpoint", public)?;
        }
        if self.region.is_empty() {
            return Err(StorageError::Invalid("the region of the storage is empty".to_owned()));
        }
        check_keys(&self.access_key, &self.secret_key)
    }
}

fn check_prefix(prefix: &str) -> Result<(), StorageError> {
    let plain = prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let edges = !prefix.starts_with('-') && !prefix.ends_with('-');
    if plain && edges && (1..=40).contains(&prefix.len()) {
        return Ok(());
    }
    Err(StorageError::Invalid(format!(
        "the bucket prefix {prefix:?} must be 1 to 40 of a-z, 0-9 and - and not begin or end with -"
    )))
}

fn check_endpoint(name: &str, url: &str) -> Result<(), StorageError> {
    let uri: http::Uri =
        url.parse().map_err(|_| StorageError::Invalid(format!("the {name} {url:?} of the storage is not a URL")))?;
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    // the path is part of what is signed: behind a prefix that a proxy strips no signature would ever match
    if scheme && uri.authority().is_some() && uri.path() == "/" && uri.query().is_none() {
        return Ok(());
    }
    Err(StorageError::Invalid(format!(
        "the {name} {url:?} of the storage must be http(s)://host[:port] without a path"
    )))
}

fn check_keys(access_key: &str, secret_key: &str) -> Result<(), StorageError> {
    if access_key.is_empty() || access_key.contains(['/', ',', ' ']) || secret_key.len() < 16 {
        return Err(StorageError::Invalid(
            "the storage needs an access key without / , or blanks and a secret key of at least 16 characters"
                .to_owned(),
        ));
    }
    Ok(())
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("bucket_prefix", &self.bucket_prefix)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EmbeddedSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedSettings")
            .field("dir", &self.dir)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}
