//! Machines, their sockets and what these say, over HTTP.

mod alarms;
mod bindings;
mod category_thresholds;
mod enquiries;
mod equipment;
mod flood;
mod ingest;
mod kept;
mod kill;
mod limits;
mod listings;
mod listings_table;
mod machines;
mod mqtt;
mod my;
mod my_use;
mod order;
mod proof;
mod quarantine;
mod scores;
mod silence;
mod sockets;
mod sources;
mod support;
mod usage;
mod workshop;
