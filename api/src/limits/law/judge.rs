//! Judging a draw, a grant and a handing-over by every rule at once.

use std::collections::BTreeSet;

use domain::limits::balances::Balances;
use domain::limits::parameters::ceiling_on;
use domain::limits::rules::{Authority, Ceiling, Change, Dimension, Exposures, Figure, Rule, RuleRefusal, judge};
use domain::money::Fen;
use uuid::Uuid;

use super::standing::{Moving, Placed, balances, standing};
use super::{Frame, commitments};
use crate::customers::clients::{self, Client};
use crate::error::{Code, Error, Result};
use crate::limits::store::exposures::{self, Key};
use crate::platform::db::TenantTx;

/// What the rules say: the figures of all of them, or those that are broken first.
pub(in crate::limits) type Verdict = std::result::Result<Vec<Figure>, RuleRefusal>;

/// The dimension of a key that can have a ceiling.
fn dimension(key: &Key) -> Option<Dimension> {
    Dimension::from_code(key.0)
}

fn overflow(fault: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(Code::LimitBooksBroken).because(fault)
}

/// The ceilings that a change comes under.
fn ceilings(frame: &Frame, moving: &Moving<'_>) -> Result<Vec<Ceiling>> {
    let mut found = vec![];
    for key in moving.after.by_key.keys() {
        let Some(dimension) = dimension(key) else { continue };
        if let Some((measure, bound)) = ceiling_on(&frame.parameters, dimension, &key.1, frame.day) {
            found.push(Ceiling {
                dimension,
                subject: key.1.clone(),
                measure,
                bound,
                before: measure.of(&moving.now(key)?),
                adds: measure.of(&moving.adds(key)?),
            });
        }
    }
    Ok(found)
}

/// The others of a client's group today.
async fn others(tx: &TenantTx, frame: &Frame, client: Uuid) -> Result<Vec<Uuid>> {
    let mut members = clients::group_of(tx, client, &frame.counted(), frame.day).await?;
    members.retain(|member| *member != client);
    Ok(members)
}

/// Judges what is drawn: by what is outstanding.
pub(in crate::limits) async fn draw(tx: &TenantTx, frame: &Frame, moving: &Moving<'_>, asked: Fen) -> Result<Verdict> {
    let client = moving.client;
    let others = others(tx, frame, client.id).await?;
    let keys: Vec<Key> = others.iter().map(|member| exposures::client(*member)).collect();
    let rows = exposures::newest(tx, &keys, frame.weights_id, frame.day).await?;
    let own = moving.before.total.concentration;
    let group =
        Fen::sum(keys.iter().map(|key| balances(rows.get(key)).concentration).chain([own])).map_err(overflow)?;
    let exposures = Exposures {
        firm_liability: moving.now(&exposures::firm())?.liability,
        client: own,
        group,
        composition: moving.composition()?,
        ceilings: ceilings(frame, moving)?,
    };
    let change = Change {
        asked,
        balances: moving.adds(&exposures::firm())?,
        controlling_party: client.controlling_party,
        authority: Authority::NotNeeded,
    };
    Ok(judge(&frame.bounds, &exposures, &change))
}

/// Judges what is promised: the firm and its ceilings as though this were drawn now; the client and its group as though
/// all that they were ever promised were drawn too, since each promise may be kept on the same day.
pub(in crate::limits) async fn promise(
    tx: &TenantTx,
    frame: &Frame,
    client: &Client,
    promised: &Placed,
    authority: Authority,
) -> Result<Verdict> {
    let drawn = commitments::drawn(tx, client.id).await?;
    let mut with = drawn.clone();
    with.push(promised.clone());
    let moving = Moving::read(tx, frame, client, &drawn, &with).await?;
    let mut before = drawn;
    before.extend(commitments::undrawn(tx, frame, client.id).await?);
    let mut after = before.clone();
    after.push(promised.clone());
    let (before, after) = (standing(frame, client.class, &before)?, standing(frame, client.class, &after)?);
    let mut group = before.total.concentration;
    let others: BTreeSet<Uuid> = others(tx, frame, client.id).await?.into_iter().collect();
    for member in others {
        let member = clients::client(tx, member).await?;
        let mut all = commitments::drawn(tx, member.id).await?;
        all.extend(commitments::undrawn(tx, frame, member.id).await?);
        let own = standing(frame, member.class, &all)?.total.concentration;
        group = group.plus(own).map_err(overflow)?;
    }
    let adds = moving.adds(&exposures::firm())?;
    let concentration = after.total.concentration.minus(before.total.concentration).map_err(overflow)?;
    let exposures = Exposures {
        firm_liability: moving.now(&exposures::firm())?.liability,
        client: before.total.concentration,
        group,
        composition: moving.composition()?,
        ceilings: ceilings(frame, &moving)?,
    };
    let change = Change {
        asked: promised.position.outstanding,
        balances: Balances { concentration, ..adds },
        controlling_party: client.controlling_party,
        authority,
    };
    Ok(judge(&frame.bounds, &exposures, &change))
}

/// Judges what is handed from one member of a group to another: only what the member alone may have is at stake, since
/// firm and group stand for no more than before.
pub(in crate::limits) async fn handed(
    tx: &TenantTx,
    frame: &Frame,
    client: &Client,
    handed: &Placed,
    authority: Authority,
) -> Result<Verdict> {
    let mut before = commitments::drawn(tx, client.id).await?;
    before.extend(commitments::undrawn(tx, frame, client.id).await?);
    let mut after = before.clone();
    after.push(handed.clone());
    let (before, after) = (standing(frame, client.class, &before)?, standing(frame, client.class, &after)?);
    let own = before.total.concentration;
    let concentration = after.total.concentration.minus(own).map_err(overflow)?;
    let exposures = Exposures { client: own, group: own, ..Exposures::default() };
    let change = Change {
        asked: handed.position.outstanding,
        balances: Balances { concentration, ..Balances::default() },
        controlling_party: client.controlling_party,
        authority,
    };
    let at_stake = |figure: &Figure| !matches!(figure.rule, Rule::ClientGroup | Rule::Leverage);
    Ok(match judge(&frame.bounds, &exposures, &change) {
        Ok(figures) => Ok(figures.into_iter().filter(at_stake).collect()),
        Err(refusal) if refusal.broken.iter().any(at_stake) => Err(RuleRefusal {
            broken: refusal.broken.into_iter().filter(at_stake).collect(),
            passed: refusal.passed.into_iter().filter(at_stake).collect(),
        }),
        Err(refusal) => Ok(refusal.passed.into_iter().filter(at_stake).collect()),
    })
}
