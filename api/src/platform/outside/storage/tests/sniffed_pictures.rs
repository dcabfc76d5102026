//! Pictures: from the first byte to the last, and no larger than a program should have to unfold.

use super::{
    sniff::{Limits, MediaType, Reason, inspect},
    sniffed::outcome,
    sniffed_archives::zip_of,
};

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(content);
    [&(content.len() as u32).to_be_bytes(), kind.as_slice(), content, &crc.sum().to_be_bytes()].concat()
}

fn png_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let chunks = chunks.iter().flat_map(|(kind, content)| chunk(kind, content));
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(chunks).collect()
}

fn header(width: u32, height: u32) -> Vec<u8> {
    [&width.to_be_bytes(), &height.to_be_bytes(), [8u8, 2, 0, 0, 0].as_slice()].concat()
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    png_of(&[(b"IHDR", &header(width, height)), (b"IDAT", b"data"), (b"IEND", b"")])
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker], ((content.len() + 2) as u16).to_be_bytes().as_slice(), content].concat()
}

fn jpeg_with(extra: &[u8], width: u16, height: u16) -> Vec<u8> {
    let frame = [&[8u8], height.to_be_bytes().as_slice(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    let scan = b"\x01\x01\0\0\x3F\0";
    let data = b"\x12\x34\xFF\0\x56\xFF\xD0\x78";
    [
        b"\xFF\xD8".as_slice(),
        &segment(0xE0, b"JFIF\0\x01\x01"),
        extra,
        &segment(0xC0, &frame),
        &segment(0xDA, scan),
        data,
        b"\xFF\xD9",
    ]
    .concat()
}

pub(super) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    jpeg_with(b"", width, height)
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), kind.as_slice(), content].concat()
}

fn heic_of(brands: &[u8], width: u32, height: u32) -> Vec<u8> {
    let extents = [[0u8; 4].as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat();
    let properties = boxed(b"iprp", &boxed(b"ipco", &boxed(b"ispe", &extents)));
    let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let meta = boxed(b"meta", &[[0u8; 4].as_slice(), &handler, &properties].concat());
    [boxed(b"ftyp", brands), meta, boxed(b"mdat", b"pixels")].concat()
}

pub(super) fn heic(width: u32, height: u32) -> Vec<u8> {
    heic_of(b"heic\0\0\0\0mif1heic", width, height)
}

#[test]
fn pictures_say_how_large_they_are() {
    let cases = [(png(640, 480), MediaType::Png), (jpeg(640, 480), MediaType::Jpeg), (heic(640, 480), MediaType::Heic)];
    for (file, expected) in cases {
        let found = inspect(&file, &Limits::default()).unwrap();
        assert_eq!((found.media_type, found.pixels), (expected, Some((640, 480))));
    }
}

#[test]
fn floods_are_refused_and_so_is_what_comes_behind() {
    type Make = fn(u32) -> Vec<u8>;
    let pictures: [(&str, Make); 3] = [
        ("PNG", |side| png(side, side)),
        ("JPEG", |side| jpeg(side as u16, side as u16)),
        ("HEIC", |side| heic(side, side)),
    ];
    for (what, make) in pictures {
        assert!(outcome(&make(14_000)).is_ok(), "{what}");
        assert_eq!(outcome(&make(14_200)), Err(Reason::PixelFlood), "{what}");
        assert_eq!(outcome(&make(60_000)), Err(Reason::PixelFlood), "{what}");
        assert_eq!(outcome(&make(0)), Err(Reason::Malformed), "{what}");
        let behind = [make(2), zip_of(&[("a.txt", b"a")])].concat();
        assert_eq!(outcome(&behind), Err(Reason::Polyglot), "{what} and ZIP");
        let behind = [make(2), b"<script>".to_vec()].concat();
        assert!(matches!(outcome(&behind), Err(Reason::Polyglot | Reason::Truncated)), "{what} and script");
    }
    assert_eq!(outcome(&png(200_000, 1)), Err(Reason::PixelFlood), "a long line");
}

#[test]
fn a_png_is_made_of_its_chunks() {
    let head = header(2, 2);
    let mut wrong_sum = png(2, 2);
    wrong_sum[20] ^= 1;
    let table: Vec<(&str, Vec<u8>, Reason)> = vec![
        ("a wrong checksum", wrong_sum, Reason::Malformed),
        ("no header", png_of(&[(b"IDAT", b"data"), (b"IEND", b"")]), Reason::Malformed),
        (
            "a header later",
            png_of(&[(b"tEXt", b"a"), (b"IHDR", &head), (b"IDAT", b"data"), (b"IEND", b"")]),
            Reason::Malformed,
        ),
        (
            "two headers",
            png_of(&[(b"IHDR", &head), (b"IHDR", &head), (b"IDAT", b"d"), (b"IEND", b"")]),
            Reason::Malformed,
        ),
        ("no picture", png_of(&[(b"IHDR", &head), (b"IEND", b"")]), Reason::Malformed),
        ("no end", png_of(&[(b"IHDR", &head), (b"IDAT", b"data")]), Reason::Truncated),
        ("an end before the end", [png(2, 2), chunk(b"IEND", b"")].concat(), Reason::Polyglot),
        ("another format", [b"\x89PNG\r\n\x1a\n".as_slice(), b"<?php ?>"].concat(), Reason::Truncated),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), Err(expected), "{what}");
    }
}

#[test]
fn a_jpeg_is_made_of_its_segments() {
    let with_more = jpeg_with(&segment(0xE2, b"MPF\0II*\0"), 4, 4);
    let frame_twice = jpeg_with(&segment(0xC2, &[8, 0, 2, 0, 2, 1, 1, 0x11, 0]), 4, 4);
    assert_eq!(outcome(&[with_more.clone(), jpeg(2, 2)].concat()), Ok(MediaType::Jpeg), "announced");
    let table: Vec<(&str, Vec<u8>, Reason)> = vec![
        ("a second picture, not announced", [jpeg(4, 4), jpeg(2, 2)].concat(), Reason::Polyglot),
        ("announced, but no picture", [with_more.clone(), b"#!/bin/sh".to_vec()].concat(), Reason::Polyglot),
        ("announced, but a flood", [with_more.clone(), jpeg(60_000, 60_000)].concat(), Reason::PixelFlood),
        ("announced, and something behind", [with_more, jpeg(2, 2), b"x".to_vec()].concat(), Reason::Polyglot),
        ("two frames", frame_twice, Reason::Malformed),
        ("cut", jpeg(4, 4)[..40].to_vec(), Reason::Truncated),
        ("no picture", b"\xFF\xD8\xFF\xD9".to_vec(), Reason::Malformed),
        ("a script", b"\xFF\xD8\xFF\xE0<?php system($_GET['c']); ?>".to_vec(), Reason::Truncated),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), Err(expected), "{what}");
    }
}

#[test]
fn a_heic_is_made_of_its_boxes() {
    let good = heic(2, 2);
    let table: Vec<(&str, Vec<u8>, Reason)> = vec![
        ("a film", heic_of(b"isom\0\0\0\0isomavc1", 2, 2), Reason::UnknownType),
        ("AVIF", heic_of(b"avif\0\0\0\0mif1avif", 2, 2), Reason::UnknownType),
        ("a foreign box", [good.clone(), boxed(b"evil", b"x")].concat(), Reason::Polyglot),
        ("two heads", [good.clone(), boxed(b"meta", b"\0\0\0\0")].concat(), Reason::Malformed),
        ("no picture", boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), Reason::Malformed),
        ("a box too long", [good.as_slice(), b"\0\0\xFF\xFFfree"].concat(), Reason::Truncated),
        ("a box too short", [good.as_slice(), b"\0\0\0\x04free"].concat(), Reason::Truncated),
    ];
    for (what, file, expected) in table {
        assert_eq!(outcome(&file), Err(expected), "{what}");
    }
    assert_eq!(outcome(&heic_of(b"mif1\0\0\0\0mif1heic", 2, 2)), Ok(MediaType::Heic));
}
