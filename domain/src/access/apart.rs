//! Which duties must not lie with one person. It is asked of every role and of the roles of every person together.

use super::{Permission, Permission as P, PermissionSet};

/// A reason in Chinese and in English, without a full stop.
pub type Reason = (&'static str, &'static str);

/// Pairs that one person must not hold together, with the reason: whoever makes is not who checks, whoever gives rights
/// does not use those that decide, and whoever audits does nothing that is audited.
pub const APART: [(Permission, Permission, Reason); 55] = [
    (
        P::InvestigateApplications,
        P::ReviewApplications,
        ("调查与审查须由不同的人负责", "Investigation and review must lie with different people"),
    ),
    (
        P::InvestigateApplications,
        P::ApproveApplications,
        ("调查与审批须由不同的人负责", "Investigation and approval must lie with different people"),
    ),
    (
        P::ReviewApplications,
        P::ApproveApplications,
        ("审查与审批须由不同的人负责", "Review and approval must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::InvestigateApplications,
        ("系统管理与业务调查须由不同的人负责", "Administration and investigation must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::ReviewApplications,
        ("系统管理与风险审查须由不同的人负责", "Administration and review must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::ApproveApplications,
        ("系统管理与审批须由不同的人负责", "Administration and approval must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::RevealPersonalData,
        (
            "系统管理与查看未脱敏个人信息须由不同的人负责",
            "Administration and seeing personal data unmasked must lie with different people",
        ),
    ),
    (
        P::ManageScorecards,
        P::ApproveApplications,
        ("评分规则管理与审批须由不同的人负责", "Scorecards and approval must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageStaff,
        ("系统管理与审计须由不同的人负责", "Administration and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ChangeSettings,
        ("系统管理与审计须由不同的人负责", "Administration and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageTemplates,
        ("系统管理与审计须由不同的人负责", "Administration and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManagePolicies,
        ("内容管理与审计须由不同的人负责", "Publication and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageProducts,
        ("产品管理与审计须由不同的人负责", "Products and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageScorecards,
        ("评分规则管理与审计须由不同的人负责", "Scorecards and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageEnterprises,
        ("企业库维护与审计须由不同的人负责", "The enterprise library and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::AssignApplications,
        ("申请分派与审计须由不同的人负责", "Assignment and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::InvestigateApplications,
        ("业务调查与审计须由不同的人负责", "Investigation and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ReassessApplications,
        ("重新评分与审计须由不同的人负责", "Scoring again and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ReviewApplications,
        ("风险审查与审计须由不同的人负责", "Review and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ApproveApplications,
        ("审批与审计须由不同的人负责", "Approval and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::RevealPersonalData,
        (
            "查看未脱敏个人信息与审计须由不同的人负责",
            "Seeing personal data unmasked and audit must lie with different people",
        ),
    ),
    (
        P::ProposeParameters,
        P::ApproveParameters,
        ("参数录入与参数复核须由不同的人负责", "Entering and approving parameters must lie with different people"),
    ),
    (
        P::GrantLimits,
        P::UseLimits,
        ("授信与额度使用须由不同的人负责", "Granting limits and using them must lie with different people"),
    ),
    (
        P::UseLimits,
        P::CorrectLimits,
        ("额度使用与冲正须由不同的人负责", "Using limits and taking entries back must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::GrantLimits,
        ("系统管理与授信须由不同的人负责", "Administration and granting limits must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::UseLimits,
        ("系统管理与额度使用须由不同的人负责", "Administration and using limits must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::ApproveParameters,
        (
            "系统管理与参数复核须由不同的人负责",
            "Administration and approving parameters must lie with different people",
        ),
    ),
    (
        P::ReadAudit,
        P::ManageCustomers,
        ("客户维护与审计须由不同的人负责", "Customers and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ShareCustomers,
        ("客户档案授权与审计须由不同的人负责", "Sharing of customers and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ChannelCustomers,
        ("渠道业务与审计须由不同的人负责", "A channel's work and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::GrantLimits,
        ("授信与审计须由不同的人负责", "Granting limits and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageLimits,
        ("额度管理与审计须由不同的人负责", "Management of limits and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::UseLimits,
        ("额度使用与审计须由不同的人负责", "Using limits and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::CorrectLimits,
        ("台账冲正与审计须由不同的人负责", "Taking entries back and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ProposeParameters,
        ("参数录入与审计须由不同的人负责", "Entering parameters and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ApproveParameters,
        ("参数复核与审计须由不同的人负责", "Approving parameters and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageEquipment,
        ("设备档案维护与审计须由不同的人负责", "Machines' papers and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ScoreEquipment,
        ("设备评分与审计须由不同的人负责", "Scoring machines and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::EncumberEquipment,
        ("设备抵押登记与审计须由不同的人负责", "Encumbering machines and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageTelemetry,
        ("数据接入管理与审计须由不同的人负责", "Sources of readings and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageAlarms,
        ("报警管理与审计须由不同的人负责", "Alarms and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::SecureLogIns,
        ("安全管理与审计须由不同的人负责", "Security and audit must lie with different people"),
    ),
    (
        P::ManageStaff,
        P::SecureLogIns,
        ("系统管理与安全管理须由不同的人负责", "Administration and security must lie with different people"),
    ),
    (
        P::ChangeSettings,
        P::SecureLogIns,
        ("系统管理与安全管理须由不同的人负责", "Administration and security must lie with different people"),
    ),
    (
        P::SecureLogIns,
        P::InvestigateApplications,
        ("安全管理与业务调查须由不同的人负责", "Security and investigation must lie with different people"),
    ),
    (
        P::SecureLogIns,
        P::ReviewApplications,
        ("安全管理与风险审查须由不同的人负责", "Security and review must lie with different people"),
    ),
    (
        P::SecureLogIns,
        P::ApproveApplications,
        ("安全管理与审批须由不同的人负责", "Security and approval must lie with different people"),
    ),
    (
        P::SecureLogIns,
        P::RevealPersonalData,
        (
            "安全管理与查看未脱敏个人信息须由不同的人负责",
            "Security and seeing personal data unmasked must lie with different people",
        ),
    ),
    (
        P::SecureLogIns,
        P::GrantLimits,
        ("安全管理与授信须由不同的人负责", "Security and granting limits must lie with different people"),
    ),
    (
        P::SecureLogIns,
        P::UseLimits,
        ("安全管理与额度使用须由不同的人负责", "Security and using limits must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageWebhooks,
        ("事件推送管理与审计须由不同的人负责", "Webhooks and audit must lie with different people"),
    ),
    (
        P::ReadAudit,
        P::ManageClients,
        ("第三方客户端管理与审计须由不同的人负责", "Third parties' clients and audit must lie with different people"),
    ),
    (
        P::ManageClients,
        P::SecureLogIns,
        (
            "第三方客户端管理与安全管理须由不同的人负责",
            "Third parties' clients and security must lie with different people",
        ),
    ),
    (
        P::ReadAudit,
        P::HandlePrivacyRequests,
        (
            "个人信息请求办理与审计须由不同的人负责",
            "Requests about personal data and audit must lie with different people",
        ),
    ),
    (
        P::ManageStaff,
        P::HandlePrivacyRequests,
        (
            "系统管理与个人信息请求办理须由不同的人负责",
            "Administration and requests about personal data must lie with different people",
        ),
    ),
];

/// The first rule of separation that `set` breaks.
pub fn conflict(set: PermissionSet) -> Option<Reason> {
    APART.iter().find(|(a, b, _)| set.has(*a) && set.has(*b)).map(|(_, _, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::super::{STAFF_ROLES, grantable};
    use super::*;

    #[test]
    fn no_built_in_role_joins_what_must_be_apart() {
        for role in STAFF_ROLES {
            assert_eq!(conflict(PermissionSet::of(role.permissions)), None, "{}", role.key);
        }
    }

    #[test]
    fn who_audits_does_nothing_that_is_audited() {
        let harmless = PermissionSet::of(&[
            P::KeepSession,
            P::ReadAudit,
            P::ReadSettings,
            P::ReadStaff,
            P::ReadProducts,
            P::ReadEnterprises,
            P::ReadApplications,
            P::ReadDeliveries,
            P::ReadCustomers,
            P::ReadLimits,
            P::ReadEquipment,
        ]);
        for permission in grantable().iter() {
            let joined = PermissionSet::of(&[P::ReadAudit, permission]);
            assert_eq!(conflict(joined).is_none(), harmless.has(permission), "{}", permission.key());
        }
    }
}
