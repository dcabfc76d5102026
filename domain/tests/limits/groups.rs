//! Groups as connected parties, against a closure computed the slow way.

use domain::limits::groups::{COUNTED_BY_DEFAULT, LINKS_MAX, Link, LinkFault, LinkKind, LinkSource, group_of, groups};
use proptest::prelude::*;

use crate::support::{day, id};

fn link(a: u128, b: u128, kind: LinkKind) -> Link {
    Link { a: id(a), b: id(b), kind, source: LinkSource::Registry, valid_from: day("2026-01-01"), valid_to: None }
}

#[test]
fn groups_follow_counted_links_that_hold_on_the_day() {
    use LinkKind::{Controller, Guarantor, SamePhone, Shareholder, Spouse};
    let ended = Link { valid_to: Some(day("2026-11-22")), ..link(4, 5, Spouse) };
    let links = [link(3, 2, Shareholder), link(1, 2, Controller), ended, link(5, 6, Guarantor), link(6, 7, SamePhone)];
    let of = |counted: &[LinkKind], on| {
        let found = groups(&links, counted, day(on)).unwrap();
        found.iter().map(|group| group.iter().map(|one| one.as_u128()).collect()).collect::<Vec<Vec<_>>>()
    };
    assert_eq!(of(&COUNTED_BY_DEFAULT, "2025-12-31"), Vec::<Vec<u128>>::new());
    assert_eq!(of(&COUNTED_BY_DEFAULT, "2026-11-21"), vec![vec![1, 2, 3], vec![4, 5]]);
    assert_eq!(of(&COUNTED_BY_DEFAULT, "2026-11-22"), vec![vec![1, 2, 3]]);
    assert_eq!(of(LinkKind::ALL, "2026-11-21"), vec![vec![1, 2, 3], vec![4, 5, 6, 7]]);
    assert_eq!(group_of(id(7), &links, &COUNTED_BY_DEFAULT, day("2026-11-21")), Ok(vec![id(7)]));
    assert_eq!(group_of(id(3), &links, &COUNTED_BY_DEFAULT, day("2026-11-21")), Ok(vec![id(1), id(2), id(3)]));
}

#[test]
fn impossible_links_are_refused() {
    assert_eq!(link(1, 1, LinkKind::Spouse).validate(), Err(LinkFault::Itself));
    let empty = Link { valid_to: Some(day("2026-01-01")), ..link(1, 2, LinkKind::Spouse) };
    assert_eq!(empty.validate(), Err(LinkFault::Period));
    assert_eq!(link(1, 2, LinkKind::Spouse).validate(), Ok(()));
    let many = vec![link(1, 2, LinkKind::Spouse); LINKS_MAX + 1];
    assert_eq!(groups(&many, LinkKind::ALL, day("2026-11-22")), Err(LinkFault::TooMany));
}

#[test]
fn a_chain_as_long_as_allowed_is_one_group() {
    let chain: Vec<Link> = (0..LINKS_MAX as u128).map(|n| link(n, n + 1, LinkKind::Shareholder)).collect();
    let found = groups(&chain, LinkKind::ALL, day("2026-11-22")).unwrap();
    assert_eq!((found.len(), found[0].len()), (1, LINKS_MAX + 1));
}

proptest! {
    #[test]
    fn groups_are_the_closure_whatever_the_order(pairs in prop::collection::vec((0usize..12, 0usize..12), 0..20), turn in 0usize..20) {
        let mut links: Vec<Link> =
            pairs.iter().map(|(a, b)| link(*a as u128, *b as u128, LinkKind::Shareholder)).collect();
        let found = groups(&links, LinkKind::ALL, day("2026-11-22")).unwrap();
        // who reaches whom, by widening until nothing changes
        let mut reach = [[false; 12]; 12];
        for (a, b) in &pairs {
            (reach[*a][*b], reach[*b][*a]) = (true, true);
        }
        for via in 0..12 {
            for a in 0..12 {
                for b in 0..12 {
                    reach[a][b] |= reach[a][via] && reach[via][b];
                }
            }
        }
        for (a, reached) in reach.iter().enumerate() {
            for (b, is_reached) in reached.iter().enumerate().skip(a + 1) {
                let together = found.iter().any(|g| g.contains(&id(a as u128)) && g.contains(&id(b as u128)));
                prop_assert_eq!(together, *is_reached, "{} {}", a, b);
            }
        }
        let at = turn % links.len().max(1);
        links.rotate_left(at);
        links.iter_mut().for_each(|link| std::mem::swap(&mut link.a, &mut link.b));
        prop_assert_eq!(groups(&links, LinkKind::ALL, day("2026-11-22")).unwrap(), found);
    }
}
