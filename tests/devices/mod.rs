//! Machines, their sockets and what these say, over HTTP.

mod usage;
mod workshop;
