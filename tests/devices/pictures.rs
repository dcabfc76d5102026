//! Small pictures of machines, and how they are added.

use serde_json::{Value, json};

use crate::support::{Answer, Caller, put_file};

/// A file to be added.
pub struct Picture {
    pub kind: &'static str,
    pub file_name: &'static str,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Picture {
    /// What its sender says of it.
    pub fn body(&self) -> Value {
        json!({ "kind": self.kind, "file_name": self.file_name, "media_type": self.media_type,
            "bytes": self.bytes.len() })
    }
}

/// A PNG; another seed is another picture.
pub fn png(kind: &'static str, seed: u32) -> Picture {
    let chunk = |kind: &[u8; 4], content: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(content);
        let length = u32::try_from(content.len()).expect("a short chunk");
        [&length.to_be_bytes(), kind.as_slice(), content, &crc.sum().to_be_bytes()].concat()
    };
    let size = [&2u32.to_be_bytes(), &2u32.to_be_bytes(), [8u8, 2, 0, 0, 0].as_slice()].concat();
    let chunks = [chunk(b"IHDR", &size), chunk(b"IDAT", &seed.to_be_bytes()), chunk(b"IEND", b"")].concat();
    let bytes = [b"\x89PNG\r\n\x1a\n".as_slice(), &chunks].concat();
    Picture { kind, file_name: "照片.png", media_type: "image/png", bytes }
}

/// A JPEG as phones write it: with what they know of where it was taken.
pub fn jpeg_with_exif(kind: &'static str) -> Picture {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("a short segment");
        [&[0xFF, marker], length.to_be_bytes().as_slice(), content].concat()
    };
    let bytes = [
        b"\xFF\xD8".as_slice(),
        &segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1A\0\0\0\0\0\0\0"),
        &segment(0xC0, &[8, 0, 2, 0, 2, 1, 1, 0x11, 0]),
        &segment(0xDA, b"\x01\x01\0\0\x3F\0"),
        b"\x12\x34\xFF\xD9",
    ]
    .concat();
    Picture { kind, file_name: "铭牌.jpg", media_type: "image/jpeg", bytes }
}

/// A PDF.
pub fn pdf(kind: &'static str) -> Picture {
    let bytes = api::demonstration::SAMPLE_PDF.to_vec();
    Picture { kind, file_name: "资料.pdf", media_type: "application/pdf", bytes }
}

/// Adds a file whole; gives the document as it is then.
pub async fn add(who: &Caller, path: &str, picture: Picture) -> Answer {
    let started = who.post(&format!("{path}/documents"), &picture.body(), 201).await;
    put_file(&started, picture.bytes).await;
    let finish = format!("{path}/documents/{}/finish", started.text("/document/id"));
    who.post(&finish, &json!({}), 200).await
}
