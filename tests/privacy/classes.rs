//! Every column that is sealed belongs to a kind of data, so that a copy, an erasure and a period exist for it.

use domain::privacy::{COLUMNS, class_of};
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};

use crate::support::{Server, on_postgres};

/// All columns: table and name.
async fn db_columns(server: &Server) -> Vec<(String, String)> {
    let read = |rows: Vec<(String, String)>| rows;
    if on_postgres() {
        let mut db = PgConnection::connect(&server.db_url()).await.expect("the serving role connects");
        let sql = "SELECT c.relname::text AS t, a.attname::text AS c FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                   JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') \
                   AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped";
        let rows = db.fetch_all(sql).await.expect("the catalogue");
        return read(rows.iter().map(|row| (row.get("t"), row.get("c"))).collect());
    }
    let mut db = SqliteConnection::connect(&server.db_url()).await.expect("the file");
    let sql =
        "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'";
    let rows = db.fetch_all(sql).await.expect("the catalogue");
    read(rows.iter().map(|row| (row.get("t"), row.get("c"))).collect())
}

#[actix_web::test]
async fn every_sealed_column_is_of_a_kind_and_every_named_column_is_there() {
    let server = Server::start().await;
    let columns = db_columns(&server).await;
    let sealed: Vec<_> = columns.iter().filter(|(_, name)| name.ends_with("_sealed")).collect();
    assert!(sealed.len() > 40, "{}", sealed.len());
    let nameless: Vec<_> = sealed.iter().filter(|(table, name)| class_of(table, name).is_none()).collect();
    assert!(nameless.is_empty(), "name the kind of data in domain::privacy::COLUMNS: {nameless:?}");
    for (_, table, names) in COLUMNS {
        for name in *names {
            assert!(columns.iter().any(|(t, c)| t == table && c == name), "{table}.{name} is not there");
        }
    }
    server.stop().await;
}
