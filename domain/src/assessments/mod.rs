//! Assessments: what a firm's or a person's data say about the risk of guaranteeing them.
//!
//! Everything here is a pure function of data and a date, so that an evaluation can be run again to the same
//! answer years later. Scorecards are data (versioned, owned by the tenant); this module only knows how to read them.

pub mod admission;
pub mod personal;
mod personal_card;
mod personal_check;
