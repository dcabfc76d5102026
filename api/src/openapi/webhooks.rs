//! The document's `webhooks`: what third parties are sent, one entry and one schema for each event, made from the domain's table
//! so that no event can be forgotten.

use domain::webhooks::event::EventType;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Components, ContentBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder};

use super::common::string;

/// The operations' tag.
const TAG: &str = "webhooks";

/// The schema of what an event says.
const fn data_of(event: EventType) -> &'static str {
    match event {
        EventType::ApplicationSubmitted
        | EventType::ApplicationReturned
        | EventType::ApplicationResubmitted
        | EventType::ApplicationApproved
        | EventType::ApplicationRejected
        | EventType::ApplicationReopened
        | EventType::ApplicationWithdrawn => "ApplicationEventData",
        EventType::LimitGranted | EventType::LimitDrawn | EventType::LimitRepaid | EventType::LimitCorrected => {
            "LimitEventData"
        }
        EventType::AlarmRaised | EventType::AlarmCleared => "AlarmEventData",
        EventType::EquipmentScored => "EquipmentScoredData",
        EventType::WebhookTest => "WebhookTestData",
    }
}

/// The name of an event's schema: `application.submitted` is `ApplicationSubmittedEvent`.
fn schema_of(event: EventType) -> String {
    let words = event.code().split(['.', '_']).map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    format!("{}Event", words.collect::<String>())
}

/// Writes the entries and their schemas.
pub(super) fn describe(api: &mut OpenApi) {
    let mut paths = PathsBuilder::new();
    let components = api.components.get_or_insert_default();
    for event in EventType::ALL {
        add_schema(components, *event);
        paths = paths.path(event.code(), entry(*event));
    }
    api.webhooks = Some(paths.build());
}

fn add_schema(components: &mut Components, event: EventType) {
    let described = |text: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(text));
    let instant = described("When it happened").format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    let words = event.words();
    let schema = ObjectBuilder::new()
        .description(Some(format!("{} {}", words.zh, words.en)))
        .property("type", described("What happened").enum_values(Some([event.code()])))
        .property("timestamp", instant)
        .property("data", Ref::from_schema_name(data_of(event)))
        .required("type")
        .required("timestamp")
        .required("data");
    components.schemas.insert(schema_of(event), RefOr::T(Schema::Object(schema.build())));
}

fn entry(event: EventType) -> PathItem {
    let words = event.words();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema_of(event)))).build();
    let body = RequestBodyBuilder::new()
        .description(Some("What happened, in the very bytes that are signed"))
        .content("application/json", content)
        .required(Some(Required::True))
        .build();
    let taken = "Taken. Anything else than 2xx within 15 seconds counts as failed and is sent again, at most ten times in three days";
    let gone = "Gone for good: the address is disabled";
    let operation = OperationBuilder::new()
        .operation_id(Some(format!("on_{}", event.code().replace('.', "_"))))
        .tag(TAG)
        .summary(Some(format!("{} {}", words.zh, words.en)))
        .description(Some("A signed call as the Standard Webhooks specification has it; verify the signature before reading the body"))
        .parameter(header("webhook-id", "The message's id, the same whenever it is sent again", "^whm_[0-9a-z]{26}$"))
        .parameter(header("webhook-timestamp", "When it was sent, seconds since 1970", "^[0-9]+$"))
        .parameter(header(
            "webhook-signature",
            "HMAC-SHA256 over id, timestamp and body joined by full stops, in base64; several apart by blanks while two secrets hold",
            "^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$",
        ))
        .request_body(Some(body))
        .response("204", ResponseBuilder::new().description(taken).build())
        .response("410", ResponseBuilder::new().description(gone).build())
        .extensions(Some(ExtensionsBuilder::new().add("x-event", event.code()).build()))
        .build();
    PathItem::new(HttpMethod::Post, operation)
}

fn header(name: &str, description: &str, pattern: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(string(Some(pattern))))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_events_schema_is_called_as_the_event() {
        assert_eq!(schema_of(EventType::ApplicationSubmitted), "ApplicationSubmittedEvent");
        let names: std::collections::BTreeSet<_> = EventType::ALL.iter().map(|event| schema_of(*event)).collect();
        assert_eq!(names.len(), EventType::ALL.len());
    }
}
