//! What every operation has in common, added to the document from what the operation is.

use domain::id::PREFIXES;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, Schema, tag::TagBuilder};

use super::headers;

/// POSTs that take no Idempotency-Key, since repeating them does no harm: each log-in is a log-in of its own, a
/// one-time secret works once, and asking again only reads.
///
/// Asking for a code or a link is held by its own limits. Tenants are the operator's, who has no tenant to keep a key
/// in: a tenant is created once by its slug, and suspending or resuming twice is the same as once. A form is saved under
/// the version that was seen, so a repeat is stale. A message of readings is kept once however often it comes. A secret or
/// recovery codes that were asked for twice are those of the second time, and proving oneself twice is the same as once. A token for a
/// client is one more each time, as OAuth has it. An account is deleted once: nobody is left to repeat it.
pub const NOT_KEYED: &[&str] = &[
    "operator_login",
    "create_tenant",
    "suspend_tenant",
    "resume_tenant",
    "applicant_login",
    "request_sms_code",
    "staff_login",
    "request_password_reset",
    "refresh_session",
    "set_password_by_link",
    "match_policies",
    "what_if",
    "save_application_form",
    "receive_telemetry",
    "begin_second_factor",
    "renew_recovery_codes",
    "prove",
    "issue_token",
    "delete_my_account",
];

/// Operations that want no log-in but a secret of a source of readings, which the message proves to know.
const SIGNED: &[&str] = &["receive_telemetry", "check_telemetry_address"];

/// PUT, PATCH and DELETE without If-Match: there is no version that one could have seen.
pub const NOT_VERSIONED: &[&str] = &[
    "logout",
    "change_own_password",
    "remove_document",
    "remove_my_equipment_document",
    "remove_channel_member",
    "confirm_second_factor",
    "remove_second_factor",
    "reset_second_factor",
    "end_session",
    "end_other_sessions",
    "end_session_of",
    "end_sessions_of",
];

/// POSTs that move what exists to another state, and so want the version that was seen like any other change.
pub const VERSIONED_POSTS: &[&str] = &[
    "save_application_form",
    "submit_application",
    "withdraw_application",
    "request_human_review",
    "assign_application",
    "return_application",
    "recommend_application",
    "review_application",
    "send_back_application",
    "approve_application",
    "refuse_application",
    "recollect_application",
    "confirm_entitlement",
    "publish_policy",
    "withdraw_policy",
    "publish_article",
    "withdraw_article",
    "approve_parameter",
    "reject_parameter",
    "withdraw_parameter",
    "approve_sharing_agreement",
    "reject_sharing_agreement",
    "withdraw_sharing_agreement",
    "end_sharing_agreement",
    "end_relation",
    "revoke_share",
    "resize_limit",
    "split_limit",
    "move_limit",
    "freeze_limit",
    "thaw_limit",
    "close_limit",
    "rotate_telemetry_secret",
    "retire_equipment",
    "remove_equipment_document",
    "start_monitoring",
    "stop_monitoring",
    "encumber_equipment",
    "free_equipment",
    "end_binding",
    "publish_listing",
    "reserve_listing",
    "release_listing",
    "sell_listing",
    "withdraw_listing",
    "redraft_listing",
    "answer_enquiry",
    "close_enquiry",
    "publish_my_listing",
    "reserve_my_listing",
    "release_my_listing",
    "withdraw_my_listing",
    "redraft_my_listing",
    "answer_my_enquiry",
    "close_my_enquiry",
    "confirm_thresholds",
    "reject_thresholds",
    "acknowledge_alarm",
    "mute_alarm",
    "clear_alarm",
    "acknowledge_my_alarm",
    "mute_my_alarm",
    "end_thresholds",
    "pause_webhook_endpoint",
    "resume_webhook_endpoint",
    "rotate_webhook_secret",
    "disable_client",
    "enable_client",
    "rotate_client_secret",
    "add_client_key",
    "carry_out_privacy_request",
    "reject_privacy_request",
];

type Methods<'a> = [(&'static str, &'a mut Option<Operation>); 5];

fn methods(item: &mut PathItem) -> Methods<'_> {
    [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
}

/// Completes every operation, and lists the tags in use.
pub fn complete(api: &mut OpenApi) {
    let mut tags = std::collections::BTreeSet::new();
    for (path, item) in &mut api.paths.paths {
        for (method, slot) in methods(item) {
            if let Some(operation) = slot {
                tags.extend(operation.tags.clone().unwrap_or_default());
                finish(path, method, operation);
            }
        }
    }
    drop_unused(api);
    api.tags = Some(
        tags.into_iter().map(|name| TagBuilder::new().description(Some(describe(&name))).name(name).build()).collect(),
    );
}

/// Leaves out schemas that nothing refers to (what a generic page was made of), until none is left.
fn drop_unused(api: &mut OpenApi) {
    loop {
        let text = api.to_json().unwrap_or_default();
        let Some(components) = api.components.as_mut() else { return };
        let before = components.schemas.len();
        components.schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
        if components.schemas.len() == before {
            return;
        }
    }
}

fn describe(tag: &str) -> String {
    format!("Operations of the area “{tag}”")
}

fn finish(path: &str, method: &str, operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    let keyed = method == "post" && !NOT_KEYED.contains(&id.as_str());
    let versioned = match method {
        "put" | "patch" | "delete" => !NOT_VERSIONED.contains(&id.as_str()),
        "post" => VERSIONED_POSTS.contains(&id.as_str()),
        _ => false,
    };
    name_permission(operation);
    add_parameters(path, operation, keyed, versioned);
    add_problems(path, operation, keyed, versioned);
    headers::describe(operation);
}

/// The permission that an area wrote beside the token becomes `x-permission`, and every operation says it in words.
fn name_permission(operation: &mut Operation) {
    let named = operation.security.as_ref().and_then(|all| {
        let all = serde_json::to_value(all).ok()?;
        all.pointer("/0/token/0")?.as_str().map(str::to_owned)
    });
    let summary = operation.summary.clone().unwrap_or_default();
    let described = operation.description.clone().filter(|text| !text.is_empty()).unwrap_or(summary);
    operation.description = Some(match &named {
        Some(key) => format!("{described} Needs the permission `{key}`."),
        None if SIGNED.contains(&operation.operation_id.as_deref().unwrap_or_default()) => {
            format!("{described} Needs no log-in, but the source's secret.")
        }
        None => format!("{described} Open to everybody."),
    });
    if let Some(key) = named {
        let none: [&str; 0] = [];
        operation.security = Some(vec![SecurityRequirement::new("token", none)]);
        operation.extensions = Some(ExtensionsBuilder::new().add("x-permission", key).build());
    }
}

fn add_parameters(path: &str, operation: &mut Operation, keyed: bool, versioned: bool) {
    let parameters = operation.parameters.get_or_insert_default();
    for name in
        ["id", "tenant", "document", "authorisation", "assessment", "staff", "session", "delivery", "credential"]
    {
        let named = parameters
            .iter()
            .any(|p| matches!(p, RefOr::T(p) if p.name == name && p.parameter_in == ParameterIn::Path));
        if path.contains(&format!("{{{name}}}")) && !named {
            parameters.push(in_path(path, name));
        }
    }
    if keyed {
        parameters.push(header(
            "Idempotency-Key",
            "A fresh key per request, 1 to 255 ASCII characters; a repeat has no second effect",
            "^[ -~]{1,255}$",
            "2f6d2c1e-order-1",
        ));
    }
    if versioned {
        parameters.push(header(
            "If-Match",
            "The ETag that was seen: `\"` + version + `\"`",
            "^\"[0-9]{1,18}\"$",
            "\"1\"",
        ));
    }
}

fn add_problems(path: &str, operation: &mut Operation, keyed: bool, versioned: bool) {
    let secured = operation.security.as_ref().is_some_and(|all| !all.is_empty());
    let mut statuses = vec![
        (400, "The request cannot be read"),
        (429, "Too many requests"),
        (500, "Our fault; quote the request id"),
        (503, "Stopping, or the database is away"),
    ];
    if secured {
        statuses.extend([(401, "Not logged in, or no longer"), (403, "Not allowed")]);
    }
    if path.contains('{') {
        statuses.push((404, "No such thing, or not yours"));
    }
    if operation.request_body.is_some() {
        statuses.extend([
            (408, "The body came too slowly"),
            (413, "The body is too large"),
            (415, "Not JSON"),
            (422, "Some fields need mending"),
        ]);
    }
    if keyed {
        statuses
            .extend([(409, "Not in this state"), (422, "The key was used with another body, or something is missing")]);
    }
    if versioned {
        statuses.extend([
            (409, "It changed since it was read"),
            (422, "Some fields need mending"),
            (428, "If-Match is missing"),
        ]);
    }
    for (status, description) in statuses {
        operation.responses.responses.entry(status.to_string()).or_insert_with(|| RefOr::T(problem(description)));
    }
}

pub(super) fn string(pattern: Option<&str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(pattern).build().into()
}

fn in_path(path: &str, name: &str) -> RefOr<Parameter> {
    let (description, kind) = match name {
        "id" => ("The thing's id", kind_at(path)),
        "document" => ("The document's id", "Document"),
        "authorisation" => ("The authorisation's id", "Authorisation"),
        "assessment" => ("The evaluation's id", "Assessment"),
        "staff" => ("The member of staff's id", "Staff"),
        "session" => ("The log-in's id", "Session"),
        "delivery" => ("The delivery's id", "WebhookDelivery"),
        "credential" => ("The secret's or key's id", "ClientCredential"),
        _ => ("The firm's name in addresses", ""),
    };
    let prefix = PREFIXES.iter().find(|(_, known)| *known == kind).map(|(prefix, _)| prefix);
    let (pattern, example) = match prefix {
        Some(prefix) => (format!("^{prefix}_[0-9a-z]{{26}}$"), format!("{prefix}_01jd8m1f5ne6xa9q2t4k7v3b8c")),
        None => ("^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$".to_owned(), "demo".to_owned()),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(string(Some(&pattern))))
        .example(Some(example.into()))
        .build()
        .into()
}

/// What `{id}` is in a path: the collection before it says so. The access test holds it against real ids.
fn kind_at(path: &str) -> &'static str {
    let before = path.split("/{id}").next().unwrap_or_default();
    match before.rsplit('/').next().unwrap_or_default() {
        "alarm-rules" => "AlarmRule",
        "alarms" => "Alarm",
        "applications" => "Application",
        "articles" => "Article",
        "bindings" => "Binding",
        "channels" => "Channel",
        "clients" => "ApiClient",
        "customer-shares" => "Share",
        "customers" => "Customer",
        "data-exports" => "DataExport",
        "deliveries" => "Delivery",
        "departments" => "Department",
        "drawdowns" => "Drawdown",
        "enquiries" => "Enquiry",
        "enterprises" => "Enterprise",
        "equipment" => "Equipment",
        "equipment-scores" => "EquipmentScore",
        "glossary" => "Term",
        "inbox" => "Message",
        "limit-approvals" => "LimitApproval",
        "limit-operations" => "LimitOperation",
        "limits" => "Limit",
        "listings" | "offers" => "Listing",
        "message-templates" => "Template",
        "policies" => "Policy",
        "privacy-requests" => "PrivacyRequest",
        "products" => "Product",
        "quarantined-readings" => "Quarantined",
        "relations" => "Relation",
        "reservations" => "Reservation",
        "roles" => "Role",
        "scorecards" => "Scorecard",
        "sessions" => "Session",
        "sockets" => "Socket",
        "staff" => "Staff",
        "telemetry" | "telemetry-sources" => "Source",
        "tenants" => "Tenant",
        "thresholds" => "Thresholds",
        "webhook-endpoints" => "WebhookEndpoint",
        _ => "",
    }
}

fn header(name: &str, description: &str, pattern: &str, example: &str) -> RefOr<Parameter> {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(string(Some(pattern))))
        .example(Some(example.into()))
        .build()
        .into()
}

fn problem(description: &str) -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}
