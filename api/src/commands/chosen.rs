//! The tenants that a command is about: one by its name in addresses, or all.

use uuid::Uuid;

use crate::app::App;
use crate::platform::db::{PlatformTx, TenantRow};

/// What stands for every tenant.
pub const ALL: &str = "all";
/// Tenants read at once.
const PAGE: u64 = 100;

/// The tenant with this name, or all of them.
///
/// # Errors
/// If there is none of that name, or the database fails.
pub async fn tenants(app: &App, which: &str) -> anyhow::Result<Vec<TenantRow>> {
    if which != ALL {
        let tx = PlatformTx::read(&app.db).await?;
        let tenant = tx.tenant_by_slug(which).await?;
        tx.commit().await?;
        return Ok(vec![tenant.ok_or_else(|| anyhow::anyhow!("there is no tenant {which:?}"))?]);
    }
    let (mut all, mut after) = (vec![], Uuid::nil());
    loop {
        let tx = PlatformTx::read(&app.db).await?;
        let page = tx.tenants(after, PAGE).await?;
        tx.commit().await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.id;
        all.extend(page);
    }
}
