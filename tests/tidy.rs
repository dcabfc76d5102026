//! What reviews would otherwise have to look for: sizes, openings, and who may name what.

use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
/// A table of cases is read from top to bottom and may be longer.
const TABLE_LINES_MAX: usize = 100;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            found.push(entry);
        }
    }
}

fn all(crates: &[&str]) -> Vec<(String, String)> {
    let mut found = vec![];
    for name in crates {
        sources(&root().join(name), &mut found);
    }
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a source");
            (path.strip_prefix(root()).expect("inside").display().to_string(), text)
        })
        .collect()
}

#[test]
fn files_open_with_their_reason_and_stay_readable() {
    let files = all(&["domain", "entity", "migration", "api", "tests"]);
    assert!(files.len() > 100);
    let mut wrong = vec![];
    for (path, text) in &files {
        if !text.starts_with("//!") {
            wrong.push(format!("{path} does not open with //!"));
        }
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            wrong.push(format!("{path} has {lines} lines"));
        }
        wrong.extend(long_functions(path, text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn long_functions(path: &str, text: &str) -> Vec<String> {
    let mut found = vec![];
    let mut open: Option<(usize, String, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let body = line.trim_start();
        let starts = [
            "fn ",
            "pub fn ",
            "async fn ",
            "pub async fn ",
            "const fn ",
            "pub const fn ",
            "pub(crate) fn ",
            "pub(super) fn ",
            "pub(super) async fn ",
            "pub(crate) async fn ",
        ];
        if open.is_none() && starts.iter().any(|s| body.starts_with(s)) && !body.ends_with(';') {
            open = Some((number, indent, body.to_owned()));
        } else if let Some((from, at, name)) = &open
            && line == format!("{at}}}")
        {
            let max = if path.contains("tests/") { TABLE_LINES_MAX } else { FUNCTION_LINES_MAX };
            if number - from > max {
                found.push(format!("{path}:{}: {} lines: {name}", from + 1, number - from + 1));
            }
            open = None;
        }
    }
    found
}

#[test]
fn only_stores_and_the_database_door_name_the_database() {
    let allowed = |path: &str| {
        path.contains("/platform/db/")
            || path.contains("/platform/jobs/queue")
            || path.contains("/platform/audit/")
            || path.contains("/platform/rekey/")
            || path.contains("/platform/http/idempotency")
            || path.contains("store")
            || path.ends_with("server.rs")
    };
    let wrong: Vec<_> = all(&["api/src"])
        .into_iter()
        .filter(|(path, text)| {
            let code: String =
                text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            !allowed(path) && (code.contains("sea_orm::") || code.contains("entity::"))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "these name sea_orm or entity outside a store:\n{}", wrong.join("\n"));
}

/// The order of areas: each may use only what stands before it.
const AREAS: [&str; 15] = [
    "tenants",
    "messages",
    "people",
    "webhooks",
    "clients",
    "customers",
    "documents",
    "policies",
    "data",
    "assessments",
    "devices",
    "limits",
    "applications",
    "privacy",
    "operator",
];

#[test]
fn areas_use_only_what_stands_before_them_and_the_platform_none() {
    let mut wrong = vec![];
    for (path, text) in all(&["api/src"]) {
        let Some(inside) = path.strip_prefix("api/src/") else { continue };
        let area = inside.split('/').next().unwrap_or_default();
        let rank = if area == "platform" { Some(0) } else { AREAS.iter().position(|a| *a == area).map(|i| i + 1) };
        let Some(rank) = rank else { continue };
        for (index, other) in AREAS.iter().enumerate() {
            if index + 1 > rank && text.contains(&format!("crate::{other}::")) {
                wrong.push(format!("{path} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn domain_stays_pure() {
    let banned = [
        "std::fs",
        "std::net",
        "Utc::now",
        "Local::now",
        "SystemTime::now",
        "Instant::now",
        "rand::",
        "async fn",
        "println!",
    ];
    let wrong: Vec<_> = all(&["domain/src"])
        .into_iter()
        .flat_map(|(path, text)| {
            banned.iter().filter(|b| text.contains(**b)).map(|b| format!("{path}: {b}")).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two transactions that lock the same rows in different orders wait for one another until the database ends one of them.
#[test]
fn several_rows_are_locked_in_the_order_of_their_ids() {
    let (mut several, mut wrong) = (0, vec![]);
    for (path, text) in all(&["api"]) {
        let locking = text.split("\n}\n").filter(|function| function.contains(".lock_exclusive()"));
        for function in locking.filter(|function| function.contains(".all(tx.raw())")) {
            several += 1;
            let ordered = [".order_by_asc(Column::Id)", ".order_by_asc(table::Column::Id)"];
            if !ordered.iter().any(|order| function.contains(order)) {
                wrong.push(format!(
                    "{path}: {}",
                    function.lines().find(|line| line.contains("fn ")).unwrap_or_default()
                ));
            }
        }
    }
    assert!(several >= 4, "{several}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The document knows types by their bare names: of two that are called the same it would show one for both.
#[test]
fn no_two_types_of_the_document_have_one_name() {
    let mut places: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for (path, text) in all(&["api/src"]) {
        let mut is_shown = false;
        for line in text.lines() {
            let words = line.trim_start();
            is_shown |= words.starts_with("#[derive(") && words.contains("ToSchema");
            let named = words.strip_prefix("pub struct ").or_else(|| words.strip_prefix("pub enum "));
            if let (true, Some(rest)) = (is_shown, named) {
                let name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                places.entry(name.to_owned()).or_default().push(path.clone());
                is_shown = false;
            }
        }
    }
    assert!(places.len() > 100, "{}", places.len());
    let twice: Vec<_> = places.iter().filter(|(_, paths)| paths.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
