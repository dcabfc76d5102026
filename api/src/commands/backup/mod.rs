//! `backup` and `restore`: the database as of one instant and every object, into a folder and back, on both databases. Keys are
//! not in it, and what is sealed in the database stays sealed; objects are as they lie in the storage, which seals nothing.

mod make;
mod manifest;
mod restore;

use std::path::PathBuf;

use clap::Args;

use super::out::say;
use crate::app::{App, open_storage};
use crate::config::Config;
use crate::platform::clock::Clock;
use crate::server;

/// Where to.
#[derive(Args)]
pub struct Backup {
    /// A folder that is not there yet, or empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Where from.
#[derive(Args)]
pub struct Restore {
    /// The folder of a backup
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
}

/// The database as the role sees it that owns the tables.
fn owner_url(config: &Config) -> anyhow::Result<String> {
    match &config.owner_url {
        _ if config.database.url.starts_with("sqlite") => Ok(config.database.url.clone()),
        Some(owner) => Ok(owner.clone()),
        None => anyhow::bail!("on PostgreSQL this needs ZHIDAN_DATABASE__OWNER_URL, the role that owns the tables"),
    }
}

/// Makes a backup, also beside a server at work.
///
/// # Errors
/// Whatever cannot be read or written; the folder then has no manifest, and is no backup.
pub fn backup(asked: &Backup) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let url = owner_url(&config)?;
    actix_web::rt::System::new().block_on(async move {
        // as it is: what is copied is not migrated first
        let app = App::open(config, Clock::default()).await?;
        let made = make::make(&app, &url, &asked.to).await;
        app.db.close().await;
        made
    })
}

/// Restores a backup into a database without tenants. Broken off, it can be begun again.
///
/// # Errors
/// Where it is not whole, another master key closed it, or there are tenants already.
pub fn restore(asked: &Restore) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let url = owner_url(&config)?;
    actix_web::rt::System::new().block_on(async move {
        let manifest = manifest::Manifest::read(&asked.from)?;
        restore::check(&config, &manifest, &asked.from)?;
        restore::refuse_if_there(&config)?;
        // files first, which can be put again; the database comes last, all of it or nothing, and is what makes a firm be there
        let (storage, _server) = open_storage(&config).await?;
        restore::objects(&storage, &manifest, &asked.from).await?;
        if url.starts_with("sqlite") {
            restore::database_file(&config, &asked.from).await?;
        } else {
            server::migrate(&config).await?;
            restore::rows(&url, &manifest, &asked.from).await?;
        }
        Ok(say("restored; `zhidan audit verify` reads the chains")?)
    })
}
