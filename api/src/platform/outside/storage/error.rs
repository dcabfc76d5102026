//! What can go wrong with storage, in the few kinds that a caller treats differently.

use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use std::error::Error;

/// Why a call to the storage failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such object.
    #[error("no such object")]
    NotFound,
    /// The object is no longer the one that was looked at: somebody uploaded again in between.
    #[error("the object changed in the meantime")]
    Changed,
    /// The object is larger than the caller was ready to take.
    #[error("the object is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit that was exceeded.
        limit_bytes: u64,
    },
    /// A setting or an argument cannot be right.
    #[error("{0}")]
    Invalid(String),
    /// The storage did not answer, or answered with an error. Trying again later may help.
    #[error("the storage failed to {action}: {cause}")]
    Unavailable {
        /// What was being done.
        action: &'static str,
        /// The whole chain of causes, for the log only.
        cause: String,
    },
}

impl StorageError {
    /// Sorts an SDK error into the kinds above.
    pub(super) fn from_sdk<E>(action: &'static str, error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        // a HEAD has no body, hence only its status tells
        let status = error.raw_response().map(|r| r.status().as_u16());
        match (error.code(), status) {
            (Some("NoSuchKey" | "NotFound"), _) => Self::NotFound,
            (Some("PreconditionFailed"), _) | (_, Some(412)) => Self::Changed,
            (Some("NoSuchBucket"), _) => Self::unavailable(action, DisplayErrorContext(&error)),
            (None, Some(404)) => Self::NotFound,
            _ => Self::unavailable(action, DisplayErrorContext(&error)),
        }
    }

    /// A failure of the storage itself.
    pub(super) fn unavailable(action: &'static str, cause: impl std::fmt::Display) -> Self {
        Self::Unavailable { action, cause: cause.to_string() }
    }
}
