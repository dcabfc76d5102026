//! Sums of machines by month, which days were counted before they were over, and how old readings go: on PostgreSQL by
//! whole months, since taking away a table costs nothing and taking away its rows costs as much as writing them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{for_database, tables};

/// The migration.
pub struct MachineSums;

impl MigrationName for MachineSums {
    fn name(&self) -> &str {
        "m0009_machine_sums"
    }
}

const SQL: &str = include_str!("sums.sql");
/// Functions that the serving role may call although it owns no table.
pub const FUNCTIONS: [&str; 1] = ["drop_readings_before(BIGINT)"];

/// Takes away the months of readings that end before an instant (microseconds since 1970) and says how many. The caller may
/// not own tables, so it is done with the owner's right, and so that nobody can do harm with it: nothing that is younger
/// than 400 days, which is how late a reading may come, ever goes. Everybody else waits behind it for as long as it waits for
/// the table, so it waits a moment only, and what is in use tonight goes another night.
const DROP: &str = "CREATE FUNCTION drop_readings_before(before_us BIGINT) RETURNS INTEGER LANGUAGE plpgsql SECURITY DEFINER \
    SET search_path = pg_catalog, public SET lock_timeout = '300ms' AS $$ \
    DECLARE part RECORD; gone INTEGER := 0; young BIGINT := (extract(epoch FROM now()) - 400 * 86400)::bigint * 1000000; \
    BEGIN \
      FOR part IN SELECT c.relname AS name, \
          (extract(epoch FROM (to_date(substr(c.relname, 10), 'YYYY_MM') + INTERVAL '1 month')))::bigint * 1000000 AS ends_us \
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
        WHERE i.inhparent = 'public.readings'::regclass AND c.relname ~ '^readings_[0-9]{4}_[0-9]{2}$' LOOP \
        IF part.ends_us <= before_us AND part.ends_us <= young THEN \
          EXECUTE format('DROP TABLE public.%I', part.name); \
          gone := gone + 1; \
        END IF; \
      END LOOP; \
      RETURN gone; \
    EXCEPTION WHEN lock_not_available THEN RETURN 0; \
    END $$";

/// What the days that were counted before come to.
fn months(postgres: bool) -> String {
    let month = if postgres { "date_trunc('month', day)::date" } else { "date(day, 'start of month')" };
    let known = "(seconds_offline + seconds_off + seconds_standby + seconds_working + seconds_overload)";
    format!(
        "INSERT INTO equipment_months SELECT tenant_id, {month}, equipment_id, thresholds_id, COUNT(*), SUM(seconds_offline), \
         SUM(seconds_off), SUM(seconds_standby), SUM(seconds_working), SUM(seconds_overload), SUM(seconds_unknown), \
         SUM(seconds_ahead), SUM(CAST(error_ppm AS BIGINT) * {known}), SUM(energy_mwh) FROM equipment_days \
         GROUP BY tenant_id, equipment_id, {month}, thresholds_id"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for MachineSums {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let connection = manager.get_connection();
        let sql = for_database(SQL, postgres);
        if !postgres {
            connection.execute_unprepared(&sql).await?;
            connection.execute_unprepared(&months(false)).await?;
            return Ok(());
        }
        // the owner too sees rows of one tenant only; for this one statement, of all. First of all, since it asks for the most.
        connection.execute_unprepared("ALTER TABLE equipment_days NO FORCE ROW LEVEL SECURITY").await?;
        connection.execute_unprepared(&sql).await?;
        connection.execute_unprepared(&months(true)).await?;
        connection.execute_unprepared("ALTER TABLE equipment_days FORCE ROW LEVEL SECURITY").await?;
        crate::tenancy::enforce(manager, &tables(&sql)).await?;
        connection.execute_unprepared(DROP).await?;
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
        }
        connection.execute_unprepared("ALTER TABLE sockets DROP COLUMN thinned_to").await?;
        connection.execute_unprepared("DROP INDEX IF EXISTS equipment_days_ahead").await?;
        connection.execute_unprepared("DROP TABLE IF EXISTS equipment_months").await?;
        Ok(())
    }
}
