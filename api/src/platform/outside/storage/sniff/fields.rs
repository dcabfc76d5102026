//! The fields of a Word document (ISO/IEC 29500-1, 17.16): commands in the text, some of which start programs or fetch
//! other files. A command may be cut into any number of pieces, so the pieces are put together first.

use super::{Reason, Refused, xml};

/// Commands that start a program (DDE) or fetch a file.
const REACHING: [&str; 9] =
    ["DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "IMPORT", "LINK", "RD", "DATABASE", "MACROBUTTON"];
/// Fields in fields, at most.
const DEPTH_MAX: usize = 64;

/// Refuses fields that reach outside.
pub(super) fn check(text: &str) -> Result<(), Refused> {
    let mut fields = Fields::default();
    xml::read(text, |piece| fields.take(piece))?;
    // also where the marks around it are not what they should be
    if fields.all.to_ascii_uppercase().contains("DDEAUTO") {
        return Err(refused());
    }
    fields.open.iter().try_for_each(|field| command(field))
}

/// The commands of a document, as it is read.
#[derive(Default)]
struct Fields {
    /// The commands of the fields that have begun, the innermost last.
    open: Vec<String>,
    /// All commands in one.
    all: String,
    /// How deep in a piece of a command.
    depth: usize,
}

impl Fields {
    fn take(&mut self, piece: xml::Piece<'_>) -> Result<(), Refused> {
        match piece {
            xml::Piece::Begin(element) => {
                let begins = element.is("instrText") || element.is("delInstrText");
                self.depth += usize::from(begins || self.depth > 0);
                if element.is("fldSimple") {
                    command(&element.value("instr")?)?;
                }
                if element.is("fldChar") {
                    self.mark(element.value("fldCharType")?.trim())?;
                }
            }
            xml::Piece::Text(words) if self.depth > 0 => {
                self.all.push_str(&words);
                if let Some(field) = self.open.last_mut() {
                    field.push_str(&words);
                }
            }
            xml::Piece::Text(_) => {}
            xml::Piece::End => self.depth = self.depth.saturating_sub(1),
        }
        Ok(())
    }

    fn mark(&mut self, kind: &str) -> Result<(), Refused> {
        match kind {
            "begin" if self.open.len() < DEPTH_MAX => self.open.push(String::new()),
            "begin" => return Err(Refused::new(Reason::Malformed, "fields in fields without end")),
            "separate" => command(self.open.last().map_or("", String::as_str))?,
            "end" => command(&self.open.pop().unwrap_or_default())?,
            _ => {}
        }
        Ok(())
    }
}

fn command(field: &str) -> Result<(), Refused> {
    let name = field.trim_start().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    if REACHING.contains(&name.to_ascii_uppercase().as_str()) { Err(refused()) } else { Ok(()) }
}

fn refused() -> Refused {
    Refused::new(Reason::ActiveContent, "a field in it starts a program or fetches a file")
}
