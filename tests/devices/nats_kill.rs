//! What was accepted into the stream is lost neither by a kill of a process of ours nor by one of the stream's server.
//! `ZHIDAN_KILLS` says how many of each.

use std::rc::Rc;
use std::time::Duration;

use super::kill::{SENDERS, World, assert_kept, prepared, sender, started, urls};
use super::nats_server::NatsServer;
use crate::limits::support::{Draws, count};
use crate::support::on_postgres;

/// Quiet after which the stream's server is asked whether it gives what it holds.
const QUIET_MAX: Duration = Duration::from_secs(10);

#[actix_web::test]
async fn no_accepted_reading_is_lost_by_a_kill_of_ours_or_of_the_streams_server() {
    let Some(mut nats) = NatsServer::own().await else { return };
    let kills = count("ZHIDAN_KILLS", 2, 100);
    let most = count("ZHIDAN_ACKS_PER_KILL", 1_000, 3_000) as i64;
    let mut draws = Draws::new(count("ZHIDAN_SEED", 1, 1) as u64);
    let (place, world, tenant, url) = prepared().await;
    let mut settings = place.settings("127.0.0.1:0");
    settings.push(("ZHIDAN_HTTP__RATE_PER_MINUTE".into(), "1000000".into()));
    // little may pile up, so that what is accepted meets the tables between two kills
    settings.extend(nats.settings(&[("ZHIDAN_NATS__TENANT_MESSAGES", "40")]));
    let mut running = vec![];
    for _ in 0..if on_postgres() { 3 } else { 1 } {
        running.push(started(&settings).await);
    }
    world.urls.send_replace(urls(&running));
    let world: Rc<World> = Rc::new(world);
    let senders: Vec<_> = (0..SENDERS).map(|number| actix_web::rt::spawn(sender(Rc::clone(&world), number))).collect();
    let mut heard = world.acknowledged.subscribe();
    for _ in 0..kills {
        for of_ours in [true, false] {
            let enough =
                *world.acknowledged.borrow() + usize::try_from(draws.within(most / 3, most)).expect("a number");
            loop {
                let heard = heard.wait_for(|now| *now >= enough);
                match tokio::time::timeout(QUIET_MAX, heard).await {
                    Ok(now) => break drop(now.expect("the senders go on")),
                    Err(_) => nats.gives().await,
                }
            }
            if of_ours {
                let which = usize::try_from(draws.within(0, running.len() as i64 - 1)).expect("an index");
                drop(running.swap_remove(which));
                running.push(started(&settings).await);
                world.urls.send_replace(urls(&running));
            } else {
                nats.kill();
                nats.start().await;
            }
        }
    }
    // what waits is given, so that each sender gets its last message in
    nats.gives().await;
    world.over.set(true);
    for sender in senders {
        sender.await.expect("a sender ends well");
    }
    nats.drained().await;
    let kept = assert_kept(&world, &url, tenant).await;
    let acknowledged = world.journal.borrow().len();
    assert_eq!(kept, acknowledged, "whatever was sent again is there once");
    println!("{kills} kills of each, {acknowledged} acknowledged readings, none lost, none twice");
    drop(running);
    place.remove().await;
    nats.remove().await;
}
