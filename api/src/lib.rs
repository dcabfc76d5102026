//! 智担 Zhidan, the server: the only crate with HTTP, SQL and outbound calls.

pub mod app;
pub mod applications;
pub mod assessments;
pub mod clients;
pub mod commands;
pub mod config;
pub mod customers;
pub mod data;
pub mod demonstration;
pub mod devices;
pub mod documents;
pub mod error;
pub mod jobs;
pub mod limits;
pub mod messages;
pub mod meta;
pub mod openapi;
pub mod operator;
pub mod people;
pub mod platform;
pub mod policies;
pub mod privacy;
pub mod purge;
pub mod routes;
pub mod server;
pub mod tables;
pub mod tenants;
pub mod webhooks;

/// Memory for everything that links the server, measurements included: a request makes and drops some thousand small
/// things, which the system's allocator takes several times as long for.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
