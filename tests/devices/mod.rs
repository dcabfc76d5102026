//! Machines, their sockets and what these say, over HTTP.
