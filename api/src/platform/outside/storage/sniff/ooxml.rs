//! Office files (ISO/IEC 29500-2): archives that say in a list of types what they are, and that may carry macros,
//! programs, and references that are followed when they are opened.

use super::{
    MediaType, Reason, Refused,
    archive::{Entry, Kept},
    scan::find,
};

const TYPES: &str = "[content_types].xml";
const WORD: &[u8] = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL: &[u8] = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
/// Relations whose target is fetched without being asked for.
const FETCHED: [&str; 3] = ["/attachedTemplate\"", "/oleObject\"", "/frame\""];

/// The name, in small letters, of an entry whose content is to be kept.
pub(super) fn wanted(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    (name == TYPES || name.ends_with(".rels")).then_some(name)
}

/// What an archive is: office files have a list of types, and an archive that has one and is not of those taken is
/// refused.
pub(super) fn kind(entries: &[Entry<'_>], kept: &[Kept]) -> Result<MediaType, Refused> {
    let names: Vec<String> =
        entries.iter().map(|e| String::from_utf8_lossy(e.name).to_ascii_lowercase().replace('\\', "/")).collect();
    if names.iter().any(|name| name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml")) {
        return Err(Refused::new(Reason::Macros, "there are macros in it"));
    }
    if !names.iter().any(|name| name == TYPES) {
        return Ok(MediaType::Zip);
    }
    let unreadable = || Refused::new(Reason::Malformed, "the office file's list of types cannot be read");
    let types = &kept.iter().find(|k| k.name == TYPES).ok_or_else(unreadable)?.content;
    if find(types, b"macroEnabled").is_some() || find(types, b"vbaProject").is_some() {
        return Err(Refused::new(Reason::Macros, "it is of a type that carries macros"));
    }
    let has = |part: &str| names.iter().any(|name| name == part);
    let kind = match (find(types, WORD).is_some(), find(types, EXCEL).is_some()) {
        (true, false) if has("word/document.xml") => MediaType::Docx,
        (false, true) if has("xl/workbook.xml") => MediaType::Xlsx,
        (false, false) => {
            return Err(Refused::new(Reason::UnknownType, "an office file, but neither DOCX nor XLSX"));
        }
        _ => {
            return Err(Refused::new(Reason::Malformed, "the office file's main part is missing, or there are two"));
        }
    };
    if !has("_rels/.rels") {
        return Err(Refused::new(Reason::Malformed, "the office file has no relations"));
    }
    if names.iter().any(|name| name.contains("/activex/") || (name.contains("/embeddings/") && name.ends_with(".bin")))
    {
        return Err(Refused::new(Reason::ActiveContent, "there are controls or objects in it"));
    }
    // a list of relations too long to be kept was not looked at
    if names.iter().filter(|n| n.ends_with(".rels")).count()
        != kept.iter().filter(|k| k.name.ends_with(".rels")).count()
    {
        return Err(unreadable());
    }
    for list in kept.iter().filter(|k| k.name.ends_with(".rels")) {
        stays_inside(&String::from_utf8_lossy(&list.content))?;
    }
    Ok(kind)
}

/// Refuses relations that make a program fetch something from elsewhere: a template from the network can carry the
/// macros that the file itself does not have.
fn stays_inside(relations: &str) -> Result<(), Refused> {
    let fetched =
        relations.split("<Relationship ").filter(|r| r.contains("External") && FETCHED.iter().any(|f| r.contains(f)));
    for relation in fetched {
        let target = relation
            .split("Target=\"")
            .nth(1)
            .and_then(|t| t.split('"').next())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if target.starts_with("http")
            || target.starts_with("ftp")
            || target.starts_with("\\\\")
            || target.starts_with("file:////")
        {
            return Err(Refused::new(Reason::ActiveContent, "it fetches a part of itself from the network"));
        }
    }
    Ok(())
}
