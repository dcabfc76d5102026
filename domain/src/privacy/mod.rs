//! The life of personal data: what kinds there are and where each lies, why and on which ground it is held, for how long, and what
//! becomes of it when somebody wants their data erased (PIPL art. 19, 44–50).

mod classes;
mod columns;
mod erasure;

pub use classes::{Class, Period, Rule};
pub use columns::{COLUMNS, class_of};
pub use erasure::{Business, Fate, LimitFact, business_of, fate};
