//! Credit limits, through the API.

mod views;
mod views_balances;
mod views_export;
mod views_head_room;
