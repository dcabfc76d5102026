//! PDF: header at the first byte, end mark at the last, readable without a password, and nothing in it that acts when it
//! is opened.

mod actions;
mod lex;
mod objects;

use super::{
    Reason, Refused,
    scan::{find, rfind},
};

/// How far from the end of the file its end mark may be.
const TAIL_BYTES: usize = 1024;
/// Names (ISO 32000-2, 12.6.4 and 7.11.4) of what acts: scripts, programs to start, forms that are sent, other files that
/// are opened or carried inside, and media that play. They are long enough not to turn up by chance, so they are looked
/// for everywhere.
const ACTIVE: [&[u8]; 12] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
    b"Rendition",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"RichMediaExecute",
    b"XFA",
];
/// Says that strings and streams are encrypted, also where an empty password opens them.
const ENCRYPTED: &[u8] = b"Encrypt";
/// The type of packed objects.
const PACKED: &[u8] = b"ObjStm";

/// Refuses what is not wholly a PDF, what cannot be read, and what acts. `budget` is how much may be unfolded.
pub(super) fn check(file: &[u8], budget: &mut u64) -> Result<(), Refused> {
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
    let packed = look(file)?;
    let objects = objects::find_all(file, budget)?;
    for unfolded in objects.sources.iter().skip(1) {
        look(unfolded)?;
    }
    // packed objects that were not found whole were not looked into
    let found = |at: &usize| {
        let next = objects.packed.partition_point(|dictionary| dictionary.start <= *at);
        next.checked_sub(1).and_then(|last| objects.packed.get(last)).is_some_and(|dictionary| dictionary.contains(at))
    };
    if !packed.iter().all(found) {
        return Err(Refused::new(Reason::Malformed, "the PDF has packed objects that cannot be found"));
    }
    actions::check(&objects)
}

/// Refuses the names of what acts, wherever they are, also where they are written with `#` escapes. Answers where packed
/// objects say that they are some.
fn look(bytes: &[u8]) -> Result<Vec<usize>, Refused> {
    let mut packed = Vec::new();
    let mut at = 0;
    while let Some(step) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'/')) {
        at += step + 1;
        // no name that is looked for has fewer letters, and most of what is compressed ends here
        if !bytes.get(at..at + 3).is_some_and(|next| next.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'#')) {
            continue;
        }
        let (name, _) = lex::name_at(bytes, at);
        if ACTIVE.contains(&name.as_slice()) {
            let detail = format!("the PDF has /{}", String::from_utf8_lossy(&name));
            return Err(Refused::new(Reason::ActiveContent, detail));
        }
        if name == ENCRYPTED {
            return Err(Refused::new(Reason::Encrypted, "the PDF has a password, or rights of its own"));
        }
        if name == PACKED {
            packed.push(at);
        }
    }
    Ok(packed)
}
