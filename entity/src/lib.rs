//! What is stored: one sea-orm entity per table, without behaviour. The migration's SQL says what each column means.

pub mod acceptances;
pub mod applicants;
pub mod application_events;
pub mod application_submissions;
pub mod applications;
pub mod articles;
pub mod assessments;
pub mod audit_entries;
pub mod audit_heads;
pub mod authorisations;
pub mod counters;
pub mod deliveries;
pub mod departments;
pub mod documents;
pub mod enterprises;
pub mod glossary_entries;
pub mod idempotency_keys;
pub mod inbox_messages;
pub mod invoices;
pub mod jobs;
pub mod message_templates;
pub mod notice_texts;
pub mod one_time_links;
pub mod policies;
pub mod products;
pub mod pulls;
pub mod return_items;
pub mod revocations;
pub mod roles;
pub mod scorecards;
pub mod sessions;
pub mod sms_codes;
pub mod staff;
pub mod tenant_settings;
pub mod tenants;

use sea_orm::EntityTrait;

/// A table whose rows belong to one tenant each. Only such tables can be reached through a tenant's transaction.
pub trait TenantEntity: EntityTrait {
    /// The column that names the tenant.
    fn tenant_column() -> Self::Column;
}
