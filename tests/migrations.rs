//! Whoever runs an earlier version gets to this one: from every version of the schema, an empty database included, the
//! migrations lead to the same schema. And what was released once is not edited any more.

use std::collections::BTreeSet;

use api::platform::db::{Db, DbSettings};
use migration::{Migrator, MigratorTrait};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, Row, SqliteConnection};

use crate::support::{Place, on_postgres};

/// Every column of every table, every index and every constraint, as the database describes them.
async fn db_schema(place: &Place) -> BTreeSet<String> {
    if on_postgres() {
        let sql = "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS line \
                   FROM information_schema.columns WHERE table_schema = 'public' \
                   UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
                   UNION SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
                   UNION SELECT concat_ws(' ', tablename, policyname, qual, with_check) FROM pg_policies";
        let mut db: PgConnection = place.db_owner().await;
        let rows = sqlx::query(sql).fetch_all(&mut db).await.expect("the catalogue");
        return rows.iter().map(|row| row.get("line")).collect();
    }
    let url = place.config().database.url;
    let mut db = SqliteConnection::connect(&url).await.expect("the database opens");
    let sql = "SELECT coalesce(sql, name) AS line FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'";
    sqlx::query(sql).fetch_all(&mut db).await.expect("the schema").iter().map(|row| row.get("line")).collect()
}

#[actix_web::test]
async fn every_earlier_version_leads_to_this_one() {
    let fresh = Place::fresh().await;
    let expected = db_schema(&fresh).await;
    assert!(expected.len() > 50, "{} lines", expected.len());
    fresh.remove().await;
    let versions = u32::try_from(Migrator::migrations().len()).expect("a number");
    for version in 0..=versions {
        let place = Place::empty().await;
        let config = place.config();
        let url = config.owner_url.clone().unwrap_or_else(|| config.database.url.clone());
        let db = Db::connect(&DbSettings { url, max_connections: 1 }).await.expect("the owner connects");
        Migrator::up(db.for_migrations(), Some(version)).await.expect("the earlier version");
        db.close().await;
        api::server::migrate(&config).await.expect("the rest of the way");
        assert_eq!(db_schema(&place).await, expected, "from version {version}");
        place.remove().await;
    }
}

#[actix_web::test]
async fn several_that_are_started_at_once_migrate_once() {
    if !on_postgres() {
        return;
    }
    let place = Place::empty().await;
    let config = place.config();
    let all = (0..4).map(|_| api::server::migrate(&config));
    for done in futures_util::future::join_all(all).await {
        done.expect("each finds it migrated, by itself or by another");
    }
    place.remove().await;
}

/// What each released migration is made of, and what it was when it was released.
const RELEASED: [(&str, &[&str], &str); 10] = [
    (
        "m0001_ground",
        &[
            include_str!("../migration/src/ground/tenants.sql"),
            include_str!("../migration/src/ground/people.sql"),
            include_str!("../migration/src/ground/business.sql"),
            include_str!("../migration/src/ground/data.sql"),
        ],
        "d39b1bc8ddb7753c133a92d838cedbe59ccfa03a2218ebe54bc5ce82b37dc1bb",
    ),
    (
        "m0002_subjects",
        &[include_str!("../migration/src/subjects.rs")],
        "49541c9c1b5979ce8cea35cb5dcc5013bf34326082a8704a07ea3bfb7b737431",
    ),
    (
        "m0003_notices",
        &[include_str!("../migration/src/notices/notice_texts.sql")],
        "d7c27548820572d5c17320c89814acca477edff275f19e895201270aaf9560bd",
    ),
    (
        "m0004_limits",
        &[include_str!("../migration/src/limits/customers.sql"), include_str!("../migration/src/limits/limits.sql")],
        "b5b3d63922a30a1982b85828e15d1df2080c4c602dfcc5a65f3d812ddf50c1cb",
    ),
    (
        "m0005_devices",
        &[
            include_str!("../migration/src/devices/equipment.sql"),
            include_str!("../migration/src/devices/telemetry.sql"),
        ],
        "803475ba1108b66a1dda928974671364d3f44224767559ebacdaef955242d5e8",
    ),
    (
        "m0006_machine_files",
        &[include_str!("../migration/src/machine_files/equipment_documents.sql")],
        "2109ab234209690a47dcf4e5e83644efc90426585ef107618b900ccfbd94bf76",
    ),
    (
        "m0009_machine_sums",
        &[include_str!("../migration/src/machine_sums/sums.sql")],
        "524c507e4a363d4660f72510dfb5035f7c988f4f2ffecc213b9d60093543e1b2",
    ),
    (
        "m0010_owners_alarms",
        &[include_str!("../migration/src/owners_alarms/mod.rs")],
        "fbe796707a2374734c485c16cf1c3baebc16e3a99e7fd51d81163efbf73e6701",
    ),
    (
        "m0011_webhooks",
        &[include_str!("../migration/src/webhooks/webhooks.sql")],
        "f89c76abb7562d73f974a8db1856aa326855bddb8a974b094cde2d5e1592d27c",
    ),
    (
        "m0012_sign_in",
        &[include_str!("../migration/src/sign_in/sign_in.sql")],
        "2b223862fd432803d0e1ce13fb29ef1e5e7242a2cf16fa394b4445eda40c5f62",
    ),
];

#[test]
fn what_was_released_is_not_edited() {
    for (name, parts, released) in RELEASED {
        let now: String = Sha256::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(now, released, "{name} was released as it stood; write a migration that changes what it made");
    }
}
