//! Machines, their sockets and what these say, over HTTP.

mod ingest;
mod kill;
mod limits;
mod order;
mod proof;
mod quarantine;
mod sockets;
mod sources;
mod support;
