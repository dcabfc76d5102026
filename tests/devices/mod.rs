//! Machines, their sockets and what these say, over HTTP.

<<<<<<< HEAD
mod usage;
mod workshop;
=======
mod bindings;
mod equipment;
mod listings;
mod listings_table;
mod machines;
mod my;
mod scores;
>>>>>>> i4-eq
