//! The folder that `zhidan assess admission` reads: its files, its firms with their invoices, and what was bad.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use domain::assessments::admission::invoice::Field;
use domain::assessments::admission::{Columns, Direction, Flaw, Invoice, SourceKind, Sources, parse_record};

use super::input::{Bad, Lines, column, open};
use crate::data::csv_lines;

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Companies,
    Invoices(Direction),
}

fn kind_of(name: &str) -> Option<Kind> {
    if name.starts_with("companies_") && name.ends_with(".csv") {
        return Some(Kind::Companies);
    }
    let stem = name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".csv")?;
    if !stem.starts_with("invoices_") {
        return None;
    }
    if stem.ends_with("_in") {
        Some(Kind::Invoices(Direction::In))
    } else if stem.ends_with("_out") {
        Some(Kind::Invoices(Direction::Out))
    } else {
        None
    }
}

pub(super) struct InputFile {
    path: PathBuf,
    kind: Kind,
}

/// The files to read. Of a file that lies there plain and packed the plain one is read and the other named, since reading
/// both would count every row twice.
pub(super) fn files<W: Write>(dir: &Path, bad: &mut Bad<'_, W>) -> anyhow::Result<Vec<InputFile>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("cannot list the folder {}", dir.display()))? {
        let path = entry?.path();
        let kind = path.file_name().and_then(|name| name.to_str()).and_then(kind_of);
        found.extend(kind.map(|kind| InputFile { path, kind }));
    }
    if found.is_empty() {
        bail!("{}: neither companies_*.csv nor invoices_*_in.csv or invoices_*_out.csv (or .gz) here", dir.display());
    }
    // companies before invoices, so that listed firms come first
    found.sort_by(|a, b| a.path.cmp(&b.path));
    let plain: BTreeSet<PathBuf> = found.iter().map(|file| file.path.clone()).collect();
    let (doubled, once): (Vec<_>, Vec<_>) = found.into_iter().partition(|file| {
        file.path.extension().is_some_and(|extension| extension == "gz")
            && plain.contains(&file.path.with_extension(""))
    });
    for file in doubled {
        bad.row(&file.path, 0, "left out: the same file lies unpacked beside it")?;
    }
    Ok(once)
}

pub(super) struct Firm {
    pub(super) company_id: Box<str>,
    pub(super) name: Option<String>,
    pub(super) listed: bool,
    bought: Vec<Invoice>,
    sold: Vec<Invoice>,
    /// Sources of which a file broke off after rows of this firm.
    cut_off: BTreeSet<SourceKind>,
}

impl Firm {
    /// A firm with rows in one direction only was asked for in both: the other is empty, which is a finding, unless a
    /// file of that direction could not be read: then nobody knows, and that is a gap of every firm without rows of it.
    /// Apart from that a firm without any row was not collected: both are missing.
    pub(super) fn sources(&mut self, read: &BTreeSet<SourceKind>, broken: &BTreeSet<SourceKind>) -> Sources {
        let (bought, sold) = (std::mem::take(&mut self.bought), std::mem::take(&mut self.sold));
        let any = !bought.is_empty() || !sold.is_empty();
        let mut sources = Sources::default();
        for (kind, rows) in [(SourceKind::InvoicesIn, bought), (SourceKind::InvoicesOut, sold)] {
            let unknown = rows.is_empty() && broken.contains(&kind);
            if unknown || self.cut_off.contains(&kind) {
                sources.failed.insert(kind, "文件未能完整读取".to_string());
            }
            let rows = (any && !unknown && read.contains(&kind)).then_some(rows);
            match kind {
                SourceKind::InvoicesIn => sources.invoices_in = rows,
                _ => sources.invoices_out = rows,
            }
        }
        sources
    }
}

fn source_of(direction: Direction) -> SourceKind {
    match direction {
        Direction::In => SourceKind::InvoicesIn,
        Direction::Out => SourceKind::InvoicesOut,
    }
}

#[derive(Default)]
pub(super) struct Folder {
    pub(super) firms: Vec<Firm>,
    index: HashMap<Box<str>, usize>,
    pub(super) per_day: BTreeMap<NaiveDate, u64>,
    /// Sources of which a file was read.
    pub(super) read: BTreeSet<SourceKind>,
    /// Sources of which a file could not be read, or not to its end.
    pub(super) broken: BTreeSet<SourceKind>,
}

impl Folder {
    fn firm(&mut self, company_id: &str) -> Option<&mut Firm> {
        let at = match self.index.get(company_id) {
            Some(at) => *at,
            None => {
                self.index.insert(company_id.into(), self.firms.len());
                let company_id = company_id.into();
                let (bought, sold, cut_off) = (Vec::new(), Vec::new(), BTreeSet::new());
                self.firms.push(Firm { company_id, name: None, listed: false, bought, sold, cut_off });
                self.firms.len() - 1
            }
        };
        self.firms.get_mut(at)
    }

    /// Reads one file; whatever is wrong with it is named and the next one is read.
    pub(super) fn read<W: Write>(&mut self, file: &InputFile, bad: &mut Bad<'_, W>) -> io::Result<()> {
        let whole = self.try_read(file, bad)?;
        if let (false, Kind::Invoices(direction)) = (whole, file.kind) {
            self.broken.insert(source_of(direction));
        }
        Ok(())
    }

    /// Whether the file was read to its end, bad rows aside.
    fn try_read<W: Write>(&mut self, file: &InputFile, bad: &mut Bad<'_, W>) -> io::Result<bool> {
        let Some((heading, lines)) = open(&file.path, bad)? else { return Ok(false) };
        match file.kind {
            Kind::Companies => self.read_companies(file, &heading, lines, bad),
            Kind::Invoices(direction) => self.read_invoices(file, direction, &heading, lines, bad),
        }
    }

    fn read_companies<W: Write>(
        &mut self,
        file: &InputFile,
        heading: &csv::StringRecord,
        mut lines: Lines,
        bad: &mut Bad<'_, W>,
    ) -> io::Result<bool> {
        let Some(id_at) = column(heading, "company_id") else {
            return bad.file(&file.path, 1, "the heading lacks the column company_id");
        };
        // the bank's rating and the default label may stand in the file; nothing here ever looks at them
        let name_at = column(heading, "company_name").or_else(|| column(heading, "company_name_masked"));
        each(&mut lines, file, bad, |record, line, bad| {
            let (Row::Whole(record) | Row::Salvaged(record)) = record;
            let company_id = record.get(id_at).unwrap_or("").trim();
            if company_id.is_empty() {
                return bad.row(&file.path, line, "company_id is empty");
            }
            if self.firm(company_id).is_some_and(|firm| firm.listed) {
                return bad.row(&file.path, line, format_args!("{company_id} is listed twice"));
            }
            let name = name_at.and_then(|at| record.get(at)).map(str::trim);
            let name = name.filter(|name| !name.is_empty() && !name.contains(char::REPLACEMENT_CHARACTER));
            if let Some(firm) = self.firm(company_id) {
                firm.listed = true;
                firm.name = firm.name.take().or(name.map(str::to_string));
            }
            Ok(())
        })
    }

    fn read_invoices<W: Write>(
        &mut self,
        file: &InputFile,
        direction: Direction,
        heading: &csv::StringRecord,
        mut lines: Lines,
        bad: &mut Bad<'_, W>,
    ) -> io::Result<bool> {
        let columns = match Columns::find(heading) {
            Ok(columns) => columns,
            Err(names) => {
                let why = format!("the heading needs each of these columns once: {}", names.join(", "));
                return bad.file(&file.path, 1, why);
            }
        };
        let source = source_of(direction);
        self.read.insert(source);
        let mut begun: BTreeSet<Box<str>> = BTreeSet::new();
        let whole = each(&mut lines, file, bad, |record, line, bad| {
            let (record, is_salvaged) = match record {
                Row::Whole(record) => (record, false),
                Row::Salvaged(record) => (record, true),
            };
            let mut row = parse_record(&columns, direction, record.len(), |at| record.get(at));
            if is_salvaged {
                // named already; whose row it is can still be told, and for that firm it is a row that was not read
                row.invoice.flaws.push(Flaw::Unreadable(Field::CounterpartyId));
            } else if row.invoice.is_bad() {
                let flaws: Vec<String> = row.invoice.flaws.iter().map(ToString::to_string).collect();
                bad.row(&file.path, line, flaws.join(", "))?;
            } else if let Some(day) = row.invoice.issued_on {
                *self.per_day.entry(day).or_default() += 1;
            }
            if row.company_id.is_empty() {
                return Ok(());
            }
            if let Some(firm) = self.firm(&row.company_id) {
                match direction {
                    Direction::In => firm.bought.push(row.invoice),
                    Direction::Out => firm.sold.push(row.invoice),
                }
            }
            if !begun.contains(&row.company_id) {
                begun.insert(row.company_id);
            }
            Ok(())
        })?;
        for company_id in begun.iter().filter(|_| !whole) {
            if let Some(firm) = self.firm(company_id) {
                firm.cut_off.insert(source);
            }
        }
        Ok(whole)
    }
}

/// One record of a file.
enum Row<'a> {
    Whole(&'a csv::StringRecord),
    /// Of a line in another encoding, which was named as bad: whose it is can be read, the rest may be spoilt.
    Salvaged(&'a csv::StringRecord),
}

/// Hands each record on; whether the file was read to its end.
fn each<'b, W: Write>(
    lines: &mut Lines,
    file: &InputFile,
    bad: &mut Bad<'b, W>,
    mut take: impl FnMut(Row<'_>, u64, &mut Bad<'b, W>) -> io::Result<()>,
) -> io::Result<bool> {
    loop {
        match lines.next_record() {
            Ok(Some(Ok(record))) => take(Row::Whole(&record), lines.number, bad)?,
            Ok(Some(Err(why))) => {
                bad.row(&file.path, lines.number, why)?;
                if why == csv_lines::NOT_UTF8 {
                    take(Row::Salvaged(&lines.salvaged()), lines.number, bad)?;
                }
            }
            Ok(None) => return Ok(true),
            // a broken archive: what came before it counts
            Err(error) => return bad.file(&file.path, lines.number, format_args!("cannot be read on: {error}")),
        }
    }
}
