//! `zhidan assess`: the product's rules offline. `admission` scores a folder of firms, `utilisation` says what machines did.
//!
//! It exists so that a firm can try the scorecard on its own history before it relies on it. One bad row or file is
//! named on the error stream as `file:line: why` and the rest goes on; nothing is written but the result.

mod folder;
mod input;
mod readings;
mod utilisation;

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use domain::assessments::admission::{Assessment, Scorecard, assess, default_as_of};
use serde_json::{Value, json};

use folder::{Folder, files};
use input::Bad;
pub use utilisation::run as run_utilisation;

/// All was read.
const EXIT_ALL_READ: u8 = 0;
/// Something was bad and named.
const EXIT_SOMETHING_BAD: u8 = 3;

/// Scores every firm of the folder and writes one JSON line for each to `out`, what was bad to `err`.
///
/// Reads every `companies_*.csv` and `invoices_*_{in,out}.csv[.gz]`, in the order of their names. Firms come in the
/// order of the company files, then those that occur in invoices only (`"listed": false`). Without `as_of` the date is
/// the day after the folder's latest invoice (see [`default_as_of`] for rows with an absurd date), void ones included;
/// in a folder without any dated invoice it is today.
///
/// # Errors
/// The folder cannot be listed or holds none of the files, or writing fails. Bad rows and files are no error: they
/// make the exit code 3 instead of 0.
pub fn run(dir: &Path, as_of: Option<NaiveDate>, out: &mut impl Write, err: &mut impl Write) -> anyhow::Result<u8> {
    let mut folder = Folder::default();
    let mut bad = Bad { err, any: false };
    for file in files(dir, &mut bad)? {
        folder.read(&file, &mut bad)?;
    }
    let as_of = match as_of.or_else(|| default_as_of(&folder.per_day)) {
        Some(day) => day,
        None => {
            writeln!(bad.err, "{}: no dated invoice to take the date from; evaluated as of today", dir.display())?;
            chrono::Local::now().date_naive()
        }
    };
    let scorecard = Scorecard::standard();
    let (read, broken) = (folder.read, folder.broken);
    for mut firm in folder.firms {
        let sources = firm.sources(&read, &broken);
        let assessment = assess(&scorecard, &sources, as_of);
        serde_json::to_writer(&mut *out, &line(&firm.company_id, firm.name.as_deref(), firm.listed, assessment))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(if bad.any { EXIT_SOMETHING_BAD } else { EXIT_ALL_READ })
}

fn line(company_id: &str, name: Option<&str>, listed: bool, assessment: Assessment) -> Value {
    json!({
        "company_id": company_id,
        "name": name,
        "listed": listed,
        "as_of": assessment.as_of,
        "periods": assessment.periods,
        "scorecard": { "id": assessment.scorecard_id, "version": assessment.scorecard_version },
        "total": assessment.total,
        "acceptable_total": assessment.acceptable_total,
        "review_total": assessment.review_total,
        "decision": assessment.decision,
        "decision_reasons": assessment.decision_reasons,
        "risks": assessment.risks,
        "indicators": assessment.indicators,
        "missing": assessment.missing,
        "left_out": assessment.left_out,
        "gaps": assessment.gaps,
    })
}
