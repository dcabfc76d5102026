//! PDF, and what all formats share: the corpus is made here, so that every case says what it is.

use super::sniff::{Inspected, Limits, MediaType, Reason, inspect};
use sha2::{Digest, Sha256};

/// What became of a file: its type, or the reason why not.
pub(super) fn outcome(file: &[u8]) -> Result<MediaType, Reason> {
    inspect(file, &Limits::default()).map(|i| i.media_type).map_err(|refused| refused.code)
}

/// A PDF with this in its body.
pub(super) fn pdf(body: &[u8]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n".to_vec();
    file.extend_from_slice(body);
    file.extend_from_slice(
        b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\nstartxref\n9\n%%EOF\n",
    );
    file
}

/// The EICAR test file, put together so that this file is not taken for it.
pub(super) fn eicar() -> Vec<u8> {
    [br"X5O!P%@AP[4\PZX54(P^)7CC)7}$".as_slice(), b"EICAR-STANDARD-ANTI", b"VIRUS-TEST-FILE!", b"$H+H*"].concat()
}

pub(super) fn deflated(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut coder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    coder.write_all(content).unwrap();
    coder.finish().unwrap()
}

/// An object with this dictionary and data.
pub(super) fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let begin = format!("5 0 obj\n<< {dictionary} /Length {} >>\nstream\r\n", data.len());
    [begin.as_bytes(), data, b"\nendstream\nendobj"].concat()
}

/// One packed object.
pub(super) fn object_stream(object: &[u8]) -> Vec<u8> {
    let content = [b"3 0 ".as_slice(), object].concat();
    stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &deflated(&content))
}

#[test]
fn what_is_no_document_is_refused() {
    let mut in_pdf = pdf(b"");
    in_pdf.splice(40..40, eicar());
    let table: Vec<(&str, Vec<u8>, Reason)> = vec![
        ("nothing", vec![], Reason::Empty),
        ("text", b"hello, this is text".to_vec(), Reason::UnknownType),
        ("a web page", b"<html><script>alert(1)</script></html>".to_vec(), Reason::UnknownType),
        ("a program", b"MZ\x90\0\x03".to_vec(), Reason::UnknownType),
        ("an old office file", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), Reason::UnknownType),
        ("a GIF", b"GIF89a\x01\0\x01\0".to_vec(), Reason::UnknownType),
        ("EICAR", eicar(), Reason::Malware),
        ("EICAR in a PDF", in_pdf, Reason::Malware),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), Err(expected), "{what}");
    }
    let small = Limits { bytes_max: 10, ..Limits::default() };
    assert_eq!(inspect(&pdf(b""), &small).unwrap_err().code, Reason::TooLarge);
}

#[test]
fn the_hash_is_that_of_the_file() {
    let file = pdf(b"2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\nendobj");
    let expected = Inspected {
        media_type: MediaType::Pdf,
        sha256: Sha256::digest(&file).into(),
        bytes: file.len() as u64,
        pixels: None,
    };
    assert_eq!(inspect(&file, &Limits::default()), Ok(expected));
}

#[test]
fn a_pdf_is_a_pdf_from_its_first_byte_to_its_last_and_does_nothing() {
    use Reason::*;
    let plain = pdf(b"");
    let with = |front: &[u8], back: &[u8]| [front, &plain, back].concat();
    let ok = Ok(MediaType::Pdf);
    let table: Vec<(&str, Vec<u8>, Result<MediaType, Reason>)> = vec![
        ("plain", plain.clone(), ok),
        ("line ends at the end", with(b"", b"\r\n\r\n"), ok),
        ("two revisions", [plain.as_slice(), &plain[9..]].concat(), ok),
        ("something in front", with(b"\xEF\xBB\xBF", b""), Err(Polyglot)),
        ("a script in front", with(b"#!/bin/sh\n", b""), Err(Polyglot)),
        ("something behind", with(b"", b"<script>"), Err(Polyglot)),
        ("much behind", with(b"", &[b'x'; 5000]), Err(Polyglot)),
        ("a ZIP behind", with(b"", &super::sniffed_archives::zip_of(&[("a.txt", b"a")])), Err(Polyglot)),
        ("cut", plain[..plain.len() - 8].to_vec(), Err(Truncated)),
        ("no version", b"%PDF-x.y\nstartxref\n0\n%%EOF".to_vec(), Err(Malformed)),
        ("a script", pdf(b"3 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj"), Err(ActiveContent)),
        ("a script by its short name", pdf(b"3 0 obj\n<</JS(app)>>\nendobj"), Err(ActiveContent)),
        ("a script, escaped", pdf(b"3 0 obj\n<< /S /J#61vaScrip#74 >>\nendobj"), Err(ActiveContent)),
        ("a program to start", pdf(b"3 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj"), Err(ActiveContent)),
        ("a file inside", pdf(b"3 0 obj\n<< /Type /EmbeddedFile >>\nendobj"), Err(ActiveContent)),
        ("a script in packed objects", pdf(&object_stream(b"<< /S /JavaScript /JS 4 0 R >>")), Err(ActiveContent)),
        ("packed objects", pdf(&object_stream(b"<< /Type /Page >>")), ok),
        ("chance in compressed data", pdf(b"4 0 obj\n<</Length 9>>\nstream\n\x01/JS \x02/JS(\nendstream\nendobj"), ok),
        (
            "a script behind a stream",
            pdf(b"4 0 obj\n<<>>\nstream\n/JS \nendstream\nendobj 5 0 obj <</JS 3 0 R>>"),
            Err(ActiveContent),
        ),
        ("a longer name", pdf(b"<< /JSX 1 /Launcher 2 /JavaScripted 3 >>"), ok),
        ("objects without end", pdf(&object_stream(&vec![b' '; 33 << 20])), Err(ArchiveBomb)),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), expected, "{what}");
    }
}

#[test]
fn no_cut_and_no_changed_byte_makes_inspection_panic() {
    let files = [
        pdf(&object_stream(b"<< /Type /Page >>")),
        super::sniffed_pictures::png(2, 2),
        super::sniffed_pictures::jpeg(2, 2),
        super::sniffed_pictures::heic(2, 2),
        super::sniffed_archives::docx(&[]),
    ];
    for file in files {
        assert!(outcome(&file).is_ok());
        for at in 0..file.len() {
            if let Ok(kind) = outcome(&file[..at]) {
                // only white space may be missing
                assert_eq!((kind, file[at..].trim_ascii()), (MediaType::Pdf, b"".as_slice()), "cut at {at}");
            }
            for bit in [0x01, 0x80, 0xFF] {
                let mut changed = file.clone();
                changed[at] ^= bit;
                let _ = outcome(&changed);
            }
        }
    }
}

#[test]
fn media_types_and_codes_are_unique_and_found_again() {
    for kind in MediaType::ALL {
        assert_eq!(MediaType::from_mime(kind.as_mime()), Some(kind));
        assert_eq!(MediaType::from_mime(&format!("{}; charset=x", kind.as_mime().to_uppercase())), Some(kind));
    }
    assert_eq!(MediaType::from_mime("text/html"), None);
    // What some telephones and browsers call it.
    assert_eq!(MediaType::from_mime("image/jpg"), Some(MediaType::Jpeg));
    let extensions: std::collections::HashSet<_> = MediaType::ALL.iter().map(|t| t.extension()).collect();
    assert_eq!(extensions.len(), MediaType::ALL.len());
}
