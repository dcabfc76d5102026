//! Documents: the one door to object storage, whether it is somebody's S3 or this server's own disk.
//!
//! The product always speaks S3 through `aws-sdk-s3`, so what is tried on a laptop is what runs in production.
//! Embedded, the server answers S3 itself from files and a small index ([`EmbeddedS3`]): in-process for the product's
//! own calls, and over HTTP, on the same port, for the presigned requests it hands to browsers and phones.
//!
//! What a client uploads lands in quarantine and nowhere else, and what a client downloads comes from the documents and
//! nowhere else: neither [`Storage::presign_put`] nor [`Storage::presign_get`] takes a bucket. The way between them is
//! [`sniff::inspect`] and then [`Storage::promote`], which moves exactly the bytes that were inspected.

mod client;
mod embedded;
mod error;
mod key;
mod objects;
mod presign;
mod settings;
pub mod sniff;
#[cfg(test)]
mod tests;

pub use client::Storage;
pub use embedded::{EmbeddedS3, SweepReport, configure, is_address};
pub use error::StorageError;
pub use key::{Bucket, ObjectKey};
pub use objects::{Inspection, Object, ObjectHead, Promoted, Stored};
pub use presign::{Download, Presigned, Upload, attachment};
pub use settings::{EmbeddedSettings, S3Settings};
