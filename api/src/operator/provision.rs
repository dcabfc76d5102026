//! Everything that a new tenant begins with, in one transaction: its keys, settings, templates, products, scorecards, a
//! department and the first administrator, who sets a password from a one-time link.

use std::sync::Arc;

use domain::access::DataScope;
use domain::person::{EmailAddress, RealName};
use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::people::{self, NewStaff};
use crate::platform::access::new_tenant_tx;
use crate::platform::db::{Act, TenantTx};
use crate::tenants::products;
use crate::tenants::settings::{self, Settings};
use crate::{assessments, messages};

/// The name of the department that every firm begins with.
const FIRST_DEPARTMENT: &str = "总部";

/// A tenant to create, checked.
pub struct NewTenant {
    /// Its name in addresses.
    pub slug: String,
    /// The firm's name.
    pub name: String,
    /// What the administrator will log in with.
    pub login_name: String,
    /// The administrator's name.
    pub administrator: RealName,
    /// Where the administrator's link goes.
    pub email: EmailAddress,
}

/// A tenant that was created.
#[derive(Debug)]
pub struct Provisioned {
    /// The tenant.
    pub tenant: Uuid,
    /// Its administrator.
    pub administrator: Uuid,
    /// The department that it begins with.
    pub department: Uuid,
    /// The one-time link to the administrator's first password. It was mailed, too.
    pub link: String,
}

/// Creates a tenant.
///
/// # Errors
/// `slug_taken`, or a failing database; then there is nothing of it.
pub async fn provision(app: &App, new: &NewTenant, request_id: &str) -> Result<Provisioned> {
    let tenant = Uuid::now_v7();
    let wrapped = app.config.master_key.new_wrapped_keys(tenant)?;
    let keys = Arc::new(app.config.master_key.unwrap_keys(tenant, &wrapped, wrapped.newest())?);
    let tx = new_tenant_tx(app, tenant, keys, request_id).await?;
    store::insert_tenant(&tx, &new.slug, &new.name, wrapped).await?;
    settings::create(&tx, &Settings::for_new(&new.name)).await?;
    messages::create_standard_templates(&tx).await?;
    products::create_standard(&tx).await?;
    assessments::create_standard_scorecards(&tx).await?;
    let department = people::create_default_department(&tx, FIRST_DEPARTMENT).await?;
    let invited = first_administrator(&tx, &app.config.web_url, new, department).await?;
    let detail = serde_json::json!({ "slug": new.slug, "name": new.name, "administrator": invited.staff });
    tx.commit(Act::new("tenant.create", "tenant", tenant).detail(detail)).await?;
    app.jobs_wake.notify_waiters();
    Ok(Provisioned { tenant, administrator: invited.staff, department, link: invited.link })
}

async fn first_administrator(
    tx: &TenantTx,
    web_url: &str,
    new: &NewTenant,
    department: Uuid,
) -> Result<people::Invited> {
    let administrator = NewStaff {
        login_name: new.login_name.clone(),
        name: new.administrator.clone(),
        email: new.email.clone(),
        department,
        roles: vec!["administrator".to_owned()],
        scope: DataScope::All,
        authority_fen: 0,
    };
    people::invite_new(tx, web_url, &administrator).await
}
