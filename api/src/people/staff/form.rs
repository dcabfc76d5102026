//! What is typed about a member of staff, and the rules it must keep.

use domain::access::DataScope;
use domain::id::{Id, kind};
use domain::person::{EmailAddress, RealName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::LOGIN_CHARS_MAX;
use super::view::ScopeWord;
use crate::error::{Code, Error, Result};
use crate::people::{departments, roles};
use crate::platform::db::TenantTx;
use crate::platform::http::Checks;

/// Fewest characters of a log-in name.
const LOGIN_CHARS_MIN: usize = 3;
/// Most roles of one person.
const ROLES_MAX: usize = 10;
/// Largest limit of authority, fen: 100 billion yuan, more than any firm guarantees.
const AUTHORITY_FEN_MAX: i64 = 10_000_000_000_000;

/// Somebody to invite.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffForm {
    /// What they will log in with: 3 to 32 small letters, digits, dots, hyphens and underscores, a letter first.
    #[schema(example = "zhao.investigator", pattern = "^[a-z][a-z0-9._-]{2,31}$", min_length = 3, max_length = 32)]
    pub login_name: String,
    /// Their name.
    #[schema(example = "赵示例", min_length = 2, max_length = 50)]
    pub name: String,
    /// Where the link for the first password goes.
    #[schema(example = "zhao@example.com", min_length = 3, max_length = 254)]
    pub email: String,
    /// Their department.
    #[schema(value_type = String, example = "dep_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub department: Id<kind::Department>,
    /// Keys of built-in roles and ids of the firm's own.
    #[schema(example = json!(["investigator"]), min_items = 1, max_items = 10)]
    pub roles: Vec<String>,
    /// Which rows they see.
    pub data_scope: ScopeWord,
    /// Largest amount they may approve, fen.
    #[serde(default)]
    #[schema(example = 0, minimum = 0, maximum = 10_000_000_000_000i64)]
    pub authority_limit_fen: i64,
}

/// Somebody to invite, checked.
pub struct NewStaff {
    /// What they will log in with.
    pub login_name: String,
    /// Their name.
    pub name: RealName,
    /// Where the link goes.
    pub email: EmailAddress,
    /// Their department.
    pub department: Uuid,
    /// Their roles.
    pub roles: Vec<String>,
    /// Which rows they see.
    pub scope: DataScope,
    /// Largest amount they may approve, fen.
    pub authority_fen: i64,
}

impl StaffForm {
    /// Checks the form by itself.
    pub fn check(&self) -> Result<NewStaff> {
        let mut checks = Checks::new();
        let login_name = login_name(&mut checks, "/login_name", &self.login_name);
        let name = checks.personal("/name", RealName::parse(&self.name));
        let email = checks.personal("/email", EmailAddress::parse(&self.email));
        authority(&mut checks, self.authority_limit_fen);
        role_list(&mut checks, &self.roles);
        let (Some(login_name), Some(name), Some(email)) = (login_name, name, email) else {
            return Err(checks.refuse());
        };
        checks.done()?;
        Ok(NewStaff {
            login_name,
            name,
            email,
            department: self.department.uuid(),
            roles: self.roles.clone(),
            scope: self.data_scope.into(),
            authority_fen: self.authority_limit_fen,
        })
    }
}

/// A log-in name. It is taken as typed: whoever types capitals is told, and not given another name.
pub(crate) fn login_name(checks: &mut Checks, pointer: &str, typed: &str) -> Option<String> {
    let fits = (LOGIN_CHARS_MIN..=LOGIN_CHARS_MAX).contains(&typed.len())
        && typed.starts_with(|c: char| c.is_ascii_lowercase())
        && typed.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'));
    if !fits {
        checks.problem(
            pointer,
            "login_name_format",
            "账号名为3至32个小写字母、数字、点、横线或下划线，以字母开头",
            "3 to 32 small letters, digits, dots, hyphens and underscores, a letter first",
        );
    }
    fits.then(|| typed.to_owned())
}

pub(super) fn authority(checks: &mut Checks, fen: i64) {
    if !(0..=AUTHORITY_FEN_MAX).contains(&fen) {
        checks.problem("/authority_limit_fen", "range", "应在0至1000亿元之间", "is 0 to 100 billion yuan, in fen");
    }
}

pub(super) fn role_list(checks: &mut Checks, roles: &[String]) {
    let different: std::collections::BTreeSet<_> = roles.iter().collect();
    if roles.is_empty() || roles.len() > ROLES_MAX || different.len() < roles.len() {
        checks.problem(
            "/roles",
            "count",
            format!("请选择1至{ROLES_MAX}个不同的角色"),
            format!("1 to {ROLES_MAX} different roles"),
        );
    }
}

/// Checks that department and roles exist and that the roles may lie with one person.
pub(super) async fn check_place(tx: &TenantTx, department: Option<Uuid>, roles: Option<&[String]>) -> Result<()> {
    let mut checks = Checks::new();
    if let Some(department) = department
        && !departments::exists(tx, department).await?
    {
        checks.problem("/department", "unknown", "没有这个部门", "there is no such department");
    }
    let Some(roles) = roles else { return checks.done() };
    let catalogue = roles::catalogue(tx).await?;
    for (place, role) in roles.iter().enumerate() {
        if !catalogue.knows(role) {
            checks.problem(&format!("/roles/{place}"), "unknown", "没有这个角色", "there is no such role");
        }
    }
    checks.done()?;
    no_conflict(&catalogue, roles)
}

/// Checks that roles may lie with one person.
pub(super) fn no_conflict(catalogue: &roles::Catalogue, roles: &[String]) -> Result<()> {
    match domain::access::conflict(catalogue.permissions(roles)) {
        None => Ok(()),
        Some((zh, en)) => Err(Error::new(Code::DutiesConflict).detail(format!("{zh}。"), format!("{en}."))),
    }
}
