//! `tenant create`: the operator's way to a tenant without HTTP.

use clap::{Args, Subcommand};

use super::out::say;
use super::serve::open;
use crate::config::Config;
use crate::operator::{AdministratorForm, TenantForm, provision};

/// What can be done with tenants.
#[derive(Subcommand)]
pub enum TenantCommand {
    /// Create a tenant and print the one-time link for its administrator's password
    Create(Create),
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
    let TenantCommand::Create(asked) = command;
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
