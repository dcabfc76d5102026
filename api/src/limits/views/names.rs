//! What customers and products are called, read once for all rows of an answer.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use crate::customers::clients;
use crate::error::Result;
use crate::limits::store::LimitRow;
use crate::platform::db::TenantTx;
use crate::tenants::products;

/// Most customers that one statement names.
const IDS_AT_ONCE: usize = 5_000;

/// Names; of persons the last character alone.
pub(super) struct Names {
    customers: HashMap<Uuid, String>,
    products: HashMap<Uuid, String>,
}

impl Names {
    /// Those of some customers, and of all products.
    pub(super) async fn read(tx: &TenantTx, customers: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        let ids: Vec<Uuid> = customers.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut customers = HashMap::with_capacity(ids.len());
        for some in ids.chunks(IDS_AT_ONCE) {
            customers.extend(clients::names(tx, some).await?);
        }
        Ok(Self { customers, products: products::names(tx).await? })
    }

    /// Those that some limits need.
    pub(super) async fn of_limits(tx: &TenantTx, rows: &[LimitRow]) -> Result<Self> {
        Self::read(tx, rows.iter().flat_map(|row| [Some(row.customer_id), row.bank_id]).flatten()).await
    }

    /// A customer's.
    pub(super) fn customer(&self, id: Uuid) -> Option<String> {
        self.customers.get(&id).cloned()
    }

    /// A product's.
    pub(super) fn product(&self, id: Uuid) -> Option<String> {
        self.products.get(&id).cloned()
    }
}
