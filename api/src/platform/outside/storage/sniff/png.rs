//! PNG, chunk by chunk: every byte belongs to one, every checksum is right, and after IEND there is nothing.

use super::{Limits, Reason, Refused, picture, scan::be32};

/// The first eight bytes.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// More chunks than any honest encoder writes.
const CHUNKS_MAX: usize = 100_000;

/// Answers width and height.
pub(super) fn check(file: &[u8], limits: &Limits) -> Result<(u32, u32), Refused> {
    let truncated = || Refused::new(Reason::Truncated, "the PNG ends before its last chunk");
    let mut at = SIGNATURE.len();
    let (mut size, mut data) = (None, false);
    for index in 0..CHUNKS_MAX {
        let length = be32(file, at).ok_or_else(truncated)? as usize;
        let body = at + 8;
        let end = body.checked_add(length).ok_or_else(truncated)?;
        let (kind, content) =
            (file.get(at + 4..body).ok_or_else(truncated)?, file.get(body..end).ok_or_else(truncated)?);
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(content);
        if be32(file, end).ok_or_else(truncated)? != crc.sum() {
            return Err(Refused::new(Reason::Malformed, "a chunk's checksum is wrong"));
        }
        match kind {
            b"IHDR" if index == 0 && length == 13 => {
                let (width, height) = (be32(content, 0).unwrap_or(0), be32(content, 4).unwrap_or(0));
                size = Some(picture(width, height, limits)?);
            }
            b"IHDR" => {
                return Err(Refused::new(Reason::Malformed, "the header is not where it belongs"));
            }
            b"IDAT" => data = true,
            b"IEND" if end + 4 != file.len() => {
                return Err(Refused::new(Reason::Polyglot, "something comes after the PNG's end"));
            }
            b"IEND" if data && length == 0 => {
                return size.ok_or_else(|| Refused::new(Reason::Malformed, "the PNG has no header"));
            }
            b"IEND" => return Err(Refused::new(Reason::Malformed, "the PNG has no picture")),
            _ => {}
        }
        if size.is_none() {
            return Err(Refused::new(Reason::Malformed, "the PNG does not begin with its header"));
        }
        at = end + 4;
    }
    Err(Refused::new(Reason::Malformed, "the PNG has too many chunks"))
}
