//! What an archive of plain files may hold: files that are looked into like those that are uploaded one by one, and
//! tables and text. What is not on the list is refused, because a list of everything harmful is never whole.

use super::{
    Budget, Limits, Reason, Refused,
    archive::{self, Found, Part, content_may_be},
    scan::find,
    walk, xml,
};

/// Files that are looked into.
const DOCUMENTS: [&str; 5] = ["pdf", "jpg", "jpeg", "png", "heic"];
/// Office files and OFD are archives themselves.
const OFFICE: [&str; 2] = ["docx", "xlsx"];
const OFD: &str = "ofd";
/// Tables and text; of XML more is asked.
const TEXTS: [&str; 2] = ["csv", "txt"];
const XML: &str = "xml";
/// What an OFD consists of: pages, pictures, fonts, seals and signatures.
const OFD_PARTS: [&str; 15] =
    ["xml", "jpg", "jpeg", "png", "bmp", "tif", "tiff", "jb2", "gbig2", "ttf", "otf", "ttc", "cff", "esl", "dat"];
/// What a Mac adds to archives: a folder of attributes, and a file of a folder's looks.
const MAC_FOLDER: &str = "__macosx/";
const MAC_ATTRIBUTES: &[u8] = b"\x00\x05\x16\x07";
const MAC_LOOKS: (&str, &[u8]) = (".ds_store", b"\x00\x00\x00\x01Bud1");

/// How much of an entry is kept to be looked into.
pub(super) fn keeps(name: &str, limits: &Limits) -> Option<u64> {
    let end = end_of(name);
    let looked_into = DOCUMENTS.contains(&end) || OFFICE.contains(&end) || end == OFD || end == XML;
    looked_into.then_some(limits.bytes_max)
}

fn end_of(name: &str) -> &str {
    name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or("", |(_, end)| end)
}

/// Judges one entry of an archive of plain files.
pub(super) fn entry(part: &Part, limits: &Limits, budget: &mut Budget) -> Result<(), Refused> {
    if part.name.ends_with('/') && part.head.is_empty() || is_of_a_mac(part) {
        return Ok(());
    }
    let end = end_of(&part.name);
    let whole = || {
        let detail = format!("a file in the archive is larger than {} bytes", limits.bytes_max);
        part.content.as_deref().ok_or_else(|| Refused::new(Reason::TooLarge, detail))
    };
    if OFFICE.contains(&end) {
        return archive::check(whole()?, Found::AsOffice, limits, budget).map(|_| ());
    }
    if end == OFD {
        return archive::check(whole()?, Found::AsOfd, limits, budget).map(|_| ());
    }
    content_may_be(&part.head)?;
    if DOCUMENTS.contains(&end) {
        return walk(whole()?, limits, budget).map(|_| ());
    }
    if end == XML {
        return inert(whole()?);
    }
    if TEXTS.contains(&end) { Ok(()) } else { Err(not_taken()) }
}

/// Judges one part of an OFD.
pub(super) fn ofd_part(part: &Part) -> Result<(), Refused> {
    let end = end_of(&part.name);
    if end == XML {
        xml::plain_prolog(&part.head)?;
    }
    if part.name.ends_with('/') || OFD_PARTS.contains(&end) { Ok(()) } else { Err(not_taken()) }
}

fn not_taken() -> Refused {
    Refused::new(Reason::EntryType, "there is a file in the archive of a kind that is not taken")
}

fn is_of_a_mac(part: &Part) -> bool {
    let attributes = part.name.starts_with(MAC_FOLDER) && part.head.starts_with(MAC_ATTRIBUTES);
    let (looks, begin) = MAC_LOOKS;
    attributes || part.name.rsplit('/').next() == Some(looks) && part.head.starts_with(begin)
}

/// XML is opened by browsers, which run what is in it. Invoices come in GBK as well, so it is looked at as bytes.
fn inert(content: &[u8]) -> Result<(), Refused> {
    if content.contains(&0) {
        return Err(Refused::new(Reason::Malformed, "XML in an encoding that is not looked into"));
    }
    let small = content.to_ascii_lowercase();
    let runs: [&[u8]; 6] =
        [b"<!doctype", b"<!entity", b"<?xml-stylesheet", b"<script", b":script", b"//www.w3.org/2000/svg"];
    if runs.iter().any(|word| find(&small, word).is_some()) {
        return Err(Refused::new(Reason::ActiveContent, "there is XML in the archive that runs when it is opened"));
    }
    Ok(())
}
