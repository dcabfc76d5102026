//! Scoring the largest of the real firms, against reading its invoices through the same pool.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use api::data;
use api::demonstration::sources::FIRMS;
use api::platform::access::system_tx;
use domain::assessments::admission::Direction;
use domain::id::{Id, kind};
use uuid::Uuid;

use super::load::SIDE;
use super::ratio::{ROUNDS, Ratio};
use super::reads::server;
use super::support::{Firm, sample_sources};

/// The day after the published invoices end: the period's months are full of them.
const DAY: &str = "2020-02-22T04:00:00Z";

/// Measures, where `ZHIDAN_DATA` names the real data's folder.
pub async fn measure(all: &mut Vec<Ratio>) {
    let Some(folder) = std::env::var_os("ZHIDAN_DATA").map(|data| PathBuf::from(data).join("enterprises")) else {
        println!("not run: scoring the largest firm needs ZHIDAN_DATA");
        return;
    };
    let server = server().await;
    let day: chrono::DateTime<chrono::Utc> = DAY.parse().expect("an instant");
    server.app.clock.advance(day - server.app.clock.now());
    let firm = Firm::create(&server, "largest").await;
    sample_sources(&server, &firm);
    let rows = largest(&folder, &server.app.config.sources_dir.join(&firm.slug).join(FIRMS[0].credit_code));
    let applicant = firm.applicant(&server, "13900000001").await;
    let id = firm.submitted_with(&server, &applicant, 0).await;
    let application = Id::<kind::Application>::parse(&id).expect("an application").uuid();
    let (round, pulls) = pulls(&firm, &id).await;
    let mut ratio =
        Ratio::new(format!("admission assessment of the largest firm ({rows} invoices) ÷ reading its rows"), 0.3);
    for _ in 0..ROUNDS {
        let first = rate(async || {
            let tx = system_tx(&server.app, firm.tenant, "bench", false).await.expect("a transaction");
            api::assessments::evaluate_enterprise(&tx, application, round, None).await.expect("an evaluation");
        });
        let first = first.await;
        let second = rate(async || {
            let tx = system_tx(&server.app, firm.tenant, "bench", false).await.expect("a transaction");
            let mut read = 0;
            for (pull, direction) in &pulls {
                read += data::read_invoices(&tx, *pull, *direction).await.expect("the rows").len();
            }
            assert_eq!(read, rows, "every row");
        });
        ratio.round(first, second.await);
    }
    all.push(ratio);
    server.stop().await;
}

/// How often `work` is done in a second.
async fn rate(work: impl AsyncFn()) -> f64 {
    let (begun, mut done) = (Instant::now(), 0.0);
    while begun.elapsed() < SIDE {
        work().await;
        done += 1.0;
    }
    done / begun.elapsed().as_secs_f64()
}

/// The round in which the data was collected, and the pulls of invoices.
async fn pulls(firm: &Firm, id: &str) -> (i32, Vec<(Uuid, Direction)>) {
    let shown = firm.staff("executive").get(&format!("/v1/applications/{id}/pulls"), 200).await;
    let items = shown.body["items"].as_array().expect("pulls").clone();
    let round = items[0]["round"].as_i64().and_then(|round| i32::try_from(round).ok()).expect("a round");
    let of = |source: &str| {
        let pull = items.iter().find(|pull| pull["source"]["code"] == source).expect("a pull");
        Id::<kind::Pull>::parse(pull["id"].as_str().expect("an id")).expect("a pull").uuid()
    };
    (round, vec![(of("invoices_in"), Direction::In), (of("invoices_out"), Direction::Out)])
}

/// Puts the invoices of the firm with most of them where the adapter looks; says how many there are.
fn largest(from: &Path, to: &Path) -> usize {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let files: Vec<(PathBuf, String)> = from
        .read_dir()
        .expect("the folder of enterprises")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("invoices_")))
        .map(|path| {
            let text = text_of(&path);
            (path, text)
        })
        .collect();
    for (_, text) in &files {
        for line in text.lines().skip(1) {
            *counts.entry(company(line).to_owned()).or_default() += 1;
        }
    }
    let (largest, rows) = counts.into_iter().max_by_key(|(_, rows)| *rows).expect("a firm");
    for side in ["in", "out"] {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut headed = false;
        for (_, text) in files.iter().filter(|(path, _)| path.to_string_lossy().contains(&format!("_{side}."))) {
            let heading = text.lines().next().filter(|_| !std::mem::replace(&mut headed, true));
            for line in heading.into_iter().chain(text.lines().skip(1).filter(|line| company(line) == largest)) {
                writeln!(packed, "{line}").expect("memory");
            }
        }
        let bytes = packed.finish().expect("memory");
        std::fs::write(to.join(format!("invoices_{side}.csv.gz")), bytes).expect("the firm's file");
    }
    rows
}

fn company(line: &str) -> &str {
    line.split(',').next().unwrap_or_default()
}

fn text_of(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("a file of invoices");
    if path.extension().is_some_and(|end| end == "gz") {
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("packed text");
        return text;
    }
    String::from_utf8(bytes).expect("text")
}
