//! Machines as evidence 设备资产风控: their papers and scores, the sockets at them, what these say, how much the machines are
//! used, what is wrong with them, and who offers them. The rules are the domain's (`domain/src/devices`); this area keeps
//! readings, asks the domain, and shows what came of it.

mod bindings;
mod equipment;
mod life;
mod listings;
mod my;
mod scores;
mod usage;

use utoipa_actix_web::service_config::ServiceConfig;

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(equipment::routes)
        .configure(bindings::routes)
        .configure(scores::routes)
        .configure(life::routes)
        .configure(listings::routes)
        .configure(my::routes);
}
