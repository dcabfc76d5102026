//! The objects of a PDF. A reader jumps to them by position, also into the middle of what looks like another's data, so
//! every place that could begin an object counts as one, and packed objects are unfolded and read as well.

use super::super::{Reason, Refused, scan::find};
use super::lex::{Word, Words, is_regular};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::ops::Range;

/// What all objects are read for, over the file's own size: places inside of data are read twice.
const READ_FACTOR: usize = 8;
/// Small files may be read this often anyway.
const READ_BYTES_MIN: usize = 1 << 20;
/// More objects than any document has.
const OBJECTS_MAX: usize = 1_000_000;
/// A longer dictionary before data is none.
const DICTIONARY_BYTES_MAX: usize = 1 << 20;
/// A line ends within this behind the word `stream`.
const STREAM_LINE_BYTES: usize = 64;

/// Where a value begins: in which source, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) source: usize,
    pub(super) at: usize,
}

/// What a PDF is made of.
pub(super) struct Objects<'a> {
    /// The file, then what its packed objects unfolded to.
    pub(super) sources: Vec<Cow<'a, [u8]>>,
    /// The stretches of the sources that are objects and not data.
    pub(super) stretches: Vec<(usize, Range<usize>)>,
    /// Every place where an object of this number begins: revisions, and whoever pretends.
    pub(super) by_number: HashMap<u32, Vec<Place>>,
    /// The dictionaries of packed objects, in the file.
    pub(super) packed: Vec<Range<usize>>,
    count: usize,
}

fn malformed(detail: &str) -> Refused {
    Refused::new(Reason::Malformed, detail)
}

/// Finds every object. `budget` is how many bytes packed objects may unfold to, together.
pub(super) fn find_all<'a>(file: &'a [u8], budget: &mut u64) -> Result<Objects<'a>, Refused> {
    let mut found = Objects {
        sources: vec![Cow::Borrowed(file)],
        stretches: Vec::new(),
        by_number: HashMap::new(),
        packed: Vec::new(),
        count: 0,
    };
    // objects in earnest lie side by side and are read once
    let mut left = file.len().saturating_mul(READ_FACTOR).saturating_add(READ_BYTES_MIN);
    let mut from = 0;
    while let Some(step) = file.get(from..).and_then(|rest| find(rest, b"obj")) {
        let at = from + step;
        from = at + 3;
        if file.get(from).is_some_and(u8::is_ascii_alphabetic) || !numbered(file, at) {
            continue;
        }
        let object = object_at(file, from);
        left = left.checked_sub(object.end - from).ok_or_else(|| malformed("the PDF's objects lie in each other"))?;
        found.add(number_before(file, at), Place { source: 0, at: from })?;
        found.stretches.push((0, from..object.end));
        if let Some(line) = object.stream {
            found.open(from..line, budget)?;
        }
    }
    Ok(found)
}

impl Objects<'_> {
    fn add(&mut self, number: Option<u32>, place: Place) -> Result<(), Refused> {
        self.count += 1;
        if self.count > OBJECTS_MAX {
            return Err(malformed("the PDF has too many objects"));
        }
        if let Some(number) = number {
            self.by_number.entry(number).or_default().push(place);
        }
        Ok(())
    }

    /// Unfolds the stream behind this dictionary if it can hold objects. Readers do not all ask for its type, so the
    /// numbers that they read are asked for: how many objects, and where the first is.
    fn open(&mut self, dictionary: Range<usize>, budget: &mut u64) -> Result<(), Refused> {
        if dictionary.len() > DICTIONARY_BYTES_MAX {
            return Err(malformed("a stream's dictionary is longer than any"));
        }
        let file = self.sources.first().cloned().unwrap_or_default();
        let words: Vec<Word> = Words::from(file.get(..dictionary.end).unwrap_or(&file), dictionary.start).collect();
        let has = |name: &[u8]| words.iter().any(|w| matches!(w, Word::Name(n) if n == name));
        let typed = has(b"ObjStm") || has(b"First");
        // colour profiles have an N as well; what is not compressed lies open in the file
        if !typed && (!has(b"N") || !has(b"Filter") && !has(b"F")) {
            return Ok(());
        }
        let unfolded = unfold(&file, dictionary.end, &words, budget)?;
        let source = self.sources.len();
        if typed {
            let first = first_of(&words).ok_or_else(|| malformed("packed objects do not say where they begin"))?;
            for (number, offset) in numbers_of(unfolded.get(..first).unwrap_or(&unfolded)) {
                let at = usize::try_from(offset).unwrap_or(usize::MAX).saturating_add(first);
                self.add(Some(number), Place { source, at })?;
            }
            self.stretches.push((source, 0..unfolded.len()));
        }
        self.packed.push(dictionary);
        self.sources.push(Cow::Owned(unfolded));
        Ok(())
    }
}

struct ObjectEnd {
    end: usize,
    /// Behind the word `stream`, if the object has data.
    stream: Option<usize>,
}

/// Reads one object from behind the word `obj` to its end, or to where its data begin.
fn object_at(file: &[u8], from: usize) -> ObjectEnd {
    let mut words = Words::from(file, from);
    let mut after_dictionary = false;
    while let Some(word) = words.next() {
        let end = words.at.min(file.len());
        if let Word::Plain(plain) = word {
            if after_dictionary && plain.starts_with(b"stream") {
                let stream = end - plain.len() + 6;
                return ObjectEnd { end: stream, stream: Some(stream) };
            }
            if plain.starts_with(b"endobj") || plain == b"obj" {
                return ObjectEnd { end, stream: None };
            }
        }
        after_dictionary = word == Word::Close;
    }
    ObjectEnd { end: file.len().max(from), stream: None }
}

/// Whether two numbers stand before the word `obj`, as they must; compressed data have these three letters by chance.
/// Comments may stand between, but what a line's comment is cannot be told from its end: each `%` may begin it.
fn numbered(file: &[u8], obj: usize) -> bool {
    let Some(before) = file.get(..obj) else { return false };
    let front = before.trim_ascii_end();
    let crossed = before.get(front.len()..).is_some_and(|gap| gap.iter().any(|b| matches!(b, b'\r' | b'\n')));
    let line = front.rsplit(|b| matches!(b, b'\r' | b'\n')).next().unwrap_or_default();
    let comments = line.iter().enumerate().filter(|(_, b)| **b == b'%').map(|(at, _)| at);
    let commented = |at: usize| {
        let left = line.get(..at).unwrap_or_default().trim_ascii_end();
        left.last().is_none_or(u8::is_ascii_digit)
    };
    if crossed && comments.into_iter().any(commented) {
        return true;
    }
    let generation = front.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let rest = front.get(..front.len() - generation).unwrap_or_default();
    generation > 0 && rest.last().is_some_and(|b| b.is_ascii_whitespace() || *b == 0)
}

/// The number of an object whose word `obj` is here: `12 0 obj`.
fn number_before(file: &[u8], obj: usize) -> Option<u32> {
    let before = file.get(obj.saturating_sub(40)..obj)?;
    let mut parts = before.rsplit(|b| !is_regular(*b)).filter(|part| !part.is_empty());
    let _generation = number(parts.next()?)?;
    number(parts.next()?)
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Unfolds packed objects. There is one way in which they are packed in earnest; any other is refused, because what is
/// not looked into cannot be let in.
fn unfold(file: &[u8], line: usize, dictionary: &[Word<'_>], budget: &mut u64) -> Result<Vec<u8>, Refused> {
    if !plainly_packed(dictionary) {
        return Err(malformed("the PDF packs objects in a way that is not looked into"));
    }
    let head = file.get(line..).map(|rest| rest.get(..STREAM_LINE_BYTES).unwrap_or(rest)).unwrap_or_default();
    let end = head.iter().position(|b| matches!(b, b'\r' | b'\n')).ok_or_else(|| malformed("a stream has no begin"))?;
    let pair = head.get(end..end + 2) == Some(b"\r\n".as_slice());
    let content = file.get(line + end + if pair { 2 } else { 1 }..).unwrap_or_default();
    let broken = || malformed("the PDF has packed objects that do not unfold");
    // RFC 1950: deflated, without a dictionary of its own. Its checksum is not asked for, as readers do not
    let Some((&[method, flags], packed)) = content.split_first_chunk::<2>() else {
        return Err(broken());
    };
    let sum = u16::from(method) << 8 | u16::from(flags);
    if method & 0x0F != 8 || flags & 0x20 != 0 || sum % 31 != 0 {
        return Err(broken());
    }
    let mut unfolded = Vec::new();
    flate2::read::DeflateDecoder::new(packed).take(*budget + 1).read_to_end(&mut unfolded).map_err(|_| broken())?;
    *budget = budget
        .checked_sub(unfolded.len() as u64)
        .ok_or_else(|| Refused::new(Reason::ArchiveBomb, "the PDF's objects unfold to too much"))?;
    Ok(unfolded)
}

/// One filter, Flate, without parameters that change what comes out; nothing twice, by reference or in another file.
fn plainly_packed(words: &[Word<'_>]) -> bool {
    let count = |name: &[u8]| words.iter().filter(|w| matches!(w, Word::Name(n) if n == name)).count();
    let value: Vec<&Word<'_>> = behind(words, b"Filter").take(3).collect();
    let flate = Word::Name(b"FlateDecode".to_vec());
    let single = match value.as_slice() {
        [Word::ListOpen, filter, Word::ListClose] => **filter == flate,
        [filter, ..] => **filter == flate,
        [] => false,
    };
    let parameters: Vec<&Word<'_>> = behind(words, b"DecodeParms").filter(|w| **w != Word::ListOpen).take(1).collect();
    let written_here = match parameters.as_slice() {
        [] | [Word::Open] => true,
        [Word::Plain(plain)] => *plain == b"null",
        _ => false,
    };
    let none = |name: &[u8]| count(name) == 0;
    count(b"Filter") == 1
        && count(b"DecodeParms") <= 1
        && single
        && written_here
        && [b"F".as_slice(), b"DP", b"Predictor", b"Crypt"].into_iter().all(none)
}

fn behind<'w, 'a>(words: &'w [Word<'a>], name: &[u8]) -> impl Iterator<Item = &'w Word<'a>> {
    let at = words.iter().position(|w| matches!(w, Word::Name(n) if n == name)).map_or(words.len(), |at| at + 1);
    words.iter().skip(at)
}

/// Where the first of packed objects begins; a number that stands elsewhere is none.
fn first_of(dictionary: &[Word<'_>]) -> Option<usize> {
    let once = dictionary.iter().filter(|w| matches!(w, Word::Name(n) if n == b"First")).count() == 1;
    let mut value = behind(dictionary, b"First");
    match (value.next(), value.next()) {
        (Some(Word::Plain(first)), Some(Word::Name(_) | Word::Close)) if once => number(first).map(|n| n as usize),
        _ => None,
    }
}

/// The pairs of number and position before the first of packed objects.
fn numbers_of(head: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    let mut numbers = Words::from(head, 0).map_while(|word| match word {
        Word::Plain(plain) => number(plain),
        _ => None,
    });
    std::iter::from_fn(move || Some((numbers.next()?, numbers.next()?)))
}
