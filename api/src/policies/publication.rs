//! When something written may be seen: a draft is its writers' own, what is published is everybody's, what is withdrawn
//! is kept and can be published again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};

/// Whether readers see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Publication {
    /// Only staff see it.
    Draft,
    /// Everybody sees it.
    Published,
    /// Nobody sees it any more but staff.
    Withdrawn,
}

impl Publication {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the stored word.
    pub fn from_key(key: &str) -> Self {
        match key {
            "published" => Self::Published,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Draft,
        }
    }

    /// Published from here.
    ///
    /// # Errors
    /// `illegal_transition` where it is published already.
    pub fn publish(self) -> Result<Self> {
        match self {
            Self::Draft | Self::Withdrawn => Ok(Self::Published),
            Self::Published => Err(self.refuse("已经发布，无需再次发布。", "It is published already.")),
        }
    }

    /// Withdrawn from here.
    ///
    /// # Errors
    /// `illegal_transition` where it is not published.
    pub fn withdraw(self) -> Result<Self> {
        match self {
            Self::Published => Ok(Self::Withdrawn),
            Self::Draft | Self::Withdrawn => {
                Err(self.refuse("只有已发布的内容可以撤下。", "Only what is published can be withdrawn."))
            }
        }
    }

    fn refuse(self, zh: &str, en: &str) -> Error {
        Error::new(Code::IllegalTransition).detail(zh, en).current(serde_json::json!({ "state": self.key() }))
    }
}
