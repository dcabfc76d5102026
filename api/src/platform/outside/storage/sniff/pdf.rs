//! PDF: header at the first byte, end mark at the last, and nothing in it that acts when it is opened.

use super::{
    Reason, Refused,
    scan::{find, rfind},
};
use std::io::Read;

/// How far from the end of the file its end mark may be.
const TAIL_BYTES: usize = 1024;
/// Names (ISO 32000-2, 12.6.4 and 7.11.4) of what acts: scripts, programs to start, files carried inside, and media
/// that play.
const ACTIVE: [&[u8]; 6] = [b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA"];
/// The short name of a script. It is too short to be looked for in compressed data, where it turns up by chance.
const SCRIPT: &[u8] = b"JS";
/// How much of the compressed objects is unfolded to look for these names.
const OBJECTS_BYTES_MAX: u64 = 32 << 20;
/// How far before a stream its dictionary is looked for.
const DICTIONARY_BYTES_MAX: usize = 2048;

/// Refuses what is not wholly a PDF, and what acts.
pub(super) fn check(file: &[u8]) -> Result<(), Refused> {
    let version = file.get(5..8).unwrap_or_default();
    if !matches!(version, [b'1' | b'2', b'.', b'0'..=b'9']) {
        return Err(Refused::new(Reason::Malformed, "the PDF's version is none"));
    }
    let tail = file.get(file.len().saturating_sub(TAIL_BYTES)..).unwrap_or(file);
    let Some(end) = rfind(tail, b"%%EOF") else {
        let code = if find(file, b"%%EOF").is_some() { Reason::Polyglot } else { Reason::Truncated };
        return Err(Refused::new(code, "the PDF does not end with its end mark"));
    };
    if tail.get(end + 5..).is_some_and(|rest| rest.iter().any(|b| !matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0))) {
        return Err(Refused::new(Reason::Polyglot, "something comes after the PDF's end"));
    }
    if find(tail, b"startxref").is_none() {
        return Err(Refused::new(Reason::Truncated, "the PDF does not say where its table is"));
    }
    look(file)?;
    let mut budget = OBJECTS_BYTES_MAX;
    let mut from = 0;
    while let Some((dictionary, content, next)) = next_stream(file, from) {
        if holds_objects(dictionary) {
            let mut objects = Vec::new();
            // what does not unfold is no object stream to a reader either; what unfolded until then is looked at
            let _ = flate2::read::ZlibDecoder::new(content).take(budget + 1).read_to_end(&mut objects);
            budget = budget
                .checked_sub(objects.len() as u64)
                .ok_or_else(|| Refused::new(Reason::ArchiveBomb, "the PDF's objects unfold to too much"))?;
            look(&objects)?;
        }
        from = next;
    }
    Ok(())
}

/// Dictionary before, content of, and position after the next stream.
fn next_stream(file: &[u8], from: usize) -> Option<(&[u8], &[u8], usize)> {
    let at = from + find(file.get(from..)?, b"stream")?;
    let dictionary = file.get(from.max(at.saturating_sub(DICTIONARY_BYTES_MAX))..at)?;
    let mut begin = at + 6;
    begin += usize::from(file.get(begin) == Some(&b'\r'));
    begin += usize::from(file.get(begin) == Some(&b'\n'));
    let length = find(file.get(begin..)?, b"endstream")?;
    Some((dictionary, file.get(begin..begin + length)?, begin + length + 9))
}

fn holds_objects(dictionary: &[u8]) -> bool {
    // only its own: an earlier object's may be in sight
    let own = rfind(dictionary, b" obj").map_or(dictionary, |at| dictionary.get(at..).unwrap_or_default());
    find(own, b"ObjStm").is_some()
}

/// Refuses the names of what acts, also where they are written with `#` escapes.
fn look(bytes: &[u8]) -> Result<(), Refused> {
    let mut at = 0;
    let mut in_stream_until = 0;
    while let Some(step) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'/')) {
        let slash = at + step;
        at = slash + 1;
        let name = name_at(bytes, at);
        if ACTIVE.contains(&name.as_slice()) {
            return Err(Refused::new(
                Reason::ActiveContent,
                format!("the PDF has /{}", String::from_utf8_lossy(&name)),
            ));
        }
        if name == SCRIPT {
            in_stream_until = end_of_stream_around(bytes, slash, in_stream_until);
            if slash >= in_stream_until {
                return Err(Refused::new(Reason::ActiveContent, "the PDF has /JS"));
            }
        }
    }
    Ok(())
}

/// The name that begins here, unescaped. Longer names than those looked for are cut.
fn name_at(bytes: &[u8], from: usize) -> Vec<u8> {
    let mut name = Vec::with_capacity(16);
    let mut at = from;
    while let Some(&byte) = bytes.get(at).filter(|b| !b.is_ascii_whitespace() && !b"\0()<>[]{}/%".contains(b)) {
        let escaped = (byte == b'#').then(|| bytes.get(at + 1..at + 3)).flatten();
        let escaped = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        name.push(escaped.unwrap_or(byte));
        if name.len() >= 16 {
            break;
        }
    }
    name
}

/// Where the stream ends that this position lies in, or `known` if in none.
fn end_of_stream_around(bytes: &[u8], position: usize, known: usize) -> usize {
    if position < known {
        return known;
    }
    let mut from = known;
    while let Some((_, content, next)) = next_stream(bytes, from) {
        let begin = next.saturating_sub(9 + content.len());
        if begin > position {
            return known;
        }
        if position < next {
            return next;
        }
        from = next;
    }
    known
}
