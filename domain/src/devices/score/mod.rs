//! The equipment score 设备风控评分 (R10.1): Σ weight × score over basic information, use, title, control and disposal.
//!
//! The way of the data, one file each: `papers` and `evidence` (what is known) → `measure` (figures) → `card` (points and
//! weights, the tenant's) → `assess` (total and verdict) → `opinion` (the same in sentences).

mod advice;
pub mod assess;
pub mod card;
pub mod evidence;
pub mod figure;
pub mod kinds;
pub mod measure;
pub mod opinion;
pub mod papers;
mod standard;
#[cfg(test)]
mod tests;

pub use assess::{Score, Verdict, assess};
pub use card::Scorecard;
pub use evidence::{Evidence, Observed, Usage};
pub use figure::{Dimension, Figure};
pub use measure::Finding;
pub use opinion::{Opinion, opinion};
pub use papers::Papers;
