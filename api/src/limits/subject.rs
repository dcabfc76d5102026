//! The banks and products that parameters and agreements are about: whether the firm has them, and what they are called.
//! Another tenant's are as unknown as those that never were.

use std::collections::HashMap;

use uuid::Uuid;

use crate::customers::clients;
use crate::error::{Code, Result};
use crate::platform::db::TenantTx;
use crate::tenants::products;

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

/// What banks and products are called.
pub(in crate::limits) struct Names {
    products: HashMap<Uuid, String>,
    banks: HashMap<Uuid, String>,
}

impl Names {
    /// Those of all products and of these banks.
    pub(in crate::limits) async fn read(tx: &TenantTx, banks: impl Iterator<Item = Uuid>) -> Result<Self> {
        let banks: Vec<_> = banks.collect();
        Ok(Self { products: products::names(tx).await?, banks: clients::names(tx, &banks).await? })
    }

    /// A product's.
    pub(in crate::limits) fn product(&self, id: Uuid) -> Option<String> {
        self.products.get(&id).cloned()
    }

    /// A bank's.
    pub(in crate::limits) fn bank(&self, id: Uuid) -> Option<String> {
        self.banks.get(&id).cloned()
    }
}
