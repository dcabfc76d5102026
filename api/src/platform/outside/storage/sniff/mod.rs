//! Whether a file is what it claims to be, found out from its content alone.
//!
//! A magic number at the front says little: one file can be a picture to one program and an archive or a script to
//! another, a few kilobytes can unfold to gigabytes, and what is opened in an office a year later runs with an
//! officer's rights. So each format is walked from its first byte to its last, and whatever is not accounted for
//! refuses the file. This reads; it never unpacks to disk.

mod archive;
mod fields;
mod heic;
mod jpeg;
mod ooxml;
mod pdf;
mod plain;
mod png;
mod scan;
mod xml;

use sha2::{Digest, Sha256};
use std::fmt;

/// What a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaType {
    /// PDF, ISO 32000.
    Pdf,
    /// JPEG, ITU-T T.81.
    Jpeg,
    /// PNG, ISO/IEC 15948.
    Png,
    /// HEIC, ISO/IEC 23008-12: what iPhones photograph.
    Heic,
    /// Word, ISO/IEC 29500, without macros.
    Docx,
    /// Excel, ISO/IEC 29500, without macros.
    Xlsx,
    /// ZIP, of plain files.
    Zip,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Heic, Self::Docx, Self::Xlsx, Self::Zip];

    /// The name that HTTP uses.
    pub fn as_mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Zip => "application/zip",
        }
    }

    /// The usual end of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Heic => "heic",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Zip => "zip",
        }
    }

    /// The type of a media type as a client claims it, parameters left aside.
    pub fn from_mime(mime: &str) -> Option<Self> {
        let name = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // Not registered, and yet what some clients call a JPEG.
        let name = if matches!(name.as_str(), "image/jpg" | "image/pjpeg") { "image/jpeg" } else { &name };
        Self::ALL.into_iter().find(|t| t.as_mime() == name)
    }
}

/// How far a file may go.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Size of the file.
    pub bytes_max: u64,
    /// Width times height of a picture: what a decoder would have to hold.
    pub pixels_max: u64,
    /// Width or height of a picture.
    pub side_max: u32,
    /// Entries of an archive.
    pub archive_entries_max: usize,
    /// Unpacked size of an archive, all entries together.
    pub archive_bytes_max: u64,
    /// Unpacked size over packed size of one entry, where it matters.
    pub archive_ratio_max: u64,
    /// Unpacked size up to which the ratio does not matter: small sheets of equal cells compress well.
    pub archive_ratio_from_bytes: u64,
    /// Length of a name in an archive.
    pub archive_name_bytes_max: usize,
    /// What the packed objects of a PDF unfold to, together.
    pub pdf_objects_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 20 << 20,
            // a phone's best camera makes 200 million
            pixels_max: 200_000_000,
            side_max: 30_000,
            archive_entries_max: 2_000,
            archive_bytes_max: 200 << 20,
            archive_ratio_max: 200,
            archive_ratio_from_bytes: 4 << 20,
            archive_name_bytes_max: 512,
            pdf_objects_bytes_max: 32 << 20,
        }
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Its type.
    pub media_type: MediaType,
    /// The SHA-256 of its content.
    pub sha256: [u8; 32],
    /// Its size.
    pub bytes: u64,
    /// Width and height, of a picture.
    pub pixels: Option<(u32, u32)>,
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// There is nothing in it.
    Empty,
    /// It is larger than allowed.
    TooLarge,
    /// It is none of the types that are taken.
    UnknownType,
    /// It ends before it should.
    Truncated,
    /// It breaks the rules of its own format.
    Malformed,
    /// Something comes before or after what it is, or it is a second thing at the same time.
    Polyglot,
    /// The picture is larger than a program should have to unfold.
    PixelFlood,
    /// It would do something when opened: scripts, programs to start, files inside.
    ActiveContent,
    /// It cannot be looked into.
    Encrypted,
    /// It carries macros.
    Macros,
    /// A name in it points outside of where it would be unpacked.
    PathTraversal,
    /// It would unfold to far more than it is.
    ArchiveBomb,
    /// An archive in an archive.
    NestedArchive,
    /// There is a file in the archive that is none of those taken.
    EntryType,
    /// There is a program in it.
    Executable,
    /// It is known to be harmful.
    Malware,
}

impl Reason {
    /// The name by which the rest of the product knows it. It is stored, and never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::UnknownType => "unknown_type",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Polyglot => "polyglot",
            Self::PixelFlood => "pixel_flood",
            Self::ActiveContent => "active_content",
            Self::Encrypted => "encrypted",
            Self::Macros => "macros",
            Self::PathTraversal => "path_traversal",
            Self::ArchiveBomb => "archive_bomb",
            Self::NestedArchive => "nested_archive",
            Self::EntryType => "entry_type",
            Self::Executable => "executable",
            Self::Malware => "malware",
        }
    }
}

/// A file that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub code: Reason,
    /// What exactly, for staff and log. It never quotes the content.
    pub detail: String,
}

impl Refused {
    fn new(code: Reason, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.code(), self.detail)
    }
}

impl std::error::Error for Refused {}

/// Inspects a whole file. It takes time in proportion to the file and what it unpacks to, at most a second or so, hence
/// belongs on a thread where blocking is allowed.
pub fn inspect(file: &[u8], limits: &Limits) -> Result<Inspected, Refused> {
    let bytes = file.len() as u64;
    if file.is_empty() {
        return Err(Refused::new(Reason::Empty, "the file is empty"));
    }
    if bytes > limits.bytes_max {
        return Err(Refused::new(Reason::TooLarge, format!("{bytes} bytes, at most {}", limits.bytes_max)));
    }
    scan::known_malware(file)?;
    let mut budget = Budget { unpacked: limits.archive_bytes_max, objects: limits.pdf_objects_bytes_max };
    let (media_type, pixels) = walk(file, limits, &mut budget)?;
    Ok(Inspected { media_type, sha256: Sha256::digest(file).into(), bytes, pixels })
}

/// How much may still be unfolded, in one file and all that is in it.
struct Budget {
    /// Entries of archives, bytes.
    unpacked: u64,
    /// Packed objects of PDFs, bytes.
    objects: u64,
}

fn walk(file: &[u8], limits: &Limits, budget: &mut Budget) -> Result<(MediaType, Option<(u32, u32)>), Refused> {
    if file.starts_with(b"%PDF-") {
        scan::no_archive_at_end(file)?;
        pdf::check(file, &mut budget.objects)?;
        return Ok((MediaType::Pdf, None));
    }
    if file.starts_with(png::SIGNATURE) {
        scan::no_archive_at_end(file)?;
        return Ok((MediaType::Png, Some(png::check(file, limits)?)));
    }
    if file.starts_with(&[0xFF, 0xD8, 0xFF]) {
        scan::no_archive_at_end(file)?;
        return Ok((MediaType::Jpeg, Some(jpeg::check(file, limits)?)));
    }
    if file.get(4..8) == Some(b"ftyp".as_slice()) {
        scan::no_archive_at_end(file)?;
        return Ok((MediaType::Heic, Some(heic::check(file, limits)?)));
    }
    if file.starts_with(b"PK\x03\x04") {
        return Ok((archive::check(file, archive::Found::Uploaded, limits, budget)?, None));
    }
    if scan::find(file.get(..1024).unwrap_or(file), b"%PDF-").is_some() {
        return Err(Refused::new(Reason::Polyglot, "something comes before the PDF's header"));
    }
    if file.starts_with(b"PK\x05\x06") {
        return Err(Refused::new(Reason::Empty, "the archive is empty"));
    }
    Err(Refused::new(Reason::UnknownType, "neither PDF, JPEG, PNG, HEIC, DOCX, XLSX nor ZIP"))
}

/// Refuses a picture that would unfold to too much.
fn picture(width: u32, height: u32, limits: &Limits) -> Result<(u32, u32), Refused> {
    if width == 0 || height == 0 {
        return Err(Refused::new(Reason::Malformed, "the picture has no size"));
    }
    if width > limits.side_max || height > limits.side_max || u64::from(width) * u64::from(height) > limits.pixels_max {
        return Err(Refused::new(Reason::PixelFlood, format!("the picture measures {width} × {height}")));
    }
    Ok((width, height))
}
