//! Headers that answers carry and requests may: a client that is made from the document must find in it the version it
//! has to send back, the address of what it made, and when to come again. The suite's callers hold every answer they get
//! against this.

use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{HeaderBuilder, RefOr, Required, Response};

use super::common::string;

/// Bodies that are shown with their version, wherever they are the whole answer.
const VERSIONED_BODIES: &[&str] = &[
    "AfterAction",
    "AgreementView",
    "AlarmRuleView",
    "AlarmView",
    "ApiClientSecret",
    "ApiClientView",
    "ArticleView",
    "AuthorisationView",
    "BindingView",
    "ChannelView",
    "CustomerView",
    "DepartmentView",
    "EnquiryView",
    "EnterpriseView",
    "EquipmentDocumentView",
    "EquipmentView",
    "LimitDetail",
    "ListingView",
    "MyAlarmView",
    "MyApplication",
    "MyLimitDetail",
    "OperationView",
    "ParameterView",
    "PolicyView",
    "PrivacyRequestView",
    "ProductView",
    "RelationView",
    "RoleView",
    "ScorecardView",
    "SecurityRulesView",
    "SettingsView",
    "ShareView",
    "ShiftsBody",
    "SocketView",
    "SourceSecret",
    "TelemetrySourceView",
    "StaffApplication",
    "StaffView",
    "TemplateView",
    "TermView",
    "ThresholdsView",
    "WebhookEndpointSecret",
    "WebhookEndpointView",
];

/// Operations with a versioned answer whose body is shown elsewhere without a version.
const ALSO_VERSIONED: [&str; 3] = ["read_tenant", "finish_document", "change_retention_rule"];

/// Says which headers the operation's answers carry.
pub(super) fn describe(operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        carry(response, "X-Request-Id", "Quote this when asking for help", None);
        if status.starts_with('2') && (body_is_versioned(response) || ALSO_VERSIONED.contains(&id.as_str())) {
            carry(
                response,
                "ETag",
                "The version shown, in quotation marks: what If-Match wants",
                Some("^\"[0-9]{1,18}\"$"),
            );
        }
        if status == "201" {
            carry(response, "Location", "The address of what was made", None);
        }
        if status == "429" || (status == "503" && id == "receive_telemetry") {
            carry(response, "Retry-After", "Seconds to wait before asking again", Some("^[0-9]+$"));
        }
        if !status.starts_with('2') {
            carry(response, "Content-Language", "Language of the sentences: zh-CN or en", Some("^(zh-CN|en)$"));
        }
    }
    operation.parameters.get_or_insert_default().push(language());
}

fn body_is_versioned(response: &Response) -> bool {
    let Some(RefOr::T(content)) = response.content.get("application/json") else { return false };
    let Some(RefOr::Ref(found)) = &content.schema else { return false };
    VERSIONED_BODIES.iter().any(|name| found.ref_location == format!("#/components/schemas/{name}"))
}

fn carry(response: &mut Response, name: &str, description: &str, pattern: Option<&str>) {
    let header: Header = HeaderBuilder::new().schema(Some(string(pattern))).description(Some(description)).build();
    response.headers.entry(name.to_owned()).or_insert(header.into());
}

fn language() -> RefOr<Parameter> {
    ParameterBuilder::new()
        .name("Accept-Language")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Language of sentences and labels: Chinese unless English is preferred"))
        .schema(Some(string(None)))
        .example(Some("zh-CN".into()))
        .build()
        .into()
}
