//! The workers: one for each partition, in every process that works. Those of one partition share its consumer, so a message
//! is with one of them; what one of them leaves behind comes to another.

use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use uuid::Uuid;

use super::lanes::Lanes;
use super::{Buffer, take};
use crate::app::App;
use crate::platform::outside::nats::{Hand, Waiting};

/// Waits before a partition is tried again, doubled each time up to the longest.
const AGAIN_MIN: Duration = Duration::from_millis(250);
const AGAIN_MAX: Duration = Duration::from_secs(10);
/// Longest that what was begun is waited for when stopping; what is not finished then comes to another.
const STOP_WAIT_MAX: Duration = Duration::from_secs(15);
/// Messages that the consumer is past and that are looked at together, and looks at a time, at most.
const FORGOTTEN_MAX: usize = 32;
/// How often a message in hand is said to be, within the time after which it would go to another.
const SAID_IN_WAIT: u32 = 3;

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

/// A worker for each partition, until told to stop.
async fn work(app: App, mut stopping: watch::Receiver<bool>) {
    let Some(buffer) = &app.buffer else { return };
    let mut again = AGAIN_MIN;
    let partitions = loop {
        match buffer.0.partitions().await {
            Ok(partitions) => break partitions,
            Err(cause) => tracing::warn!(%cause, "the stream is not reached; again soon"),
        }
        if told_within(&mut stopping, again).await {
            return;
        }
        again = (again * 2).min(AGAIN_MAX);
    };
    let workers = partitions.into_iter().map(|partition| partition_of(&app, buffer, partition, stopping.clone()));
    futures_util::future::join_all(workers).await;
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
    let (hand, wait) = (pull.hand(), buffer.0.settings().ack_wait / SAID_IN_WAIT);
    let mut lanes = Lanes::new(app.config.telemetry.at_once);
    let mut working = FuturesUnordered::new();
    let mut say = interval_at(Instant::now() + wait, wait);
    say.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut look = tokio::time::interval(buffer.0.settings().ack_wait);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tracing::info!(partition, "taking in what the stream holds");
    let ended = loop {
        while let Some((firm, waiting)) = lanes.next() {
            working.push(at_work(app, &hand, firm, waiting, wait));
        }
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break Ok(()),
            Some((firm, sequence)) = working.next() => lanes.done(firm, sequence),
            came = pull.next() => match came {
                Ok(waiting) => arrange(&mut lanes, waiting).await,
                Err(cause) => break Err(cause),
            },
            _ = look.tick() => passed_over(app, &hand).await,
            _ = say.tick() => for waiting in lanes.waiting() {
                waiting.hold().await;
            },
        }
    };
    while working.next().await.is_some() {}
    for waiting in lanes.waiting() {
        waiting.again(None).await;
    }
    Ok(ended?)
}

/// Takes in what lies there though the consumer is past it, which a server that was killed may leave.
async fn passed_over(app: &App, hand: &Hand) {
    for _ in 0..FORGOTTEN_MAX {
        let left = match hand.forgotten(FORGOTTEN_MAX).await {
            Ok(left) => left,
            Err(cause) => return tracing::info!(%cause, "what was passed over cannot be looked for now"),
        };
        let mut gone = false;
        for one in &left {
            match Uuid::try_parse(one.tenant()) {
                Ok(firm) => gone |= take::forgotten(app, hand, firm, one).await,
                Err(_) => {
                    tracing::error!(sequence = one.sequence, "something that belongs to no firm lies in the stream")
                }
            }
        }
        // there may be more behind what is gone; what is not waits for the next look
        if !gone {
            return;
        }
    }
}

/// Puts a message into its firm's lane.
async fn arrange(lanes: &mut Lanes<Waiting>, waiting: Waiting) {
    match Uuid::try_parse(waiting.tenant()) {
        Ok(firm) => lanes.add(firm, waiting.sequence, waiting),
        // whose it is nobody can say; it stays for whoever looks into the stream
        Err(_) => {
            tracing::error!(sequence = waiting.sequence, "something that belongs to no firm lies in the stream");
            waiting.again(Some(AGAIN_MAX)).await;
        }
    }
}

/// Takes one message in, saying all the while that it is in hand.
async fn at_work(app: &App, hand: &Hand, firm: Uuid, waiting: Waiting, wait: Duration) -> (Uuid, u64) {
    let mut say = interval_at(Instant::now() + wait, wait);
    let outcome = {
        let taking = take::one(app, hand, firm, &waiting);
        tokio::pin!(taking);
        loop {
            tokio::select! {
                outcome = &mut taking => break outcome,
                _ = say.tick() => waiting.hold().await,
            }
        }
    };
    metrics::counter!("zhidan_buffer_taken_total", "outcome" => outcome).increment(1);
    (firm, waiting.sequence)
}
