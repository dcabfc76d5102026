//! HEIC, box by box: the boxes of the file fill it exactly, are of the kinds that a picture has, and say how large it
//! is.

use super::{Limits, Reason, Refused, picture, scan::be32};

/// Brands by which a file says that it holds HEVC pictures, ISO/IEC 23008-12 annex B.
const BRANDS: [&[u8; 4]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"];
/// Boxes that may stand at the top of a picture's file.
const TOP: [&[u8; 4]; 8] = [b"ftyp", b"meta", b"mdat", b"free", b"skip", b"moov", b"uuid", b"idat"];
/// More boxes in one place than any honest encoder writes.
const BOXES_MAX: usize = 10_000;

/// Answers width and height of the largest picture in it.
pub(super) fn check(file: &[u8], limits: &Limits) -> Result<(u32, u32), Refused> {
    let boxes = boxes(file)?;
    let (kind, brands) = boxes.first().ok_or_else(malformed)?;
    let mut named = brands.chunks_exact(4).enumerate().filter(|(index, _)| *index != 1).map(|(_, brand)| brand);
    if *kind != b"ftyp" || !named.any(|brand| BRANDS.iter().any(|b| b.as_slice() == brand)) {
        return Err(Refused::new(Reason::UnknownType, "a media file, but not HEIC"));
    }
    if boxes.iter().any(|(kind, _)| !TOP.iter().any(|t| t.as_slice() == *kind)) {
        return Err(Refused::new(Reason::Polyglot, "there is more in the file than a picture"));
    }
    let only = |name: &[u8]| boxes.iter().filter(|(kind, _)| *kind == name).count();
    if only(b"meta") != 1 || only(b"mdat") == 0 {
        return Err(malformed());
    }
    let meta = content_of(&boxes, b"meta").and_then(|meta| meta.get(4..)).ok_or_else(malformed)?;
    let meta = self::boxes(meta)?;
    let handler = content_of(&meta, b"hdlr").and_then(|hdlr| hdlr.get(8..12));
    if handler != Some(b"pict".as_slice()) {
        return Err(Refused::new(Reason::UnknownType, "a media file, but not a picture"));
    }
    let properties = self::boxes(content_of(&meta, b"iprp").ok_or_else(malformed)?)?;
    let properties = self::boxes(content_of(&properties, b"ipco").ok_or_else(malformed)?)?;
    let mut largest = None;
    for (_, extents) in properties.iter().filter(|(kind, _)| *kind == b"ispe") {
        let size = picture(be32(extents, 4).ok_or_else(malformed)?, be32(extents, 8).ok_or_else(malformed)?, limits)?;
        largest = largest.max(Some((u64::from(size.0) * u64::from(size.1), size)));
    }
    largest.map(|(_, size)| size).ok_or_else(malformed)
}

type Boxes<'a> = Vec<(&'a [u8], &'a [u8])>;

fn malformed() -> Refused {
    Refused::new(Reason::Malformed, "the HEIC's boxes are not those of a picture")
}

/// The boxes that fill these bytes, with nothing left.
fn boxes(bytes: &[u8]) -> Result<Boxes<'_>, Refused> {
    let truncated = || Refused::new(Reason::Truncated, "a box of the HEIC does not end where it should");
    let (mut found, mut at) = (Vec::new(), 0usize);
    while at < bytes.len() {
        if found.len() >= BOXES_MAX {
            return Err(malformed());
        }
        let kind = bytes.get(at + 4..at + 8).ok_or_else(truncated)?;
        let (header, size) = match be32(bytes, at).ok_or_else(truncated)? {
            // to the end of the file
            0 => (8, bytes.len() - at),
            1 => {
                let high = be32(bytes, at + 8).ok_or_else(truncated)?;
                let low = be32(bytes, at + 12).ok_or_else(truncated)?;
                (
                    16,
                    if high == 0 {
                        low as usize
                    } else {
                        return Err(truncated());
                    },
                )
            }
            size => (8, size as usize),
        };
        let end = at.checked_add(size).ok_or_else(truncated)?;
        found.push((kind, bytes.get(at + header..end).ok_or_else(truncated)?));
        at = end;
    }
    Ok(found)
}

fn content_of<'a>(boxes: &Boxes<'a>, name: &[u8]) -> Option<&'a [u8]> {
    boxes.iter().find(|(kind, _)| *kind == name).map(|(_, content)| *content)
}
