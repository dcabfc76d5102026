//! `audit verify`: reads every link of the audit chains and names the first that does not hold.

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::serve::open;
use crate::app::App;
use crate::config::Config;
use crate::platform::access::system_tx;
use crate::platform::audit::{Verdict, verify};
use crate::platform::db::{PlatformTx, TenantRow};

/// Tenants read at once.
const PAGE: u64 = 100;

/// What can be done with the audit chains.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Verify the chains; exit 1 naming tenant and row where one is broken
    Verify(Verify),
}

/// Which chains.
#[derive(Args)]
pub struct Verify {
    /// A tenant's name in addresses, or all
    #[arg(long, default_value = "all")]
    tenant: String,
}

/// Does what was asked.
pub fn run(command: AuditCommand) -> anyhow::Result<()> {
    let AuditCommand::Verify(asked) = command;
    let config = Config::from_env()?;
    actix_web::rt::System::new().block_on(async move {
        let app = open(config).await?;
        let broken = verify_all(&app, &asked.tenant).await;
        app.db.close().await;
        match broken? {
            0 => Ok(()),
            count => anyhow::bail!("{count} audit chain(s) do not hold"),
        }
    })
}

/// Says of each chain how it is, and how many are broken.
async fn verify_all(app: &App, which: &str) -> anyhow::Result<u32> {
    if which != "all" {
        let tx = PlatformTx::read(&app.db).await?;
        let tenant = tx.tenant_by_slug(which).await?;
        tx.commit().await?;
        let tenant = tenant.ok_or_else(|| anyhow::anyhow!("there is no tenant {which:?}"))?;
        return Ok(u32::from(!holds(app, &tenant).await?));
    }
    let (mut broken, mut after) = (0, Uuid::nil());
    loop {
        let tx = PlatformTx::read(&app.db).await?;
        let tenants = tx.tenants(after, PAGE).await?;
        tx.commit().await?;
        let Some(last) = tenants.last() else { return Ok(broken) };
        after = last.id;
        for tenant in &tenants {
            broken += u32::from(!holds(app, tenant).await?);
        }
    }
}

async fn holds(app: &App, tenant: &TenantRow) -> anyhow::Result<bool> {
    let tx = system_tx(app, tenant.id, "zhidan audit verify", false).await?;
    let verdict = verify(&tx).await?;
    drop(tx);
    match verdict {
        Verdict::Whole { rows } => {
            println!("{}: whole, {rows} rows", tenant.slug);
            Ok(true)
        }
        Verdict::Broken { seq, reason } => {
            println!("{}: broken at row {seq}: {reason}", tenant.slug);
            Ok(false)
        }
    }
}
