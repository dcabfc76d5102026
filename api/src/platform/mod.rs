//! What carries every business area and knows none of them.

pub mod access;
pub mod audit;
pub mod clock;
pub mod db;
pub mod export;
pub mod http;
pub mod jobs;
pub mod keys;
pub mod outside;
pub mod private;
pub mod rekey;
pub mod sheet;
