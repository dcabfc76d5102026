//! Consent to collect, and what was pulled under it from which source with what result. This area has no routes of its
//! own: what it holds is always read and changed through an application. Its doors are the functions exported here.

mod adapter;
mod authorise;
mod collect;
pub mod csv_lines;
mod entitle;
mod file_adapter;
mod gather;
mod invoice_rows;
mod json_source;
mod receive;
mod store;
mod view;

use domain::assessments::admission::SourceKind;
use utoipa_actix_web::service_config::ServiceConfig;

pub use adapter::{Ask, DataSource, PullAnswer};
pub use authorise::{
    LiveAuthorisation, NewAuthorisation, consent_state, grant, hold, is_revoked, list_of, live, revoke, with_revocation,
};
pub use collect::{ATTEMPTS_MAX, Collected, collect_round};
pub use entitle::{Compared, Consenter, compared_of, confirm, is_entitled, recorded_representative};
pub use file_adapter::FileAdapter;
pub use gather::{Gathered, UsedPull, gather, gather_again, pulls_of};
pub use store::read_invoices;
pub use view::{AuthorisationView, ConsenterView, PullView, SourceView};

/// Codes of the sources that an authorisation may name; each is what [`SourceKind`] is called on the wire.
pub const SOURCES: [&str; 7] =
    ["registration", "declarations", "payments", "financials", "violations", "invoices_in", "invoices_out"];

/// The code of a source.
pub const fn source_code(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Registration => "registration",
        SourceKind::Declarations => "declarations",
        SourceKind::Payments => "payments",
        SourceKind::Financials => "financials",
        SourceKind::Violations => "violations",
        SourceKind::InvoicesIn => "invoices_in",
        SourceKind::InvoicesOut => "invoices_out",
    }
}

/// The source of a code.
pub fn source_of(code: &str) -> Option<SourceKind> {
    SourceKind::ALL.into_iter().find(|kind| source_code(*kind) == code)
}

/// This area's routes: none.
pub fn routes(_cfg: &mut ServiceConfig) {}
