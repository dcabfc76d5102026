//! `keys`: lists the keys and changes them, one step at a time, while servers run. docs/operations.md says in which order.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::chosen;
use super::out::say;
use super::serve::open;
use crate::app::App;
use crate::config::Config;
use crate::platform::access::{add_signing_key, operator_tx, rewrap_signing_keys, signing_keys};
use crate::platform::db::{PlatformTx, TenantRow};
use crate::platform::keys::WrappedKeys;
use crate::platform::rekey::{self, PLACES, reseal};

const REQUEST: &str = "zhidan keys";
/// Rounds of closing anew in one run; one after which nothing was left to do is the last.
const ROUNDS_MAX: u32 = 5;

/// What can be done with keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Say which keys there are, which one is in use, and what another master key wrapped
    List,
    /// Make a key for access tokens; it signs two minutes later, and nobody is logged out
    RotateTokens {
        /// Let it sign now and withdraw those before it, for when one got into wrong hands: whoever works has to fetch a new token
        #[arg(long)]
        now: bool,
    },
    /// Make a data key for tenants; it seals six minutes later, when every server has read it
    RotateData(Whose),
    /// Close anew, by the data key that seals now, what older ones closed; can be broken off and begun again
    Reseal(Whose),
    /// Wrap every key by ZHIDAN_MASTER_KEY that one of ZHIDAN_MASTER_KEYS_ALSO wrapped
    Rewrap,
}

/// Whose.
#[derive(Args)]
pub struct Whose {
    /// A tenant's name in addresses, or all
    #[arg(long, value_name = "SLUG", default_value = chosen::ALL)]
    tenant: String,
}

/// Does what was asked.
pub fn run(command: KeysCommand) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    actix_web::rt::System::new().block_on(async move {
        let app = open(config).await?;
        let done = change(&app, command).await;
        app.db.close().await;
        done
    })
}

async fn change(app: &App, command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::List => list(app).await,
        KeysCommand::RotateTokens { now } => {
            let (kid, from) = add_signing_key(&app.db, &app.config.master_key, app.clock.now(), now).await?;
            Ok(say(&format!("key {kid} signs access tokens from {}", shown(from)))?)
        }
        KeysCommand::RotateData(whose) => each(app, &whose.tenant, rotate_data).await,
        KeysCommand::Reseal(whose) => each(app, &whose.tenant, reseal_all).await,
        KeysCommand::Rewrap => {
            let keys = rewrap_signing_keys(&app.db, &app.config.master_key).await?;
            say(&format!("{keys} key(s) of access tokens were wrapped anew"))?;
            each(app, chosen::ALL, rewrap).await
        }
    }
}

/// Does the same for each tenant.
async fn each(app: &App, which: &str, act: impl AsyncFn(&App, &TenantRow) -> anyhow::Result<()>) -> anyhow::Result<()> {
    for tenant in chosen::tenants(app, which).await?.iter().filter(|tenant| !tenant.is_removed()) {
        act(app, tenant).await?;
    }
    Ok(())
}

fn shown(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

async fn stored(app: &App, tenant: &TenantRow) -> anyhow::Result<WrappedKeys> {
    let tx = PlatformTx::read(&app.db).await?;
    let stored = rekey::stored(&tx, tenant).await?;
    tx.commit().await?;
    Ok(stored)
}

async fn list(app: &App) -> anyhow::Result<()> {
    let (master, now) = (&app.config.master_key, app.clock.now());
    say(&format!("master key {}, in use", master.name()))?;
    for name in master.other_names() {
        say(&format!("master key {name}, opens only"))?;
    }
    let tx = PlatformTx::read(&app.db).await?;
    let keys = signing_keys(&tx).await?;
    tx.commit().await?;
    let signs = app.tokens.signing_key(now).map(|(kid, _)| kid);
    for key in keys {
        let state = match key.withdrawn_at {
            Some(at) => format!("withdrawn {}", shown(at)),
            None if Some(&key.kid) == signs.as_ref() => "signs".to_owned(),
            None if key.signs_from > now => format!("signs from {}", shown(key.signs_from)),
            None => "has signed".to_owned(),
        };
        say(&format!("access tokens: key {}, {state}{}", key.kid, other(key.is_by_another(master))))?;
    }
    for tenant in chosen::tenants(app, chosen::ALL).await? {
        let keys = stored(app, &tenant).await?;
        let by_another = other(rekey::is_by_another(master, &keys));
        let (sealing, newest) = (keys.sealing(now), keys.newest());
        let next = keys.later.iter().find(|key| key.seals_from > now);
        let next = next.map(|key| format!(", key {newest} from {}", shown(key.seals_from))).unwrap_or_default();
        say(&format!("{}: data key {sealing} seals{next}{by_another}", tenant.slug))?;
    }
    Ok(())
}

/// What tells that `rewrap` is to be run.
fn other(is_by_another: bool) -> &'static str {
    if is_by_another { ", not wrapped by the master key in use" } else { "" }
}

async fn rotate_data(app: &App, tenant: &TenantRow) -> anyhow::Result<()> {
    let known = stored(app, tenant).await?;
    if let Some(key) = known.later.iter().find(|key| key.seals_from > app.clock.now()) {
        let (slug, version, from) = (&tenant.slug, key.version, shown(key.seals_from));
        return Ok(say(&format!("{slug}: data key {version} is there already and seals from {from}"))?);
    }
    let tx = operator_tx(app, tenant.id, REQUEST).await?;
    let (version, from) = rekey::add_data_key(tx, &app.config.master_key, &known).await?;
    Ok(say(&format!("{}: data key {version} seals from {}", tenant.slug, shown(from)))?)
}

async fn reseal_all(app: &App, tenant: &TenantRow) -> anyhow::Result<()> {
    let mut changed = 0;
    // what somebody had locked is met by the next round
    for _ in 0..ROUNDS_MAX {
        let some = round(app, tenant).await?;
        changed += some;
        if some == 0 {
            break;
        }
    }
    let sealing = app.keys_of(tenant.id).await?.sealing();
    Ok(say(&format!("{}: {changed} value(s) were closed anew by data key {sealing}", tenant.slug))?)
}

/// Goes over every place once; says how many values were closed anew.
async fn round(app: &App, tenant: &TenantRow) -> anyhow::Result<u64> {
    let mut changed = 0;
    for place in &PLACES {
        let mut after = Uuid::nil();
        loop {
            let tx = operator_tx(app, tenant.id, REQUEST).await?;
            let done = reseal(tx, place, after).await?;
            changed += done.changed;
            let Some(last) = done.last else { break };
            after = last;
        }
    }
    Ok(changed)
}

async fn rewrap(app: &App, tenant: &TenantRow) -> anyhow::Result<()> {
    let known = stored(app, tenant).await?;
    let tx = operator_tx(app, tenant.id, REQUEST).await?;
    let is_changed = rekey::rewrap(tx, &app.config.master_key, &known).await?;
    let what = if is_changed { "wrapped anew" } else { "was wrapped by the master key in use already" };
    Ok(say(&format!("{}: {what}", tenant.slug))?)
}
