//! JSON of a column as the text that it is, to be read once and as what it is: a large document made into a tree of
//! values first costs several times as much.

use sea_orm::TryGetableFromJson;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::Result;

/// The JSON of one column.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl TryGetableFromJson for RawJson {}

impl RawJson {
    /// Reads it.
    ///
    /// # Errors
    /// If it is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(self.0.get())?)
    }
}
