//! Who the firm does business with: the enterprise records an application is filled from, and the public code tables
//! that such records and forms use; customers with their relations, and the channels that share them. The doors for
//! other areas are the functions here.

mod change;
mod channels;
mod check;
pub mod clients;
mod create;
mod list;
mod look_up;
mod read;
mod reference;
mod registration;
mod relations;
mod shares;
mod store;
mod view;
mod words;

pub use channels::add_channel;
pub use create::{NewEnterprise, create};
pub use registration::{Registration, upsert_from_registration};
pub use relations::{NewRelation, record as record_relation};
pub use words::{ColleagueBrief, RelationKindWord, RelationSourceWord};

use chrono::NaiveDate;
use domain::customers::is_plausible;
use domain::person::{CreditCode, RealName};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;

/// The kind of job that weighs a customer's guarantees anew after its class was changed; its payload is the customer's id.
/// The work itself is that of limits, which stand after customers.
pub const CLASS_CHANGED: &str = "customers.class_changed";
/// Most characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// An enterprise as other areas need it.
#[derive(Clone, Debug)]
pub struct EnterpriseBrief {
    /// Its id.
    pub id: Uuid,
    /// Its full name as registered.
    pub full_name: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// Its region's code (GB/T 2260).
    pub region: Option<String>,
    /// Its industry's code (GB/T 4754).
    pub industry: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its legal representative.
    pub legal_representative: Option<RealName>,
}

/// This area's routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_enterprises)
        .service(create::create_enterprise)
        .service(read::read_enterprise)
        .service(change::change_enterprise)
        .service(look_up::look_up_enterprise)
        .configure(reference::routes)
        .configure(clients::routes)
        .configure(relations::routes)
        .configure(channels::routes)
        .configure(shares::routes);
}

/// The enterprise with this credit code.
///
/// # Errors
/// If the database fails.
pub async fn find_by_code(tx: &TenantTx, code: &CreditCode) -> Result<Option<EnterpriseBrief>> {
    let row = store::by_code(tx, code.as_str()).await?;
    row.map(|row| brief(tx, row)).transpose()
}

/// The enterprise with exactly this full name; brackets of either width are the same.
///
/// # Errors
/// If the database fails.
pub async fn find_by_name(tx: &TenantTx, full_name: &str) -> Result<Option<EnterpriseBrief>> {
    let row = store::by_name(tx, &check::one_form(full_name)).await?;
    row.map(|row| brief(tx, row)).transpose()
}

/// A day that somebody asks for, which can be meant; others the databases cannot even hold.
fn plausible_day(day: NaiveDate) -> Result<NaiveDate> {
    if is_plausible(day) {
        return Ok(day);
    }
    Err(Error::new(Code::InvalidParameter).detail("日期应在1900年至2999年之间。", "A day lies between 1900 and 2999."))
}

fn brief(tx: &TenantTx, row: store::Row) -> Result<EnterpriseBrief> {
    Ok(EnterpriseBrief {
        id: row.id,
        legal_representative: store::legal_representative(tx, &row)?,
        full_name: row.name,
        credit_code: row.credit_code,
        region: row.region,
        industry: row.industry,
        address: row.address,
    })
}
