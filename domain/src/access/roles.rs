//! The roles that every tenant has, and what applicants and the platform's operator may do.

use super::{Permission, PermissionSet};

/// A role that every tenant has.
#[derive(Clone, Copy, Debug)]
pub struct BuiltInRole {
    /// The key in staff records.
    pub key: &'static str,
    /// What a person sees.
    pub label_zh: &'static str,
    /// In English.
    pub label_en: &'static str,
    /// What it allows.
    pub permissions: &'static [Permission],
}

use Permission as P;

const READ: [Permission; 6] =
    [P::KeepSession, P::ReadApplications, P::ReadProducts, P::ReadEnterprises, P::ReadStaff, P::ReadDeliveries];

/// The built-in roles of staff. Nobody among them may both investigate and approve, and the administrator decides no
/// application: 等保 asks for separated duties, and so does a firm that wants to keep its money.
pub const STAFF_ROLES: [BuiltInRole; 11] = [
    BuiltInRole {
        key: "clerk",
        label_zh: "业务受理员",
        label_en: "clerk",
        permissions: &[
            READ[0],
            READ[1],
            READ[2],
            READ[3],
            READ[4],
            READ[5],
            P::AssignApplications,
            P::ManageEnterprises,
            P::ReadCustomers,
            P::ManageCustomers,
            P::ReadLimits,
            P::ReadEquipment,
            P::ManageEquipment,
        ],
    },
    BuiltInRole {
        key: "investigator",
        label_zh: "项目经理",
        label_en: "investigation officer",
        permissions: &[
            READ[0],
            READ[1],
            READ[2],
            READ[3],
            READ[4],
            READ[5],
            P::InvestigateApplications,
            P::ReassessApplications,
            P::ManageEnterprises,
            P::RevealPersonalData,
            P::ReadCustomers,
            P::ManageCustomers,
            P::ReadLimits,
            P::ReadEquipment,
            P::ManageEquipment,
            P::ScoreEquipment,
        ],
    },
    BuiltInRole {
        key: "reviewer",
        label_zh: "风控审查员",
        label_en: "risk reviewer",
        permissions: &[
            READ[0],
            READ[1],
            READ[2],
            READ[3],
            READ[4],
            READ[5],
            P::ReviewApplications,
            P::RevealPersonalData,
            P::ReadCustomers,
            P::ReadLimits,
            P::ReadEquipment,
        ],
    },
    BuiltInRole {
        key: "executive",
        label_zh: "有权审批人",
        label_en: "approver",
        permissions: &[
            READ[0],
            READ[1],
            READ[2],
            READ[3],
            READ[4],
            READ[5],
            P::ApproveApplications,
            P::ReadCustomers,
            P::ShareCustomers,
            P::ReadLimits,
            P::ReadEquipment,
            P::GrantLimits,
            P::CorrectLimits,
            P::ApproveParameters,
        ],
    },
    BuiltInRole {
        key: "committee",
        label_zh: "评审委员",
        label_en: "committee member",
        permissions: &[READ[0], READ[1], READ[2], READ[3], P::ReadCustomers, P::ReadLimits, P::ReadEquipment],
    },
    BuiltInRole {
        key: "finance",
        label_zh: "财务",
        label_en: "finance",
        permissions: &[
            READ[0],
            READ[1],
            READ[2],
            READ[3],
            P::ReadCustomers,
            P::ReadLimits,
            P::UseLimits,
            P::ProposeParameters,
        ],
    },
    BuiltInRole {
        key: "post_guarantee",
        label_zh: "保后管理员",
        label_en: "post-guarantee officer",
        permissions: &[
            READ[0],
            READ[1],
            READ[2],
            READ[3],
            P::ReadCustomers,
            P::ReadLimits,
            P::ManageLimits,
            P::UseLimits,
            P::ReadEquipment,
            P::ManageEquipment,
            P::ScoreEquipment,
            P::EncumberEquipment,
            P::ManageTelemetry,
            P::ManageAlarms,
        ],
    },
    BuiltInRole {
        key: "administrator",
        label_zh: "系统管理员",
        label_en: "tenant administrator",
        permissions: &[
            P::KeepSession,
            P::ReadSettings,
            P::ChangeSettings,
            P::ReadStaff,
            P::ManageStaff,
            P::ReadProducts,
            P::ManageProducts,
            P::ManageScorecards,
            P::ManageTemplates,
            P::ManagePolicies,
            P::ReadDeliveries,
            P::ManageTelemetry,
            P::ManageWebhooks,
            P::ManageClients,
        ],
    },
    BuiltInRole {
        key: "channel",
        label_zh: "渠道人员",
        label_en: "channel",
        permissions: &[P::KeepSession, P::ChannelCustomers],
    },
    BuiltInRole {
        key: "security_officer",
        label_zh: "安全管理员",
        label_en: "security officer",
        permissions: &[P::KeepSession, P::ReadSettings, P::ReadStaff, P::SecureLogIns, P::HandlePrivacyRequests],
    },
    BuiltInRole {
        key: "auditor",
        label_zh: "审计员",
        label_en: "auditor",
        permissions: &[P::KeepSession, P::ReadAudit, P::ReadSettings, P::ReadStaff],
    },
];

/// What an applicant may do.
pub const APPLICANT: [Permission; 6] =
    [P::KeepSession, P::OwnApplications, P::OwnInbox, P::OwnLimits, P::OwnEquipment, P::OwnData];

/// What the platform's operator may do.
pub const OPERATOR: [Permission; 1] = [P::ManageTenants];

/// The built-in role with this key.
pub fn staff_role(key: &str) -> Option<&'static BuiltInRole> {
    STAFF_ROLES.iter().find(|role| role.key == key)
}

/// What a tenant's own role may name: everything staff can have, nothing of applicants or the operator.
pub fn grantable() -> PermissionSet {
    STAFF_ROLES.iter().fold(PermissionSet::default(), |all, role| all.union(PermissionSet::of(role.permissions)))
}
