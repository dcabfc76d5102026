//! Credit limits: what is promised of them, proved through the public API and read back from the tables.

mod filler;
mod kill;
mod law;
mod mine;
mod operations;
mod races;
mod random;
pub(crate) mod support;
mod verify;
mod views;
mod views_balances;
mod views_export;
mod views_head_room;
