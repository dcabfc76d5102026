//! Everything that the product keeps or writes, as named heaps to be searched: each column of each table, each file of the
//! data folder, the log.

use std::path::Path;
use std::sync::{Arc, Mutex};

use sqlx::{Connection, Executor, Row, SqliteConnection};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{Server, on_postgres};

/// A heap: where it is from, and its bytes as text.
pub type Heap = (String, String);

/// All columns of all tables, whole and past row-level security. Bytes stand in hexadecimal digits.
pub async fn db_columns(server: &Server) -> Vec<Heap> {
    if !on_postgres() {
        return db_sqlite(&server.db_url()).await;
    }
    let mut db = server.db_owner().await;
    let rows = db
        .fetch_all(
            "SELECT c.relname::text AS t, a.attname::text AS c FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 \
             AND NOT a.attisdropped",
        )
        .await
        .expect("the catalogue");
    let mut heaps = vec![];
    for row in rows {
        let (table, column): (String, String) = (row.get("t"), row.get("c"));
        // The copy of the template is this test's alone; its owner reads past the policies from here on.
        let open = format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY");
        db.execute(sqlx::AssertSqlSafe(open)).await.expect("the owner may");
        let sql = format!("SELECT coalesce(string_agg(\"{column}\"::text, E'\\n'), '') AS all FROM {table}");
        let all = db.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("a column").get("all");
        heaps.push((format!("{table}.{column}"), all));
    }
    heaps
}

async fn db_sqlite(url: &str) -> Vec<Heap> {
    let mut db = SqliteConnection::connect(url).await.expect("the file");
    let columns =
        "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'";
    let mut heaps = vec![];
    for row in db.fetch_all(columns).await.expect("the catalogue") {
        let (table, column): (String, String) = (row.get("t"), row.get("c"));
        let text =
            format!("CASE typeof({column}) WHEN 'blob' THEN lower(hex({column})) ELSE CAST({column} AS TEXT) END");
        let sql = format!("SELECT coalesce(group_concat({text}, char(10)), '') AS a FROM {table}");
        let all = db.fetch_one(sqlx::AssertSqlSafe(sql)).await.expect("a column").get("a");
        heaps.push((format!("{table}.{column}"), all));
    }
    heaps
}

/// All files below a folder but those of one folder in it, each also by its name.
pub fn files(folder: &Path, but: &Path) -> Vec<Heap> {
    let mut heaps = vec![];
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry == but {
            continue;
        }
        if entry.is_dir() {
            heaps.extend(files(&entry, but));
        } else {
            let bytes = std::fs::read(&entry).expect("a file");
            heaps.push((
                entry.display().to_string(),
                format!("{}\n{}", entry.display(), String::from_utf8_lossy(&bytes)),
            ));
        }
    }
    heaps
}

/// The ways in which a text could stand in a heap without being hidden.
fn in_clear(text: &str) -> [String; 3] {
    let escaped = text.encode_utf16().map(|unit| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    });
    [text.to_owned(), hex::encode(text), escaped.collect()]
}

/// In which heaps a text stands in clear.
pub fn found<'a>(heaps: &'a [Heap], text: &str) -> Vec<&'a str> {
    let forms = in_clear(text);
    let holds = |heap: &&Heap| forms.iter().any(|form| heap.1.contains(form.as_str()));
    heaps.iter().filter(holds).map(|(place, _)| place.as_str()).collect()
}

/// What the product logged since [`log_to_memory`], at a level lower than operators use.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// As a heap.
    pub fn heap(&self) -> Heap {
        ("the log".to_owned(), String::from_utf8_lossy(&self.0.lock().expect("the log")).into_owned())
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Takes the log of this process, that is of every server in it.
pub fn log_to_memory() -> Log {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_env_filter(EnvFilter::new("debug")).with_ansi(false);
    tracing::subscriber::set_global_default(subscriber.with_writer(log.clone()).finish()).expect("one log alone");
    log
}
