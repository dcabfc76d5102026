//! The workers: one for each partition, in every process that works. Those of one partition share its consumer, so a message
//! is with one of them; what one of them leaves behind comes to another.

use std::cell::RefCell;
use std::collections::HashSet;
use std::convert::Infallible;
use std::rc::{Rc, Weak};
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use uuid::Uuid;

use super::beside::{beside, every};
use super::lanes::Lanes;
use super::passed::PassedOver;
use super::{Buffer, take};
use crate::app::App;
use crate::platform::outside::nats::{Hand, Pull, Waiting};

/// Waits before a partition is tried again, doubled each time up to the longest.
const AGAIN_MIN: Duration = Duration::from_millis(250);
const AGAIN_MAX: Duration = Duration::from_secs(10);
/// Longest that what was begun is waited for when stopping; what is not finished then comes to another.
const STOP_WAIT_MAX: Duration = Duration::from_secs(15);
/// How often a message in hand is said to be, within the time after which it would go to another.
const SAID_IN_WAIT: u32 = 3;
/// Partitions that were found and wait for their workers.
const FOUND_MAX: usize = 64;
/// In whose lane lies what belongs to no firm.
const NOBODY: Uuid = Uuid::nil();

/// What a worker has in hand and not in work.
type InHand = RefCell<Lanes<Rc<Waiting>>>;

/// The workers of this process.
pub struct Takers {
    stop: watch::Sender<bool>,
    all: JoinHandle<()>,
}

impl Takers {
    /// Has them take nothing more, finish what they have begun, and give back the rest.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(STOP_WAIT_MAX, &mut self.all).await.is_err() {
            self.all.abort();
        }
    }
}

/// Begins to take in what lies in the stream, if there is one.
pub fn start(app: &App) -> Option<Takers> {
    app.buffer.as_ref()?;
    let (stop, stopping) = watch::channel(false);
    let all = actix_web::rt::spawn(work(app.clone(), stopping));
    Some(Takers { stop, all })
}

/// A worker for each partition, also for those that come later, until told to stop.
async fn work(app: App, mut stopping: watch::Receiver<bool>) {
    let Some(buffer) = &app.buffer else { return };
    let (tell, mut found) = mpsc::channel(FOUND_MAX);
    let stopped = stopping.clone();
    let working = async {
        let mut workers = FuturesUnordered::new();
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stop| *stop) => break,
                Some(partition) = found.recv() => workers.push(partition_of(&app, buffer, partition, stopped.clone())),
                Some(()) = workers.next() => {}
            }
        }
        while workers.next().await.is_some() {}
    };
    beside(working, partitions(buffer, tell)).await;
}

/// Tells of each partition once. It looks again from time to time: a process that was begun since may put messages into
/// partitions that there were none of.
async fn partitions(buffer: &Buffer, tell: mpsc::Sender<u64>) -> Infallible {
    let (mut known, mut again) = (HashSet::new(), AGAIN_MIN);
    loop {
        let wait = match buffer.0.partitions().await {
            Ok(all) => {
                again = AGAIN_MIN;
                for partition in all {
                    if known.insert(partition) {
                        let _ = tell.send(partition).await;
                    }
                }
                buffer.0.settings().ack_wait
            }
            Err(cause) => {
                tracing::warn!(%cause, "the stream is not reached; again soon");
                let wait = again;
                again = (again * 2).min(AGAIN_MAX);
                wait
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Whether it was told to stop before so much time had passed.
async fn told_within(stopping: &mut watch::Receiver<bool>, time: Duration) -> bool {
    tokio::time::timeout(time, stopping.wait_for(|stop| *stop)).await.is_ok()
}

async fn partition_of(app: &App, buffer: &Buffer, partition: u64, mut stopping: watch::Receiver<bool>) {
    let mut again = AGAIN_MIN;
    loop {
        let begun = Instant::now();
        match session(app, buffer, partition, &mut stopping).await {
            Ok(()) => return,
            Err(cause) => tracing::warn!(partition, %cause, "a partition of the stream is not listened to; again soon"),
        }
        if begun.elapsed() > AGAIN_MAX {
            again = AGAIN_MIN;
        }
        if told_within(&mut stopping, again).await {
            return;
        }
        again = (again * 2).min(AGAIN_MAX);
    }
}

/// Works until told to stop, which is well, or until the stream is lost; what was begun is finished in either case.
async fn session(
    app: &App,
    buffer: &Buffer,
    partition: u64,
    stopping: &mut watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let mut pull = buffer.0.pull(partition).await?;
    let (hand, ack_wait) = (pull.hand(), buffer.0.settings().ack_wait);
    let wait = ack_wait / SAID_IN_WAIT;
    let lanes = RefCell::new(Lanes::new(app.config.telemetry.at_once));
    let now = Instant::now();
    tracing::info!(partition, "taking in what the stream holds");
    let saying = every(now + wait, wait, async || say(&lanes).await);
    let mut passed = PassedOver::default();
    let looking = every(now, ack_wait, async || passed.look(app, &hand).await);
    beside(beside(serve(app, &mut pull, &lanes, wait, stopping), saying), looking).await
}

/// Takes messages in as their turns come. No arm of the `select!` waits for anything: what is in work would stand still.
async fn serve(
    app: &App,
    pull: &mut Pull,
    lanes: &InHand,
    wait: Duration,
    stopping: &mut watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let hand = pull.hand();
    let mut working = FuturesUnordered::new();
    let next = || lanes.borrow_mut().next();
    let ended = loop {
        while let Some((firm, waiting)) = next() {
            working.push(at_work(app, &hand, firm, waiting, wait));
        }
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break Ok(()),
            Some((firm, sequence)) = working.next() => lanes.borrow_mut().done(firm, sequence),
            came = pull.next() => match came {
                Ok(waiting) => arrange(lanes, waiting),
                Err(cause) => break Err(cause),
            },
        }
    };
    while working.next().await.is_some() {}
    let left: Vec<Rc<Waiting>> = lanes.borrow().waiting().cloned().collect();
    for waiting in left {
        waiting.again(None).await;
    }
    Ok(ended?)
}

/// Says of all that waits that it is in hand. While the server is away this may wait for it, and what is done meanwhile needs
/// no saying.
async fn say(lanes: &InHand) {
    let held: Vec<Weak<Waiting>> = lanes.borrow().waiting().map(Rc::downgrade).collect();
    for waiting in held {
        if let Some(waiting) = waiting.upgrade() {
            waiting.hold().await;
        }
    }
}

/// Puts a message into its firm's lane.
fn arrange(lanes: &InHand, waiting: Waiting) {
    let firm = Uuid::try_parse(waiting.tenant()).unwrap_or(NOBODY);
    lanes.borrow_mut().add(firm, waiting.sequence, Rc::new(waiting));
}

/// Takes one message in, saying all the while that it is in hand.
async fn at_work(app: &App, hand: &Hand, firm: Uuid, waiting: Rc<Waiting>, wait: Duration) -> (Uuid, u64) {
    let taking =
        async { if firm == NOBODY { nobodys(&waiting).await } else { take::one(app, hand, firm, &waiting).await } };
    let saying = every(Instant::now() + wait, wait, async || waiting.hold().await);
    let outcome = beside(taking, saying).await;
    metrics::counter!("zhidan_buffer_taken_total", "outcome" => outcome).increment(1);
    (firm, waiting.sequence)
}

/// Gives back what belongs to no firm: whose it is nobody can say, and it stays for whoever looks into the stream.
async fn nobodys(waiting: &Waiting) -> &'static str {
    tracing::error!(sequence = waiting.sequence, "something that belongs to no firm lies in the stream");
    waiting.again(Some(AGAIN_MAX)).await;
    "nobodys"
}
