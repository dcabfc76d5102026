//! Submitting, spread over fifty tenants, against the statements of a submission of each tenant in pgbench.

use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::StreamExt;

use super::load;
use super::pgbench::Pgbench;
use super::ratio::{ROUNDS, Ratio};
use super::reads::{recorded, server};
use super::script::{Changing, script};
use super::support::{Caller, Firm, Server, sample_sources};

const TENANTS: usize = 50;
/// Submissions of each tenant in each round.
const EACH: usize = 10;

/// A draft that lacks nothing but its submission.
struct Ready {
    path: String,
    token: String,
    version: i64,
}

/// Measures.
pub async fn measure(all: &mut Vec<Ratio>) {
    let server = server().await;
    println!("making {TENANTS} tenants with {} drafts each", ROUNDS * EACH + 1);
    let mut firms = Vec::new();
    for number in 0..TENANTS {
        firms.push(tenant(&server, number).await);
    }
    let drafts = firms.iter().map(|firm| drafts(&server, firm));
    let made: Vec<Vec<Ready>> = futures_util::stream::iter(drafts).buffered(4).collect().await;
    let mut ready: Vec<Ready> = interleaved(made);
    let scripts = record(&server, ready.drain(..TENANTS)).await;
    let pgbench = Pgbench::new(&server.db_url(), &scripts);
    let mut ratio = Ratio::new("submit, over 50 tenants ÷ its statements and COMMIT in pgbench", 0.4);
    for _ in 0..ROUNDS {
        let requests = ready.drain(..TENANTS * EACH).map(|draft| {
            let key = uuid::Uuid::now_v7().to_string();
            load::post(&server.url, &draft.path, &draft.token, &key, draft.version)
        });
        let first = load::each(&server.url, requests.collect()).await;
        ratio.round(first, pgbench.rate().await);
    }
    all.push(ratio);
    server.stop().await;
}

/// One of each tenant, then the next of each.
fn interleaved(made: Vec<Vec<Ready>>) -> Vec<Ready> {
    let mut queues: Vec<_> = made.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    while let Some(row) = queues.iter_mut().map(Iterator::next).collect::<Option<Vec<Ready>>>() {
        all.extend(row);
    }
    all
}

/// A firm and its applicants, each with a token: nobody may have more than twenty drafts.
async fn tenant(server: &Server, number: usize) -> (Firm, Vec<String>) {
    let firm = Firm::create_bare(server, &format!("bench{number}")).await;
    sample_sources(server, &firm);
    let mut tokens = Vec::new();
    for applicant in 0..=ROUNDS * EACH / 20 {
        tokens.push(firm.applicant_token(server, &format!("138{number:04}{applicant:04}")).await);
    }
    (firm, tokens)
}

async fn drafts(server: &Server, (firm, tokens): &(Firm, Vec<String>)) -> Vec<Ready> {
    let mut ready = Vec::new();
    for number in 0..=ROUNDS * EACH {
        let token = &tokens[number / 20];
        let caller = server.with_token(token);
        let (id, _) = firm.draft(server, &caller, 0).await;
        firm.upload_all(&caller, &id).await;
        firm.consent(&caller, &id).await;
        let seen = caller.get(&format!("/v1/my/applications/{id}"), 200).await;
        let version = seen.version.expect("a version");
        ready.push(Ready { path: format!("/v1/my/applications/{id}/submit"), token: token.clone(), version });
    }
    ready
}

/// Submits one draft of each tenant and writes down what the product asks the database for it.
async fn record(server: &Server, drafts: impl Iterator<Item = Ready>) -> Vec<String> {
    let (recorder, url) = recorded(server).await;
    let mut scripts = Vec::new();
    for draft in drafts {
        let caller = Caller::new(&url, Some(draft.token));
        // the tenant's keys are read once and kept
        caller.get("/v1/my/applications?limit=1", 200).await;
        recorder.take();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let key = uuid::Uuid::now_v7().to_string();
        let request = caller.request(reqwest::Method::POST, &draft.path).header("Idempotency-Key", &key);
        let request = request.header("If-Match", format!("\"{}\"", draft.version)).json(&serde_json::json!({}));
        caller.send(request, 200).await;
        let asked = recorder.take();
        let changing = Changing { since_ms: u64::try_from(since).expect("an instant"), key: &key };
        if scripts.is_empty() {
            println!("submit: {} statements", asked.len());
        }
        scripts.push(script(&asked, &changing));
    }
    scripts
}
