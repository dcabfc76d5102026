//! What stands under each bound on a day.

use std::collections::BTreeSet;

use domain::limits::parameters::{ParameterValue, ceiling_on};
use domain::limits::rules::{Dimension, Measure};
use domain::money::Fen;
use uuid::Uuid;

use crate::error::Result;
use crate::limits::law::Frame;
use crate::limits::law::many::{self, Group, Seen};
use crate::limits::law::past::{self, Figures};
use crate::limits::store::exposures::Key;
use crate::limits::subject::Names;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;

/// How many of the largest are shown.
const LARGEST: usize = 10;
/// Most members of a group that are named.
const MEMBERS_MAX: usize = 50;

/// A ceiling of the firm with what stands under it.
pub(super) struct Ceiling {
    pub dimension: Dimension,
    pub subject: String,
    pub measure: Measure,
    pub figure: Fen,
    pub bound: Fen,
}

/// Everything of a day.
pub(super) struct Gathered {
    pub figures: Figures,
    pub clients: Vec<(Uuid, Fen)>,
    pub groups: Vec<Group>,
    pub ceilings: Vec<Ceiling>,
    pub seen: Seen,
    pub names: Names,
}

/// The ceilings that hold on the frame's day.
fn bounds(frame: &Frame) -> Vec<(Key, Dimension, Measure, Fen)> {
    let known = frame.parameters.iter().filter_map(|one| match &one.value {
        ParameterValue::Ceiling { dimension, subject, .. } => Some((*dimension, subject.clone())),
        _ => None,
    });
    let known: BTreeSet<(Dimension, String)> = known.collect();
    let in_force = known.into_iter().filter_map(|(dimension, subject)| {
        let (measure, bound) = ceiling_on(&frame.parameters, dimension, &subject, frame.day)?;
        Some(((dimension.code(), subject), dimension, measure, bound))
    });
    in_force.collect()
}

/// Reads what stands under each bound, for somebody who sees this much.
pub(super) async fn all(tx: &TenantTx, frame: &Frame, scope: &ScopeFilter) -> Result<Gathered> {
    let bounds = bounds(frame);
    let keys: Vec<Key> = bounds.iter().map(|(key, ..)| key.clone()).collect();
    let figures = past::figures(tx, frame, &keys).await?;
    let standing = many::concentrations(tx, frame, &figures).await?;
    let mut groups = many::groups(tx, frame, &standing).await?;
    let members = groups.iter().flat_map(|group| group.members.iter().copied());
    let seen = many::seen(tx, scope, standing.iter().map(|(id, _)| *id).chain(members)).await?;
    groups.retain(|group| group.members.iter().any(|member| seen.has(*member)));
    groups.truncate(LARGEST);
    let clients: Vec<_> = standing.into_iter().filter(|(id, _)| seen.has(*id)).take(LARGEST).collect();
    let banks = bounds.iter().filter(|(_, dimension, ..)| *dimension == Dimension::Bank);
    let banks = banks.filter_map(|((_, subject), ..)| Uuid::try_parse(subject).ok());
    let members = groups.iter().flat_map(|group| group.members.iter().copied().take(MEMBERS_MAX));
    let named = clients.iter().map(|(id, _)| *id).chain(members).filter(|id| seen.has(*id)).chain(banks);
    let names = Names::read(tx, named).await?;
    let of = |(key, dimension, measure, bound): (Key, Dimension, Measure, Fen)| Ceiling {
        figure: measure.of(&figures.balances(&key)),
        subject: key.1,
        dimension,
        measure,
        bound,
    };
    let ceilings = bounds.into_iter().map(of).collect();
    Ok(Gathered { figures, clients, groups, ceilings, seen, names })
}

impl Gathered {
    /// The members of a group that are named: those that the caller sees.
    pub(super) fn members<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = Uuid> + 'a {
        group.members.iter().copied().take(MEMBERS_MAX).filter(|member| self.seen.has(*member))
    }
}
