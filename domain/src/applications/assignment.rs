//! Who gets an application: rules of the tenant give the department, then the officer with the fewest open cases takes it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One rule; an absent condition holds for everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentRule {
    /// The product it is for.
    pub product_id: Option<String>,
    /// The region it is for, by the beginning of its GB/T 2260 code. Trailing pairs of zeros stand for "all of it":
    /// 330000 is the whole province, 330100 the whole city.
    pub region: Option<String>,
    /// The department it gives.
    pub department: Uuid,
}

/// An officer who can take applications now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficerLoad {
    /// The officer.
    pub officer: Uuid,
    /// Open cases.
    pub open_cases: u32,
}

/// The department of the rule with the longest fitting region; among equals the one that names the product, then the
/// first in the list. Without a fitting rule the default one.
pub fn department_for(product_id: &str, region: Option<&str>, rules: &[AssignmentRule], default: Uuid) -> Uuid {
    let fitting = rules.iter().enumerate().filter_map(|(place, rule)| {
        let names_product = match &rule.product_id {
            Some(product) if product != product_id => return None,
            product => product.is_some(),
        };
        let length = match rule.region.as_deref().map(region_prefix) {
            None => 0,
            Some(prefix) if region.is_some_and(|region| region.starts_with(prefix)) => prefix.len(),
            Some(_) => return None,
        };
        Some(((length, names_product, std::cmp::Reverse(place)), rule.department))
    });
    fitting.max_by_key(|(rank, _)| *rank).map_or(default, |(_, department)| department)
}

/// The officer with the fewest open cases, by id among equals, leaving out `excluded` (those who may not have the case,
/// such as its reviewers). Nothing when nobody is left: the application then waits to be assigned by hand.
pub fn least_loaded(officers: &[OfficerLoad], excluded: &[Uuid]) -> Option<Uuid> {
    let free = officers.iter().filter(|load| !excluded.contains(&load.officer));
    free.min_by_key(|load| (load.open_cases, load.officer)).map(|load| load.officer)
}

/// The significant beginning of a region code.
pub(crate) fn region_prefix(code: &str) -> &str {
    let mut prefix = code;
    while prefix.len().is_multiple_of(2) {
        match prefix.strip_suffix("00") {
            Some(shorter) => prefix = shorter,
            None => break,
        }
    }
    prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_rule_wins() {
        let department = Uuid::from_u128;
        let rule = |product: Option<&str>, region: Option<&str>, id| AssignmentRule {
            product_id: product.map(str::to_owned),
            region: region.map(str::to_owned),
            department: department(id),
        };
        let rules = [
            rule(None, Some("330000"), 1),
            rule(None, Some("330100"), 2),
            rule(Some("farmer"), Some("330000"), 3),
            rule(Some("farmer"), None, 4),
            rule(None, Some("330100"), 5),
            rule(None, Some("330106"), 6),
        ];
        let rows = [
            ("loan", Some("330500"), 1),
            ("loan", Some("330102"), 2),
            ("loan", Some("330106"), 6),
            ("farmer", Some("330500"), 3),
            ("farmer", Some("330102"), 2),
            ("farmer", Some("110101"), 4),
            ("farmer", None, 4),
            ("loan", Some("110101"), 9),
            ("loan", None, 9),
        ];
        for (product, region, expected) in rows {
            assert_eq!(
                department_for(product, region, &rules, department(9)),
                department(expected),
                "{product} {region:?}"
            );
        }
        assert_eq!(department_for("loan", None, &[], department(9)), department(9));
    }

    #[test]
    fn the_least_loaded_officer_takes_it() {
        let load = |id, open_cases| OfficerLoad { officer: Uuid::from_u128(id), open_cases };
        let officers = [load(3, 2), load(2, 1), load(1, 1), load(4, 0)];
        assert_eq!(least_loaded(&officers, &[]), Some(Uuid::from_u128(4)));
        assert_eq!(least_loaded(&officers, &[Uuid::from_u128(4)]), Some(Uuid::from_u128(1)));
        assert_eq!(least_loaded(&[], &[]), None);
    }
}
