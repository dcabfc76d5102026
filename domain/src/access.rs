//! Who may do what: the one table of permissions and built-in roles. Code asks for a permission, never for a role; a
//! tenant's own roles are rows that name permissions from here.

mod apart;
mod roles;
mod second_factor;

pub use apart::{APART, Reason, conflict};
pub use roles::{APPLICANT, BuiltInRole, OPERATOR, STAFF_ROLES, grantable, staff_role};
pub use second_factor::{FactorRule, PRIVILEGED};

use serde::{Deserialize, Serialize};

/// A permission as a type, so that a route can name it in its signature.
pub trait May {
    /// The permission itself.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($name:ident $bit:literal $key:literal $zh:literal $en:literal;)*) => {
        /// One thing that a principal may be allowed to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each has its key and label in the table")]
        pub enum Permission { $($name = $bit),* }

        impl Permission {
            /// All permissions, in the order of their bits.
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];

            /// The key in documents and in roles' rows; never renamed.
            pub const fn key(self) -> &'static str {
                match self { $(Permission::$name => $key),* }
            }

            /// What a person sees.
            pub const fn label_zh(self) -> &'static str {
                match self { $(Permission::$name => $zh),* }
            }

            /// The same in English.
            pub const fn label_en(self) -> &'static str {
                match self { $(Permission::$name => $en),* }
            }

            /// Finds a permission by its key.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Permission::$name),)* _ => None }
            }
        }

        /// Permissions as types, for signatures: `Access<may::ReadStaff>`.
        pub mod may {
            $(#[doc = $en] #[derive(Clone, Copy, Debug)] pub enum $name {}
              impl super::May for $name { const PERMISSION: super::Permission = super::Permission::$name; })*
        }
    };
}

permissions! {
    KeepSession 0 "session" "使用自己的登录" "use one's own log-in";
    OwnApplications 1 "own.applications" "填写、提交、查看自己的申请" "fill in, submit and read one's own applications";
    OwnInbox 2 "own.inbox" "查看自己的消息" "read one's own messages";
    ReadSettings 3 "settings.read" "查看机构设置" "read the firm's settings";
    ChangeSettings 4 "settings.change" "修改机构设置" "change the firm's settings";
    ReadStaff 5 "staff.read" "查看员工、部门与角色" "read staff, departments and roles";
    ManageStaff 6 "staff.manage" "管理员工、部门与角色" "manage staff, departments and roles";
    ReadProducts 7 "products.read" "查看产品与资料清单" "read products and their checklists";
    ManageProducts 8 "products.manage" "管理产品与资料清单" "manage products and their checklists";
    ManageScorecards 9 "scorecards.manage" "管理评分卡与准入阈值" "manage scorecards and the thresholds of admission";
    ReadEnterprises 10 "enterprises.read" "查看企业库" "read the enterprise library";
    ManageEnterprises 11 "enterprises.manage" "维护企业库" "maintain the enterprise library";
    ReadApplications 12 "applications.read" "查看申请" "read applications";
    AssignApplications 13 "applications.assign" "分派申请" "assign applications";
    InvestigateApplications 14 "applications.investigate" "调查、退回、提交审查" "investigate, return and recommend applications";
    ReviewApplications 15 "applications.review" "风控审查" "review risks";
    ApproveApplications 16 "applications.approve" "审批" "approve";
    ReadDeliveries 17 "deliveries.read" "查看短信与邮件的发送情况" "see how SMS and mails went";
    ManageTemplates 18 "templates.manage" "管理消息模板" "manage message templates";
    ManagePolicies 19 "policies.manage" "编写政策、文章与名词" "write policies, articles and the glossary";
    ReadAudit 20 "audit.read" "查看审计日志" "read the audit log";
    ManageTenants 21 "tenants.manage" "管理租户" "manage tenants";
    RevealPersonalData 22 "personal_data.reveal" "查看未脱敏的个人信息" "see personal data unmasked";
    ReassessApplications 23 "applications.reassess" "重新采集与评分" "collect and score again";
    ReadCustomers 24 "customers.read" "查看客户、关联关系与渠道" "read customers, their relations and channels";
    ManageCustomers 25 "customers.manage" "维护客户、关联关系与渠道" "maintain customers, their relations and channels";
    ShareCustomers 26 "customers.share" "授权渠道查看客户档案、收回授权" "share customers' records with channels, and withdraw it";
    ChannelCustomers 27 "channel.customers" "以渠道身份查看本渠道与被授权的客户" "read, as a channel, its own customers and those shared with it";
    ReadLimits 28 "limits.read" "查看授信额度、台账与监管指标" "read credit limits, their ledger and the legal figures";
    GrantLimits 29 "limits.grant" "授信、调整额度" "grant and resize credit limits";
    ManageLimits 30 "limits.manage" "拆分、调剂、冻结、解冻、终止额度" "split, move, freeze, thaw and close credit limits";
    UseLimits 31 "limits.use" "占用、用款、还款、释放额度" "reserve, draw, repay and release credit limits";
    CorrectLimits 32 "limits.correct" "冲正额度台账" "take back entries of the limit ledger";
    ProposeParameters 33 "parameters.propose" "录入净资产、监管参数与分担协议" "enter net assets, legal parameters and sharing agreements";
    ApproveParameters 34 "parameters.approve" "复核净资产、监管参数与分担协议" "approve net assets, legal parameters and sharing agreements";
    OwnLimits 35 "own.limits" "查看、使用自己的授信额度" "see and use one's own credit limits";
    ReadEquipment 36 "equipment.read" "查看设备、运行情况与流转信息" "read machines, their use and their listings";
    ManageEquipment 37 "equipment.manage" "维护设备档案、插座绑定与流转信息" "maintain machines' papers, their sockets and listings";
    ScoreEquipment 38 "equipment.score" "设备评分、确认运行阈值、启停监控" "score machines, confirm thresholds, start and stop monitoring";
    EncumberEquipment 39 "equipment.encumber" "登记、解除设备抵押" "encumber machines and free them";
    ManageTelemetry 40 "telemetry.manage" "管理数据接入源与隔离区" "manage sources of readings and the quarantine";
    ManageAlarms 41 "alarms.manage" "管理报警规则、处理报警" "manage alarm rules and deal with alarms";
    OwnEquipment 42 "own.equipment" "查看自己的设备、发布流转信息" "see one's own machines and offer them";
    ManageWebhooks 43 "webhooks.manage" "管理事件推送地址、查看推送记录" "manage addresses that are told of events, and see what they were told";
    SecureLogIns 44 "log_ins.secure" "管理登录安全规则、结束他人登录、重置动态口令" "set the rules of log-ins, end others' log-ins, take away second factors";
    ManageClients 45 "clients.manage" "管理第三方接口客户端、查看其用量" "manage third parties' clients and see what they use";
    OwnClient 62 "own.client" "以第三方客户端身份查看自身的权限、用量与请求记录" "see, as a third party's client, oneself, one's use and one's requests";
    HandlePrivacyRequests 46 "privacy.handle" "办理个人信息查阅、复制、删除请求，设置保存期限" "deal with requests for copies and erasure of personal data, and set how long data is kept";
    OwnData 47 "own.data" "获取自己的数据副本、注销账号" "have a copy of one's own data, and close one's account";
}

/// A set of permissions, small enough to travel in an access token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// The set of `permissions`.
    pub fn of(permissions: &[Permission]) -> Self {
        Self(permissions.iter().fold(0, |bits, p| bits | (1 << (*p as u64))))
    }

    /// The set with these bits; unknown bits are dropped.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits & Self::of(Permission::ALL).0)
    }

    /// The bits, for a token.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether `permission` is in the set.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << (permission as u64)) != 0
    }

    /// Both together.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of `self` is in `other`.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The permissions in the set, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |p| self.has(*p))
    }
}

/// Which rows a member of staff sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataScope {
    /// What they themselves handle.
    Own,
    /// Their department's.
    Department,
    /// Their department's and those below it.
    DepartmentTree,
    /// The whole firm's.
    All,
}

impl DataScope {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Department => "department",
            Self::DepartmentTree => "department_tree",
            Self::All => "all",
        }
    }

    /// Reads the stored word; an unknown one is the narrowest scope.
    pub fn from_key(key: &str) -> Self {
        match key {
            "department" => Self::Department,
            "department_tree" => Self::DepartmentTree,
            "all" => Self::All,
            _ => Self::Own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_bits_are_unique_and_found_again() {
        for p in Permission::ALL {
            assert_eq!(Permission::from_key(p.key()), Some(*p));
            assert_eq!(PermissionSet::of(&[*p]).iter().collect::<Vec<_>>(), vec![*p]);
            assert!(p.label_en().is_ascii() && !p.label_en().is_empty() && !p.label_zh().is_ascii(), "{}", p.key());
        }
        assert!(Permission::ALL.len() <= 64);
    }

    #[test]
    fn a_tenant_role_cannot_reach_the_operators_or_an_applicants_work() {
        assert!(!grantable().has(Permission::ManageTenants));
        assert!(!grantable().has(Permission::OwnApplications));
    }
}
