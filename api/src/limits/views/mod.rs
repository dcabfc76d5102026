//! What staff see of limits: the tree, the ledger, balances, head-room, what expires when, and files of it.

mod approvals;
mod balances;
mod balances_by;
mod day;
mod drawdowns;
mod entries;
mod entry;
mod expiring;
mod export;
mod head_room;
mod list;
mod read;
mod reservations;
mod subject;
mod trend;
mod utilisation;

use utoipa_actix_web::service_config::ServiceConfig;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(approvals::list_limit_approvals)
        .service(approvals::read_limit_approval)
        .service(list::list_limits)
        // before the one by id, whose place they would otherwise be
        .service(expiring::list_expiring_limits)
        .service(utilisation::read_limit_utilisation)
        .service(export::export_limits)
        .service(read::read_limit)
        .service(entries::list_limit_entries)
        .service(reservations::list_limit_reservations)
        .service(reservations::read_reservation)
        .service(drawdowns::list_limit_drawdowns)
        .service(drawdowns::read_drawdown)
        .service(balances::read_balances)
        .service(balances_by::list_balances)
        .service(head_room::read_head_room)
        .service(trend::read_head_room_trend);
}
