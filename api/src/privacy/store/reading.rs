//! Rows as they are, of any table, with what is sealed opened: for copies of a person's data and of a tenant's. Tables and columns
//! come from the catalogue, so that a table of a later migration is in a copy without anybody thinking of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// A row in clear.
pub(in crate::privacy) type Row = Map<String, Value>;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::privacy) enum Holds {
    Id,
    Bytes,
    Json,
    Whole,
    Flag,
    Text,
}

/// A column.
#[derive(Clone, Debug)]
pub(in crate::privacy) struct Column {
    pub name: String,
    pub holds: Holds,
    /// Its place in the primary key, from 1; 0 where it is not in it.
    pub key: i64,
}

/// Bytes that SQLite, which has one type for both, cannot tell from ids.
const BYTES: [&str; 10] =
    ["payload", "reply", "detail", "fingerprint", "sha256", "hash", "proof", "wrapped_key", "wrapped", "mark"];
/// Sealed columns that are not called so.
const ALSO_SEALED: [(&str, &str); 3] =
    [("jobs", "payload"), ("idempotency_keys", "reply"), ("audit_entries", "detail")];

/// A UUID as the database in use writes it; it cannot be anything but digits.
pub(in crate::privacy) fn literal(tx: &TenantTx, id: Option<Uuid>) -> String {
    match (id, tx.is_postgres()) {
        (None, true) => "NULL::uuid".to_owned(),
        (None, false) => "NULL".to_owned(),
        (Some(id), true) => format!("'{id}'::uuid"),
        (Some(id), false) => format!("x'{}'", id.simple()),
    }
}

pub(super) async fn query(tx: &TenantTx, sql: String) -> Result<Vec<QueryResult>> {
    Ok(tx.raw().query_all_raw(Statement::from_string(tx.raw().get_database_backend(), sql)).await?)
}

/// Every table with rows of tenants, by name.
pub(in crate::privacy) async fn tables(tx: &TenantTx) -> Result<Vec<String>> {
    let sql = if tx.is_postgres() {
        "SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped \
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
    } else {
        "SELECT m.name AS name FROM sqlite_master m, pragma_table_info(m.name) p \
         WHERE m.type = 'table' AND p.name = 'tenant_id' ORDER BY 1"
    };
    let rows = query(tx, sql.to_owned()).await?;
    rows.iter().map(|row| Ok(row.try_get("", "name")?)).collect()
}

/// The columns of a table, in their order.
pub(in crate::privacy) async fn columns(tx: &TenantTx, table: &str) -> Result<Vec<Column>> {
    let sql = if tx.is_postgres() {
        format!(
            "SELECT a.attname::text AS name, format_type(a.atttypid, NULL) AS type, \
             coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint AS key FROM pg_attribute a \
             LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
             WHERE a.attrelid = 'public.{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        )
    } else {
        format!("SELECT name, type, CAST(pk AS BIGINT) AS key FROM pragma_table_info('{table}') ORDER BY cid")
    };
    let read = |row: &QueryResult| -> Result<Column> {
        let (name, of): (String, String) = (row.try_get("", "name")?, row.try_get("", "type")?);
        let holds = match of.to_ascii_lowercase().as_str() {
            "uuid" => Holds::Id,
            "bytea" => Holds::Bytes,
            "blob" if is_bytes(&name) => Holds::Bytes,
            "blob" => Holds::Id,
            "jsonb" => Holds::Json,
            "bigint" | "integer" => Holds::Whole,
            "boolean" => Holds::Flag,
            _ => Holds::Text,
        };
        Ok(Column { name, holds, key: row.try_get("", "key")? })
    };
    query(tx, sql).await?.iter().map(read).collect()
}

fn is_bytes(name: &str) -> bool {
    name.ends_with("_sealed") || name.ends_with("_hash") || BYTES.contains(&name)
}

fn shown(tx: &TenantTx, column: &Column) -> String {
    let name = &column.name;
    match (column.holds, tx.is_postgres()) {
        (Holds::Bytes, true) => format!("encode(\"{name}\", 'hex') AS \"{name}\""),
        (_, true) => format!("\"{name}\"::text AS \"{name}\""),
        (Holds::Bytes | Holds::Id, false) => {
            format!("CASE WHEN \"{name}\" IS NULL THEN NULL ELSE lower(hex(\"{name}\")) END AS \"{name}\"")
        }
        (_, false) => format!("CAST(\"{name}\" AS TEXT) AS \"{name}\""),
    }
}

/// What is read of a table.
pub(in crate::privacy) struct Ask<'a> {
    pub table: &'a str,
    pub columns: &'a [Column],
    /// A condition beside the tenant's own.
    pub condition: &'a str,
    /// Rows to read and to pass over before.
    pub page: Option<(u64, u64)>,
}

/// Rows in the order of their key, opened; and how many sealed values did not open.
pub(in crate::privacy) async fn rows(tx: &TenantTx, ask: &Ask<'_>) -> Result<(Vec<Row>, u64)> {
    let list: Vec<String> = ask.columns.iter().map(|column| shown(tx, column)).collect();
    let mut keys: Vec<&Column> = ask.columns.iter().filter(|column| column.key > 0).collect();
    keys.sort_by_key(|column| column.key);
    let order: Vec<String> = keys.iter().map(|column| format!("t.\"{}\"", column.name)).collect();
    let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    let page = ask.page.map_or_else(String::new, |(limit, over)| format!(" LIMIT {limit} OFFSET {over}"));
    let tenant = literal(tx, Some(tx.tenant()));
    let sql = format!(
        "SELECT {} FROM {} t WHERE t.tenant_id = {tenant} AND ({}){order}{page}",
        list.join(", "),
        ask.table,
        ask.condition
    );
    let mut closed = 0;
    let found = query(tx, sql).await?;
    let rows = found.iter().map(|row| read(tx, ask, row, &mut closed)).collect::<Result<_>>()?;
    Ok((rows, closed))
}

fn read(tx: &TenantTx, ask: &Ask<'_>, row: &QueryResult, closed: &mut u64) -> Result<Row> {
    let mut texts: Vec<(&Column, Option<String>)> = Vec::with_capacity(ask.columns.len());
    for column in ask.columns {
        texts.push((column, row.try_get("", &column.name)?));
    }
    let of = |name: &str| {
        let text = texts.iter().find(|(column, _)| column.name == name).and_then(|(_, text)| text.as_deref());
        text.and_then(|text| Uuid::try_parse(text).ok())
    };
    let id = of("id").or_else(|| of("principal")).or_else(|| of("staff_id")).unwrap_or_default();
    let seq = texts.iter().find(|(column, _)| column.name == "seq").and_then(|(_, text)| text.clone());
    let mut whole = Row::new();
    for (column, text) in &texts {
        let value = match text {
            None => Value::Null,
            Some(text) => value(tx, (ask.table, column), text, (id, seq.as_deref()), closed)?,
        };
        whole.insert(column.name.clone(), value);
    }
    Ok(whole)
}

fn value(
    tx: &TenantTx,
    (table, column): (&str, &Column),
    text: &str,
    (id, seq): (Uuid, Option<&str>),
    closed: &mut u64,
) -> Result<Value> {
    let name = column.name.as_str();
    Ok(match column.holds {
        Holds::Id => json!(Uuid::try_parse(text).map_err(Error::internal)?),
        Holds::Whole => json!(text.parse::<i64>().map_err(Error::internal)?),
        Holds::Flag => json!(matches!(text, "1" | "true" | "t")),
        Holds::Bytes if text.is_empty() => Value::Null,
        Holds::Bytes if name.ends_with("_sealed") || ALSO_SEALED.contains(&(table, name)) => {
            let sealed = hex::decode(text).map_err(Error::internal)?;
            open(tx, &places(table, name, seq), id, &sealed).unwrap_or_else(|| {
                *closed += 1;
                json!({ "unopened": text })
            })
        }
        Holds::Bytes => json!(text),
        // conditions of an approval are sealed as hexadecimal digits
        Holds::Text if (table, name) == ("applications", "approved_conditions") => {
            let sealed = hex::decode(text).unwrap_or_default();
            open(tx, &["applications.approved_conditions".to_owned()], id, &sealed).unwrap_or_else(|| json!(text))
        }
        Holds::Json | Holds::Text => {
            let is_json = column.holds == Holds::Json || text.starts_with('{') || text.starts_with('[');
            match serde_json::from_str::<Value>(text).ok().filter(|_| is_json) {
                Some(value) => opened_within(tx, table, id, value),
                None => json!(text),
            }
        }
    })
}

/// Where a column's values may have been sealed.
fn places(table: &str, name: &str, seq: Option<&str>) -> Vec<String> {
    let bare = name.trim_end_matches("_sealed");
    let seq = seq.unwrap_or_default();
    let bare = if bare == "previous" { "secret" } else { bare };
    vec![format!("{table}.{name}"), format!("{table}.{bare}"), format!("{table}.{name}/{seq}")]
}

fn open(tx: &TenantTx, places: &[String], id: Uuid, sealed: &[u8]) -> Option<Value> {
    let rows = [id, tx.tenant()];
    let text = places
        .iter()
        .flat_map(|place| rows.map(|row| (place, row)))
        .find_map(|(place, row)| tx.open(place, row, sealed).ok())?;
    let is_json = text.starts_with(['{', '[', '"']) || text == "null";
    let parsed = if is_json { serde_json::from_str(&text).ok() } else { None };
    Some(parsed.unwrap_or(Value::String(text)))
}

/// Scores of persons keep sealed parts inside JSON.
fn opened_within(tx: &TenantTx, table: &str, id: Uuid, value: Value) -> Value {
    let Value::Object(mut members) = value else { return value };
    if let (1, Some(Value::String(text))) = (members.len(), members.get("sealed")) {
        let sealed = STANDARD.decode(text).unwrap_or_default();
        let places = ["inputs", "result"].map(|part| format!("{table}.{part}"));
        return open(tx, &places, id, &sealed).unwrap_or(Value::Object(members));
    }
    for (_, member) in &mut members {
        *member = opened_within(tx, table, id, member.take());
    }
    Value::Object(members)
}
