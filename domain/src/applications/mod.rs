//! The application for a guarantee: its form, its product, what it lacks, and its way from draft to decision.

pub mod action;
pub mod assignment;
pub mod changes;
pub mod completeness;
pub mod extra;
pub mod fields;
pub mod form;
pub mod headline;
pub mod lookups;
pub mod machine;
pub mod number;
pub mod product;
pub mod product_check;
pub mod progress;
pub mod refusal;
pub mod standard;
pub mod state;
pub mod timeline;
pub mod transition;
