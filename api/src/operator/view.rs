//! How a tenant is shown to the operator, and what is typed to create one.

use chrono::{DateTime, Utc};
use domain::id::{Id, kind};
use domain::person::{EmailAddress, RealName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::provision::NewTenant;
use crate::error::{Error, Result};
use crate::people::login_name;
use crate::platform::db::{PlatformTx, TenantRow};
use crate::platform::http::{Checks, is_slug};

const NAME_CHARS_MAX: usize = 60;

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantView {
    /// Its id.
    #[schema(example = "ten_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Its name in addresses.
    #[schema(example = "demo")]
    pub slug: String,
    /// The firm's name.
    #[schema(example = "示例融资担保有限公司")]
    pub name: String,
    /// active or suspended.
    #[schema(example = "active")]
    pub status: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    #[schema(example = 1)]
    pub version: i64,
}

impl From<TenantRow> for TenantView {
    fn from(row: TenantRow) -> Self {
        Self {
            id: Id::<kind::Tenant>::from_uuid(row.id).to_string(),
            slug: row.slug,
            name: row.name,
            status: if row.suspended { "suspended" } else { "active" }.to_owned(),
            created_at: row.created_at,
            version: row.version,
        }
    }
}

impl TenantView {
    /// Reads a tenant.
    pub(super) async fn read(app: &crate::app::App, id: uuid::Uuid) -> Result<Self> {
        let tx = PlatformTx::read(&app.db).await?;
        let row = tx.tenant(id).await?.ok_or_else(Error::not_found)?;
        tx.commit().await?;
        Ok(row.into())
    }
}

/// A tenant's first administrator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdministratorForm {
    /// What they will log in with.
    #[schema(example = "admin", pattern = "^[a-z][a-z0-9._-]{2,31}$", min_length = 3, max_length = 32)]
    pub login_name: String,
    /// Their name.
    #[schema(example = "孙示例", min_length = 2, max_length = 50)]
    pub name: String,
    /// Where the link for the first password goes.
    #[schema(example = "sun@example.com", min_length = 3, max_length = 254)]
    pub email: String,
}

/// A tenant to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantForm {
    /// Its name in addresses: 2 to 40 small letters, digits and inner hyphens.
    #[schema(example = "demo", pattern = "^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$", min_length = 2, max_length = 40)]
    pub slug: String,
    /// The firm's name.
    #[schema(example = "示例融资担保有限公司", min_length = 2, max_length = 60)]
    pub name: String,
    /// Its first administrator.
    pub administrator: AdministratorForm,
}

impl TenantForm {
    /// Checks the form.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self) -> Result<NewTenant> {
        let mut checks = Checks::new();
        if !is_slug(&self.slug) {
            checks.problem(
                "/slug",
                "slug_format",
                "机构标识为2至40个小写字母、数字或中间的横线",
                "2 to 40 small letters, digits and inner hyphens",
            );
        }
        let name = checks.line("/name", &self.name, NAME_CHARS_MAX);
        if name.chars().count() == 1 {
            checks.problem("/name", "length", "至少2个字", "at least 2 characters");
        }
        let login_name = login_name(&mut checks, "/administrator/login_name", &self.administrator.login_name);
        let person = checks.personal("/administrator/name", RealName::parse(&self.administrator.name));
        let email = checks.personal("/administrator/email", EmailAddress::parse(&self.administrator.email));
        let (Some(login_name), Some(person), Some(email)) = (login_name, person, email) else {
            return Err(checks.refuse());
        };
        checks.done()?;
        Ok(NewTenant { slug: self.slug.clone(), name, login_name, administrator: person, email })
    }
}
