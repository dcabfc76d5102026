//! The words of machines on the wire, and how they are said.

use domain::devices::category::EquipmentCategory;
use domain::id::{Id, Kind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Code, Error, Language, Result};
use crate::platform::http::coded_word;

pub(in crate::devices) use crate::error::say;

coded_word! {
    /// The kind of a machine.
    EquipmentCategoryWord(EquipmentCategory)
}

/// An id as callers know it.
pub(in crate::devices) fn id_of<K: Kind>(id: Uuid) -> String {
    Id::<K>::from_uuid(id).to_string()
}

/// What a stored word says; a word that nothing wrote is a fault of ours.
pub(in crate::devices) fn known<T>(read: Option<T>) -> Result<T> {
    read.ok_or_else(|| Error::new(Code::Internal))
}

/// Whether a machine is watched online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MonitoringWord {
    /// Not yet.
    None,
    /// It is.
    On,
    /// It was.
    Stopped,
}

impl MonitoringWord {
    /// The stored word.
    pub(in crate::devices) const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::On => "on",
            Self::Stopped => "stopped",
        }
    }

    pub(in crate::devices) fn read(code: &str) -> Result<Self> {
        known([Self::None, Self::On, Self::Stopped].into_iter().find(|one| one.code() == code))
    }

    pub(in crate::devices) fn label(self, language: Language) -> String {
        let (zh, en) = match self {
            Self::None => ("未监控", "not monitored"),
            Self::On => ("监控中", "monitored"),
            Self::Stopped => ("已停止监控", "no longer monitored"),
        };
        language.choose(zh, en).to_owned()
    }
}

/// Whether a machine is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentStateWord {
    /// It is.
    InUse,
    /// Not any more.
    Retired,
}

impl EquipmentStateWord {
    /// The stored word.
    pub(in crate::devices) const fn code(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::Retired => "retired",
        }
    }

    pub(in crate::devices) fn read(code: &str) -> Result<Self> {
        known([Self::InUse, Self::Retired].into_iter().find(|one| one.code() == code))
    }

    pub(in crate::devices) fn label(self, language: Language) -> String {
        let (zh, en) = match self {
            Self::InUse => ("在用", "in use"),
            Self::Retired => ("已停用", "retired"),
        };
        language.choose(zh, en).to_owned()
    }
}

/// What can be done with a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentAction {
    /// Change its record: `change_equipment`.
    Change,
    /// Bind a socket: `bind_socket`.
    BindSocket,
    /// Score it: `score_equipment`.
    Score,
    /// Begin monitoring: `start_monitoring`.
    StartMonitoring,
    /// End monitoring: `stop_monitoring`.
    StopMonitoring,
    /// Encumber it: `encumber_equipment`.
    Encumber,
    /// Free it: `free_equipment`.
    Free,
    /// Offer it: `create_listing`, by its owner `create_my_listing`.
    Offer,
    /// Retire it: `retire_equipment`.
    Retire,
}
