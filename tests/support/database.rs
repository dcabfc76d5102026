//! A database per test: a copy of one that was migrated once per run.

use std::path::PathBuf;

use api::config::Config;
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

/// The roles of the suite on PostgreSQL: one that owns, one that serves.
pub const OWNER: &str = "zhidan_test_owner";
pub const SERVER: &str = "zhidan_test_app";
const MASTER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Where one test's data lies.
pub struct Place {
    dir: PathBuf,
    postgres: Option<String>,
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// Whether the suite runs on PostgreSQL.
pub fn on_postgres() -> bool {
    admin_url().is_some()
}

fn admin_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A connection of the role that may create databases and roles.
pub async fn db_admin() -> PgConnection {
    PgConnection::connect(&admin_url().expect("TEST_DATABASE_URL")).await.expect("the administrator connects")
}

/// `url` with another role and database, and what else it asks for.
fn url_for(role: &str, database: &str) -> String {
    let admin = admin_url().expect("TEST_DATABASE_URL");
    let (scheme, rest) = admin.split_once("://").expect("a URL");
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let (host, query) = host.split_once('?').map_or((host, String::new()), |(host, query)| (host, format!("?{query}")));
    let host = host.split('/').next().unwrap_or(host);
    format!("{scheme}://{role}:{role}@{host}/{database}{query}")
}

fn settings(dir: &std::path::Path, postgres: Option<&str>, listen: &str) -> Vec<(String, String)> {
    let mut pairs = vec![
        ("ZHIDAN_DATA_DIR".to_owned(), dir.display().to_string()),
        ("ZHIDAN_HTTP__LISTEN".to_owned(), listen.to_owned()),
        ("ZHIDAN_HTTP__WORKERS".to_owned(), "1".to_owned()),
        ("ZHIDAN_MASTER_KEY".to_owned(), MASTER_KEY.to_owned()),
        ("ZHIDAN_OPERATOR_KEY".to_owned(), "operator-key-of-the-suite-and-nobody".to_owned()),
        ("ZHIDAN_DATABASE__MAX_CONNECTIONS".to_owned(), "6".to_owned()),
    ];
    if let Some(database) = postgres {
        pairs.push(("ZHIDAN_DATABASE__URL".to_owned(), url_for(SERVER, database)));
    }
    pairs
}

/// Makes the migrated template once per run.
async fn template() -> &'static str {
    TEMPLATE
        .get_or_init(|| async {
            let name = format!("zhidan_test_{}", uuid::Uuid::now_v7().simple());
            if on_postgres() {
                let mut admin = db_admin().await;
                for role in [OWNER, SERVER] {
                    let sql = format!(
                        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN \
                         CREATE ROLE {role} LOGIN PASSWORD '{role}' NOSUPERUSER NOBYPASSRLS; END IF; \
                         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; GRANT {role} TO CURRENT_USER"
                    );
                    admin.execute(sqlx::AssertSqlSafe(sql)).await.expect("the roles");
                }
                let sql = format!("CREATE DATABASE {name} OWNER {OWNER}");
                admin.execute(sqlx::AssertSqlSafe(sql)).await.expect("the template");
            }
            let dir = std::env::temp_dir().join(&name);
            let place = Place { dir, postgres: on_postgres().then(|| name.clone()) };
            api::server::migrate(&place.config()).await.expect("the schema");
            name
        })
        .await
}

impl Place {
    /// A copy of the template.
    pub async fn fresh() -> Self {
        let template = template().await;
        let name = format!("zhidan_test_{}", uuid::Uuid::now_v7().simple());
        let dir = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&dir).expect("a folder");
        if !on_postgres() {
            let from = std::env::temp_dir().join(template).join("zhidan.db");
            std::fs::copy(from, dir.join("zhidan.db")).expect("a copy of the template");
            return Self { dir, postgres: None };
        }
        // Two copies at once would each find the template in use.
        static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let _turn = ONE_AT_A_TIME.lock().await;
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}");
        db_admin().await.execute(sqlx::AssertSqlSafe(sql)).await.expect("a copy of the template");
        Self { dir, postgres: Some(name) }
    }

    /// A database without a schema.
    pub async fn empty() -> Self {
        let place = Self::fresh().await;
        if on_postgres() {
            let clear = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
            place.db_owner().await.execute(clear).await.expect("an empty schema");
        } else {
            std::fs::remove_file(place.dir.join("zhidan.db")).expect("the copy is removed");
        }
        place
    }

    /// The settings that migrate it.
    pub fn config(&self) -> Config {
        Config::from_pairs(self.owner_settings("127.0.0.1:1")).expect("settings")
    }

    /// Its folder.
    pub fn dir(&self) -> &std::path::Path {
        &self.dir
    }

    /// The settings of a server on this data.
    pub fn settings(&self, listen: &str) -> Vec<(String, String)> {
        settings(&self.dir, self.postgres.as_deref(), listen)
    }

    /// The same settings with another role serving, on PostgreSQL.
    pub fn settings_as(&self, role: &str, listen: &str) -> Vec<(String, String)> {
        let mut pairs = self.settings(listen);
        let database = self.postgres.as_deref().expect("PostgreSQL");
        pairs.retain(|(name, _)| name != "ZHIDAN_DATABASE__URL");
        pairs.push(("ZHIDAN_DATABASE__URL".to_owned(), url_for(role, database)));
        pairs
    }

    /// The settings of somebody who may change the tables themselves, too.
    pub fn owner_settings(&self, listen: &str) -> Vec<(String, String)> {
        let mut pairs = self.settings(listen);
        if let Some(database) = &self.postgres {
            pairs.push(("ZHIDAN_DATABASE__OWNER_URL".to_owned(), url_for(OWNER, database)));
        }
        pairs
    }

    /// A connection of the role that owns the tables, on PostgreSQL.
    pub async fn db_owner(&self) -> PgConnection {
        let url = url_for(OWNER, self.postgres.as_deref().expect("PostgreSQL"));
        PgConnection::connect(&url).await.expect("the owner connects")
    }

    /// Removes it.
    pub async fn remove(self) {
        let _ = std::fs::remove_dir_all(&self.dir);
        if let Some(name) = &self.postgres {
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            db_admin().await.execute(sqlx::AssertSqlSafe(sql)).await.expect("the copy is dropped");
        }
    }
}
