//! What the offline commands read from: files that may be packed, and a list of what was bad in them.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use crate::data::csv_lines;

/// The records of a file, packed or not.
pub(super) type Lines = csv_lines::Lines<BufReader<Box<dyn Read>>>;

/// Names what is bad, and remembers that something was.
pub(super) struct Bad<'a, W: Write> {
    pub(super) err: &'a mut W,
    pub(super) any: bool,
}

impl<W: Write> Bad<'_, W> {
    pub(super) fn row(&mut self, file: &Path, line: u64, why: impl std::fmt::Display) -> io::Result<()> {
        self.any = true;
        writeln!(self.err, "{}:{line}: {why}", file.display())
    }

    /// Names a file that cannot be read, or not to its end: the answer to "was it read whole" is no.
    pub(super) fn file(&mut self, file: &Path, line: u64, why: impl std::fmt::Display) -> io::Result<bool> {
        self.row(file, line, why).map(|()| false)
    }
}

/// Opens a file and reads its heading; unpacks what ends in `.gz`. Nothing where the file has none, which is then named.
pub(super) fn open<W: Write>(path: &Path, bad: &mut Bad<'_, W>) -> io::Result<Option<(csv::StringRecord, Lines)>> {
    let reader: Box<dyn Read> = match File::open(path) {
        Err(error) => return bad.row(path, 0, format_args!("cannot be opened: {error}")).map(|()| None),
        Ok(opened) if path.extension().is_some_and(|extension| extension == "gz") => {
            Box::new(flate2::read::MultiGzDecoder::new(opened))
        }
        Ok(opened) => Box::new(opened),
    };
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, reader));
    let why = match lines.next_record() {
        Ok(Some(Ok(record))) => return Ok(Some((record, lines))),
        Ok(Some(Err(why))) => why.to_owned(),
        Ok(None) => "is empty: a heading is needed".to_owned(),
        Err(error) => format!("cannot be read: {error}"),
    };
    bad.row(path, lines.number, why).map(|()| None)
}

/// The place of a column, whatever the case of its name and whatever mark the file begins with.
pub(super) fn column(heading: &csv::StringRecord, wanted: &str) -> Option<usize> {
    heading.iter().position(|name| name.trim_matches(['\u{feff}', ' ', '"']).eq_ignore_ascii_case(wanted))
}
