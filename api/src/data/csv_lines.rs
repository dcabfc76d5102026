//! Reads CSV line by line, so that one bad line spoils itself alone. No field of the files we read holds a line break.

use std::io::{self, BufRead, Read};

/// Longest line read; a longer one is a bad row.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Why a line in another encoding is no record, with what helps: spreadsheets save GBK unless told otherwise.
pub const NOT_UTF8: &str = "the line is not UTF-8 (in Excel save as “CSV UTF-8”)";

/// The records of one file.
pub struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Number of the line read last, from 1.
    pub number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The records that `reader` holds.
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), number: 0 }
    }

    /// The next line that is not blank; the inner error says why a line is no record.
    ///
    /// # Errors
    /// If the file cannot be read on.
    pub fn next_record(&mut self) -> io::Result<Option<Result<csv::StringRecord, &'static str>>> {
        loop {
            self.buffer.clear();
            self.number += 1;
            let read = self.reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            if !self.buffer.ends_with(b"\n") && self.buffer.len() as u64 >= LINE_BYTES_MAX {
                self.reader.skip_until(b'\n')?;
                return Ok(Some(Err("the line is too long")));
            }
            let Ok(text) = std::str::from_utf8(&self.buffer) else {
                return Ok(Some(Err(NOT_UTF8)));
            };
            let text = text.trim_end_matches(['\r', '\n']);
            if text.chars().all(|char| matches!(char, ',' | ' ' | '\t' | '\u{feff}' | '"')) {
                continue;
            }
            return Ok(Some(if is_closed(text) { Ok(split(text)) } else { Err("a quotation mark is not closed") }));
        }
    }

    /// The last line with a mark in place of what is not UTF-8: a firm's id is ASCII and can be read all the same.
    pub fn salvaged(&self) -> csv::StringRecord {
        split(String::from_utf8_lossy(&self.buffer).trim_end_matches(['\r', '\n']))
    }
}

/// Whether every field that begins with a quotation mark ends with one. One that does not would swallow the fields after
/// it, and with them whose row it is.
fn is_closed(text: &str) -> bool {
    let (mut quoted, mut begins) = (false, true);
    for char in text.chars() {
        match char {
            // a doubled mark within quotes leaves and enters them again
            '"' if quoted || begins => (quoted, begins) = (!quoted, quoted),
            ',' if !quoted => begins = true,
            _ => begins = false,
        }
    }
    !quoted
}

fn split(text: &str) -> csv::StringRecord {
    if !text.contains('"') {
        return text.split(',').collect();
    }
    let mut record = csv::StringRecord::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    // a line in memory and known to be UTF-8 cannot fail to be read
    let _ = reader.read_record(&mut record);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_whole_where_its_quotation_marks_close() {
        for (line, closed) in [
            ("a,b", true),
            ("\"a\",b", true),
            ("\"a,\"\"x\"\"\",b", true),
            ("a,5\" pipe", true),
            ("\"\",b", true),
            ("\"a,b", false),
            ("a,\"b", false),
            ("a,\"b\"\"", false),
        ] {
            assert_eq!(is_closed(line), closed, "{line}");
        }
    }
}
