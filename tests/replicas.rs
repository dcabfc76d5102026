//! Several replicas act as one (promise 26): what is counted is counted together, and each is replaced by another under load
//! without a failed request. SQLite has one process, and so nothing to share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Client;
use serde_json::json;

use crate::limits::support::count;
use crate::support::{Caller, Firm, Server, Serving, on_postgres};

/// Requests that an address may make in a minute.
const RATE: usize = 400;

#[actix_web::test]
async fn an_address_may_ask_as_often_of_three_as_of_one() {
    if !on_postgres() {
        return;
    }
    let rate = RATE.to_string();
    let server = Server::start_with(&[("ZHIDAN_HTTP__RATE_PER_MINUTE", &rate)]).await;
    let others = [server.replica().await, server.replica().await];
    let urls = [&server.url, &others[0].url, &others[1].url];
    let client = Client::builder().no_proxy().build().expect("a client");
    let asked = urls.iter().flat_map(|url| std::iter::repeat_n(url, RATE)).map(|url| {
        let request = client.get(format!("{url}/health"));
        async move { request.send().await.expect("an answer").status().as_u16() }
    });
    let statuses = join_all(asked).await;
    let answered = statuses.iter().filter(|status| **status == 200).count();
    assert!(statuses.iter().all(|status| matches!(status, 200 | 429)));
    // a twentieth more at most; and no replica keeps to itself what the others could use
    assert!((RATE * 9 / 10..=RATE + RATE / 20).contains(&answered), "{answered} of {RATE}");
    // half a minute later half of the minute that is over counts
    let to_next = 60 - server.app.clock.now().timestamp().rem_euclid(60);
    server.app.clock.advance(chrono::Duration::seconds(to_next + 30));
    let again = join_all((0..RATE).map(|_| async {
        client.get(format!("{}/health", others[1].url)).send().await.expect("an answer").status().as_u16()
    }))
    .await;
    let again = again.iter().filter(|status| **status == 200).count();
    assert!(again <= RATE * 6 / 10, "{again} of {RATE}");
    for other in others {
        other.stop().await;
    }
    server.stop().await;
}

/// What a balancer knows: where replicas listen that say that they are ready.
struct Balancer {
    client: Client,
    urls: RefCell<Vec<String>>,
    over: Cell<bool>,
}

impl Balancer {
    /// Asks each replica whether it is ready, as balancers do, and sends nobody to one that is not.
    async fn look(&self) {
        let urls = self.urls.borrow().clone();
        for url in urls {
            let answer = self.client.get(format!("{url}/ready")).send().await;
            if !answer.is_ok_and(|answer| answer.status().is_success()) {
                self.urls.borrow_mut().retain(|known| *known != url);
            }
        }
    }

    /// Waits until nobody is sent to `url` any more.
    async fn without(&self, url: &str) {
        while self.urls.borrow().iter().any(|known| known == url) {
            self.look().await;
        }
    }
}

async fn started(settings: &[(String, String)]) -> Serving {
    let settings = settings.to_vec();
    actix_web::rt::task::spawn_blocking(move || Serving::start_unheard(&settings)).await.expect("it starts")
}

/// Makes departments through the balancer until it is over, and gives their names. Whatever fails ends the test.
async fn makes_departments(balancer: Rc<Balancer>, token: String, number: u32) -> Vec<String> {
    let mut names = vec![];
    while !balancer.over.get() {
        let url = {
            let urls = balancer.urls.borrow();
            urls[names.len() % urls.len()].clone()
        };
        let name = format!("部门{number}-{}", names.len());
        let request = balancer.client.post(format!("{url}/v1/departments")).bearer_auth(&token);
        let request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        let answer = request.json(&json!({ "name": name })).send().await.expect("an answer");
        let (status, body) = (answer.status().as_u16(), answer.text().await.expect("its body"));
        assert_eq!(status, 201, "{body}");
        names.push(name);
    }
    names
}

/// The names of all departments.
async fn departments(caller: &Caller) -> Vec<String> {
    let (mut names, mut cursor) = (vec![], String::new());
    loop {
        let page = caller.get(&format!("/v1/departments?limit=100{cursor}"), 200).await;
        let items = page.body["items"].as_array().expect("items");
        names.extend(items.iter().filter_map(|item| item["name"].as_str()).map(str::to_owned));
        let Some(next) = page.body["next"].as_str() else { return names };
        cursor = format!("&cursor={next}");
    }
}

#[actix_web::test]
async fn replicas_are_replaced_under_load_and_nothing_fails() {
    if !on_postgres() {
        return;
    }
    let rounds = count("ZHIDAN_ROUNDS", 1, 5);
    let server = Server::start().await;
    let firm = Firm::create(&server, "rolling").await;
    let token = firm.log_in(&server, "administrator", 200).await.text("/access_token");
    let place = server.leave().await;
    let mut settings = place.settings("127.0.0.1:0");
    for (name, value) in [("HTTP__RATE_PER_MINUTE", "1000000"), ("HTTP__DRAIN_MS", "1500"), ("DEMO", "false")] {
        settings.push((format!("ZHIDAN_{name}"), value.to_owned()));
    }
    let mut running = vec![];
    for _ in 0..3 {
        running.push(started(&settings).await);
    }
    let url = |one: &Serving| format!("http://{}", one.address);
    let client = Client::builder().no_proxy().pool_idle_timeout(Duration::from_secs(2)).build().expect("a client");
    let balancer =
        Rc::new(Balancer { client, urls: RefCell::new(running.iter().map(url).collect()), over: Cell::new(false) });
    let clients: Vec<_> = (0..6)
        .map(|number| actix_web::rt::spawn(makes_departments(Rc::clone(&balancer), token.clone(), number)))
        .collect();
    for _ in 0..rounds {
        for one in &mut running {
            let next = started(&settings).await;
            balancer.urls.borrow_mut().push(url(&next));
            let last = std::mem::replace(one, next);
            last.terminate();
            balancer.without(&url(&last)).await;
            let ended = actix_web::rt::task::spawn_blocking(move || last.end()).await.expect("it ends");
            assert_eq!(ended.0, Some(0));
        }
    }
    balancer.over.set(true);
    let mut made = vec![];
    for client in clients {
        made.extend(client.await.expect("nothing failed"));
    }
    assert!(made.len() > 9 * rounds, "{}", made.len());
    let caller = Caller::new(&url(&running[0]), Some(token));
    let names = departments(&caller).await;
    let lost: Vec<_> = made.iter().filter(|name| !names.contains(name)).collect();
    assert!(lost.is_empty(), "{lost:?} of {}", made.len());
    println!("{} replicas replaced under load, {} written, none failed, none lost", rounds * 3, made.len());
    drop(running);
    place.remove().await;
}
