//! Tables for readers, written from the code as the document is: every error code, and who may do what. They are kept
//! under `docs/` and compared by a test, so that a change of either shows in review.

use std::fmt::Write as _;

use domain::access::{APART, APPLICANT, OPERATOR, Permission, STAFF_ROLES};

use crate::error::CODES;

/// The table of error codes, as Markdown.
pub fn errors() -> String {
    let mut page = String::from(
        "# Error codes\n\nWritten from `api/src/error/codes.rs`; mend it with `just tables`. A problem's `code` is one of these, \
         none is ever renamed or given another meaning, and the sentence is in the caller's language.\n\n\
         | code | HTTP | 说明 | meaning |\n|---|---|---|---|\n",
    );
    for row in CODES {
        let _ = writeln!(page, "| `{}` | {} | {} | {} |", row.key, row.status, row.zh, row.en);
    }
    page
}

/// Operation by permission and roles, and permission by role, as Markdown.
///
/// # Errors
/// If the document cannot be read as JSON.
pub fn access() -> anyhow::Result<String> {
    let mut page = String::from(
        "# Access\n\nWritten from the document and `domain/src/access.rs`; mend it with `just tables`. A firm's own roles may name any \
         permission that some built-in role of staff has. Which rows somebody sees is a matter of their data scope.\n\n\
         ## Operations\n\n| operation | request | permission | who |\n|---|---|---|---|\n",
    );
    let document = serde_json::to_value(crate::openapi::document())?;
    let mut rows = vec![];
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let permission = operation["x-permission"].as_str().and_then(Permission::from_key);
            let (key, who) = permission.map_or(("—".to_owned(), "everybody".to_owned()), |permission| {
                (format!("`{}`", permission.key()), holders(permission).join(", "))
            });
            rows.push(format!("| `{id}` | {} `{path}` | {key} | {who} |", method.to_uppercase()));
        }
    }
    rows.sort();
    let _ = writeln!(
        page,
        "{}\n\n## Permissions\n\n| permission | 含义 | meaning | who |\n|---|---|---|---|",
        rows.join("\n")
    );
    for permission in Permission::ALL {
        let (zh, en, who) = (permission.label_zh(), permission.label_en(), holders(*permission).join(", "));
        let _ = writeln!(page, "| `{}` | {zh} | {en} | {who} |", permission.key());
    }
    page.push_str("\n## Never with one person\n\n| one | other | 原因 | reason |\n|---|---|---|---|\n");
    for (one, other, (zh, en)) in APART {
        let _ = writeln!(page, "| `{}` | `{}` | {zh} | {en} |", one.key(), other.key());
    }
    Ok(page)
}

/// Who holds a permission by what they are.
fn holders(permission: Permission) -> Vec<&'static str> {
    let roles = STAFF_ROLES.iter().filter(|role| role.permissions.contains(&permission)).map(|role| role.key);
    let others = [("applicant", APPLICANT.as_slice()), ("operator", OPERATOR.as_slice())];
    let others = others.into_iter().filter(|(_, held)| held.contains(&permission)).map(|(who, _)| who);
    others.chain(roles).collect()
}
