//! The rows of the area of third parties' clients, apart from the others since one file has room for no more.

use domain::access::Permission as P;

use super::table::{Row, What, row};

/// The rows.
pub const CLIENTS: &[Row] = &[
    row("add_client_key", Some(P::ManageClients), What::Thing),
    row("change_client", Some(P::ManageClients), What::Thing),
    row("create_client", Some(P::ManageClients), What::Make),
    row("disable_client", Some(P::ManageClients), What::Thing),
    row("enable_client", Some(P::ManageClients), What::Thing),
    row("end_client_credential", Some(P::ManageClients), What::Thing),
    row("issue_token", None, What::Open),
    row("list_client_requests", Some(P::ManageClients), What::Thing),
    row("list_clients", Some(P::ManageClients), What::List),
    row("list_own_requests", Some(P::OwnClient), What::List),
    row("read_client", Some(P::ManageClients), What::Thing),
    row("read_client_usage", Some(P::ManageClients), What::Thing),
    row("read_own_client", Some(P::OwnClient), What::List),
    row("read_own_usage", Some(P::OwnClient), What::List),
    row("rotate_client_secret", Some(P::ManageClients), What::Thing),
];
