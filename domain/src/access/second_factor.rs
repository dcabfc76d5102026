//! Who must prove themselves by two things: what they know, and what they have. 等保三级 (GB/T 22239-2019, 8.1.4.1 d) asks it of
//! those who administer; a firm may ask it of everybody.

use super::{Permission as P, PermissionSet};
use crate::coded::coded;

coded! {
    /// Of whom a second factor is asked, from nobody to everybody.
    FactorRule {
        /// Of nobody; whoever wants has one.
        Off "off" "不要求" "of nobody";
        /// Of those who hold a permission of [`PRIVILEGED`].
        Privileged "privileged" "仅要求重要岗位" "of those who administer, decide, or see what others do not";
        /// Of all staff.
        All "all" "要求全体员工" "of all staff";
    }
}

/// With which much harm can be done at once: rights, settings, secrets, the log, decisions on money, personal data.
pub const PRIVILEGED: [P; 12] = [
    P::ManageStaff,
    P::ChangeSettings,
    P::SecureLogIns,
    P::ReadAudit,
    P::ApproveApplications,
    P::GrantLimits,
    P::CorrectLimits,
    P::ApproveParameters,
    P::RevealPersonalData,
    P::HandlePrivacyRequests,
    P::ManageTelemetry,
    P::ManageClients,
];

impl FactorRule {
    /// Whether it asks a second factor of somebody with these permissions.
    pub fn asks(self, permissions: PermissionSet) -> bool {
        match self {
            Self::Off => false,
            Self::Privileged => PRIVILEGED.iter().any(|permission| permissions.has(*permission)),
            Self::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::STAFF_ROLES;
    use super::*;

    #[test]
    fn of_the_built_in_roles_those_are_privileged_that_administer_decide_or_see_all() {
        let asked = |rule: FactorRule| -> Vec<&str> {
            let asks = |role: &&super::super::BuiltInRole| rule.asks(PermissionSet::of(role.permissions));
            STAFF_ROLES.iter().filter(asks).map(|role| role.key).collect()
        };
        assert_eq!(
            asked(FactorRule::Privileged),
            ["investigator", "reviewer", "executive", "post_guarantee", "administrator", "security_officer", "auditor"]
        );
        assert!(asked(FactorRule::Off).is_empty());
        assert_eq!(asked(FactorRule::All).len(), STAFF_ROLES.len());
    }

    #[test]
    fn words_are_read_again_and_rules_are_ordered() {
        for rule in [FactorRule::Off, FactorRule::Privileged, FactorRule::All] {
            assert_eq!(FactorRule::from_code(rule.code()), Some(rule));
        }
        assert_eq!(FactorRule::from_code("none"), None);
        assert!(FactorRule::Off < FactorRule::Privileged && FactorRule::Privileged < FactorRule::All);
    }
}
