//! How the schema came to be. Each migration runs against the code of the release before it (expand, then contract).

pub mod audit_heads;
pub mod captcha;
pub mod clients;
pub mod devices;
pub mod ground;
pub mod keys;
pub mod limits;
pub mod machine_files;
pub mod machine_sums;
pub mod notices;
pub mod owners_alarms;
pub mod privacy;
pub mod rate_counts;
pub mod sign_in;
pub mod subjects;
pub mod tenancy;
pub mod webhooks;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// Every migration, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(ground::Ground),
            Box::new(subjects::Subjects),
            Box::new(notices::Notices),
            Box::new(limits::Limits),
            Box::new(devices::Devices),
            Box::new(machine_files::MachineFiles),
            Box::new(machine_sums::MachineSums),
            Box::new(owners_alarms::OwnersAlarms),
            Box::new(webhooks::Webhooks),
            Box::new(sign_in::SignIn),
            Box::new(clients::Clients),
            Box::new(privacy::Privacy),
            Box::new(keys::Keys),
            Box::new(audit_heads::AuditHeads),
            Box::new(rate_counts::RateCounts),
            Box::new(captcha::Captcha),
        ]
    }
}
