//! The guarantee products a firm offers: terms, further form fields and document checklists, all of them the firm's own
//! data. The doors for other areas are [`load`], [`names`], [`purpose_words`] and [`create_standard`].

mod change;
mod check;
mod create;
mod list;
mod offered;
mod read;
mod store;
mod terms;
mod view;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use domain::applications::product::ProductTerms;
use domain::applications::standard::standard_products;
use domain::words::Words;
use moka::sync::Cache;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

/// Most products whose purposes are read at once; a firm has a handful.
const PRODUCTS_READ_MAX: u64 = 200;

/// The routes of products.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_products)
        .service(create::create_product)
        .service(read::read_product)
        .service(change::change_product)
        .service(offered::list_offered_products);
}

/// Terms that were read already, by tenant, product and version, which is read anew each time: every look at an
/// application asks for them, and there are few.
static KNOWN: LazyLock<Cache<(Uuid, Uuid, i64), Arc<ProductTerms>>> = LazyLock::new(|| Cache::new(KNOWN_MAX));
const KNOWN_MAX: u64 = 2_000;

/// A product's terms, whether it is on offer, and its name.
///
/// # Errors
/// If the database fails.
pub async fn load(tx: &TenantTx, id: Uuid) -> Result<Option<(Arc<ProductTerms>, bool, String)>> {
    let Some(row) = store::terms(tx, id).await? else { return Ok(None) };
    let key = (tx.tenant(), id, row.version);
    let terms = match KNOWN.get(&key) {
        Some(terms) => terms,
        None => {
            let terms = Arc::new(row.terms.read()?);
            // A version that a writing transaction sees may be its own, and never come to be.
            if tx.only_reads() {
                KNOWN.insert(key, Arc::clone(&terms));
            }
            terms
        }
    };
    Ok(Some((terms, row.active, row.name)))
}

/// The names of all products, those no longer on offer included.
///
/// # Errors
/// If the database fails.
pub async fn names(tx: &TenantTx) -> Result<HashMap<Uuid, String>> {
    Ok(store::names(tx).await?.into_iter().collect())
}

/// What the codes of the firm's purposes mean, as its products name them.
///
/// # Errors
/// If the database fails.
pub async fn purpose_words(tx: &TenantTx) -> Result<HashMap<String, Words>> {
    let all = Cursor { after: None, limit: PRODUCTS_READ_MAX };
    let rows = store::page(tx, all, None).await?;
    let terms = rows.into_iter().filter_map(|row| serde_json::from_value::<ProductTerms>(row.terms).ok());
    Ok(terms.flat_map(|terms| terms.purposes).map(|purpose| (purpose.code, purpose.label)).collect())
}

/// Writes the products that a new tenant begins with.
///
/// # Errors
/// If the database fails.
pub async fn create_standard(tx: &TenantTx) -> Result<()> {
    for terms in standard_products() {
        store::insert(tx, terms.kind.code(), &terms.name.zh, serde_json::to_value(&terms)?, true).await?;
    }
    Ok(())
}
