//! Messages of sockets and platforms, through the public decoder: each maker's forms as a table, our own format as a
//! round trip, and any bytes at all. The messages are shaped like the makers' and have ids and figures of their own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers outside #[test] functions may fail the test too")]

mod makers;
mod own;
mod payloads;
mod platforms;
mod recognise;
mod robust;
mod support;
