//! The access table: every operation, the permission it asks for, and what it is about. The suite prints the rows that
//! are missing.

use domain::access::Permission;

use Permission as P;

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One thing with an id: 404 for the same role of another tenant.
    Thing,
    /// A list, or the caller's own: shows nothing of another tenant.
    List,
    /// Makes something, or changes what has no id.
    Make,
    /// Open to everybody.
    Open,
    /// The operator's.
    Platform,
    /// Ends the caller's own log-in, and is tested apart.
    EndsSession,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// The operation.
    pub operation: &'static str,
    /// What it asks for; `None` before log-in.
    pub permission: Option<Permission>,
    /// What it is about.
    pub what: What,
}

const fn row(operation: &'static str, permission: Option<Permission>, what: What) -> Row {
    Row { operation, permission, what }
}

/// The table.
pub const TABLE: &[Row] = &[
    row("applicant_login", None, What::Open),
    row("approve_application", Some(P::ApproveApplications), What::Thing),
    row("assign_application", Some(P::AssignApplications), What::Thing),
    row("change_article", Some(P::ManagePolicies), What::Thing),
    row("change_department", Some(P::ManageStaff), What::Thing),
    row("change_enterprise", Some(P::ManageEnterprises), What::Thing),
    row("change_message_template", Some(P::ManageTemplates), What::Thing),
    row("change_own_password", Some(P::KeepSession), What::Make),
    row("change_policy", Some(P::ManagePolicies), What::Thing),
    row("change_product", Some(P::ManageProducts), What::Thing),
    row("change_role", Some(P::ManageStaff), What::Thing),
    row("change_settings", Some(P::ChangeSettings), What::Make),
    row("change_staff", Some(P::ManageStaff), What::Thing),
    row("change_term", Some(P::ManagePolicies), What::Thing),
    row("confirm_entitlement", Some(P::InvestigateApplications), What::Thing),
    row("count_applications", Some(P::ReadApplications), What::List),
    row("count_unread_messages", Some(P::OwnInbox), What::List),
    row("create_article", Some(P::ManagePolicies), What::Make),
    row("create_department", Some(P::ManageStaff), What::Make),
    row("create_enterprise", Some(P::ManageEnterprises), What::Make),
    row("create_policy", Some(P::ManagePolicies), What::Make),
    row("create_product", Some(P::ManageProducts), What::Make),
    row("create_role", Some(P::ManageStaff), What::Make),
    row("create_scorecard", Some(P::ManageScorecards), What::Make),
    row("create_staff", Some(P::ManageStaff), What::Make),
    row("create_tenant", Some(P::ManageTenants), What::Platform),
    row("create_term", Some(P::ManagePolicies), What::Make),
    row("delete_department", Some(P::ManageStaff), What::Thing),
    row("delete_role", Some(P::ManageStaff), What::Thing),
    row("delete_term", Some(P::ManagePolicies), What::Thing),
    row("disable_staff", Some(P::ManageStaff), What::Thing),
    row("discard_application", Some(P::OwnApplications), What::Thing),
    row("download_document", Some(P::ReadApplications), What::Thing),
    row("download_my_document", Some(P::OwnApplications), What::Thing),
    row("edit_application", Some(P::OwnApplications), What::Thing),
    row("enable_staff", Some(P::ManageStaff), What::Thing),
    row("finish_document", Some(P::OwnApplications), What::Thing),
    row("grant_authorisation", Some(P::OwnApplications), What::Thing),
    row("invite_staff", Some(P::ManageStaff), What::Thing),
    row("list_applications", Some(P::ReadApplications), What::List),
    row("list_articles", Some(P::ManagePolicies), What::List),
    row("list_assessments", Some(P::ReadApplications), What::Thing),
    row("list_audit_entries", Some(P::ReadAudit), What::List),
    row("list_authorisations", Some(P::ReadApplications), What::Thing),
    row("list_deliveries", Some(P::ReadDeliveries), What::List),
    row("list_departments", Some(P::ReadStaff), What::List),
    row("list_documents", Some(P::ReadApplications), What::Thing),
    row("list_enterprises", Some(P::ReadEnterprises), What::List),
    row("list_inbox", Some(P::OwnInbox), What::List),
    row("list_industries", None, What::Open),
    row("list_message_templates", Some(P::ManageTemplates), What::List),
    row("list_my_applications", Some(P::OwnApplications), What::List),
    row("list_my_authorisations", Some(P::OwnApplications), What::Thing),
    row("list_my_documents", Some(P::OwnApplications), What::Thing),
    row("list_my_return_items", Some(P::OwnApplications), What::Thing),
    row("list_offered_products", None, What::Open),
    row("list_permissions", Some(P::ReadStaff), What::List),
    row("list_policies", Some(P::ManagePolicies), What::List),
    row("list_products", Some(P::ReadProducts), What::List),
    row("list_published_articles", None, What::Open),
    row("list_published_policies", None, What::Open),
    row("list_published_terms", None, What::Open),
    row("list_pulls", Some(P::ReadApplications), What::Thing),
    row("list_purposes", None, What::Open),
    row("list_regions", None, What::Open),
    row("list_roles", Some(P::ReadStaff), What::List),
    row("list_scorecards", Some(P::ManageScorecards), What::List),
    row("list_staff", Some(P::ReadStaff), What::List),
    row("list_tenants", Some(P::ManageTenants), What::Platform),
    row("list_terms", Some(P::ManagePolicies), What::List),
    row("logout", Some(P::KeepSession), What::EndsSession),
    row("look_up_enterprise", Some(P::OwnApplications), What::List),
    row("mark_message_read", Some(P::OwnInbox), What::Thing),
    row("match_policies", None, What::Open),
    row("operator_login", None, What::Open),
    row("publish_article", Some(P::ManagePolicies), What::Thing),
    row("publish_policy", Some(P::ManagePolicies), What::Thing),
    row("read_application", Some(P::ReadApplications), What::Thing),
    row("read_article", Some(P::ManagePolicies), What::Thing),
    row("read_assessment", Some(P::ReadApplications), What::Thing),
    row("read_changes", Some(P::ReadApplications), What::Thing),
    row("read_enterprise", Some(P::ReadEnterprises), What::Thing),
    row("read_my_application", Some(P::OwnApplications), What::Thing),
    row("read_my_progress", Some(P::OwnApplications), What::Thing),
    row("read_my_result", Some(P::OwnApplications), What::Thing),
    row("read_my_timeline", Some(P::OwnApplications), What::Thing),
    row("read_notice", None, What::Open),
    row("read_policy", Some(P::ManagePolicies), What::Thing),
    row("read_product", Some(P::ReadProducts), What::Thing),
    row("read_published_article", None, What::Open),
    row("read_published_policy", None, What::Open),
    row("read_scorecard", Some(P::ManageScorecards), What::Thing),
    row("read_session", Some(P::KeepSession), What::List),
    row("read_settings", Some(P::ReadSettings), What::List),
    row("read_staff", Some(P::ReadStaff), What::Thing),
    row("read_tenant", Some(P::ManageTenants), What::Platform),
    row("read_term", Some(P::ManagePolicies), What::Thing),
    row("read_timeline", Some(P::ReadApplications), What::Thing),
    row("recollect_application", Some(P::ReassessApplications), What::Thing),
    row("recommend_application", Some(P::InvestigateApplications), What::Thing),
    row("refresh_session", None, What::Open),
    row("refuse_application", Some(P::ApproveApplications), What::Thing),
    row("remove_document", Some(P::OwnApplications), What::Thing),
    row("repeat_assessment", Some(P::ReassessApplications), What::Thing),
    row("request_human_review", Some(P::OwnApplications), What::Thing),
    row("request_password_reset", None, What::Open),
    row("request_sms_code", None, What::Open),
    row("restart_document", Some(P::OwnApplications), What::Thing),
    row("resume_tenant", Some(P::ManageTenants), What::Platform),
    row("retry_delivery", Some(P::ManageTemplates), What::Thing),
    row("return_application", Some(P::ReadApplications), What::Thing),
    row("reveal_application", Some(P::RevealPersonalData), What::Thing),
    row("review_application", Some(P::ReviewApplications), What::Thing),
    row("revoke_authorisation", Some(P::OwnApplications), What::Thing),
    row("save_application_form", Some(P::OwnApplications), What::Thing),
    row("send_back_application", Some(P::ReadApplications), What::Thing),
    row("set_password_by_link", None, What::Open),
    row("staff_login", None, What::Open),
    row("start_application", Some(P::OwnApplications), What::Make),
    row("start_document", Some(P::OwnApplications), What::Thing),
    row("submit_application", Some(P::OwnApplications), What::Thing),
    row("suspend_tenant", Some(P::ManageTenants), What::Platform),
    row("tenant_front", None, What::Open),
    row("withdraw_application", Some(P::OwnApplications), What::Thing),
    row("withdraw_article", Some(P::ManagePolicies), What::Thing),
    row("withdraw_policy", Some(P::ManagePolicies), What::Thing),
];
