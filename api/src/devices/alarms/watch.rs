//! Looks at what was counted of a machine, rule by rule and day by day. What it finds does not hang on when it looks: a
//! day begins where the last complete one ended, and an alarm is told apart by the instant at which its condition began.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::devices::alarms::{
    AlarmAction, AlarmKind, Event, EventKind, History, Rule, Seen, Span, Transition, Watch, advance,
};
use domain::devices::life::LifeEvent;
use domain::devices::utilisation::State;
use domain::time::TenantZone;
use uuid::Uuid;

use super::store::{self, AlarmRow, RuleRow, domain_alarm, with};
use super::{announce, tell};
use crate::app::App;
use crate::devices::bindings;
use crate::devices::equipment::store::Row as MachineRow;
use crate::devices::life::{self, Note};
use crate::devices::scores;
use crate::devices::usage::{Frame, count_up_to_now, spans_between, unsettled};
use crate::error::Result;
use crate::platform::access::system_tx;
use crate::platform::db::TenantTx;
use crate::platform::jobs::{Job, JobError, Outcome, enqueue, finish, is_another};

/// The kind of job that looks at machines that say nothing.
pub const WATCH: &str = "devices.watch";
/// Machines that are looked for at once.
const MACHINES_AT_ONCE: u64 = 200;
/// How long one job looks, seconds: others' jobs wait no longer for one firm's.
const WATCH_FOR_S: i64 = 10;
/// The kind of job that goes on where one had its time.
pub const WATCH_ON: &str = "devices.watch_on";
/// Days that are looked at again after a late reading; older ones have been dealt with.
const DAYS_AGAIN_MAX: i64 = 8;

/// Looks at a day of a machine that was counted, at those before it that nobody looked at yet, and at those after it.
pub(in crate::devices) async fn watch(
    tx: &TenantTx,
    frame: &Frame,
    day: NaiveDate,
    resets: &[DateTime<Utc>],
) -> Result<()> {
    let machine = &frame.machine;
    if machine.monitoring != "on" {
        return Ok(());
    }
    let today = TenantZone::default().date_of(tx.now());
    let earliest = today - Duration::days(DAYS_AGAIN_MAX);
    let rules = rules_of(tx, frame).await?;
    // a rule that no longer is the machine's, since a nearer one took its place, has nothing to say any more
    let ids: Vec<Uuid> = rules.iter().map(|rule| rule.id).collect();
    for row in store::lock_open_of_others(tx, machine.id, &ids).await? {
        end(tx, machine.id, row, tx.now()).await?;
    }
    let unsettled = unsettled(tx, machine, (earliest, today)).await?;
    for rule in rules {
        let (first, mut before) = begin(tx, machine, rule.id, (day, earliest)).await?;
        for again in first.iter_days().take_while(|again| *again <= today) {
            if again != day && unsettled.contains(&again) {
                // when it is counted, it is looked at, and so is what follows from it
                break;
            }
            // of other days it is not known here whether the counter began anew: they were looked at when they were counted
            if again != day && rule.kind == AlarmKind::MeterReset.code() {
                continue;
            }
            before = day_of(tx, frame, (&rule, before), again, resets).await?;
        }
    }
    Ok(())
}

/// Where a rule begins to look for the sake of a day, and how far it had come by then: the day after the last before it that the
/// rule looked at to its end; where it never did, the one on which somebody began to watch; never earlier than `earliest`.
async fn begin(
    tx: &TenantTx,
    machine: &MachineRow,
    rule: Uuid,
    (day, earliest): (NaiveDate, NaiveDate),
) -> Result<(NaiveDate, Watch)> {
    let since = machine.monitoring_since.map_or(day, |since| TenantZone::default().date_of(since));
    let mut known = store::watch_before(tx, rule, machine.id, day).await?;
    let next = known.as_ref().and_then(|(last, _)| last.succ_opt());
    let first = next.map_or(since, |next| next.max(since)).min(day).max(earliest);
    if first > day {
        known = store::watch_before(tx, rule, machine.id, first).await?;
    }
    Ok((first, known.map(|(_, watch)| watch).unwrap_or_default()))
}

/// Ends what is still open of a machine that nobody watches any more.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn end_all(tx: &TenantTx, machine: Uuid) -> Result<()> {
    for row in store::lock_open_of_others(tx, machine, &[]).await? {
        end(tx, machine, row, tx.now()).await?;
    }
    Ok(())
}

/// The rules for a machine: its own before those of its category before the firm's, one of each kind.
async fn rules_of(tx: &TenantTx, frame: &Frame) -> Result<Vec<RuleRow>> {
    let mut rows = store::rules(tx).await?;
    if rows.is_empty() {
        rows = super::rules::add_standard(tx).await?;
    }
    let machine = &frame.machine;
    let near = |row: &RuleRow| match (row.equipment_id, &row.category) {
        (Some(id), _) => (id == machine.id).then_some(2),
        (None, Some(category)) => (*category == machine.category).then_some(1),
        (None, None) => Some(0),
    };
    let mut chosen: BTreeMap<String, (u8, RuleRow)> = BTreeMap::new();
    for row in rows {
        let Some(rank) = near(&row) else { continue };
        if chosen.get(&row.kind).is_none_or(|(other, _)| *other <= rank) {
            chosen.insert(row.kind.clone(), (rank, row));
        }
    }
    Ok(chosen.into_values().map(|(_, row)| row).collect())
}

fn seen(state: Option<State>) -> Seen {
    match state {
        None => Seen::Unknown,
        Some(State::Offline) => Seen::Offline,
        Some(State::Off) => Seen::Off,
        Some(State::Standby) => Seen::Standby,
        Some(State::Working) => Seen::Working,
        Some(State::Overload) => Seen::Overload,
    }
}

/// Looks at one day by one rule, from where it had come before it; gives how far it has come after it.
async fn day_of(
    tx: &TenantTx,
    frame: &Frame,
    (row, mut before): (&RuleRow, Watch),
    day: NaiveDate,
    resets: &[DateTime<Utc>],
) -> Result<Watch> {
    let zone = TenantZone::default();
    let begin_and_end = zone.start_of(day).zip(day.succ_opt().and_then(|next| zone.start_of(next)));
    let Some((start, end)) = begin_and_end else { return Ok(before) };
    let until = end.min(tx.now());
    // what was before somebody began to watch is nobody's alarm
    let start = frame.machine.monitoring_since.map_or(start, |since| since.max(start));
    if until <= start {
        return Ok(before);
    }
    let spans = spans_between(tx, frame, day).await?;
    if spans.is_empty() && bindings::of_equipment(tx, frame.machine.id, start, until).await?.is_empty() {
        // without a socket there is nothing to watch, and nothing to go on about
        for row in store::lock_open_within(tx, row.id, frame.machine.id, (DateTime::UNIX_EPOCH, until)).await? {
            self::end(tx, frame.machine.id, row, start).await?;
        }
        return Ok(before);
    }
    let rule: Rule = serde_json::from_value(row.body.clone())?;
    if before.seen_to.is_some_and(|to| frame.machine.monitoring_since.is_some_and(|since| to < since)) {
        // between the two nobody watched
        before = Watch::default();
    }
    let mut spans: Vec<Span> = spans
        .into_iter()
        .map(|(from, to, state)| Span { from: from.max(start), to, seen: seen(state) })
        .filter(|span| span.from < span.to)
        .collect();
    if spans.is_empty() {
        // of a socket that never spoke that much is known
        spans.push(Span { from: start, to: until, seen: Seen::Unknown });
    }
    let events: Vec<Event> = resets
        .iter()
        .filter(|at| (start..until).contains(*at))
        .map(|at| Event { at: *at, kind: EventKind::MeterReset })
        .collect();
    let (after, found) = advance(&rule, zone, &before, &History { spans: &spans, events: &events, until });
    if until == end {
        store::keep_watch(tx, row.id, frame.machine.id, day, &after).await?;
    }
    write_down(tx, frame, row, (start, until), &found).await?;
    Ok(after)
}

/// Raises what was found, clears what ended, and takes back what a late reading made undone.
async fn write_down(
    tx: &TenantTx,
    frame: &Frame,
    rule: &RuleRow,
    stretch: (DateTime<Utc>, DateTime<Utc>),
    found: &[Transition],
) -> Result<()> {
    let machine = frame.machine.id;
    let began = |transition: &Transition| match *transition {
        Transition::Raised { began, .. } => Some(micros(began)),
        Transition::Cleared { .. } => None,
    };
    let begun: BTreeSet<_> = found.iter().filter_map(began).collect();
    // raised within the stretch by what was known then, and not any more
    let undone = store::lock_open_within(tx, rule.id, machine, stretch).await?;
    let mut undone: VecDeque<AlarmRow> = undone.into_iter().filter(|row| !begun.contains(&row.began_at)).collect();
    for transition in found {
        match *transition {
            Transition::Raised { began, at } => {
                let ends = |other: &Transition| matches!(other, Transition::Cleared { began: of, .. } if *of == began);
                let goes_on = !found.iter().any(ends);
                raise(tx, frame, rule, (micros(began), micros(at)), goes_on, &mut undone).await?;
            }
            Transition::Cleared { began, at } => {
                if let Some(row) = store::lock_begun(tx, rule.id, machine, micros(began)).await? {
                    end(tx, machine, row, at).await?;
                }
            }
        }
    }
    for row in undone {
        end(tx, machine, row, tx.now()).await?;
    }
    Ok(())
}

/// An instant as it is kept.
fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// Raises an alarm unless it is there; one that had been taken back and `goes_on` is open again. Where a late reading only moved
/// the begin of one that is open, that one is moved: who has taken note of it has done so.
async fn raise(
    tx: &TenantTx,
    frame: &Frame,
    rule: &RuleRow,
    (began, at): (DateTime<Utc>, DateTime<Utc>),
    goes_on: bool,
    undone: &mut VecDeque<AlarmRow>,
) -> Result<()> {
    if let Some(row) = store::lock_begun(tx, rule.id, frame.machine.id, began).await? {
        // nobody is told twice
        if goes_on && row.cleared_at.is_some() && row.cleared_by.is_none() {
            let version = row.version.saturating_add(1);
            let row = AlarmRow { cleared_at: None, version, ..row };
            announce::raised(tx, &row).await?;
            store::save_alarm(tx, row).await?;
        }
        return Ok(());
    }
    if let Some(row) = undone.pop_front() {
        let version = row.version.saturating_add(1);
        return store::save_alarm(tx, AlarmRow { began_at: began, raised_at: at, version, ..row }).await;
    }
    let row = AlarmRow {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        rule_id: rule.id,
        equipment_id: frame.machine.id,
        kind: rule.kind.clone(),
        began_at: began,
        raised_at: at,
        cleared_at: None,
        cleared_by: None,
        acknowledged_at: None,
        acknowledged_by: None,
        muted_until: None,
        told_at: None,
        version: 1,
        created_at: tx.now(),
    };
    let id = row.id;
    announce::raised(tx, &row).await?;
    store::add_alarm(tx, row).await?;
    let words = AlarmKind::from_code(&rule.kind).map(AlarmKind::words);
    let note = Note { subject: Some(id), words, ..Note::default() };
    life::record(tx, frame.machine.id, LifeEvent::AlarmRaised, note).await?;
    tell::soon(tx, id).await
}

async fn end(tx: &TenantTx, machine: Uuid, row: AlarmRow, at: DateTime<Utc>) -> Result<()> {
    let before = domain_alarm(&row);
    let Ok(after) = before.after(&AlarmAction::Ended { at }) else { return Ok(()) };
    if after == before {
        return Ok(());
    }
    let note = Note { subject: Some(row.id), ..Note::default() };
    life::record(tx, machine, LifeEvent::AlarmCleared, note).await?;
    let row = with(row, &after);
    announce::cleared(tx, &row).await?;
    store::save_alarm(tx, row).await
}

/// Looks at every machine that is monitored, since one that says nothing brings no reading that would have it counted; not while an
/// earlier look at them goes on.
///
/// # Errors
/// Later, if the database fails; what was found stays so.
pub async fn watch_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let goes_on = is_another(&tx, job, WATCH_ON).await?;
    drop(tx);
    if goes_on { Ok(Outcome::Done) } else { look(app, job, Uuid::nil()).await }
}

/// Goes on with a look that had its time.
///
/// # Errors
/// As [`watch_job`].
pub async fn watch_on_job(app: &App, job: &Job) -> Result<Outcome, JobError> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
    let after = job.payload(&tx)?;
    drop(tx);
    look(app, job, after).await
}

async fn look(app: &App, job: &Job, mut after: Uuid) -> Result<Outcome, JobError> {
    let until = app.clock.now() + Duration::seconds(WATCH_FOR_S);
    let mut is_over = false;
    while !is_over {
        let tx = system_tx(app, job.tenant, &job.id.to_string(), false).await?;
        let machines = store::monitored(&tx, after, MACHINES_AT_ONCE).await?;
        drop(tx);
        if machines.is_empty() {
            break;
        }
        for machine in machines {
            is_over = app.clock.now() > until;
            if is_over {
                break;
            }
            if let Err(error) = one(app, job, machine).await {
                tracing::error!(tenant = %job.tenant, %machine, cause = %error, "not watched");
            }
            after = machine;
        }
    }
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    if is_over {
        enqueue(&tx, WATCH_ON, &after).await?;
    }
    finish(&tx, job).await?;
    tx.commit_bookkeeping().await?;
    Ok(Outcome::Finished)
}

async fn one(app: &App, job: &Job, machine: Uuid) -> Result<()> {
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    count_up_to_now(&tx, machine, app.config.telemetry.kept_since(tx.now())).await?;
    scores::rescore_if_use_moved(&tx, machine).await?;
    tx.commit_bookkeeping().await
}
