//! Groups of related clients 关联方: whoever is linked, directly or through others, counts together for the 15 % of art. 16.
//!
//! Which links count is a parameter. By default shareholders, controllers and spouses do: company law (公司法 art. 265 on
//! 关联关系) and accounting standard 36 mean control, joint control, significant influence and close family. A guarantor, a
//! shared address or a shared phone is a hint for the investigator and not a relation in law; a firm may count them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::coded::coded;

/// Most links in one computation.
pub const LINKS_MAX: usize = 200_000;

coded! {
    /// How two parties are related.
    LinkKind {
        /// One holds shares of the other.
        Shareholder "shareholder" "股东" "shareholder";
        /// One controls the other.
        Controller "controller" "实际控制人" "controller";
        /// They are married.
        Spouse "spouse" "配偶" "spouse";
        /// One guarantees for the other.
        Guarantor "guarantor" "担保关系" "guarantor";
        /// They have the same address.
        SameAddress "same_address" "相同地址" "same address";
        /// They have the same phone.
        SamePhone "same_phone" "相同电话" "same phone";
    }
}

coded! {
    /// Where a link is known from.
    LinkSource {
        /// The client said so.
        Declared "declared" "客户申报" "declared by the client";
        /// The commercial register.
        Registry "registry" "工商登记" "commercial register";
        /// A credit report.
        CreditReport "credit_report" "征信报告" "credit report";
        /// An officer found it.
        Investigation "investigation" "尽职调查" "investigation";
        /// A contract says so.
        Contract "contract" "合同" "contract";
        /// Records were compared.
        Matching "matching" "系统比对" "comparison of records";
    }
}

/// The links that count unless the firm says otherwise.
pub const COUNTED_BY_DEFAULT: [LinkKind; 3] = [LinkKind::Shareholder, LinkKind::Controller, LinkKind::Spouse];

/// A link between two parties, in no direction as far as groups go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// One of them.
    pub a: Uuid,
    /// The other.
    pub b: Uuid,
    /// How they are related.
    pub kind: LinkKind,
    /// Where that is known from.
    pub source: LinkSource,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The first day after, if any.
    pub valid_to: Option<NaiveDate>,
}

/// What is wrong with links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// A party is linked to itself.
    #[error("relation_to_itself")]
    Itself,
    /// It ends before it begins.
    #[error("relation_period_invalid")]
    Period,
    /// More than [`LINKS_MAX`].
    #[error("relations_too_many")]
    TooMany,
}

impl Link {
    /// Checks a link before it is recorded.
    ///
    /// # Errors
    /// [`LinkFault::Itself`], [`LinkFault::Period`].
    pub fn validate(&self) -> Result<(), LinkFault> {
        if self.a == self.b {
            return Err(LinkFault::Itself);
        }
        if self.valid_to.is_none_or(|to| self.valid_from < to) { Ok(()) } else { Err(LinkFault::Period) }
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}

/// The groups of two and more on a day, by the links of the counted kinds. Members and groups are in the order of their
/// ids, whatever the order of the links.
///
/// # Errors
/// [`LinkFault::TooMany`].
pub fn groups(links: &[Link], counted: &[LinkKind], day: NaiveDate) -> Result<Vec<Vec<Uuid>>, LinkFault> {
    let neighbours = neighbours(links, counted, day)?;
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for start in neighbours.keys() {
        if !seen.contains(start) {
            let members = reach(*start, &neighbours);
            seen.extend(members.iter().copied());
            found.push(members.into_iter().collect());
        }
    }
    Ok(found)
}

/// Everyone in a party's group on a day, itself among them; it alone where nothing links it.
///
/// # Errors
/// [`LinkFault::TooMany`].
pub fn group_of(party: Uuid, links: &[Link], counted: &[LinkKind], day: NaiveDate) -> Result<Vec<Uuid>, LinkFault> {
    let neighbours = neighbours(links, counted, day)?;
    Ok(reach(party, &neighbours).into_iter().collect())
}

type Neighbours = BTreeMap<Uuid, Vec<Uuid>>;

fn neighbours(links: &[Link], counted: &[LinkKind], day: NaiveDate) -> Result<Neighbours, LinkFault> {
    if links.len() > LINKS_MAX {
        return Err(LinkFault::TooMany);
    }
    let mut map = Neighbours::new();
    for link in links.iter().filter(|link| counted.contains(&link.kind) && link.holds_on(day) && link.a != link.b) {
        map.entry(link.a).or_default().push(link.b);
        map.entry(link.b).or_default().push(link.a);
    }
    Ok(map)
}

/// By a list of what is still to be visited, not by recursion: a chain of links may be longer than the stack.
fn reach(start: Uuid, neighbours: &Neighbours) -> BTreeSet<Uuid> {
    let mut members = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(party) = open.pop() {
        for next in neighbours.get(&party).into_iter().flatten() {
            if members.insert(*next) {
                open.push(*next);
            }
        }
    }
    members
}
