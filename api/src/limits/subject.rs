//! The banks and products that parameters and agreements are about: whether the firm has them, and what they and the
//! customers of limits are called.
//! Another tenant's are as unknown as those that never were.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use crate::customers::clients;
use crate::error::{Code, Result};
use crate::limits::store::LimitRow;
use crate::platform::db::TenantTx;
use crate::tenants::products;

/// Most customers that one statement names.
const IDS_AT_ONCE: usize = 5_000;
/// What a customer that is a bank has for its kind.
const BANK: &str = "bank";

/// What is said of a bank that is none of the firm's.
pub(in crate::limits) const NO_BANK: (&str, &str) = (
    "客户档案中没有这家银行，请先建档或核对编号",
    "is no bank among the firm's customers; record it first or check the id",
);
/// What is said of a product that is none of the firm's.
pub(in crate::limits) const NO_PRODUCT: (&str, &str) =
    ("没有这个产品，请从产品列表中选择", "is no product of the firm; choose one from the list");

/// Whether it is a customer of the firm, and a bank.
pub(in crate::limits) async fn is_bank(tx: &TenantTx, id: Uuid) -> Result<bool> {
    match clients::client(tx, id).await {
        Ok(client) => Ok(client.kind == BANK),
        Err(error) if error.code() == Code::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether it is a product of the firm, on offer or not.
pub(in crate::limits) async fn is_product(tx: &TenantTx, id: Uuid) -> Result<bool> {
    Ok(products::load(tx, id).await?.is_some())
}

/// What customers (banks among them) and products are called; persons by the last character of their name.
pub(in crate::limits) struct Names {
    products: HashMap<Uuid, String>,
    customers: HashMap<Uuid, String>,
}

impl Names {
    /// Those of all products and of these customers.
    pub(in crate::limits) async fn read(tx: &TenantTx, customers: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        let ids: Vec<Uuid> = customers.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut customers = HashMap::with_capacity(ids.len());
        for some in ids.chunks(IDS_AT_ONCE) {
            customers.extend(clients::names(tx, some).await?);
        }
        Ok(Self { products: products::names(tx).await?, customers })
    }

    /// Those that some limits need.
    pub(in crate::limits) async fn of_limits(tx: &TenantTx, rows: &[LimitRow]) -> Result<Self> {
        Self::read(tx, rows.iter().flat_map(|row| [Some(row.customer_id), row.bank_id]).flatten()).await
    }

    /// A product's.
    pub(in crate::limits) fn product(&self, id: Uuid) -> Option<String> {
        self.products.get(&id).cloned()
    }

    /// A customer's, which may be a bank.
    pub(in crate::limits) fn customer(&self, id: Uuid) -> Option<String> {
        self.customers.get(&id).cloned()
    }
}
