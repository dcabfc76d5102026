//! `tenant create`, `export` and `remove`: the operator's way to a tenant without HTTP, and the only one out of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::chosen;
use super::out::say;
use super::serve::open;
use crate::app::App;
use crate::config::Config;
use crate::operator::{AdministratorForm, TenantForm, provision};
use crate::platform::db::TenantRow;
use crate::privacy;

/// What can be done with tenants.
#[derive(Subcommand)]
pub enum TenantCommand {
    /// Create a tenant and print the one-time link for its administrator's password
    Create(Create),
    /// Write all that is a tenant's into a new file: rows in clear, files, and a manifest
    Export {
        /// Its name in addresses
        slug: String,
        /// The file to make; it holds personal data in clear
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Remove a suspended tenant for good: rows, files, key; on PostgreSQL with ZHIDAN_DATABASE__OWNER_URL
    Remove {
        /// Its name in addresses
        slug: String,
        /// The same once more
        #[arg(long, value_name = "SLUG")]
        confirm: String,
    },
}

/// A tenant to create.
#[derive(Args)]
pub struct Create {
    /// Its name in addresses: small letters, digits and inner hyphens
    #[arg(long)]
    slug: String,
    /// The firm's name
    #[arg(long)]
    name: String,
    /// What the first administrator logs in with
    #[arg(long, default_value = "admin")]
    admin_login: String,
    /// The first administrator's name
    #[arg(long)]
    admin_name: String,
    /// The first administrator's e-mail address
    #[arg(long)]
    admin_email: String,
}

/// Does what was asked.
pub fn run(command: TenantCommand) -> anyhow::Result<()> {
    match command {
        TenantCommand::Create(asked) => create(asked),
        TenantCommand::Export { slug, to } => with_tenant(&slug, async |app, tenant| {
            let made = privacy::export_tenant(app, tenant, &to).await?;
            let unopened: u64 = made.tables.values().map(|table| table.unopened).sum();
            say(&format!(
                "{}: {} rows of {} tables, {} files",
                tenant.slug,
                made.rows(),
                made.tables.len(),
                made.files.len()
            ))?;
            anyhow::ensure!(
                unopened == 0,
                "{unopened} sealed values did not open; they stand in the copy as they are stored"
            );
            Ok(())
        }),
        TenantCommand::Remove { slug, confirm } => {
            anyhow::ensure!(slug == confirm, "--confirm must name the same tenant: {slug}");
            with_tenant(&slug, async |app, tenant| {
                let (rows, files) = privacy::remove_tenant(app, tenant).await?;
                Ok(say(&format!("{}: removed, {rows} rows and {files} files", tenant.slug))?)
            })
        }
    }
}

/// Opens what the settings name and does something with one tenant.
fn with_tenant(slug: &str, work: impl AsyncFnOnce(&App, &TenantRow) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    actix_web::rt::System::new().block_on(async move {
        let app = open(config).await?;
        let done = match chosen::tenants(&app, slug).await.map(|found| found.into_iter().next()) {
            Ok(Some(tenant)) => work(&app, &tenant).await,
            Ok(None) => Err(anyhow::anyhow!("there is no tenant {slug:?}")),
            Err(error) => Err(error),
        };
        app.db.close().await;
        done
    })
}

fn create(asked: Create) -> anyhow::Result<()> {
    let form = TenantForm {
        slug: asked.slug,
        name: asked.name,
        administrator: AdministratorForm {
            login_name: asked.admin_login,
            name: asked.admin_name,
            email: asked.admin_email,
        },
    };
    let new = form.check().map_err(|error| anyhow::anyhow!("{}", error.in_words()))?;
    let config = Config::from_env()?;
    actix_web::rt::System::new().block_on(async move {
        let app = open(config).await?;
        let made = provision(&app, &new, "zhidan tenant create").await;
        app.db.close().await;
        let made = made.map_err(|error| anyhow::anyhow!("{}", error.in_words()))?;
        say(&format!("tenant {} is created", new.slug))?;
        say(&format!("{} sets a password with this link within 72 hours; it works once:", new.login_name))?;
        Ok(say(&made.link)?)
    })
}
