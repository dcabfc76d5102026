//! Machines and what their sockets say: equipment, readings by month, days of use, quarantine, alarms and listings. On
//! PostgreSQL readings lie in one partition a month, so that old months go at once and new ones stay small.

use chrono::{Datelike, Months, NaiveDate, NaiveTime};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ground::{drop_all, for_database, make, only_added_to};

/// The fifth migration.
pub struct Devices;

impl MigrationName for Devices {
    fn name(&self) -> &str {
        "m0005_devices"
    }
}

const FILES: [&str; 2] = [include_str!("equipment.sql"), include_str!("telemetry.sql")];

/// Tables of this migration that are only added to.
const APPEND_ONLY: [&str; 2] = ["equipment_scores", "equipment_events"];
/// Scorecards judge machines as well. SQLite cannot change a constraint, and the table cannot be made anew since others
/// refer to it; what its documentation gives for such a case is to write the constraint where the schema is kept, which
/// changes nothing that is stored.
const WIDEN_POSTGRES: [&str; 2] = [
    "ALTER TABLE scorecards DROP CONSTRAINT IF EXISTS scorecards_kind_check",
    "ALTER TABLE scorecards ADD CONSTRAINT scorecards_kind_check \
     CHECK (kind IN ('admission', 'personal', 'equipment', 'equipment_market'))",
];
const WIDEN_SQLITE: [&str; 1] = ["PRAGMA writable_schema = ON; \
     UPDATE sqlite_schema SET sql = replace(sql, 'kind IN (''admission'', ''personal'')', \
     'kind IN (''admission'', ''personal'', ''equipment'', ''equipment_market'')') \
     WHERE type = 'table' AND name = 'scorecards'; \
     PRAGMA writable_schema = RESET"];
/// Where readings lie that fit no month.
const REST: &str = "readings_rest";
/// Months that have a partition before they begin: as many as a deployment may go without being migrated.
const MONTHS_AHEAD: u32 = 12;
/// Months back that get one: late readings and imported history.
const MONTHS_BACK: u32 = 12;

/// SQLite keeps the rows in the order of their key, without a second tree.
fn sql(postgres: bool) -> String {
    let layout = if postgres { "PARTITION BY RANGE (at_us)" } else { "WITHOUT ROWID" };
    for_database(&FILES.concat(), postgres).replace("$PARTITIONED", layout)
}

#[async_trait::async_trait]
impl MigrationTrait for Devices {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let connection = manager.get_connection();
        for statement in if postgres { WIDEN_POSTGRES.as_slice() } else { WIDEN_SQLITE.as_slice() } {
            connection.execute_unprepared(statement).await?;
        }
        make(manager, &sql(postgres)).await?;
        if postgres {
            let rest = format!("CREATE TABLE {REST} PARTITION OF readings DEFAULT");
            manager.get_connection().execute_unprepared(&rest).await?;
            crate::tenancy::enforce(manager, &[REST.to_owned()]).await?;
        }
        only_added_to(manager, &APPEND_ONLY).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &FILES.concat()).await
    }
}

/// Makes the partitions of the months around `today` that are not there yet, and says which could not be made: a month for
/// which readings came before it had a partition stays where they lie.
///
/// # Errors
/// If the database cannot be asked.
pub async fn partitions(manager: &SchemaManager<'_>, today: NaiveDate) -> Result<Vec<String>, DbErr> {
    let mut left = vec![];
    let first = today.with_day(1).and_then(|first| first.checked_sub_months(Months::new(MONTHS_BACK)));
    let (DbBackend::Postgres, Some(first)) = (manager.get_database_backend(), first) else { return Ok(left) };
    for number in 0..=MONTHS_BACK + MONTHS_AHEAD {
        let month = |number| first.checked_add_months(Months::new(number));
        let Some((from, to)) = month(number).zip(month(number + 1)) else { continue };
        let name = format!("readings_{}", from.format("%Y_%m"));
        if manager.has_table(&name).await? {
            continue;
        }
        let bounds = format!("FROM ({}) TO ({})", micros(from), micros(to));
        let sql = format!("CREATE TABLE {name} PARTITION OF readings FOR VALUES {bounds}");
        match manager.get_connection().execute_unprepared(&sql).await {
            Ok(_) => crate::tenancy::enforce(manager, &[name]).await?,
            Err(cause) => left.push(format!("{name}: {cause}")),
        }
    }
    Ok(left)
}

fn micros(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp_micros()
}
