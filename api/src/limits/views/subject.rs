//! Of whom balances are: the firm, a client, its group, a bank, a product, a region or an industry, by id or code as
//! callers know them, and by the subject under which balances are kept.

use domain::id::kind;
use domain::reference::{Industry, full_name, was_ever_region};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::id;
use crate::error::{Error, Result};
use crate::limits::store::exposures::{self, Key};
use crate::limits::subject::Names;
use crate::limits::view::id_of;

/// Of whom balances are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BalanceOf {
    /// The firm itself.
    Firm,
    /// A client.
    Client,
    /// A client with its related parties.
    Group,
    /// A bank.
    Bank,
    /// A product.
    Product,
    /// A region (GB/T 2260).
    Region,
    /// An industry (GB/T 4754).
    Industry,
}

/// A dimension that has many subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BalanceDimension {
    /// Clients, within the caller's data scope.
    Client,
    /// Banks.
    Bank,
    /// Products.
    Product,
    /// Regions.
    Region,
    /// Industries.
    Industry,
}

impl BalanceDimension {
    const ALL: [Self; 5] = [Self::Client, Self::Bank, Self::Product, Self::Region, Self::Industry];

    /// The word under which balances are kept.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Bank => "bank",
            Self::Product => "product",
            Self::Region => "region",
            Self::Industry => "industry",
        }
    }

    /// The one with this word.
    pub(super) fn from_key(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == word)
    }
}

/// A subject that was asked for.
pub(super) enum Subject {
    /// The firm.
    Firm,
    /// A client, alone or with its group.
    Client { id: Uuid, with_group: bool },
    /// A bank.
    Bank(Uuid),
    /// A product.
    Product(Uuid),
    /// A region or an industry, by its code.
    Coded(&'static str, String),
}

impl Subject {
    /// Reads what was asked.
    pub(super) fn read(of: BalanceOf, asked: Option<&str>) -> Result<Self> {
        let missing = || {
            let (zh, en) = ("请给出要查询的对象", "names the subject");
            Error::parameter("id", "required", zh, en)
        };
        if of == BalanceOf::Firm {
            let (zh, en) = ("查询全公司时无需id", "is not wanted for the firm itself");
            return if asked.is_none() { Ok(Self::Firm) } else { Err(Error::parameter("id", "unwanted", zh, en)) };
        }
        let asked = asked.ok_or_else(missing)?;
        let unknown =
            || Error::parameter("id", "code_unknown", "没有这个代码，请从列表中选择", "is no code of the list");
        match of {
            BalanceOf::Firm => Ok(Self::Firm),
            BalanceOf::Client => Ok(Self::Client { id: id::<kind::Customer>("id", asked)?, with_group: false }),
            BalanceOf::Group => Ok(Self::Client { id: id::<kind::Customer>("id", asked)?, with_group: true }),
            BalanceOf::Bank => Ok(Self::Bank(id::<kind::Customer>("id", asked)?)),
            BalanceOf::Product => Ok(Self::Product(id::<kind::Product>("id", asked)?)),
            BalanceOf::Region if was_ever_region(asked) => Ok(Self::Coded("region", asked.to_owned())),
            BalanceOf::Industry if Industry::find(asked).is_some() => Ok(Self::Coded("industry", asked.to_owned())),
            BalanceOf::Region | BalanceOf::Industry => Err(unknown()),
        }
    }

    /// The key under which its balances are kept.
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Firm => exposures::firm(),
            Self::Client { id, .. } => exposures::client(*id),
            Self::Bank(id) => ("bank", id.simple().to_string()),
            Self::Product(id) => ("product", id.simple().to_string()),
            Self::Coded(dimension, code) => (*dimension, code.clone()),
        }
    }

    /// The customer whose name is needed.
    pub(super) fn customer(&self) -> Option<Uuid> {
        match self {
            Self::Client { id, .. } | Self::Bank(id) => Some(*id),
            Self::Firm | Self::Product(_) | Self::Coded(..) => None,
        }
    }
}

/// A kept subject as callers know it.
pub(super) fn shown(dimension: &str, subject: &str) -> String {
    let uuid = Uuid::try_parse(subject).ok();
    match (dimension, uuid) {
        ("client" | "bank", Some(id)) => id_of::<kind::Customer>(id),
        ("product", Some(id)) => id_of::<kind::Product>(id),
        _ => subject.to_owned(),
    }
}

/// What a kept subject is called.
pub(super) fn name(dimension: &str, subject: &str, names: &Names) -> Option<String> {
    let uuid = Uuid::try_parse(subject).ok();
    match (dimension, uuid) {
        ("client" | "bank", Some(id)) => names.customer(id),
        ("product", Some(id)) => names.product(id),
        ("region", _) => full_name(subject).map(str::to_owned),
        ("industry", _) => Industry::find(subject).map(|industry| industry.name.to_owned()),
        _ => None,
    }
}
