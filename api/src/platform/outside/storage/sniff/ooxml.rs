//! Office files (ISO/IEC 29500-2): archives that say in a list of types what they are, and that may carry macros,
//! programs, and references that are followed when they are opened. Every part is of a kind that is known, and every
//! reference that leaves the file is a link that somebody has to click.

use super::{
    MediaType, Reason, Refused,
    archive::Part,
    fields,
    xml::{self, Element},
};
use std::collections::HashSet;

/// The list that makes an archive an office file.
pub(super) const TYPES: &str = "[content_types].xml";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
/// The parts of a workbook. They are large, and have no fields.
const SHEETS: &str = "xl/";
/// The part that is kept to be read: lists of types and relations.
const LIST_BYTES_MAX: u64 = 1 << 20;
/// The text of a document, in which fields are looked for.
const TEXT_BYTES_MAX: u64 = 32 << 20;
/// What a part may be, by the end of its name. Pictures do nothing; settings of printers are the only `.bin`.
const PARTS: [&str; 19] = [
    "xml", "rels", "vml", "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "tif", "tiff", "emf", "wmf", "wdp",
    "svg", "odttf", "fntdata",
];
/// Ends of relations whose target is fetched or run, also where it lies inside.
const ACTIVE_RELATIONS: [&str; 12] = [
    "/afchunk",
    "/oleobject",
    "/package",
    "/control",
    "/activexcontrolbinary",
    "/vbaproject",
    "/subdocument",
    "/frame",
    "/externallink",
    "/externallinkpath",
    "/connections",
    "/attachedtoolbars",
];
/// How a link may begin, where it names what is to open it.
const LINKS: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "file"];

/// How much of a part is kept to be read.
pub(super) fn keeps(name: &str) -> Option<u64> {
    if name == TYPES || name.ends_with(".rels") {
        Some(LIST_BYTES_MAX)
    } else if name.ends_with(".xml") && !name.starts_with(SHEETS) {
        Some(TEXT_BYTES_MAX)
    } else {
        None
    }
}

/// An office file, as its parts are read.
#[derive(Default)]
pub(super) struct Office {
    names: HashSet<String>,
    kinds: Vec<MediaType>,
}

fn active(detail: &str) -> Refused {
    Refused::new(Reason::ActiveContent, detail)
}

impl Office {
    /// Judges one part.
    pub(super) fn take(&mut self, part: &Part) -> Result<(), Refused> {
        let name = part.name.as_str();
        may_be(name)?;
        let read = ["xml", "rels", "vml"].iter().any(|end| name.rsplit('.').next() == Some(*end));
        if read {
            xml::plain_prolog(&part.head)?;
        }
        if let Some(max) = keeps(name) {
            let content = part.content.as_deref().ok_or_else(|| {
                Refused::new(Reason::Malformed, format!("a part is longer than {max} bytes and cannot be read"))
            })?;
            let text = xml::text(content)?;
            if name == TYPES {
                xml::each(text, |element| self.listed(&element))?;
            } else if name.ends_with(".rels") {
                xml::each(text, |element| stays_inside(&element))?;
            } else {
                fields::check(text)?;
            }
        }
        self.names.insert(name.to_owned());
        Ok(())
    }

    fn listed(&mut self, element: &Element<'_>) -> Result<(), Refused> {
        let kind = element.value("ContentType")?.to_ascii_lowercase();
        if kind.contains("macroenabled") || kind.contains("vbaproject") {
            return Err(Refused::new(Reason::Macros, "it is of a type that carries macros"));
        }
        self.kinds.extend((kind == WORD).then_some(MediaType::Docx));
        self.kinds.extend((kind == EXCEL).then_some(MediaType::Xlsx));
        Ok(())
    }

    fn has_sheets(&self) -> bool {
        self.names.iter().any(|name| name.starts_with(SHEETS))
    }

    /// What it is, once all parts were judged.
    pub(super) fn kind(self) -> Result<MediaType, Refused> {
        let is = |kind| self.kinds.contains(&kind);
        let kind = match (is(MediaType::Docx), is(MediaType::Xlsx)) {
            (true, false) if self.names.contains("word/document.xml") && !self.has_sheets() => MediaType::Docx,
            (false, true) if self.names.contains("xl/workbook.xml") => MediaType::Xlsx,
            (false, false) => {
                return Err(Refused::new(Reason::UnknownType, "an office file, but neither DOCX nor XLSX"));
            }
            _ => {
                return Err(Refused::new(
                    Reason::Malformed,
                    "the office file's main part is missing, or there are two",
                ));
            }
        };
        if !self.names.contains("_rels/.rels") {
            return Err(Refused::new(Reason::Malformed, "the office file has no relations"));
        }
        Ok(kind)
    }
}

/// What can be said of a part by its name.
fn may_be(name: &str) -> Result<(), Refused> {
    if !name.is_ascii() {
        return Err(Refused::new(Reason::Malformed, "a part has an impossible name"));
    }
    if name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml") {
        return Err(Refused::new(Reason::Macros, "there are macros in it"));
    }
    if name.contains("/activex/") || name.starts_with("xl/externallinks/") || name.starts_with("xl/macrosheets/") {
        return Err(active("there are controls, or links to other programs in it"));
    }
    let end = name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or("", |(_, end)| end);
    let settings = end == "bin" && name.contains("/printersettings/");
    if !settings && !name.ends_with('/') && !PARTS.contains(&end) {
        return Err(active("there is a part in it that is no text and no picture"));
    }
    Ok(())
}

/// Refuses relations that make a program fetch something from elsewhere or run it: a template from the network can carry
/// the macros that the file itself does not have.
fn stays_inside(element: &Element<'_>) -> Result<(), Refused> {
    if !element.is("Relationship") {
        return Ok(());
    }
    let value = |name| element.value(name).map(|value| value.trim().to_ascii_lowercase());
    let (kind, target, mode) = (value("Type")?, value("Target")?, value("TargetMode")?);
    if ACTIVE_RELATIONS.iter().any(|end| kind.ends_with(end)) {
        return Err(active("it opens another file or program"));
    }
    let link = kind.ends_with("/hyperlink");
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let named = scheme.filter(|s| s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')));
    if link {
        let opens = named.is_none_or(|scheme| LINKS.contains(&scheme) || scheme.len() == 1);
        return if opens { Ok(()) } else { Err(active("a link in it starts a program")) };
    }
    let outside = named.is_some() || target.starts_with("\\\\") || target.starts_with("//");
    // programs write the place of the author's own template; from this disk nothing is fetched
    let own_template = kind.ends_with("/attachedtemplate") && on_own_disk(&target);
    if (outside || !mode.is_empty() && mode != "internal") && !own_template {
        return Err(active("it fetches a part of itself from elsewhere"));
    }
    Ok(())
}

/// `file:///c:\…`, and no way out of that disk.
fn on_own_disk(target: &str) -> bool {
    let path = target.strip_prefix("file:///").unwrap_or_default().as_bytes();
    matches!(path, [disk, b':', b'\\' | b'/', next, ..] if disk.is_ascii_alphabetic() && !matches!(next, b'\\' | b'/'))
}
