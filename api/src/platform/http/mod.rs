//! What every route shares: the request's context, bodies and parameters with limits, pages, versions, idempotency,
//! and answers.

mod body;
mod browsers;
mod caching;
mod checks;
mod coded;
mod connection;
mod context;
mod form;
mod given;
mod holding;
mod idempotency;
mod idempotency_kept;
mod misfit;
mod page;
mod params;
mod proxies;
mod rate;
mod reply;
mod shared;
mod strict_json;
mod unread;

pub use body::{BODY_BYTES_MAX, Body};
pub use checks::Checks;
pub(crate) use coded::coded_word;
pub use connection::service as connections;
pub use context::{Context, finish};
pub use form::{FormBody, pairs as form_pairs};
pub use given::read as read_value;
pub use idempotency::{Idempotency, purge_keys};
pub use idempotency_kept::{KeptReply, kept_replies};
pub use page::{Cursor, PAGE_MAX, Page, PageParams};
pub use params::{At, IfMatch, Params, Slug, Under, is_slug};
pub use proxies::TrustedProxies;
pub use rate::{RateLimits, Throttle};
pub use reply::{Done, Reply};
