//! The only place that calls out: each service is a trait, the real thing, and one that prints or records.
pub mod captcha;
pub mod clamd;
pub mod error;
pub mod guarded;
pub mod http;
pub mod mail;
pub mod mqtt;
pub mod nats;
pub mod secret;
pub mod setting;
pub mod sms;
pub mod storage;

pub use error::{ProviderReceipt, SendError, scrub};
pub use http::CallLimits;
pub use secret::Secret;
pub use setting::SettingProblem;

use std::sync::Arc;

/// Where a provider gets the time from; tests and re-runs pass their own.
pub type Clock = Arc<dyn Fn() -> chrono::DateTime<chrono::Utc> + Send + Sync>;
