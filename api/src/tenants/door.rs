//! Which firm an address names, for those who have not logged in yet; afterwards only the token's tenant counts.

use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::{PlatformTx, TenantRow};

/// The tenant with this name in addresses (`/v1/t/{tenant}/…`).
///
/// # Errors
/// `not_found` where there is none, `tenant_suspended` where its service is suspended.
pub async fn by_slug(app: &App, slug: &str) -> Result<TenantRow> {
    let tx = PlatformTx::read(&app.db).await?;
    let row = tx.tenant_by_slug(slug).await?;
    tx.commit().await?;
    match row {
        None => Err(Error::not_found()),
        Some(row) if row.suspended => Err(Error::new(Code::TenantSuspended)),
        Some(row) => Ok(row),
    }
}
