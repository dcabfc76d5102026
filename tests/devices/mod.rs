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
mod order;
mod photos;
mod pictures;
mod proof;
mod quarantine;
mod scores;
mod sockets;
mod sources;
mod support;
mod upkeep;
mod usage;
mod workshop;
