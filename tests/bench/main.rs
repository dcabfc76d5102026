//! How fast the product is, as ratios of alternating runs against a limit taken in the same run: absolute times mean little
//! on a machine that others share. On PostgreSQL with `TEST_DATABASE_URL`, else those that are promised on SQLite.
//!
//!     just bench            all of it
//!     just bench submit     one part: reads, submit, assess, limits or telemetry

#[allow(dead_code, unused_imports, reason = "the suite uses the rest of it")]
#[path = "../support/mod.rs"]
mod support;

#[allow(dead_code, reason = "the suite uses the rest of it")]
#[path = "../limits/support.rs"]
mod books;
#[path = "../limits/filler.rs"]
mod filler;
#[allow(dead_code, reason = "the suite uses the rest of it")]
#[path = "../devices/workshop.rs"]
mod workshop;

mod assess;
mod bare_insert;
mod baseline;
mod limits;
mod load;
mod pgbench;
mod ratio;
mod reads;
mod recorder;
mod script;
mod submit;
mod telemetry;

use ratio::Ratio;

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    let mut all: Vec<Ratio> = Vec::new();
    if asked_for("reads") {
        reads::measure(&mut all).await;
    }
    if asked_for("submit") && support::on_postgres() {
        submit::measure(&mut all).await;
    }
    if asked_for("assess") && support::on_postgres() {
        assess::measure(&mut all).await;
    }
    if asked_for("limits") && support::on_postgres() {
        limits::measure(&mut all).await;
    }
    if asked_for("telemetry") {
        telemetry::measure(&mut all).await;
    }
    println!("\n{}", ratio::HEADING);
    for ratio in &all {
        println!("{}", ratio.row());
    }
    let missed = all.iter().filter(|ratio| !ratio.holds()).count();
    println!("\n{} of {} hold", all.len() - missed, all.len());
    std::process::ExitCode::from(u8::from(missed > 0))
}

/// Whether this part is to be run: all are, unless some are named.
fn asked_for(part: &str) -> bool {
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    named.is_empty() || named.iter().any(|name| name == part)
}
