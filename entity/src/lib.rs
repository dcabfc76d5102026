//! What is stored: one sea-orm entity per table, without behaviour. The migration's SQL says what each column means.

pub mod acceptances;
pub mod alarm_rules;
pub mod alarm_watches;
pub mod alarms;
pub mod applicants;
pub mod application_events;
pub mod application_submissions;
pub mod applications;
pub mod articles;
pub mod assessments;
pub mod audit_entries;
pub mod audit_heads;
pub mod authorisations;
pub mod captcha_proofs;
pub mod channel_members;
pub mod channels;
pub mod counters;
pub mod customer_accesses;
pub mod customer_classes;
pub mod customer_relations;
pub mod customer_shares;
pub mod customers;
pub mod deliveries;
pub mod departments;
pub mod dirty_days;
pub mod documents;
pub mod enterprises;
pub mod equipment;
pub mod equipment_days;
pub mod equipment_documents;
pub mod equipment_events;
pub mod equipment_months;
pub mod equipment_scores;
pub mod equipment_thresholds;
pub mod firm_parameters;
pub mod former_passwords;
pub mod glossary_entries;
pub mod idempotency_keys;
pub mod inbox_messages;
pub mod invoices;
pub mod jobs;
pub mod limit_approvals;
pub mod limit_drawdowns;
pub mod limit_entries;
pub mod limit_exposures;
pub mod limit_reservations;
pub mod limits;
pub mod listing_enquiries;
pub mod listings;
pub mod message_templates;
pub mod notice_texts;
pub mod one_time_links;
pub mod owners_alarms;
pub mod policies;
pub mod products;
pub mod pulls;
pub mod quarantined_readings;
pub mod readings;
pub mod recovery_codes;
pub mod return_items;
pub mod revocations;
pub mod roles;
pub mod scorecards;
pub mod second_factors;
pub mod security_rules;
pub mod sessions;
pub mod sharing_agreements;
pub mod signed_heads;
pub mod sms_codes;
pub mod socket_bindings;
pub mod sockets;
pub mod staff;
pub mod telemetry_sources;
pub mod tenant_settings;
pub mod tenants;
pub mod webhook_deliveries;
pub mod webhook_endpoints;
pub mod webhook_messages;

use sea_orm::EntityTrait;

/// A table whose rows belong to one tenant each. Only such tables can be reached through a tenant's transaction.
pub trait TenantEntity: EntityTrait {
    /// The column that names the tenant.
    fn tenant_column() -> Self::Column;
}
