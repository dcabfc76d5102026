//! `PATCH /v1/staff/{id}`: changes what is named and leaves the rest. Changed rights end the person's access tokens, so
//! that the old ones do not outlive the change; a changed address ends the links that were sent to the old one.

use actix_web::{patch, web::Data};
use chrono::Duration;
use domain::access::DataScope;
use domain::id::{Id, kind};
use domain::person::{EmailAddress, RealName};
use serde::Deserialize;
use utoipa::ToSchema;

use super::doors;
use super::form::{authority, check_place, role_list};
use super::store::{self, StaffRow};
use super::view::{Beside, ScopeWord, StaffStatus, StaffView, for_audit};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::messages::{self, Notice};
use crate::people::{credentials, scope, sessions};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, ActorKind, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, IfMatch, Reply};

/// For how long a password is not reset by mail after somebody else changed the address, hours: the owner is to see the
/// notice and object.
const RESET_HELD_H: i64 = 24;

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffChange {
    /// Their name.
    #[schema(example = "赵示例", min_length = 2, max_length = 50)]
    pub name: Option<String>,
    /// Their address.
    #[schema(example = "zhao@example.com", min_length = 3, max_length = 254)]
    pub email: Option<String>,
    /// Their department.
    #[schema(value_type = Option<String>, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Option<Id<kind::Department>>,
    /// Keys of built-in roles and ids of the firm's own.
    #[schema(example = json!(["reviewer"]), min_items = 1, max_items = 10)]
    pub roles: Option<Vec<String>>,
    /// Which rows they see.
    pub data_scope: Option<ScopeWord>,
    /// Largest amount they may approve, fen.
    #[schema(example = 0, minimum = 0, maximum = 10_000_000_000_000i64)]
    pub authority_limit_fen: Option<i64>,
}

struct Checked {
    name: Option<RealName>,
    email: Option<EmailAddress>,
}

/// Changes a member of staff.
#[utoipa::path(
    tag = "staff",
    security(("token" = ["staff.manage"])),
    request_body = StaffChange,
    responses((
        status = 200,
        description = "As they are now; at a new address, somebody without a password is invited anew",
        body = StaffView
    ))
)]
#[patch("/v1/staff/{id}")]
pub async fn change_staff(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    context: Context,
    at: At<kind::Staff>,
    seen: IfMatch,
    Body(change): Body<StaffChange>,
) -> Result<Reply<StaffView>> {
    let checked = change.check()?;
    let tx = access.begin(&app).await?;
    let mut row = scope::colleague(&tx, &access.principal, at.uuid(), true).await?;
    seen.check(row.version, Some(&row.status))?;
    change.not_own_rights(&tx, &row)?;
    check_place(&tx, change.department.map(|id| id.uuid()), change.roles.as_deref()).await?;
    let before = row.clone();
    change.apply(&tx, &mut row, &checked)?;
    StaffChange::hold_resets(&tx, &before, &mut row);
    let same_rights = rights(&before) == rights(&row);
    // links to a new password go to the address
    if !same_rights || before.email_hash != row.email_hash {
        sessions::proven(&tx, &access.principal).await?;
    }
    let revoked = if same_rights { None } else { Some(sessions::revoke(&tx, row.id).await?) };
    store::save(&tx, row.clone()).await?;
    if let Some(email) = checked.email.as_ref().filter(|_| before.email_hash != row.email_hash) {
        address_changed(&tx, &app, (&before, &row), email).await?;
    }
    let view = StaffView::of(&tx, &row, &Beside::read(&tx, context.language).await?)?;
    let detail = serde_json::json!({
        "before": for_audit(&before), "after": for_audit(&row),
        "name_changed": checked.name.is_some(), "email_changed": checked.email.is_some(),
    });
    tx.commit(Act::new("staff.change", "staff", row.id).detail(detail)).await?;
    if let Some(revoked) = revoked {
        revoked.note(&app);
    }
    app.jobs_wake.notify_waiters();
    Ok(Reply::ok(view).version(row.version))
}

/// Links went to the old address, which may be a stranger's; whoever has no password yet is invited at the new one.
/// Both addresses are told, the old one above all: whoever changes an address may be after the account. To whom is invited
/// the invitation says enough.
async fn address_changed(
    tx: &TenantTx,
    app: &App,
    (before, row): (&StaffRow, &StaffRow),
    email: &EmailAddress,
) -> Result<()> {
    let invited = row.status == StaffStatus::Invited.key();
    for (which, address) in [("old", &store::email(tx, before)?), ("new", email)] {
        if which == "new" && invited {
            break;
        }
        let notice = Notice {
            event: "address_changed",
            dedupe_key: format!("address/{}/{}/{which}", row.id, row.version),
            application: None,
            values: vec![("name", store::name(tx, row)?)],
        };
        messages::send_mail(tx, address, &notice).await?;
    }
    credentials::void(tx, row.id).await?;
    if invited {
        doors::mail_invitation(tx, &app.config.web_url, row, email).await?;
    }
    Ok(())
}

/// What an access token says of somebody.
fn rights(row: &StaffRow) -> (&serde_json::Value, &str, uuid::Uuid) {
    (&row.roles, &row.data_scope, row.department_id)
}

impl StaffChange {
    fn check(&self) -> Result<Checked> {
        let nothing = self.name.is_none() && self.email.is_none() && self.department.is_none() && !self.names_rights();
        if nothing {
            return Err(Error::new(Code::NothingToChange));
        }
        let mut checks = Checks::new();
        let name = self.name.as_ref().and_then(|name| checks.personal("/name", RealName::parse(name)));
        let email = self.email.as_ref().and_then(|email| checks.personal("/email", EmailAddress::parse(email)));
        if let Some(fen) = self.authority_limit_fen {
            authority(&mut checks, fen);
        }
        if let Some(roles) = &self.roles {
            role_list(&mut checks, roles);
        }
        checks.done()?;
        Ok(Checked { name, email })
    }

    fn names_rights(&self) -> bool {
        self.roles.is_some() || self.data_scope.is_some() || self.authority_limit_fen.is_some()
    }

    /// Nobody widens what they themselves may do.
    fn not_own_rights(&self, tx: &TenantTx, row: &StaffRow) -> Result<()> {
        let own = tx.actor().kind == ActorKind::Staff && tx.actor().id == row.id;
        if own && (self.names_rights() || self.department.is_some()) {
            return Err(Error::new(Code::NotDisabledSelf)
                .detail("不能更改自己的角色、部门、数据范围或审批权限。", "You cannot change your own rights."));
        }
        Ok(())
    }

    /// Somebody else's address, once they have a password, does not open the account for a day; one's own does at once.
    fn hold_resets(tx: &TenantTx, before: &StaffRow, row: &mut StaffRow) {
        if before.email_hash == row.email_hash {
            return;
        }
        let own = tx.actor().kind == ActorKind::Staff && tx.actor().id == row.id;
        let held = !own && row.password_hash.is_some();
        row.reset_held_until = held.then(|| tx.instant() + Duration::hours(RESET_HELD_H));
    }

    fn apply(&self, tx: &TenantTx, row: &mut StaffRow, checked: &Checked) -> Result<()> {
        if let Some(name) = &checked.name {
            store::set_name(tx, row, name)?;
        }
        if let Some(email) = &checked.email {
            store::set_email(tx, row, email)?;
        }
        if let Some(department) = self.department {
            row.department_id = department.uuid();
        }
        if let Some(roles) = &self.roles {
            row.roles = serde_json::to_value(roles)?;
        }
        if let Some(scope) = self.data_scope {
            row.data_scope = DataScope::from(scope).key().to_owned();
        }
        if let Some(fen) = self.authority_limit_fen {
            row.authority_fen = fen;
        }
        row.version = row.version.saturating_add(1);
        Ok(())
    }
}
