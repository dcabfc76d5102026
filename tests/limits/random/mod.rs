//! Random histories over HTTP against a model that takes nothing from the product: after every step what is allowed, every
//! column of every row and the firm's balances must be what the model says. Histories follow from their seeds alone;
//! `ZHIDAN_SEEDS` says how many, `ZHIDAN_STEPS` how long. They are not shrunk: a step costs a call, and the message has them
//! all.

mod choice;
mod history;
mod mending;
mod model;

use api::platform::jobs::plan;
use chrono::{Duration, Timelike};
use futures_util::future::join;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use choice::{Pick, Step, can_meet, choose};
use history::{Sent, World};
use model::{At, Op};

use super::support::{APPROVED, Books, assert_whole, count};
use crate::support::Server;

/// Minutes between the runs of the two jobs that end things, and when the daily one begins.
const LAPSE_MINUTES: i64 = 15;
const DAY_MINUTES: i64 = 24 * 60;
const EXPIRE_FROM: i64 = 16 * 60;

/// The steps of a seed.
fn steps(seed: u64, many: usize) -> Vec<Pick> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let one = any::<(u8, u16, u16, u32)>();
    vec(one, many).new_tree(&mut runner).expect("steps").current()
}

fn at(server: &Server) -> At {
    let now = server.app.clock.now();
    let day = domain::time::TenantZone::default().date_of(now);
    At {
        minute: now.timestamp().div_euclid(60),
        day: day.signed_duration_since(chrono::NaiveDate::default()).num_days(),
    }
}

/// Moves the clock to five minutes past an hour: whatever the history does in whole and half hours then stays clear of the
/// moments at which days and reservations end, however slow the machine is.
fn settle_clock(server: &Server) {
    let minute = i64::from(server.app.clock.now().minute());
    server.app.clock.advance(Duration::minutes(65 - minute));
}

/// The service's own work: what has run out ends, whatever runs once a day has run.
async fn run_jobs(world: &mut World, ran: &mut (i64, i64)) {
    let now = at(&world.server);
    plan(&world.server.app, &api::jobs::SCHEDULE).await.expect("a plan");
    world.server.work().await;
    let periods = (now.minute.div_euclid(LAPSE_MINUTES), (now.minute - EXPIRE_FROM).div_euclid(DAY_MINUTES));
    if periods.0 != ran.0 {
        world.model.lapse(now);
    }
    if periods.1 != ran.1 {
        world.model.expire(now);
    }
    *ran = periods;
}

/// One step: an operation, perhaps sent twice, one beside another, or time that passes.
async fn step(world: &mut World, pick: Pick, next: Pick, ran: &mut (i64, i64)) -> &'static str {
    let now = at(&world.server);
    let op = match choose(&world.model, &world.known(), pick, now) {
        Step::Op(op) => op,
        Step::Hours(hours) => {
            world.server.app.clock.advance(Duration::hours(hours));
            world.books.log_in_again(&world.server).await;
            return "time";
        }
        Step::Jobs => {
            run_jobs(world, ran).await;
            world.compare().await;
            return "jobs";
        }
        Step::Nothing => return "nothing",
    };
    let other = match choose(&world.model, &world.known(), next, now) {
        Step::Op(other) if can_meet(op) && can_meet(other) && pick.3.is_multiple_of(3) => Some(other),
        _ => None,
    };
    if let Some(other) = other {
        let (a, b) = (world.request(op), world.request(other));
        let answers = join(a.send(), b.send()).await;
        world.settle_pair((op, &answers.0), (other, &answers.1), now).await;
        return "pair";
    }
    let request = world.request(op);
    if pick.3.is_multiple_of(5) {
        let (first, second) = join(request.send(), request.send()).await;
        if first.status < 300 {
            assert_eq!(first, second, "{op:?}: one key, two answers");
        }
        world.settle(op, &first, now).await;
        return "twin";
    }
    let first: Sent = request.send().await;
    world.settle(op, &first, now).await;
    if first.status < 300 && pick.3.is_multiple_of(7) {
        assert_eq!(request.send().await, first, "{op:?}: again under its key");
        world.compare().await;
        return "again";
    }
    if first.status < 300 { name(op) } else { "refused" }
}

fn name(op: Op) -> &'static str {
    match op {
        Op::Grant { .. } => "grant",
        Op::Split { .. } => "split",
        Op::Move { .. } => "move",
        Op::Resize { .. } => "resize",
        Op::Freeze(_) => "freeze",
        Op::Thaw(_) => "thaw",
        Op::Close(_) => "close",
        Op::Reserve { .. } => "reserve",
        Op::Draw { .. } => "draw",
        Op::Release(_) => "release",
        Op::Repay { .. } => "repay",
        Op::Correct(_) => "correct",
    }
}

#[actix_web::test]
async fn random_histories_come_to_what_an_independent_model_says() {
    let (seeds, many) = (count("ZHIDAN_SEEDS", 2, 32), count("ZHIDAN_STEPS", 150, 300));
    let first = count("ZHIDAN_FIRST_SEED", 0, 0);
    let mut counts = std::collections::BTreeMap::new();
    for seed in first..first + seeds {
        let server = Server::start().await;
        settle_clock(&server);
        let books = Books::open(&server, "random").await;
        books.share(2_000, 3_000).await;
        let approvals =
            vec![books.approval(&server, "13900000331", 0).await, books.approval(&server, "13900000332", 1).await];
        let mut world = World::new(server, books, approvals, APPROVED).await;
        let picks = steps(seed as u64, many + 1);
        println!("seed {seed}");
        let mut ran = (i64::MIN, i64::MIN);
        for (number, pair) in picks.windows(2).enumerate() {
            world.place = format!("seed {seed}, step {number}");
            *counts.entry(step(&mut world, pair[0], pair[1], &mut ran).await).or_insert(0) += 1;
        }
        world.compare().await;
        assert_whole(world.server.settings()).await;
        world.server.stop().await;
    }
    println!("{seeds} seeds × {many} steps: {counts:?}");
    assert!(["reserve", "draw", "split"].iter().all(|kind| counts.contains_key(kind)), "{counts:?}");
}
