//! ZIP (PKWARE APPNOTE 6.3), walked by its central directory and by its local headers, which have to agree, entry by
//! entry and without a gap: programs that read only the one or only the other would otherwise see different archives in
//! one file.

use super::{
    Budget, Limits, MediaType, Reason, Refused, ooxml, plain,
    scan::{find, known_malware, le16, le32, le64},
};
use std::{collections::HashSet, io::Read};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Flags: encrypted, strongly encrypted, directory encrypted.
const ENCRYPTED_FLAGS: u16 = 1 | 1 << 6 | 1 << 13;
/// Flag: sizes and checksum come after the content.
const DESCRIPTOR_FLAG: u16 = 1 << 3;
/// The longest such record behind an entry: signature, checksum, two sizes of eight bytes.
const DESCRIPTOR_BYTES_MAX: usize = 24;
/// How much of an entry's beginning tells what it is.
const HEAD_BYTES: usize = 4096;
/// Ends of names of what a double click would run.
const PROGRAMS: [&str; 19] = [
    ".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".ps1", ".sh", ".jar",
    ".msi", ".lnk", ".hta", ".apk", ".pif",
];

/// Where an archive is found, and hence what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It was uploaded: an office file, or an archive of plain files.
    Uploaded,
    /// In such an archive, by the name of an office file.
    AsOffice,
    /// In such an archive, by the name of an OFD (GB/T 33190), as invoices are issued.
    AsOfd,
}

/// One entry as the central directory has it.
struct Entry<'a> {
    /// The raw name; Chinese archives often write GBK.
    name: &'a [u8],
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    unpacked: u64,
    header: usize,
}

/// An entry, unpacked.
pub(super) struct Part {
    /// Its name in small letters, with `/` between folders.
    pub(super) name: String,
    /// How it begins.
    pub(super) head: Vec<u8>,
    /// All of it, if that was asked for and is not too much.
    pub(super) content: Option<Vec<u8>>,
}

fn malformed(detail: &str) -> Refused {
    Refused::new(Reason::Malformed, detail)
}

/// Answers ZIP, DOCX or XLSX. What it unpacks to is taken from the budget.
pub(super) fn check(file: &[u8], found: Found, limits: &Limits, budget: &mut Budget) -> Result<MediaType, Refused> {
    let directory = end_record(file)?;
    if directory.count > limits.archive_entries_max as u64 {
        let detail = format!("{} entries, at most {}", directory.count, limits.archive_entries_max);
        return Err(Refused::new(Reason::ArchiveBomb, detail));
    }
    let entries = entries(file, &directory)?;
    if entries.is_empty() {
        return Err(Refused::new(Reason::Empty, "the archive is empty"));
    }
    let mut names = HashSet::new();
    for entry in &entries {
        entry_may_be(entry, limits)?;
        if !names.insert(entry.name.to_ascii_lowercase()) {
            return Err(malformed("two entries have one name"));
        }
    }
    let total = entries.iter().fold(0u64, |sum, e| sum.saturating_add(e.unpacked));
    budget.unpacked = budget.unpacked.checked_sub(total).ok_or_else(|| {
        Refused::new(Reason::ArchiveBomb, format!("{total} bytes unpacked, at most {}", limits.archive_bytes_max))
    })?;
    let contents = contents(file, &entries, index_of(directory.begin)?)?;
    judge(&entries, contents, found, limits, budget)
}

/// Looks into each entry, as what the archive is.
fn judge(
    entries: &[Entry<'_>],
    contents: Vec<&[u8]>,
    found: Found,
    limits: &Limits,
    budget: &mut Budget,
) -> Result<MediaType, Refused> {
    let has = |wanted: &str| entries.iter().any(|entry| plain_name(entry) == wanted);
    let mut office = has(ooxml::TYPES).then(ooxml::Office::default);
    let expected = match found {
        Found::Uploaded => true,
        Found::AsOffice => office.is_some(),
        Found::AsOfd => office.is_none() && has("ofd.xml"),
    };
    if !expected {
        return Err(Refused::new(Reason::NestedArchive, "there is an archive by another name in the archive"));
    }
    for (entry, content) in entries.iter().zip(contents) {
        let name = plain_name(entry);
        let keeps = if office.is_some() { ooxml::keeps(&name) } else { plain::keeps(&name, limits) };
        let part = unpack(entry, content, name, keeps)?;
        match (&mut office, found) {
            (Some(office), _) => {
                content_may_be(&part.head)?;
                office.take(&part)?;
            }
            (None, Found::AsOfd) => {
                content_may_be(&part.head)?;
                plain::ofd_part(&part)?;
            }
            (None, _) => plain::entry(&part, limits, budget)?,
        }
    }
    office.map_or(Ok(MediaType::Zip), ooxml::Office::kind)
}

fn plain_name(entry: &Entry<'_>) -> String {
    String::from_utf8_lossy(entry.name).to_ascii_lowercase().replace('\\', "/")
}

/// Where the central directory is, and how many entries it has.
struct Directory {
    begin: u64,
    bytes: u64,
    end: usize,
    count: u64,
}

fn end_record(file: &[u8]) -> Result<Directory, Refused> {
    let truncated = || Refused::new(Reason::Truncated, "the archive has no directory at its end");
    // no comment is taken: it is where the second file of a polyglot would be
    let at = file.len().checked_sub(22).ok_or_else(truncated)?;
    let end = file.get(at..).ok_or_else(truncated)?;
    if !end.starts_with(b"PK\x05\x06") {
        let behind = find(file.get(at.saturating_sub(65_535)..).unwrap_or(file), b"PK\x05\x06").is_some();
        return Err(if behind {
            Refused::new(Reason::Polyglot, "something comes after the archive's end")
        } else {
            truncated()
        });
    }
    let field16 = |at| le16(end, at).ok_or_else(truncated);
    let field32 = |at| le32(end, at).map(u64::from).ok_or_else(truncated);
    if field16(4)? != 0 || field16(6)? != 0 || field16(8)? != field16(10)? || field16(20)? != 0 {
        return Err(malformed("the archive is in several volumes, or has a comment"));
    }
    let mut found = Directory { end: at, count: u64::from(field16(10)?), bytes: field32(12)?, begin: field32(16)? };
    if let Some(large) = large_end_record(file, at)? {
        // where the small record has a value of its own, the two have to agree
        let agrees = |small: u64, large: u64, none: u64| small == large || small == none;
        let none = u64::from(u32::MAX);
        if !agrees(found.count, large.count, u64::from(u16::MAX))
            || !agrees(found.bytes, large.bytes, none)
            || !agrees(found.begin, large.begin, none)
        {
            return Err(malformed("the archive has two ends that differ"));
        }
        found = large;
    }
    if found.begin.checked_add(found.bytes) != Some(found.end as u64) {
        return Err(Refused::new(Reason::Polyglot, "the archive's directory is not where it says"));
    }
    Ok(found)
}

/// The end record of ZIP64 and its locator, if they stand before the end record. An archive of this size does not need
/// them, but what exports large sheets writes them always.
fn large_end_record(file: &[u8], end: usize) -> Result<Option<Directory>, Refused> {
    let Some(locator) = end.checked_sub(20).and_then(|at| file.get(at..end)).filter(|l| l.starts_with(b"PK\x06\x07"))
    else {
        return Ok(None);
    };
    let wrong = || malformed("the archive's ZIP64 end is not what it should be");
    let at = end.checked_sub(20 + 56).ok_or_else(wrong)?;
    let record = file.get(at..at + 56).filter(|r| r.starts_with(b"PK\x06\x06")).ok_or_else(wrong)?;
    let field64 = |at| le64(record, at).ok_or_else(wrong);
    let plain =
        le64(locator, 8) == Some(at as u64) && field64(4)? == 44 && field64(16)? == 0 && field64(24)? == field64(32)?;
    if !plain {
        return Err(wrong());
    }
    Ok(Some(Directory { end: at, count: field64(32)?, bytes: field64(40)?, begin: field64(48)? }))
}

fn entries<'a>(file: &'a [u8], directory: &Directory) -> Result<Vec<Entry<'a>>, Refused> {
    let short = || malformed("the archive's directory is cut short");
    let mut found = Vec::new();
    let mut at = index_of(directory.begin)?;
    for _ in 0..directory.count {
        let record = file.get(at..at + 46).filter(|r| r.starts_with(b"PK\x01\x02")).ok_or_else(short)?;
        let field16 = |at| le16(record, at).ok_or_else(short);
        let field32 = |at| le32(record, at).ok_or_else(short);
        let name_length = usize::from(field16(28)?);
        let name = file.get(at + 46..at + 46 + name_length).ok_or_else(short)?;
        // the upper half holds the mode, if a Unix wrote it
        if field32(38)? >> 28 == 0o12 {
            return Err(Refused::new(Reason::PathTraversal, "an entry is a symbolic link"));
        }
        let extra_length = usize::from(field16(30)?);
        let extra = at + 46 + name_length;
        let extra = file.get(extra..extra + extra_length).ok_or_else(short)?;
        // in this order, each only if the field proper has no value
        let mut large = large_fields(extra);
        let mut value = |small: u32| if small == u32::MAX { large.next() } else { Some(u64::from(small)) };
        let unpacked = value(field32(24)?).ok_or_else(short)?;
        let packed = value(field32(20)?).ok_or_else(short)?;
        let header = index_of(value(field32(42)?).ok_or_else(short)?)?;
        let (flags, method, crc) = (field16(8)?, field16(10)?, field32(16)?);
        found.push(Entry { name, flags, method, crc, packed, unpacked, header });
        at += 46 + name_length + extra_length + usize::from(field16(32)?);
    }
    if at == directory.end { Ok(found) } else { Err(malformed("the archive's directory has more than its entries")) }
}

/// The values of the ZIP64 field among the extra fields.
fn large_fields(extra: &[u8]) -> impl Iterator<Item = u64> {
    let (mut at, mut found) = (0, [].as_slice());
    while let (Some(id), Some(length)) = (le16(extra, at), le16(extra, at + 2)) {
        let end = at + 4 + usize::from(length);
        if id == 1 {
            found = extra.get(at + 4..end).unwrap_or_default();
            break;
        }
        at = end;
    }
    found.chunks_exact(8).filter_map(|value| le64(value, 0))
}

/// A position that a file claims, as one that can be looked up.
fn index_of(position: u64) -> Result<usize, Refused> {
    usize::try_from(position).map_err(|_| malformed("the archive points beyond itself"))
}

/// What can be said of an entry before it is unpacked.
fn entry_may_be(entry: &Entry<'_>, limits: &Limits) -> Result<(), Refused> {
    if entry.flags & ENCRYPTED_FLAGS != 0 || entry.method == 99 {
        return Err(Refused::new(Reason::Encrypted, "the archive has a password"));
    }
    if !matches!(entry.method, STORED | DEFLATED) {
        return Err(malformed("an entry is compressed in a way that is not taken"));
    }
    if entry.method == STORED && entry.packed != entry.unpacked {
        return Err(malformed("an entry is stored in another size than its own"));
    }
    if entry.name.is_empty()
        || entry.name.len() > limits.archive_name_bytes_max
        || entry.name.iter().any(|b| *b < 0x20 || *b == 0x7F)
    {
        return Err(malformed("an entry has an impossible name"));
    }
    let absolute = matches!(entry.name, [b'/' | b'\\', ..] | [_, b':', ..]);
    if absolute || entry.name.split(|b| matches!(b, b'/' | b'\\')).any(|part| part == b"..") {
        return Err(Refused::new(Reason::PathTraversal, "an entry's name leads out of the archive"));
    }
    if entry.unpacked > limits.archive_ratio_from_bytes
        && entry.unpacked / entry.packed.max(1) > limits.archive_ratio_max
    {
        return Err(Refused::new(
            Reason::ArchiveBomb,
            format!("an entry unfolds to more than {} times its size", limits.archive_ratio_max),
        ));
    }
    let name = String::from_utf8_lossy(entry.name).to_ascii_lowercase();
    if PROGRAMS.iter().any(|end| name.ends_with(end)) {
        return Err(Refused::new(Reason::Executable, "there is a program in the archive"));
    }
    Ok(())
}

/// The packed content of each entry, in the directory's order, once it is sure that the entries fill the file and do
/// not overlap.
fn contents<'a>(file: &'a [u8], entries: &[Entry<'_>], directory: usize) -> Result<Vec<&'a [u8]>, Refused> {
    let mut spans = Vec::with_capacity(entries.len());
    let mut contents = Vec::with_capacity(entries.len());
    for entry in entries {
        let (begin, end) = local(file, entry)?;
        spans.push((entry.header, end, entry.flags & DESCRIPTOR_FLAG != 0));
        contents.push(file.get(begin..end).ok_or_else(|| malformed("an entry goes beyond the archive"))?);
    }
    spans.sort_unstable();
    let mut expected = 0;
    let mut slack = 0;
    for (begin, end, descriptor) in spans.into_iter().chain([(directory, directory, false)]) {
        if begin < expected {
            return Err(Refused::new(Reason::ArchiveBomb, "entries of the archive overlap"));
        }
        if begin - expected > slack {
            return Err(Refused::new(Reason::Polyglot, "there is something between the archive's entries"));
        }
        expected = end;
        slack = if descriptor { DESCRIPTOR_BYTES_MAX } else { 0 };
    }
    Ok(contents)
}

/// Where the content of an entry begins and ends, from its local header.
fn local(file: &[u8], entry: &Entry<'_>) -> Result<(usize, usize), Refused> {
    let differs = || malformed("an entry's own header differs from the directory");
    let header = file.get(entry.header..).filter(|h| h.starts_with(b"PK\x03\x04")).ok_or_else(differs)?;
    let field16 = |at| le16(header, at).ok_or_else(differs);
    let field32 = |at| le32(header, at).ok_or_else(differs);
    let name_length = usize::from(field16(26)?);
    let flags = field16(6)?;
    let same_name = header.get(30..30 + name_length) == Some(entry.name);
    // with the descriptor flag they are zero here; with ZIP64 fields, which some writers always add, all ones
    let fits = |value: u32, wanted: u64| {
        u64::from(value) == wanted || value == u32::MAX || (value == 0 && flags & DESCRIPTOR_FLAG != 0)
    };
    let same_sizes = fits(field32(18)?, entry.packed) && fits(field32(22)?, entry.unpacked);
    if !same_name
        || !same_sizes
        || field16(8)? != entry.method
        || flags & (ENCRYPTED_FLAGS | DESCRIPTOR_FLAG) != entry.flags & (ENCRYPTED_FLAGS | DESCRIPTOR_FLAG)
    {
        return Err(differs());
    }
    let begin = entry.header + 30 + name_length + usize::from(field16(28)?);
    let end = usize::try_from(entry.packed).ok().and_then(|packed| begin.checked_add(packed)).ok_or_else(differs)?;
    Ok((begin, end))
}

/// Unpacks an entry piece by piece, never past the size that was declared and counted, and looks at what comes out.
fn unpack(entry: &Entry<'_>, packed: &[u8], name: String, keeps: Option<u64>) -> Result<Part, Refused> {
    let broken = || malformed("an entry does not unpack to what the directory says");
    let mut from: Box<dyn Read + '_> =
        if entry.method == STORED { Box::new(packed) } else { Box::new(flate2::read::DeflateDecoder::new(packed)) };
    let keep = keeps.is_some_and(|max| entry.unpacked <= max);
    let (mut kept, mut head) = (Vec::new(), Vec::with_capacity(HEAD_BYTES));
    let (mut crc, mut total) = (flate2::Crc::new(), 0u64);
    // the end of the piece before stays in front, so that nothing hides on a border
    let (mut piece, mut carried) = (vec![0u8; 64 << 10], 0usize);
    loop {
        let room = piece.get_mut(carried..).ok_or_else(broken)?;
        let read = from.read(room).map_err(|_| broken())?;
        if read == 0 {
            break;
        }
        let fresh = piece.get(carried..carried + read).ok_or_else(broken)?;
        total += read as u64;
        if total > entry.unpacked {
            return Err(Refused::new(Reason::ArchiveBomb, "an entry unfolds to more than it declares"));
        }
        crc.update(fresh);
        head.extend(fresh.iter().take(HEAD_BYTES.saturating_sub(head.len())));
        if keep {
            kept.extend_from_slice(fresh);
        }
        let seen = carried + read;
        known_malware(piece.get(..seen).ok_or_else(broken)?)?;
        carried = seen.min(64);
        piece.copy_within(seen - carried..seen, 0);
    }
    if total != entry.unpacked || crc.sum() != entry.crc {
        return Err(broken());
    }
    Ok(Part { name, head, content: keep.then_some(kept) })
}

/// Neither archives, into which nobody could see, nor programs.
pub(super) fn content_may_be(head: &[u8]) -> Result<(), Refused> {
    const ARCHIVES: [&[u8]; 8] = [
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"Rar!\x1a\x07",
        b"7z\xBC\xAF\x27\x1C",
        b"\x1F\x8B\x08",
        b"BZh",
        b"\xFD7zXZ\0",
        b"MSCF\0\0\0\0",
    ];
    const PROGRAMS: [&[u8]; 6] =
        [b"\x7FELF", b"#!", b"\xCA\xFE\xBA\xBE", b"\xCF\xFA\xED\xFE", b"\xCE\xFA\xED\xFE", b"dex\n"];
    if ARCHIVES.iter().any(|magic| head.starts_with(magic)) || head.get(257..262) == Some(b"ustar".as_slice()) {
        return Err(Refused::new(
            Reason::NestedArchive,
            "there is an archive or an office file in the archive; its files are to be sent one by one",
        ));
    }
    // MZ alone could begin a sentence
    let dos = head.starts_with(b"MZ") && head.get(..64).is_some_and(|h| h.contains(&0));
    if dos || PROGRAMS.iter().any(|magic| head.starts_with(magic)) {
        return Err(Refused::new(Reason::Executable, "there is a program in the archive"));
    }
    Ok(())
}
