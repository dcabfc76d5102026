//! What this area shows.

use serde::Serialize;
use utoipa::ToSchema;

use super::settings::Settings;

/// A tenant's settings as its staff see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsView {
    /// The settings.
    pub settings: Settings,
    /// Version for `If-Match`.
    #[schema(example = 1)]
    pub version: i64,
}
