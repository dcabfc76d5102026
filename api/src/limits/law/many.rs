//! Balances of many subjects at once, the largest first, from what is kept of the day or from what was computed of it; and
//! what groups of related clients stand for together.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use domain::limits::groups;
use domain::money::Fen;
use uuid::Uuid;

use super::Frame;
use super::past::Figures;
use crate::customers::clients;
use crate::error::{Error, Result};
use crate::limits::store::exposures::Exposure;
use crate::limits::store::views::subjects::{self, Ask, Concentration};
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// Most clients with something outstanding that are looked at together.
const CLIENTS_MAX: i64 = 200_000;

/// Where a page of subjects goes on: the in-force balance and the subject of the last row seen.
pub(in crate::limits) type After<'a> = Option<(i64, &'a str)>;

/// Subjects of a dimension with something outstanding, the largest in-force balance first; clients within a scope.
pub(in crate::limits) async fn page(
    tx: &TenantTx,
    frame: &Frame,
    figures: &Figures,
    (dimension, scope): (&'static str, &ScopeFilter),
    after: After<'_>,
    rows_max: i64,
) -> Result<Vec<Exposure>> {
    if figures.are_kept() {
        let ask = Ask { dimension, weights: frame.weights_id, day: frame.day, scope };
        return subjects::by_in_force(tx, &ask, after, rows_max).await;
    }
    let mut rows: Vec<Exposure> = figures.of_dimension(dimension).filter(|row| row.nominal_fen > 0).cloned().collect();
    if dimension == "client" {
        let seen = seen(tx, scope, rows.iter().filter_map(|row| Uuid::try_parse(&row.subject).ok())).await?;
        rows.retain(|row| Uuid::try_parse(&row.subject).is_ok_and(|id| seen.has(id)));
    }
    let place = |row: &Exposure| (Reverse(row.in_force_fen), row.subject.clone());
    rows.sort_by_key(place);
    if let Some((in_force, subject)) = after {
        rows.retain(|row| place(row) > (Reverse(in_force), subject.to_owned()));
    }
    rows.truncate(usize::try_from(rows_max).unwrap_or(usize::MAX));
    Ok(rows)
}

/// What every client with something outstanding counts for the bounds on one client and its group, the largest first.
pub(in crate::limits) async fn concentrations(
    tx: &TenantTx,
    frame: &Frame,
    figures: &Figures,
) -> Result<Vec<(Uuid, Fen)>> {
    let rows = if figures.are_kept() {
        let ask = Ask { dimension: "client", weights: frame.weights_id, day: frame.day, scope: &ScopeFilter::All };
        subjects::concentrations(tx, &ask, CLIENTS_MAX).await?
    } else {
        let of =
            |row: &Exposure| Concentration { subject: row.subject.clone(), concentration_fen: row.concentration_fen };
        figures.of_dimension("client").map(of).collect()
    };
    let known =
        rows.into_iter().filter_map(|row| Some((Uuid::try_parse(&row.subject).ok()?, Fen(row.concentration_fen))));
    let mut known: Vec<(Uuid, Fen)> = known.filter(|(_, concentration)| *concentration > Fen::ZERO).collect();
    known.sort_by_key(|(id, concentration)| (Reverse(*concentration), *id));
    Ok(known)
}

/// What related clients stand for together.
pub(in crate::limits) struct Group {
    /// Everyone in it, also those with nothing outstanding.
    pub members: Vec<Uuid>,
    /// The sum.
    pub concentration: Fen,
}

/// The groups of two and more clients on the frame's day, the largest sum first.
pub(in crate::limits) async fn groups(tx: &TenantTx, frame: &Frame, clients: &[(Uuid, Fen)]) -> Result<Vec<Group>> {
    let counted = frame.counted();
    let links = clients::links_on(tx, &counted, frame.day).await?;
    let of: HashMap<Uuid, Fen> = clients.iter().copied().collect();
    let found = groups::groups(&links, &counted, frame.day).map_err(Error::internal)?;
    let sum = |members: &[Uuid]| Fen::sum(members.iter().filter_map(|member| of.get(member).copied()));
    let mut all = vec![];
    for members in found {
        let concentration = sum(&members).map_err(Error::internal)?;
        if concentration > Fen::ZERO {
            all.push(Group { members, concentration });
        }
    }
    all.sort_by_key(|group| (Reverse(group.concentration), group.members.first().copied()));
    Ok(all)
}

/// Which clients somebody sees.
pub(in crate::limits) enum Seen {
    /// All.
    All,
    /// Those with a limit in their scope.
    These(HashSet<Uuid>),
}

impl Seen {
    /// Whether this one.
    pub(in crate::limits) fn has(&self, id: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::These(ids) => ids.contains(&id),
        }
    }
}

/// Of some clients those of whom a scope takes in a limit.
pub(in crate::limits) async fn seen(
    tx: &TenantTx,
    scope: &ScopeFilter,
    clients: impl Iterator<Item = Uuid>,
) -> Result<Seen> {
    if *scope == ScopeFilter::All {
        return Ok(Seen::All);
    }
    let clients: Vec<Uuid> = clients.collect();
    Ok(Seen::These(subjects::with_limit_within(tx, scope, &clients).await?.into_iter().collect()))
}
