//! Machines, their sockets and what these say, over HTTP.

mod alarms;
mod bindings;
mod equipment;
mod ingest;
mod kept;
mod kill;
mod limits;
mod listings;
mod listings_table;
mod machines;
mod mqtt;
mod my;
mod nats;
mod nats_server;
mod order;
mod proof;
mod quarantine;
mod scores;
mod sockets;
mod sources;
mod support;
mod usage;
mod workshop;
