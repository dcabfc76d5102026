//! What makes a PostgreSQL unsafe, judged over what its catalogue says. It stands apart from the reading, so that every
//! refusal is tested without a superuser at hand.

/// The tables' own bookkeeping: no tenant's rows, and no policy.
const MIGRATIONS: &str = "seaql_migrations";

/// What the catalogue says.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The role that serves and all that it can become.
    pub roles: Vec<RoleFacts>,
    /// Every table of the product's schema.
    pub tables: Vec<TableFacts>,
}

/// One role.
#[derive(Clone, Debug)]
pub(super) struct RoleFacts {
    pub name: String,
    /// Whether it is the one that serves, not one that it can become.
    pub serves: bool,
    pub superuser: bool,
    pub bypasses: bool,
}

/// One table.
#[derive(Clone, Debug)]
pub(super) struct TableFacts {
    pub name: String,
    /// Whether the serving role owns it, or can become its owner.
    pub owned: bool,
    pub enabled: bool,
    pub forced: bool,
    pub policy: bool,
}

/// The first thing that is unsafe, in words that say what to change; `None` where tenants are kept apart.
pub(super) fn judge(facts: &Facts) -> Option<String> {
    let Some(serving) = facts.roles.iter().find(|role| role.serves) else {
        return Some("the database does not know its current role".to_owned());
    };
    facts
        .roles
        .iter()
        .find_map(|role| refuse_role(&serving.name, role))
        .or_else(|| missing(&facts.tables))
        .or_else(|| facts.tables.iter().find_map(|table| refuse_table(&serving.name, table)))
}

fn refuse_role(serving: &str, role: &RoleFacts) -> Option<String> {
    let RoleFacts { name, serves, superuser, bypasses } = role;
    let right = match (superuser, bypasses) {
        (true, _) => "is a superuser",
        (false, true) => "has BYPASSRLS",
        (false, false) => return None,
    };
    Some(match (serves, superuser) {
        (true, true) => format!(
            "role {name} {right}, so tenants would not be kept apart: serve as a role with NOSUPERUSER NOBYPASSRLS"
        ),
        (true, false) => {
            format!("role {name} {right}, so tenants would not be kept apart: ALTER ROLE {name} NOBYPASSRLS")
        }
        (false, _) => format!(
            "role {serving} can become {name}, which {right}, so tenants would not be kept apart: REVOKE {name} FROM {serving}"
        ),
    })
}

fn missing(tables: &[TableFacts]) -> Option<String> {
    if tables.iter().any(|table| table.name == "tenants") {
        return None;
    }
    Some("the schema is missing: run `zhidan migrate` with ZHIDAN_DATABASE__OWNER_URL first".to_owned())
}

fn refuse_table(serving: &str, table: &TableFacts) -> Option<String> {
    let TableFacts { name, owned, enabled, forced, policy } = table;
    if *owned {
        return Some(format!(
            "role {serving} owns table {name}: migrate as another role (ZHIDAN_DATABASE__OWNER_URL) and serve as one that owns nothing"
        ));
    }
    if name == MIGRATIONS {
        return None;
    }
    let remedy = |words: &str| Some(format!("table {name} is not protected: ALTER TABLE {name} {words}"));
    match (enabled, forced, policy) {
        (false, _, _) => remedy("ENABLE ROW LEVEL SECURITY"),
        (true, false, _) => remedy("FORCE ROW LEVEL SECURITY"),
        (true, true, false) => {
            Some(format!("table {name} has no policy, so no tenant could read it: run `zhidan migrate`"))
        }
        (true, true, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> TableFacts {
        let owned = name == "owned";
        TableFacts { name: name.to_owned(), owned, enabled: true, forced: true, policy: true }
    }

    fn safe() -> Facts {
        let role = RoleFacts { name: "app".to_owned(), serves: true, superuser: false, bypasses: false };
        let mut bookkeeping = table(MIGRATIONS);
        (bookkeeping.enabled, bookkeeping.forced, bookkeeping.policy) = (false, false, false);
        Facts { roles: vec![role], tables: vec![table("applications"), bookkeeping, table("tenants")] }
    }

    fn other(superuser: bool, bypasses: bool) -> RoleFacts {
        RoleFacts { name: "boss".to_owned(), serves: false, superuser, bypasses }
    }

    #[test]
    fn a_safe_one_is_let_be() {
        assert_eq!(judge(&safe()), None);
        let mut member = safe();
        member.roles.push(other(false, false));
        assert_eq!(judge(&member), None);
    }

    #[test]
    fn every_unsafe_one_is_refused_with_what_to_change() {
        type Spoil = fn(&mut Facts);
        let cases: [(&str, Spoil, &[&str]); 13] = [
            ("superuser", |f| f.roles[0].superuser = true, &["role app is a superuser", "NOSUPERUSER"]),
            ("bypass", |f| f.roles[0].bypasses = true, &["role app has BYPASSRLS", "ALTER ROLE app NOBYPASSRLS"]),
            ("both", |f| (f.roles[0].superuser, f.roles[0].bypasses) = (true, true), &["is a superuser"]),
            ("becomes superuser", |f| f.roles.push(other(true, false)), &["can become boss", "REVOKE boss FROM app"]),
            ("becomes bypass", |f| f.roles.push(other(false, true)), &["can become boss", "has BYPASSRLS"]),
            ("no role", |f| f.roles.clear(), &["does not know its current role"]),
            ("no schema", |f| f.tables.clear(), &["the schema is missing", "zhidan migrate"]),
            ("owner", |f| f.tables[0].owned = true, &["role app owns table applications", "OWNER_URL"]),
            ("owner of bookkeeping", |f| f.tables[1].owned = true, &["role app owns table seaql_migrations"]),
            ("not enabled", |f| f.tables[2].enabled = false, &["ALTER TABLE tenants ENABLE ROW LEVEL SECURITY"]),
            ("not forced", |f| f.tables[0].forced = false, &["ALTER TABLE applications FORCE ROW LEVEL SECURITY"]),
            ("no policy", |f| f.tables[0].policy = false, &["table applications has no policy", "zhidan migrate"]),
            ("unknown", |f| f.tables.push(table("owned")), &["role app owns table owned"]),
        ];
        for (name, spoil, expected) in cases {
            let mut facts = safe();
            spoil(&mut facts);
            let reason = judge(&facts).unwrap_or_else(|| panic!("{name} is let be"));
            for words in expected {
                assert!(reason.contains(words), "{name}: {reason}");
            }
        }
    }
}
