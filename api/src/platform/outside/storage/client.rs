//! Construction of the door: two SDK clients, one for the server's own calls and one that only signs, because the
//! address that the server uses and the one that clients can reach are often not the same.

use super::{Bucket, EmbeddedS3, EmbeddedSettings, S3Settings, StorageError, embedded::InProcess};
use aws_sdk_s3::{
    Client,
    config::{
        BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
        StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
    },
};
use std::{sync::Arc, time::Duration};

/// The region of the embedded storage. It is signed, and means nothing else.
const EMBEDDED_REGION: &str = "us-east-1";

/// The product's door to documents. Cloning it is cheap and gives the same door.
#[derive(Clone)]
pub struct Storage {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) client: Client,
    pub(super) signer: Client,
    bucket_prefix: String,
    pub(super) embedded: Option<EmbeddedS3>,
}

impl Storage {
    /// Storage on this server's disk. The second part of the answer is to be mounted in the HTTP server with
    /// [`super::configure`].
    pub async fn embedded(settings: EmbeddedSettings) -> Result<(Self, EmbeddedS3), StorageError> {
        settings.check()?;
        let s3 = EmbeddedS3::open(&settings).await?;
        let base = base(EMBEDDED_REGION, &settings.access_key, &settings.secret_key)
            .endpoint_url(&settings.public_url)
            .force_path_style(true)
            // no network lies between: what failed once fails again, and a retry would only hide it
            .retry_config(RetryConfig::disabled())
            .http_client(InProcess(s3.service()))
            .build();
        let client = Client::from_conf(base);
        let inner =
            Inner { signer: client.clone(), client, bucket_prefix: settings.bucket_prefix, embedded: Some(s3.clone()) };
        Ok((Self { inner: Arc::new(inner) }, s3))
    }

    /// Storage that somebody else runs. Nothing is called yet: [`Storage::check`] tells whether it answers.
    pub fn remote(settings: S3Settings) -> Result<Self, StorageError> {
        settings.check()?;
        let conf = |endpoint: &str| {
            base(&settings.region, &settings.access_key, &settings.secret_key)
                .endpoint_url(endpoint)
                .force_path_style(settings.force_path_style)
                .retry_config(RetryConfig::standard().with_max_attempts(3))
                .timeout_config(
                    TimeoutConfig::builder()
                        .connect_timeout(Duration::from_secs(5))
                        .read_timeout(Duration::from_secs(30))
                        .operation_timeout(Duration::from_secs(120))
                        .build(),
                )
                .build()
        };
        let client = Client::from_conf(conf(&settings.endpoint));
        let signer = Client::from_conf(conf(settings.public_endpoint.as_deref().unwrap_or(&settings.endpoint)));
        let inner = Inner { client, signer, bucket_prefix: settings.bucket_prefix, embedded: None };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The bucket's name on the wire.
    pub fn bucket_name(&self, bucket: Bucket) -> String {
        bucket.name(&self.inner.bucket_prefix)
    }
}

fn base(region: &str, access_key: &str, secret_key: &str) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(access_key, secret_key, None, None, "zhidan settings"))
        // the SDK's default adds trailing checksums that several S3 services refuse, and puts the checksum of an empty
        // body into presigned uploads; what matters here is hashed by the product
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
}
