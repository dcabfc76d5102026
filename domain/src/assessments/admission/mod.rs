//! Financing admission 融资准入 (R11): from tax data and invoices to a total, a decision and its reasons.
//!
//! The steps are one file each, in the order in which data flow: `invoice` (a row as it came) → `clean` (which rows
//! count) → `series` (months) → `condition` (operating and transaction condition) → `measure` (indicators) →
//! `risks` (scores) → `assess` (total and decision). `scorecard` holds everything a tenant may set.

pub mod assess;
pub mod clean;
pub mod condition;
pub mod decide;
pub mod indicators;
pub mod integrity;
pub mod invoice;
pub mod measure;
pub mod operating;
pub mod period;
pub mod reasons;
pub mod risks;
pub mod scorecard;
pub mod series;
pub mod sources;
mod standard_indicators;
mod standard_risks;
pub mod text;

pub use assess::{Assessment, assess};
pub use clean::{AbnormalReason, Cleaned, LeftOut, Verdict, clean};
pub use decide::{Decision, DecisionReason};
pub use integrity::{Gap, GapKind, gaps};
pub use invoice::{Columns, Direction, Flaw, Invoice, ParsedRow, parse_record};
pub use period::{Month, Period, default_as_of};
pub use scorecard::{Scorecard, ScorecardError};
pub use sources::{SourceKind, Sources};
