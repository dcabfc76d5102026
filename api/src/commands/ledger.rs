//! `ledger verify`: asks of the books of credit limits, on a live database, everything that must hold of them, and names each
//! row of which it does not. It reads one instant and locks nothing, so that it can run at any time.

use clap::{Args, Subcommand};

use super::chosen;
use super::out::say;
use super::serve::open;
use crate::app::App;
use crate::config::Config;
use crate::limits;
use crate::platform::access::snapshot_tx;
use crate::platform::db::TenantRow;

/// What can be done with the ledger.
#[derive(Subcommand)]
pub enum LedgerCommand {
    /// Verify the ledger; exit 1 naming tenant and row where something does not hold
    ///
    /// Of every limit: its columns are the sum of its entries, the entries go on from one another without a gap, no more is
    /// in use than was granted, what is allocated is what its open parts were granted, nothing is in use of what is closed.
    /// Of every reservation and drawdown: its amounts are what its entries make, and it ends exactly when nothing is left.
    /// Of every correction: it takes back one entry, once. Of every approval: what is granted of it. Of every reply that is
    /// kept under a key: what it tells of was done, once. And today's balances are those that the entries make, to the fen.
    ///
    /// It reads one instant of the database, changes and locks nothing, and can run beside a server at work. Of each check
    /// at most a hundred rows are named.
    #[command(verbatim_doc_comment)]
    Verify(Verify),
}

/// Whose.
#[derive(Args)]
pub struct Verify {
    /// A tenant's name in addresses, or all
    #[arg(long, value_name = "SLUG", default_value = chosen::ALL)]
    tenant: String,
}

/// Does what was asked.
pub fn run(command: LedgerCommand) -> anyhow::Result<()> {
    let LedgerCommand::Verify(asked) = command;
    let config = Config::from_env()?;
    actix_web::rt::System::new().block_on(async move {
        let app = open(config).await?;
        let broken = verify_all(&app, &asked.tenant).await;
        app.db.close().await;
        match broken? {
            0 => Ok(()),
            count => anyhow::bail!("the ledger of {count} tenant(s) does not hold"),
        }
    })
}

/// Says of each ledger how it is, and how many do not hold.
async fn verify_all(app: &App, which: &str) -> anyhow::Result<u32> {
    let tenants = chosen::tenants(app, which).await?;
    if tenants.is_empty() {
        say("there are no tenants, and so no ledgers")?;
    }
    let mut broken = 0;
    for tenant in &tenants {
        broken += u32::from(!holds(app, tenant).await?);
    }
    Ok(broken)
}

async fn holds(app: &App, tenant: &TenantRow) -> anyhow::Result<bool> {
    let tx = snapshot_tx(app, tenant.id, "zhidan ledger verify").await?;
    let verified = limits::verify(&tx).await?;
    drop(tx);
    for finding in &verified.findings {
        say(&format!("{}: {}: {}", tenant.slug, finding.row, finding.says))?;
    }
    if verified.findings.is_empty() {
        say(&format!("{}: whole, {} entries of {} limits", tenant.slug, verified.entries, verified.limits))?;
    }
    Ok(verified.findings.is_empty())
}
