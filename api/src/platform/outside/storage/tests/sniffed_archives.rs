//! Archives and office files.

use super::{
    sniff::{Limits, MediaType, Reason, inspect},
    sniffed::{eicar, outcome},
};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn zip_with(options: SimpleFileOptions, entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        out.start_file(*name, options).unwrap();
        out.write_all(content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

pub(super) fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(SimpleFileOptions::default().compression_method(CompressionMethod::Deflated), entries)
}

/// Changes bytes that occur in the file, all of them, to others of the same length.
fn patched(mut file: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = (0..=file.len() - from.len()).filter(|at| file[*at..].starts_with(from)).collect();
    assert!(!places.is_empty());
    for at in places {
        file[at..at + to.len()].copy_from_slice(to);
    }
    file
}

pub(super) fn types(main: &str) -> Vec<u8> {
    let part = format!("<Override PartName=\"/x\" ContentType=\"application/{main}\"/>");
    format!("<?xml version=\"1.0\"?><Types>{part}</Types>").into_bytes()
}

pub(super) const WORD: &str = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL: &str = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

fn office(main: &str, part: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = types(main);
    let mut entries: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", &types), ("_rels/.rels", b"<Relationships/>"), (part, b"<x/>")];
    entries.extend_from_slice(more);
    zip_of(&entries)
}

pub(super) fn docx(more: &[(&str, &[u8])]) -> Vec<u8> {
    office(WORD, "word/document.xml", more)
}

pub(super) fn xlsx(more: &[(&str, &[u8])]) -> Vec<u8> {
    office(EXCEL, "xl/workbook.xml", more)
}

#[test]
fn archives_of_plain_files_are_taken() {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let zip64 = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let files: [(&str, &[u8]); 3] = [("合同/一.txt", b"one"), ("合同/二.txt", b"two"), ("空.csv", b"")];
    for file in [zip_of(&files), zip_with(stored, &files), zip_with(zip64, &files)] {
        assert_eq!(inspect(&file, &Limits::default()).map(|i| i.media_type), Ok(MediaType::Zip));
    }
    let mut streamed = ZipWriter::new_stream(Vec::new());
    streamed.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    streamed.write_all(b"written without going back").unwrap();
    assert_eq!(outcome(&streamed.finish().unwrap().into_inner()), Ok(MediaType::Zip), "sizes behind the content");
    let small = vec![b' '; 3 << 20];
    assert_eq!(outcome(&zip_of(&[("small but dense.txt", &small)])), Ok(MediaType::Zip));
}

/// The archive with the end record of ZIP64 before the plain one, as writers of large sheets always do.
fn with_large_end(plain: &[u8]) -> Vec<u8> {
    let (front, end) = plain.split_at(plain.len() - 22);
    let field = |at: usize, length: usize| {
        let mut value = [0; 8];
        value[..length].copy_from_slice(&end[at..at + length]);
        value
    };
    let (count, bytes, begin) = (field(10, 2), field(12, 4), field(16, 4));
    let record =
        [b"PK\x06\x06".as_slice(), &44u64.to_le_bytes(), &[45, 0, 45, 0], &[0; 8], &count, &count, &bytes, &begin];
    let locator = [b"PK\x06\x07".as_slice(), &[0; 4], &(front.len() as u64).to_le_bytes(), &1u32.to_le_bytes()];
    let mut end = end.to_vec();
    end[16..20].fill(0xFF);
    [front, &record.concat(), &locator.concat(), &end].concat()
}

#[test]
fn a_large_end_is_taken_if_it_agrees() {
    let plain = zip_of(&[("a.txt", b"a"), ("b.txt", b"b")]);
    let large = with_large_end(&plain);
    assert_eq!(outcome(&large), Ok(MediaType::Zip));
    let (record, end) = (large.len() - 98, large.len() - 22);
    for (what, at) in [
        ("count", record + 32),
        ("bytes", record + 40),
        ("begin", record + 48),
        ("locator", end - 12),
        ("small count", end + 10),
    ] {
        let mut changed = large.clone();
        changed[at] ^= 1;
        assert!(outcome(&changed).is_err(), "{what}");
    }
}

#[test]
fn archives_with_something_in_them_are_refused() {
    use Reason::*;
    let plain = zip_of(&[("a.txt", b"content"), ("b.txt", b"content")]);
    let mut renamed = plain.clone();
    let first = renamed.windows(5).position(|w| w == b"a.txt").unwrap();
    renamed[first] = b'c';
    let mut commented = ZipWriter::new(Cursor::new(Vec::new()));
    commented.set_comment("hello");
    commented.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    let commented = commented.finish().unwrap().into_inner();
    let mut linked = ZipWriter::new(Cursor::new(Vec::new()));
    linked.add_symlink("a", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let linked = linked.finish().unwrap().into_inner();
    let tar = [[b'a'; 257].as_slice(), b"ustar\x0000", &[0; 200]].concat();
    let around = [vec![b' '; (64 << 10) - 40], eicar()].concat();
    // the flags stand after signature and version: 4 bytes further in the directory than in the entry
    let locked = patched(
        patched(plain.clone(), b"PK\x03\x04\x14\0\0", b"PK\x03\x04\x14\0\x01"),
        b"\x14\0\0\0\x08\0",
        b"\x14\0\x01\0\x08\0",
    );
    let table: Vec<(&str, Vec<u8>, Reason)> = vec![
        ("nothing", zip_of(&[]), Empty),
        ("something in front", [b"GIF89a".as_slice(), &plain].concat(), UnknownType),
        ("an entry in front", [b"PK\x03\x04".as_slice(), &plain].concat(), Polyglot),
        ("something behind", [plain.as_slice(), b"x"].concat(), Polyglot),
        ("a comment", commented, Polyglot),
        ("cut", plain[..plain.len() - 30].to_vec(), Truncated),
        ("two names for one entry", renamed, Malformed),
        ("one name for two entries", patched(plain.clone(), b"b.txt", b"A.txt"), Malformed),
        ("a password", locked, Encrypted),
        ("up and out", zip_of(&[("a/../../b", b"x")]), PathTraversal),
        ("up and out, as on Windows", zip_of(&[("a\\..\\b", b"x")]), PathTraversal),
        ("from the root", patched(plain.clone(), b"a.txt", b"/.txt"), PathTraversal),
        ("from a drive", patched(plain.clone(), b"a.txt", b"c:txt"), PathTraversal),
        ("a zero in the name", patched(plain.clone(), b"a.txt", b"a\0txt"), Malformed),
        ("a link", linked, PathTraversal),
        ("an archive", zip_of(&[("inner.pdf", &plain)]), NestedArchive),
        ("an archive as an office file", zip_of(&[("a.docx", &plain)]), NestedArchive),
        ("an office file as a table", zip_of(&[("a.csv", &docx(&[]))]), NestedArchive),
        ("a gzip", zip_of(&[("a.txt", b"\x1F\x8B\x08\0")]), NestedArchive),
        ("a tar", zip_of(&[("a.txt", &tar)]), NestedArchive),
        ("a program by name", zip_of(&[("Readme.EXE", b"x")]), Executable),
        ("a program by content", zip_of(&[("a.txt", &[b"MZ\x90".as_slice(), &[0; 100]].concat())]), Executable),
        ("a script", zip_of(&[("a.txt", b"#!/bin/sh")]), Executable),
        ("EICAR", zip_of(&[("a.txt", &eicar())]), Malware),
        ("EICAR on a border", zip_of(&[("a.txt", &around)]), Malware),
        ("no name to tell it by", zip_of(&[("a", b"x")]), EntryType),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), Err(expected), "{what}");
    }
}

#[test]
fn bombs_are_refused_before_they_unfold() {
    let zeros = vec![0; 8 << 20];
    let bomb = zip_of(&[("zeros.txt", &zeros)]);
    assert_eq!(outcome(&bomb), Err(Reason::ArchiveBomb), "a thousandfold");
    // it says that it is small
    let declared = (8u32 << 20).to_le_bytes();
    let liar = patched(bomb, &declared, &100u32.to_le_bytes());
    assert_eq!(outcome(&liar), Err(Reason::ArchiveBomb), "more than declared");
    let limits = Limits { archive_bytes_max: 1000, archive_entries_max: 3, ..Limits::default() };
    let code = |file: &[u8]| inspect(file, &limits).map_err(|r| r.code).map(|i| i.media_type);
    assert_eq!(code(&zip_of(&[("a", &[1; 600]), ("b", &[1; 600])])), Err(Reason::ArchiveBomb), "altogether");
    assert_eq!(code(&zip_of(&[("a", b""), ("b", b""), ("c", b""), ("d", b"")])), Err(Reason::ArchiveBomb), "too many");
    assert_eq!(code(&zip_of(&[("a.txt", b""), ("b.txt", b""), ("c.txt", &[1; 900])])), Ok(MediaType::Zip));
    // two entries of the directory that share one content
    let twice = zip_of(&[("a", b"same"), ("b", b"same")]);
    let second = twice.windows(4).rposition(|w| w == b"PK\x03\x04").unwrap();
    let mut shared = twice.clone();
    let directory = twice.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    assert_eq!(shared[directory + 42..directory + 46], (second as u32).to_le_bytes());
    shared[directory + 42..directory + 46].copy_from_slice(&0u32.to_le_bytes());
    assert!(outcome(&shared).is_err());
}

#[test]
fn office_files_are_what_they_list_and_do_nothing() {
    use Reason::*;
    let fetching = |target: &str| {
        let rels = format!(
            "<Relationships><Relationship Id=\"a\" Type=\"http://x/attachedTemplate\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>"
        );
        docx(&[("word/_rels/settings.xml.rels", rels.as_bytes())])
    };
    let long = vec![b' '; (1 << 20) + 1];
    let workbook = zip_of(&[("a", b"a")]);
    let table: Vec<(&str, Vec<u8>, Result<MediaType, Reason>)> = vec![
        ("DOCX", docx(&[]), Ok(MediaType::Docx)),
        ("XLSX", xlsx(&[("xl/worksheets/sheet1.xml", b"<x/>")]), Ok(MediaType::Xlsx)),
        (
            "PPTX",
            office(
                "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
                "ppt/presentation.xml",
                &[],
            ),
            Err(UnknownType),
        ),
        (
            "both",
            office(&format!("{WORD}\"/><Override ContentType=\"application/{EXCEL}"), "word/document.xml", &[]),
            Err(Malformed),
        ),
        ("no main part", office(WORD, "word/other.xml", &[]), Err(Malformed)),
        ("DOCM", office("vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml", &[]), Err(Macros)),
        ("macros", docx(&[("word/vbaProject.bin", b"x")]), Err(Macros)),
        ("macros elsewhere", xlsx(&[("xl/VBAPROJECT.BIN", b"x")]), Err(Macros)),
        ("controls", docx(&[("word/activeX/activeX1.xml", b"x")]), Err(ActiveContent)),
        ("objects", docx(&[("word/embeddings/oleObject1.bin", b"x")]), Err(ActiveContent)),
        ("a workbook inside", docx(&[("word/embeddings/a.xlsx", &workbook)]), Err(NestedArchive)),
        ("a template from the network", fetching("https://evil.example/t.dotm"), Err(ActiveContent)),
        ("a template of the author's own", fetching("file:///C:\\Users\\a\\Normal.dotm"), Ok(MediaType::Docx)),
        ("relations too long to read", docx(&[("word/_rels/a.rels", &long)]), Err(Malformed)),
        ("types too long to read", zip_of(&[("[Content_Types].xml", &long)]), Err(Malformed)),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), expected, "{what}");
    }
}
