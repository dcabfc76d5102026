//! Reading of bytes that may lie, and the checks that all formats share.

use super::{Reason, Refused};

/// The middle of the EICAR test file, which every antivirus program takes for harmful. In two halves, lest this file be
/// taken for it.
const EICAR: [&[u8]; 2] = [b"EICAR-STANDARD-ANTI", b"VIRUS-TEST-FILE!"];
/// The end of central directory record of a ZIP and its comment, at their longest.
const ZIP_END_BYTES_MAX: usize = 22 + 65_535;

/// Where `needle` first is.
pub(super) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let mut from = 0;
    while let Some(step) = hay.get(from..)?.iter().position(|&b| b == first) {
        let at = from + step;
        if hay.get(at + 1..)?.starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Where `needle` last is.
pub(super) fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len().max(1)).rposition(|w| w == needle)
}

/// A big-endian number, if there is one.
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A big-endian number, if there is one.
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A little-endian number, if there is one.
pub(super) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A little-endian number, if there is one.
pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A little-endian number, if there is one.
pub(super) fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Refuses what is known to be harmful. This is the test file and no substitute for a scanner; it shows that the way is
/// closed.
pub(super) fn known_malware(bytes: &[u8]) -> Result<(), Refused> {
    let mut from = 0;
    let (first, second) = (EICAR[0], EICAR[1]);
    while let Some(at) = bytes.get(from..).and_then(|rest| find(rest, first)) {
        let behind = from + at + first.len();
        if bytes.get(behind..).is_some_and(|rest| rest.starts_with(second)) {
            return Err(Refused::new(Reason::Malware, "the EICAR test file"));
        }
        from = behind;
    }
    Ok(())
}

/// Refuses a file that a ZIP program would open as an archive as well: those look from the end.
pub(super) fn no_archive_at_end(file: &[u8]) -> Result<(), Refused> {
    let from = file.len().saturating_sub(ZIP_END_BYTES_MAX);
    let tail = file.get(from..).unwrap_or_default();
    let mut at = 0;
    while let Some(step) = tail.get(at..).and_then(|rest| find(rest, b"PK\x05\x06")) {
        let record = at + step;
        let comment = le16(tail, record + 20).map(usize::from);
        if comment.is_some_and(|comment| record + 22 + comment == tail.len()) {
            return Err(Refused::new(Reason::Polyglot, "the file is a ZIP archive at the same time"));
        }
        at = record + 4;
    }
    Ok(())
}
