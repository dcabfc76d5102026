//! What the binary can be told to do.

pub mod assess;
mod audit;
mod backup;
mod chosen;
mod demo;
mod keys;
mod ledger;
mod out;
mod serve;
mod tenant;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use domain::time::TenantZone;

use crate::config::SETTINGS;

#[derive(Parser)]
#[command(name = "zhidan", version, about = "智担 Zhidan: the platform that financing-guarantee firms run on", after_help = settings_help())]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and work the job queue (the default)
    Serve {
        /// Leave the job queue to `zhidan work`
        #[arg(long)]
        no_worker: bool,
    },
    /// Work the job queue without serving
    Work,
    /// Bring the schema up to date
    Migrate,
    /// Print the OpenAPI document
    Openapi,
    /// Print a table for readers, as it is kept under docs/
    Table {
        /// Which one
        which: Table,
    },
    /// Evaluate offline, with the rules of the product
    Assess {
        #[command(subcommand)]
        what: Assess,
    },
    /// Create tenants, hand out all that is theirs, remove them
    Tenant {
        #[command(subcommand)]
        command: tenant::TenantCommand,
    },
    /// Verify the audit chains
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Copy the database, as of one instant, and every file into a folder, also beside a server at work
    Backup(backup::Backup),
    /// Restore a backup into an empty database and storage
    Restore(backup::Restore),
    /// List keys and change them while everything runs
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Verify the ledger of credit limits
    Ledger {
        #[command(subcommand)]
        command: ledger::LedgerCommand,
    },
    /// Play the whole story through the HTTP API
    Demo(demo::DemoArguments),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Table {
    /// Every error code
    Errors,
    /// Who may do what
    Access,
}

#[derive(Subcommand)]
enum Assess {
    /// Score every firm of a folder for admission, one JSON line for each; what is bad is named on the error stream.
    /// Exits with 0 if all was read, with 3 if a file or row was bad and the rest went on
    Admission {
        /// The folder with `companies_*.csv` and `invoices_*_{in,out}.csv[.gz]`
        #[arg(long)]
        dir: PathBuf,
        /// The date to score as of, yyyy-mm-dd (default: the day after the latest invoice)
        #[arg(long, value_name = "DATE")]
        as_of: Option<NaiveDate>,
    },
    /// Say what each machine did each day, one JSON line for each; what is bad is named on the error stream.
    /// Exits with 0 if all was read, with 3 if the file or a row was bad and the rest went on
    Utilisation(Utilisation),
}

#[derive(clap::Args)]
struct Utilisation {
    /// The readings, CSV or CSV.gz with the columns device, ts (with offset), power_w and if known energy_kwh, voltage_v,
    /// current_a
    #[arg(long, value_name = "FILE")]
    readings: PathBuf,
    /// The zone whose days count: Asia/Shanghai, UTC or an offset such as +06:00
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai", value_parser = TenantZone::parse, allow_hyphen_values = true)]
    tz: TenantZone,
    /// Thresholds as JSON, for all devices or by device (default: learned from each device's readings)
    #[arg(long, value_name = "FILE")]
    thresholds: Option<PathBuf>,
    /// Write the thresholds that were used to this file
    #[arg(long, value_name = "FILE")]
    used_thresholds: Option<PathBuf>,
}

fn settings_help() -> String {
    let mut text = String::from("Settings (environment):\n");
    for setting in SETTINGS {
        text.push_str(&format!("  ZHIDAN_{:<28} {}\n", setting.name, setting.meaning));
    }
    text
}

/// Exit code of a command that failed.
const EXIT_FAILED: u8 = 1;

/// Reads the process's arguments and does what they say.
pub fn run() -> ExitCode {
    ExitCode::from(run_with(std::env::args_os()))
}

/// Does what `arguments` say, the first being the binary's own name, and gives the exit code.
pub fn run_with(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = Arguments::parse_from(arguments);
    let outcome = match arguments.command.unwrap_or(Command::Serve { no_worker: false }) {
        Command::Serve { no_worker } => serve::serve(!no_worker),
        Command::Work => serve::work(),
        Command::Migrate => serve::migrate(),
        Command::Openapi => print_document(),
        Command::Table { which } => print_table(which),
        Command::Assess { what: Assess::Admission { dir, as_of } } => return assess_admission(&dir, as_of),
        Command::Assess { what: Assess::Utilisation(arguments) } => return assess_utilisation(&arguments),
        Command::Demo(arguments) => demo::demo(arguments),
        Command::Tenant { command } => tenant::run(command),
        Command::Audit { command } => audit::run(command),
        Command::Backup(asked) => backup::backup(&asked),
        Command::Restore(asked) => backup::restore(&asked),
        Command::Keys { command } => keys::run(command),
        Command::Ledger { command } => ledger::run(command),
    };
    match outcome {
        Ok(()) => 0,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> u8 {
    if out::nobody_reads(error) {
        return out::EXIT_NOBODY_READS;
    }
    eprintln!("zhidan: {}", out::in_words(error));
    EXIT_FAILED
}

fn assess_admission(dir: &Path, as_of: Option<NaiveDate>) -> u8 {
    assessed(|out, err| assess::run(dir, as_of, out, err))
}

fn assess_utilisation(asked: &Utilisation) -> u8 {
    let (given, used) = (asked.thresholds.as_deref(), asked.used_thresholds.as_deref());
    assessed(|out, err| assess::run_utilisation(&asked.readings, asked.tz, given, used, out, err))
}

/// Runs an offline command on the standard streams and gives its exit code.
fn assessed(run: impl FnOnce(&mut BufWriter<io::StdoutLock<'_>>, &mut io::StderrLock<'_>) -> anyhow::Result<u8>) -> u8 {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr().lock();
    let outcome = run(&mut out, &mut err);
    drop(err);
    match outcome.and_then(|code| out.flush().map(|()| code).map_err(Into::into)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

fn print_table(which: Table) -> anyhow::Result<()> {
    let page = match which {
        Table::Errors => crate::tables::errors(),
        Table::Access => crate::tables::access()?,
    };
    print!("{page}");
    Ok(())
}

fn print_document() -> anyhow::Result<()> {
    Ok(out::say(&crate::openapi::document().to_pretty_json()?)?)
}
