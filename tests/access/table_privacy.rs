//! The rows of what people may ask of their own data, apart from the others since one file has room for no more.

use domain::access::Permission as P;

use super::table::{Row, What, row};

/// The rows.
pub const PRIVACY: &[Row] = &[
    row("ask_for_my_data_export", Some(P::OwnData), What::Make),
    row("carry_out_privacy_request", Some(P::HandlePrivacyRequests), What::Thing),
    row("change_retention_rule", Some(P::HandlePrivacyRequests), What::Make),
    row("delete_my_account", Some(P::OwnData), What::Make),
    row("download_my_data_export", Some(P::OwnData), What::Thing),
    row("download_privacy_request", Some(P::RevealPersonalData), What::Thing),
    row("list_my_data_exports", Some(P::OwnData), What::List),
    row("list_privacy_requests", Some(P::HandlePrivacyRequests), What::List),
    row("list_retention_rules", Some(P::ReadSettings), What::Make),
    row("read_my_data_export", Some(P::OwnData), What::Thing),
    row("read_privacy_request", Some(P::HandlePrivacyRequests), What::Thing),
    row("record_privacy_request", Some(P::HandlePrivacyRequests), What::Make),
    row("reject_privacy_request", Some(P::HandlePrivacyRequests), What::Thing),
];
