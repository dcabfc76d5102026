//! Machines, their sockets and what these say, over HTTP.

mod bindings;
mod equipment;
mod listings;
mod listings_table;
mod machines;
mod my;
mod scores;
mod usage;
mod workshop;
