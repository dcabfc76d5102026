//! JPEG, segment by segment to its end marker, and nothing behind it, except the further pictures that a file announces
//! by the Multi-Picture Format (CIPA DC-007), as many phones do; those are walked the same way.

use super::{Limits, Reason, Refused, picture, scan::be16};

/// More segments than any honest encoder writes.
const SEGMENTS_MAX: usize = 100_000;
/// A photograph and what a phone adds to it: preview, depth, gain map.
const PICTURES_MAX: usize = 8;

/// Answers width and height of the first picture.
pub(super) fn check(file: &[u8], limits: &Limits) -> Result<(u32, u32), Refused> {
    let first = one(file, limits)?;
    let mut rest = file.get(first.length..).unwrap_or_default();
    for _ in 1..PICTURES_MAX {
        if rest.is_empty() {
            break;
        }
        if !first.announces_more || !rest.starts_with(&[0xFF, 0xD8, 0xFF]) {
            return Err(Refused::new(Reason::Polyglot, "something comes after the JPEG's end"));
        }
        let next = one(rest, limits)?;
        rest = rest.get(next.length..).unwrap_or_default();
    }
    if rest.is_empty() {
        Ok(first.size)
    } else {
        Err(Refused::new(Reason::Polyglot, "something comes after the JPEG's end"))
    }
}

struct Picture {
    size: (u32, u32),
    length: usize,
    announces_more: bool,
}

fn one(file: &[u8], limits: &Limits) -> Result<Picture, Refused> {
    let truncated = || Refused::new(Reason::Truncated, "the JPEG ends before its end marker");
    let mut at = 2;
    let (mut size, mut scanned, mut announces_more) = (None, false, false);
    for _ in 0..SEGMENTS_MAX {
        if *file.get(at).ok_or_else(truncated)? != 0xFF {
            return Err(Refused::new(Reason::Malformed, "a JPEG segment does not begin with a marker"));
        }
        let marker = *file.get(at + 1).ok_or_else(truncated)?;
        match marker {
            // fill
            0xFF => {
                at += 1;
                continue;
            }
            0xD9 => {
                let size = size
                    .filter(|_| scanned)
                    .ok_or_else(|| Refused::new(Reason::Malformed, "the JPEG has no picture"))?;
                return Ok(Picture { size, length: at + 2, announces_more });
            }
            // markers that stand alone have no business between segments
            0x00 | 0x01 | 0xD0..=0xD8 => {
                return Err(Refused::new(Reason::Malformed, "a JPEG marker is out of place"));
            }
            _ => {}
        }
        let length = usize::from(be16(file, at + 2).ok_or_else(truncated)?);
        let body = file.get(at + 4..at + 2 + length.max(2)).ok_or_else(truncated)?;
        if length < 2 {
            return Err(Refused::new(Reason::Malformed, "a JPEG segment is shorter than its length"));
        }
        at += 2 + length;
        match marker {
            // all frame headers: C4, C8 and CC are tables
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let (height, width) = (be16(body, 1).ok_or_else(truncated)?, be16(body, 3).ok_or_else(truncated)?);
                if size.replace(picture(u32::from(width), u32::from(height), limits)?).is_some() {
                    return Err(Refused::new(Reason::Malformed, "the JPEG has two frame headers"));
                }
            }
            0xE2 if body.starts_with(b"MPF\0") => announces_more = true,
            0xDA => {
                scanned = size.is_some();
                at = end_of_scan(file, at).ok_or_else(truncated)?;
            }
            _ => {}
        }
    }
    Err(Refused::new(Reason::Malformed, "the JPEG has too many segments"))
}

/// Where the next marker stands that is not part of the compressed data: stuffed zeros and restart markers are.
fn end_of_scan(file: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += file.get(at..)?.iter().position(|&b| b == 0xFF)?;
        match *file.get(at + 1)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}
