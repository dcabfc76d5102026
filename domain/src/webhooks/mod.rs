//! Webhooks 事件推送: what third parties are told of, how a message is signed (Standard Webhooks), when it is tried again,
//! and when an address that does not answer is told no more.

pub mod endpoint;
pub mod event;
pub mod schedule;
pub mod signature;
