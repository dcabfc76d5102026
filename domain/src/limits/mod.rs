//! Credit limits 授信额度: what the firm has promised to stand for, of it what is set aside and what is used, and the
//! law that bounds it. The store locks rows (parent before child), calls these functions with plain values and writes what
//! they return; whatever is not returned here does not happen.

pub mod balances;
pub mod groups;
pub mod operation;
pub mod overview;
pub mod parameters;
pub mod posting;
pub mod refusal;
pub mod reservation;
pub mod rules;
pub mod sharing;
pub mod tree;
pub mod weights;

/// Basis points in a whole: shares, weights and bounds are in 1/10,000.
pub const BASIS_POINTS: i64 = 10_000;
