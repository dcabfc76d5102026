//! `audit verify`: reads every link of the audit chains and names the first that does not hold. It prints where each chain
//! ends; kept elsewhere, those heads show later that no tail was cut off in between.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::id::Id;
use uuid::Uuid;

use super::chosen;
use super::out::say;
use super::serve::open;
use crate::app::App;
use crate::config::Config;
use crate::platform::access::snapshot_tx;
use crate::platform::audit::{HEAD_STATEMENT, Head, HeadClaims, PrintedHead, Verdict, verify};
use crate::platform::db::TenantRow;

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
    #[arg(long, default_value = chosen::ALL)]
    tenant: String,
    /// What an earlier run printed: the heads in it must still lie on the chains
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
}

/// Heads that were kept elsewhere, by tenant.
type Kept = BTreeMap<Uuid, Vec<PrintedHead>>;

/// Reads what an earlier run printed; lines that are no JSON object are what it said for people.
fn kept_heads(file: &Path) -> anyhow::Result<Kept> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let mut kept = Kept::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with('{')) {
        let bad = || format!("{}, line {}: no head of an audit chain", file.display(), index + 1);
        let head: PrintedHead = serde_json::from_str(line).with_context(bad)?;
        hex::decode(&head.hash).with_context(bad)?;
        kept.entry(head.tenant.uuid()).or_default().push(head);
    }
    anyhow::ensure!(!kept.is_empty(), "{} holds no head of an audit chain", file.display());
    Ok(kept)
}

/// Does what was asked.
pub fn run(command: AuditCommand) -> anyhow::Result<()> {
    let AuditCommand::Verify(asked) = command;
    let config = Config::from_env()?;
    let kept = asked.expect.as_deref().map(kept_heads).transpose()?.unwrap_or_default();
    actix_web::rt::System::new().block_on(async move {
        let app = open(config).await?;
        let broken = verify_all(&app, &asked.tenant, kept).await;
        app.db.close().await;
        match broken? {
            0 => Ok(()),
            count => anyhow::bail!("{count} audit chain(s) do not hold"),
        }
    })
}

/// Says of each chain how it is, and how many are broken.
async fn verify_all(app: &App, which: &str, mut kept: Kept) -> anyhow::Result<u32> {
    let tenants = chosen::tenants(app, which).await?;
    if tenants.is_empty() {
        say("there are no tenants, and so no audit chains")?;
    }
    let mut broken = 0;
    for tenant in &tenants {
        if tenant.is_removed() {
            say(&format!("{}: removed, its chain with it", tenant.slug))?;
            kept.remove(&tenant.id);
            continue;
        }
        broken += u32::from(!holds(app, tenant, kept.remove(&tenant.id)).await?);
    }
    if which != chosen::ALL {
        return Ok(broken);
    }
    // Of a tenant that was removed its id and its name stay.
    for PrintedHead { slug, .. } in kept.values().filter_map(|heads| heads.first()) {
        say(&format!("{slug}: gone, though a head that was kept elsewhere is its"))?;
        broken += 1;
    }
    Ok(broken)
}

/// Whether a head says what was signed; one that was not signed says what it says.
fn is_as_signed(app: &App, head: &PrintedHead) -> bool {
    let Some(statement) = &head.statement else { return true };
    app.tokens.signed::<HeadClaims>(HEAD_STATEMENT, statement).is_some_and(|claims| head.is_said_by(&claims))
}

async fn holds(app: &App, tenant: &TenantRow, kept: Option<Vec<PrintedHead>>) -> anyhow::Result<bool> {
    let printed = kept.unwrap_or_default();
    let forged = printed.iter().find(|head| !is_as_signed(app, head));
    if let Some(head) = forged {
        let (slug, seq) = (&tenant.slug, head.seq);
        say(&format!("{slug}: the head of row {seq} that was kept elsewhere is not as it was signed"))?;
    }
    let kept = printed.iter().map(|head| Ok(Head { seq: head.seq, hash: hex::decode(&head.hash)? }));
    let kept: Vec<Head> = kept.collect::<anyhow::Result<_>>()?;
    // as of one instant: a firm that works while its chain is read does not look as if its tail had been cut off
    let tx = snapshot_tx(app, tenant.id, "zhidan audit verify").await?;
    let verdict = verify(&tx, &kept).await?;
    drop(tx);
    match verdict {
        Verdict::Whole { rows, head } => {
            say(&format!("{}: whole, {rows} rows", tenant.slug))?;
            let printed = PrintedHead {
                tenant: Id::from_uuid(tenant.id),
                slug: tenant.slug.clone(),
                seq: head.seq,
                hash: hex::encode(head.hash),
                statement: None,
            };
            say(&serde_json::to_string(&printed)?)?;
            Ok(forged.is_none())
        }
        Verdict::Broken { seq, reason } => {
            say(&format!("{}: broken at row {seq}: {reason}", tenant.slug))?;
            Ok(false)
        }
    }
}
