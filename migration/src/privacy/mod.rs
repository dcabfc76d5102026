//! The life of personal data: requests, copies, what was erased, how long each kind is kept. Some tables are only added to; what the
//! law wants erased goes from them all the same, through doors that open only for what `erasures` names.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{drop_all, make, only_added_to};

/// The migration.
pub struct Privacy;

impl MigrationName for Privacy {
    fn name(&self) -> &str {
        "m0014_privacy"
    }
}

const SQL: &str = include_str!("privacy.sql");

/// Functions that the serving role may call although it may change none of the tables that they change.
pub const FUNCTIONS: [&str; 3] =
    ["erase_application_content(uuid)", "erase_equipment_notes(uuid)", "erase_audit_detail(bigint)"];

/// Of an application or a customer: nothing, or `blocked` (kept, and shown to nobody) or `erased` (an empty frame).
const RESTRICTED: [&str; 2] = ["applications", "customers"];

const TENANT: &str = "nullif(current_setting('app.tenant_id', true), '')::uuid";

/// How each function begins and ends. The row of `erasures` is written by the same transaction, and never by anything else.
fn function(head: &str, guard: &str, body: &str) -> String {
    format!(
        "CREATE FUNCTION {head} RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$ \
         DECLARE firm UUID := {TENANT}; \
         BEGIN \
           IF NOT EXISTS ({guard}) THEN RAISE EXCEPTION 'this was not erased'; END IF; \
           {body} \
         END $$"
    )
}

fn functions() -> [String; 3] {
    let erased = |kind: &str| {
        format!("SELECT 1 FROM public.erasures e WHERE e.tenant_id = firm AND e.kind = '{kind}' AND e.subject = what")
    };
    [
        function(
            "erase_application_content(what UUID)",
            &erased("application"),
            "UPDATE public.pulls SET content_sealed = NULL, problem = NULL WHERE tenant_id = firm AND application_id = what; \
             UPDATE public.assessments SET inputs = '{\"erased\": true}'::jsonb, result = '{\"erased\": true}'::jsonb \
               WHERE tenant_id = firm AND application_id = what;",
        ),
        function(
            "erase_equipment_notes(what UUID)",
            &erased("equipment"),
            "UPDATE public.equipment_events SET note_sealed = NULL WHERE tenant_id = firm AND equipment_id = what;",
        ),
        function(
            "erase_audit_detail(what BIGINT)",
            "SELECT 1 FROM public.audit_erasures e WHERE e.tenant_id = firm AND e.seq = what",
            "UPDATE public.audit_entries SET detail = ''::bytea WHERE tenant_id = firm AND seq = what;",
        ),
    ]
}

/// On SQLite a trigger keeps the life of machines as it was written; what was erased loses its notes, and nothing else.
fn trigger(guard: &str) -> String {
    format!(
        "CREATE TRIGGER equipment_events_no_update BEFORE UPDATE ON equipment_events{guard} \
         BEGIN SELECT RAISE(ABORT, 'equipment_events is only added to'); END"
    )
}

const GUARD: &str = " WHEN NEW.note_sealed IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.at <> OLD.at OR NEW.id <> OLD.id \
     OR NEW.equipment_id <> OLD.equipment_id OR NEW.tenant_id <> OLD.tenant_id OR NEW.actor_id <> OLD.actor_id \
     OR NOT EXISTS (SELECT 1 FROM erasures e WHERE e.tenant_id = OLD.tenant_id AND e.kind = 'equipment' \
     AND e.subject = OLD.equipment_id)";

async fn up_sqlite(connection: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    connection.execute_unprepared("DROP TRIGGER equipment_events_no_update").await?;
    connection.execute_unprepared(&trigger(GUARD)).await?;
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Privacy {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let connection = manager.get_connection();
        make(manager, SQL).await?;
        for table in RESTRICTED {
            connection.execute_unprepared(&format!("ALTER TABLE {table} ADD COLUMN restricted TEXT")).await?;
        }
        only_added_to(manager, &["erasures", "audit_erasures"]).await?;
        if !postgres {
            return up_sqlite(connection).await;
        }
        for function in functions() {
            connection.execute_unprepared(&function).await?;
        }
        for function in FUNCTIONS {
            connection.execute_unprepared(&format!("REVOKE ALL ON FUNCTION {function} FROM PUBLIC")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            for function in FUNCTIONS {
                connection.execute_unprepared(&format!("DROP FUNCTION IF EXISTS {function}")).await?;
            }
        } else {
            connection.execute_unprepared("DROP TRIGGER equipment_events_no_update").await?;
            connection.execute_unprepared(&trigger("")).await?;
        }
        for table in RESTRICTED {
            connection.execute_unprepared(&format!("ALTER TABLE {table} DROP COLUMN restricted")).await?;
        }
        drop_all(manager, SQL).await
    }
}
