//! XML as office files have it: UTF-8, without a document type. A document type could give words another meaning than the
//! one that is looked at, and another encoding would hide them.

use super::{Reason, Refused};
use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};

/// An element that begins. Names are compared without prefix, and in capitals or not.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Whether it has this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref().eq_ignore_ascii_case(name.as_bytes())
    }

    /// The value of an attribute with its references resolved, empty where there is none. Two of one name are refused:
    /// programs differ in which they read.
    pub(super) fn value(&self, name: &str) -> Result<String, Refused> {
        let mut found = None;
        for attribute in self.0.attributes() {
            let attribute = attribute.map_err(|_| broken())?;
            if attribute.key.local_name().as_ref().eq_ignore_ascii_case(name.as_bytes()) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
                if found.replace(value.into_owned()).is_some() {
                    return Err(malformed("an element says one thing twice"));
                }
            }
        }
        Ok(found.unwrap_or_default())
    }
}

/// What a document consists of, for those who look for words.
pub(super) enum Piece<'a> {
    /// An element begins.
    Begin(Element<'a>),
    /// Text, with its references resolved.
    Text(String),
    /// An element ends.
    End,
}

fn malformed(detail: &str) -> Refused {
    Refused::new(Reason::Malformed, detail)
}

fn broken() -> Refused {
    malformed("a part is not well-formed XML")
}

/// The text of a part.
pub(super) fn text(content: &[u8]) -> Result<&str, Refused> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    std::str::from_utf8(content).map_err(|_| malformed("a part is not in UTF-8"))
}

/// Looks at what comes before the first element: no document type and no other encoding. `head` is the beginning of
/// the part, as much as was kept.
pub(super) fn plain_prolog(head: &[u8]) -> Result<(), Refused> {
    let mut rest = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    loop {
        rest = rest.trim_ascii_start();
        let skip = if rest.starts_with(b"<?") {
            let end = after(rest, b"?>")?;
            let declared = rest.get(..end).unwrap_or_default();
            if declared.starts_with(b"<?xml ") && !says_utf8(declared) {
                return Err(malformed("a part is not in UTF-8"));
            }
            end
        } else if rest.starts_with(b"<!--") {
            after(rest, b"-->")?
        } else if rest.starts_with(b"<!") {
            return Err(Refused::new(Reason::ActiveContent, "a part has a document type of its own"));
        } else if rest.starts_with(b"<") || rest.is_empty() {
            return Ok(());
        } else {
            return Err(malformed("a part is not XML in UTF-8"));
        };
        rest = rest.get(skip..).unwrap_or_default();
    }
}

fn after(rest: &[u8], end: &[u8]) -> Result<usize, Refused> {
    let at = super::scan::find(rest, end).ok_or_else(|| malformed("a part does not begin within its first bytes"))?;
    Ok(at + end.len())
}

fn says_utf8(declaration: &[u8]) -> bool {
    let text = String::from_utf8_lossy(declaration).to_ascii_lowercase();
    let Some((_, value)) = text.split_once("encoding") else { return true };
    let value = value.trim_start_matches([' ', '=', '\t', '\r', '\n']);
    ["\"utf-8\"", "'utf-8'"].iter().any(|name| value.starts_with(name))
}

/// Every element that begins.
pub(super) fn each(text: &str, mut see: impl FnMut(Element<'_>) -> Result<(), Refused>) -> Result<(), Refused> {
    read(text, |piece| if let Piece::Begin(element) = piece { see(element) } else { Ok(()) })
}

/// Reads a document piece by piece.
pub(super) fn read(text: &str, mut see: impl FnMut(Piece<'_>) -> Result<(), Refused>) -> Result<(), Refused> {
    let mut reader = Reader::from_str(text);
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        match event {
            Event::Start(begin) => see(Piece::Begin(Element(begin)))?,
            Event::Empty(begin) => {
                see(Piece::Begin(Element(begin)))?;
                see(Piece::End)?;
            }
            Event::End(_) => see(Piece::End)?,
            Event::Text(piece) => see(Piece::Text(piece.decode().map_err(|_| broken())?.into_owned()))?,
            Event::CData(piece) => see(Piece::Text(piece.decode().map_err(|_| broken())?.into_owned()))?,
            Event::GeneralRef(reference) => {
                let whole = format!("&{};", reference.decode().map_err(|_| broken())?);
                let words = quick_xml::escape::unescape(&whole).map_err(|_| broken())?;
                see(Piece::Text(words.into_owned()))?;
            }
            Event::DocType(_) => {
                return Err(Refused::new(Reason::ActiveContent, "a part has a document type of its own"));
            }
            Event::Eof => return Ok(()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}
