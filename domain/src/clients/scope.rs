//! What a client may be given: scopes, each a set of permissions out of the one table of staff's permissions. None of them shows
//! personal data in clear, gives rights, or changes anything.

use crate::access::{Permission, Permission as P, PermissionSet};
use crate::coded::coded;

coded! {
    /// Something that a client may do.
    Scope {
        /// Applications with their progress, evaluations and authorisations.
        Applications "applications.read" "查看申请、进度与评估" "read applications, their progress and evaluations";
        /// Customers and how they are related.
        Customers "customers.read" "查看客户、关联关系与渠道" "read customers, their relations and channels";
        /// The enterprise library.
        Enterprises "enterprises.read" "查看企业库" "read the enterprise library";
        /// Machines, their use and their listings.
        Equipment "equipment.read" "查看设备、运行情况与流转信息" "read machines, their use and their listings";
        /// Limits and their ledger.
        Limits "limits.read" "查看授信额度、台账与监管指标" "read credit limits, their ledger and the legal figures";
        /// Products and checklists.
        Products "products.read" "查看产品与资料清单" "read products and their checklists";
    }
}

/// What no scope ever holds: personal data in clear, people, clients, security, the audit log, and addresses of other third
/// parties with their secrets.
pub const NEVER: [Permission; 10] = [
    P::RevealPersonalData,
    P::ReadStaff,
    P::ManageStaff,
    P::ManageClients,
    P::SecureLogIns,
    P::ChangeSettings,
    P::ReadAudit,
    P::ManageWebhooks,
    P::KeepSession,
    P::ManageTenants,
];

/// Longest `scope` that is read, bytes.
const ASKED_BYTES_MAX: usize = 1_000;

/// Why a client is not given what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeFault {
    /// It asks for nothing, or not in words one blank apart.
    Malformed,
    /// It asks for what there is not, or what it does not have.
    NotGiven,
}

impl Scope {
    /// What it allows.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Applications => &[P::ReadApplications],
            Self::Customers => &[P::ReadCustomers],
            Self::Enterprises => &[P::ReadEnterprises],
            Self::Equipment => &[P::ReadEquipment],
            Self::Limits => &[P::ReadLimits],
            Self::Products => &[P::ReadProducts],
        }
    }

    /// The scopes that are wholly within what somebody may do.
    pub fn within(held: PermissionSet) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|scope| PermissionSet::of(scope.permissions()).within(held)).collect()
    }
}

/// What a client with these scopes may do: what they allow, and to look at itself.
pub fn allowed(scopes: &[Scope]) -> PermissionSet {
    let own = PermissionSet::of(&[P::OwnClient]);
    scopes.iter().fold(own, |all, scope| all.union(PermissionSet::of(scope.permissions())))
}

/// The scopes that a client is given which holds `held` and asks for some of them (RFC 6749, 3.3), or, asking for none, for all.
///
/// # Errors
/// What it asks for cannot be read, or not all of it can be given.
pub fn narrowed(asked: Option<&str>, held: &[Scope]) -> Result<Vec<Scope>, ScopeFault> {
    let Some(asked) = asked else { return Ok(held.to_vec()) };
    if asked.is_empty() || asked.len() > ASKED_BYTES_MAX || asked.split(' ').any(str::is_empty) {
        return Err(ScopeFault::Malformed);
    }
    let mut given = vec![];
    for word in asked.split(' ') {
        let scope = Scope::from_code(word).filter(|scope| held.contains(scope)).ok_or(ScopeFault::NotGiven)?;
        if !given.contains(&scope) {
            given.push(scope);
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{conflict, grantable};

    #[test]
    fn no_scope_reaches_beyond_what_a_firm_may_give_or_changes_anything() {
        let all = allowed(Scope::ALL);
        for never in NEVER {
            assert!(!all.has(never), "{}", never.key());
        }
        for scope in Scope::ALL {
            let set = PermissionSet::of(scope.permissions());
            assert!(!scope.permissions().is_empty() && set.within(grantable()), "{}", scope.code());
            assert!(
                scope.permissions().iter().all(|permission| permission.key().ends_with(".read")),
                "{}",
                scope.code()
            );
        }
        assert_eq!(conflict(all), None);
        assert!(!grantable().has(P::OwnClient), "nobody of the staff is a client");
    }

    #[test]
    fn scopes_are_found_again_in_what_they_allow() {
        for scope in Scope::ALL {
            assert_eq!(Scope::within(allowed(&[*scope])), [*scope]);
        }
        assert_eq!(Scope::within(allowed(Scope::ALL)), Scope::ALL);
        assert!(Scope::within(allowed(&[])).is_empty());
    }

    #[test]
    fn a_client_gets_some_of_what_it_has_and_nothing_else() {
        use Scope::{Applications, Customers, Limits};
        let held = [Applications, Limits];
        for (asked, expected) in [
            (None, Ok(vec![Applications, Limits])),
            (Some("limits.read"), Ok(vec![Limits])),
            (Some("limits.read applications.read"), Ok(vec![Limits, Applications])),
            (Some("limits.read limits.read"), Ok(vec![Limits])),
            (Some("customers.read"), Err(ScopeFault::NotGiven)),
            (Some("limits.read customers.read"), Err(ScopeFault::NotGiven)),
            (Some("personal_data.reveal"), Err(ScopeFault::NotGiven)),
            (Some("LIMITS.READ"), Err(ScopeFault::NotGiven)),
            (Some(""), Err(ScopeFault::Malformed)),
            (Some(" limits.read"), Err(ScopeFault::Malformed)),
            (Some("limits.read  applications.read"), Err(ScopeFault::Malformed)),
        ] {
            assert_eq!(narrowed(asked, &held), expected, "{asked:?}");
        }
        assert_eq!(narrowed(Some(&"limits.read ".repeat(200)), &held), Err(ScopeFault::Malformed));
        assert_eq!(narrowed(Some("customers.read"), &[Customers]), Ok(vec![Customers]));
    }
}
