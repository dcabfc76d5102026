//! A decoded message into the tables: what can be counted is stored, what cannot is set aside, and only when both are
//! committed does the sender hear what became of each item.

use std::collections::HashMap;

use domain::devices::intake::{ItemFate, QuarantineReason, misplaced};
use domain::devices::messages::{Decoded, Heard, ItemFault, ItemFaultKind, MessageFault};
use domain::words::Words;
use uuid::Uuid;

use super::store::{Given, Put, put};
use crate::app::App;
use crate::devices::quarantine::{Aside, Raw, Room, keep, shortened};
use crate::devices::sources::{self, KnownSource};
use crate::devices::usage;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;

/// What became of one item.
#[derive(Clone, Debug)]
pub(in crate::devices) struct ItemOutcome {
    /// Its fate.
    pub fate: ItemFate,
    /// A stable word for why, where it was not stored.
    pub code: Option<&'static str>,
    /// The same in a sentence.
    pub words: Option<Words>,
    /// Where in the message, where one place is at fault.
    pub pointer: Option<String>,
}

impl ItemOutcome {
    fn plain(fate: ItemFate) -> Self {
        Self { fate, code: None, words: None, pointer: None }
    }

    fn aside(reason: QuarantineReason) -> Self {
        Self { fate: ItemFate::Quarantined, code: Some(reason.code()), words: Some(reason.words()), pointer: None }
    }

    fn unreadable(fate: ItemFate, fault: MessageFault) -> Self {
        Self { fate, code: Some(fault.code()), words: Some(fault.words()), pointer: None }
    }

    fn at_fault(fate: ItemFate, fault: &ItemFault) -> Self {
        let pointer = Some(shortened(&fault.pointer));
        Self { fate, code: Some(fault.code()), words: Some(fault.kind.words()), pointer }
    }
}

/// What a source handed over.
pub(in crate::devices) struct Handed<'a> {
    /// Who sent it.
    pub source: &'a KnownSource,
    /// The message, unpacked.
    pub body: &'a [u8],
    /// The request or delivery, for the log.
    pub request: &'a str,
    /// Whether what cannot be counted is set aside in a full quarantine too.
    pub room: Room,
}

/// A message on its way: what became of its items so far, and what is still to be written.
struct Sorted {
    outcomes: Vec<ItemOutcome>,
    given: Vec<Given>,
    /// Which item each of `given` is.
    places: Vec<usize>,
    asides: Vec<(usize, Aside)>,
}

/// Stores what can be counted and sets aside what cannot; what this says is committed.
///
/// # Errors
/// `quarantine_full` where something could not be kept (then the rest is), or a failing database (then nothing is).
pub(in crate::devices) async fn take(app: &App, handed: &Handed<'_>, decoded: Decoded) -> Result<Vec<ItemOutcome>> {
    let source = handed.source;
    let tx = system_tx(app, source.tenant, handed.request, true).await?;
    let mut sorted = sort(&tx, handed, decoded);
    let stored = store(&tx, app, source.id, &mut sorted).await?;
    let asides: Vec<&Aside> = sorted.asides.iter().map(|(_, aside)| aside).collect();
    let kept = keep(&tx, source.id, &asides, handed.room).await?;
    if stored {
        usage::count_soon(&tx).await?;
    }
    // nobody is woken: what is to be counted waits some seconds, and a look at the queue asks for the database's one writer
    tx.commit_bookkeeping().await?;
    let lost: Vec<usize> =
        sorted.asides.iter().zip(kept).filter(|(_, kept)| !kept).map(|((index, _), _)| *index).collect();
    if lost.is_empty() { Ok(sorted.outcomes) } else { Err(full(&lost)) }
}

/// Which items had no room.
fn full(lost: &[usize]) -> Error {
    const NAMED_MAX: usize = 100;
    /// Somebody has to make room, which takes a while.
    const RETRY_AFTER_S: u64 = 600;
    let (zh, en) = Code::QuarantineFull.sentences();
    let (zh, en) = (zh.trim_end_matches('。'), en.trim_end_matches('.'));
    let problem = |index: &usize| FieldProblem::new(format!("/items/{index}"), Code::QuarantineFull.key(), zh, en);
    let fields = lost.iter().take(NAMED_MAX).map(problem).collect();
    Error::new(Code::QuarantineFull).with_fields(fields).retry_after(RETRY_AFTER_S)
}

/// Tells what can be stored from what cannot.
fn sort(tx: &TenantTx, handed: &Handed<'_>, decoded: Decoded) -> Sorted {
    let mut sorted = Sorted { outcomes: vec![], given: vec![], places: vec![], asides: vec![] };
    let mut raw = None;
    for (index, item) in decoded.items.into_iter().enumerate() {
        let outcome = match item {
            Ok(heard) => match misplaced(heard.reading.at, tx.now()) {
                Some(reason) => {
                    sorted.asides.push((index, Aside::reading(reason, given(heard))));
                    ItemOutcome::aside(reason)
                }
                None => {
                    sorted.places.push(index);
                    sorted.given.push(given(heard));
                    ItemOutcome::plain(ItemFate::Ignored)
                }
            },
            Err(fault) if is_no_news(&fault) => ItemOutcome::at_fault(ItemFate::Ignored, &fault),
            Err(fault) => {
                let raw = raw.get_or_insert_with(|| Raw::of(handed.body));
                sorted.asides.push((index, Aside::fault(&fault, raw)));
                ItemOutcome::at_fault(ItemFate::Quarantined, &fault)
            }
        };
        sorted.outcomes.push(outcome);
    }
    sorted
}

/// A broker's old news, or what would count twice: there is nothing in it that anybody could decide.
fn is_no_news(fault: &ItemFault) -> bool {
    matches!(fault.kind, ItemFaultKind::Retained | ItemFaultKind::IncrementUntimed)
}

/// What can be said of the items of a message that is only kept so far: whether each can be read.
pub(in crate::devices) fn expected(decoded: &Result<Decoded, MessageFault>) -> Vec<ItemOutcome> {
    let of = |item: &Result<Heard, ItemFault>| match item {
        Ok(_) => ItemOutcome::plain(ItemFate::Accepted),
        Err(fault) if is_no_news(fault) => ItemOutcome::at_fault(ItemFate::Ignored, fault),
        Err(fault) => ItemOutcome::at_fault(ItemFate::Accepted, fault),
    };
    match decoded {
        Ok(decoded) => decoded.items.iter().map(of).collect(),
        Err(fault) => vec![ItemOutcome::unreadable(ItemFate::Accepted, *fault)],
    }
}

/// How many items of a message may have to be set aside, as far as that can be told without the tables: a device that is not
/// remembered may be one that no socket is known for.
pub(in crate::devices) fn perhaps_aside(app: &App, source: Uuid, decoded: &Decoded) -> u64 {
    let now = app.clock.now();
    let (mut perhaps, mut remembered) = (0, HashMap::new());
    for item in &decoded.items {
        let may_be = match item {
            Ok(heard) if misplaced(heard.reading.at, now).is_some() => true,
            Ok(heard) => {
                let (device, channel) = (heard.device.as_str(), i32::from(heard.channel));
                let known = || app.intake.sockets.remembers(source, device, channel);
                !*remembered.entry((device, channel)).or_insert_with(known)
            }
            Err(fault) => !is_no_news(fault),
        };
        perhaps += u64::from(may_be);
    }
    perhaps
}

fn given(heard: Heard) -> Given {
    Given { device: heard.device, channel: heard.channel.into(), reading: heard.reading }
}

/// Stores what can be counted; what no socket is known for joins what is set aside. Says whether anything was new.
async fn store(tx: &TenantTx, app: &App, source: Uuid, sorted: &mut Sorted) -> Result<bool> {
    let mut puts = put(tx, &app.intake.sockets, source, &sorted.given).await?;
    if puts.contains(&Put::Unknown) {
        // A socket may have come since it was looked for, and its readings have been replayed before these were there to
        // be: so none is added until this has committed, and it is looked for again.
        sources::keep_still(tx, source).await?;
        let unknown: Vec<usize> = (0..puts.len()).filter(|at| puts.get(*at) == Some(&Put::Unknown)).collect();
        let again: Vec<Given> = unknown.iter().filter_map(|at| sorted.given.get(*at).cloned()).collect();
        let again = put(tx, &app.intake.sockets, source, &again).await?;
        let again: HashMap<usize, Put> = unknown.into_iter().zip(again).collect();
        for (at, outcome) in puts.iter_mut().enumerate() {
            *outcome = again.get(&at).copied().unwrap_or(*outcome);
        }
    }
    let given = std::mem::take(&mut sorted.given);
    for ((given, put), index) in given.into_iter().zip(&puts).zip(&sorted.places) {
        let outcome = match put {
            Put::Stored => ItemOutcome::plain(ItemFate::Stored),
            Put::Duplicate => ItemOutcome::plain(ItemFate::Duplicate),
            Put::Unknown => {
                sorted.asides.push((*index, Aside::reading(QuarantineReason::UnknownDevice, given)));
                ItemOutcome::aside(QuarantineReason::UnknownDevice)
            }
        };
        if let Some(place) = sorted.outcomes.get_mut(*index) {
            *place = outcome;
        }
    }
    Ok(puts.contains(&Put::Stored))
}

/// Keeps the beginning of a message that cannot be read at all, once, so that staff see what a sender does wrong. Says what
/// became of it: the quarantine may be full, and then the sender's answer is all there is.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn take_unreadable(
    app: &App,
    handed: &Handed<'_>,
    fault: MessageFault,
) -> Result<ItemOutcome> {
    let tx = system_tx(app, handed.source.tenant, handed.request, true).await?;
    let aside = Aside::unreadable(fault, handed.body);
    keep(&tx, handed.source.id, &[&aside], Room::Bounded).await?;
    tx.commit_bookkeeping().await?;
    Ok(ItemOutcome::unreadable(ItemFate::Quarantined, fault))
}
