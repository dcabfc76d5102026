//! What staff see of limits, as SQL: read only, each list within the scope of whoever asks.

pub(in crate::limits) mod export;
pub(in crate::limits) mod history;
pub(in crate::limits) mod lists;
pub(in crate::limits) mod subjects;
pub(in crate::limits) mod tree;
pub(in crate::limits) mod utilisation;

use sea_orm::{ColumnTrait, Value, sea_query::Condition};

use super::{rows_of, visible};
use crate::people::scope::ScopeFilter;

/// The rows that a scope takes in, of a table whose columns these are.
fn within<C: ColumnTrait>(scope: &ScopeFilter, department: C, officer: C) -> Condition {
    match scope {
        ScopeFilter::All => Condition::all(),
        ScopeFilter::Departments(seen) => Condition::all().add(department.is_in(seen.iter().copied())),
        ScopeFilter::Own(id) => Condition::all().add(officer.eq(*id)),
    }
}

/// The same for a statement that is written out: a condition on the limits called `alias`, with its values after those
/// that are there.
fn scope_sql(scope: &ScopeFilter, alias: &str, values: &mut Vec<Value>) -> String {
    match scope {
        ScopeFilter::All => "TRUE".to_owned(),
        ScopeFilter::Departments(seen) if seen.is_empty() => "FALSE".to_owned(),
        ScopeFilter::Departments(seen) => {
            let places: Vec<String> = seen
                .iter()
                .map(|id| {
                    values.push((*id).into());
                    format!("${}", values.len())
                })
                .collect();
            format!("{alias}.department_id IN ({})", places.join(", "))
        }
        ScopeFilter::Own(id) => {
            values.push((*id).into());
            format!("{alias}.officer_id = ${}", values.len())
        }
    }
}
