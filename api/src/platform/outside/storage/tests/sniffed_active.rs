//! What acts when it is opened, and every way in which an attack hid it: in packed objects, by escapes, in another
//! encoding, by an unusual name. Beside each stands the honest file that looks almost the same.

use super::{
    sniff::{MediaType, Reason, Reason::*},
    sniffed::{deflated, object_stream, outcome, pdf, stream},
    sniffed_archives::{docx, types, xlsx, zip_of},
    sniffed_pictures::png,
};

type Rows = Vec<(&'static str, Vec<u8>, Result<MediaType, Reason>)>;

fn hold(rows: Rows) {
    for (what, file, expected) in rows {
        assert_eq!(outcome(&file), expected, "{what}");
    }
}

const OBJECTS: &[u8] = b"3 0 << /S /URI /AA << /O 9 0 R >> /JS (x) >>";

fn packed(dictionary: &str) -> Vec<u8> {
    pdf(&stream(dictionary, &deflated(OBJECTS)))
}

#[test]
fn packed_objects_are_looked_into_or_refused() {
    let hex: Vec<u8> = deflated(OBJECTS).iter().flat_map(|b| format!("{b:02x}").into_bytes()).chain(*b">").collect();
    let space = " ".repeat(3000);
    let far = format!("/Type/ObjStm{space}/N 1 /First 4 /Filter/FlateDecode");
    let mut broken = deflated(&[OBJECTS, &[b' '; 400]].concat());
    broken.truncate(20);
    let inside = [b"/X\nstream-like ".as_slice(), &object_stream(b"<< /JS (x) >>")].concat();
    let commented = [
        b"6 0 %c\nobj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length 9 >>%c\nstream\n".as_slice(),
        &deflated(OBJECTS),
        b"\nendstream endobj",
    ];
    let named =
        [b"7 0 obj << /T (a\\) 1 0 obj) /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >> stream\n".as_slice()];
    let named = [named.as_slice(), &[&deflated(OBJECTS), b"\nendstream endobj"]].concat().concat();
    hold(vec![
        ("in the usual way", packed("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"), Err(ActiveContent)),
        ("its type escaped", packed("/Type/Obj#53tm /N 1 /First 4 /Filter/FlateDecode"), Err(ActiveContent)),
        ("its type left out", packed("/N 1 /First 4 /Filter/FlateDecode"), Err(ActiveContent)),
        ("its filter in a list", packed("/Type/ObjStm/N 1/First 4/Filter[/FlateDecode]"), Err(ActiveContent)),
        ("far from its data", packed(&far), Err(ActiveContent)),
        ("behind what looks like another object", pdf(&named), Err(ActiveContent)),
        ("with comments between", pdf(&commented.concat()), Err(ActiveContent)),
        ("in another's data", pdf(&stream("/Z 1", &inside)), Err(ActiveContent)),
        ("in hexadecimal", pdf(&stream("/Type/ObjStm/N 1/First 4/Filter/ASCIIHexDecode", &hex)), Err(Malformed)),
        ("with two filters", packed("/Type/ObjStm/N 1/First 4/Filter[/ASCII85Decode/FlateDecode]"), Err(Malformed)),
        ("with no filter", pdf(&stream("/Type/ObjStm/N 1/First 4", OBJECTS)), Err(Malformed)),
        ("by reference", packed("/Type/ObjStm/N 1/First 4/Filter 8 0 R"), Err(Malformed)),
        ("by the short name", packed("/Type/ObjStm/N 1/First 4/F/FlateDecode"), Err(Malformed)),
        (
            "with a predictor",
            packed("/Type/ObjStm/N 1/First 4/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>"),
            Err(Malformed),
        ),
        ("that do not unfold", pdf(&stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &broken)), Err(Malformed)),
        ("whose dictionary is not whole", pdf(b"5 0 obj << /Type /ObjStm"), Err(Malformed)),
        ("outside of any object", pdf(b"<< /Type /ObjStm /N 1 >> stream\nx\nendstream"), Err(Malformed)),
        (
            "that do nothing",
            pdf(&object_stream(b"<< /Type /Page /A << /S /URI /URI (https://a) >> >>")),
            Ok(MediaType::Pdf),
        ),
    ]);
}

#[test]
fn a_pdf_reaches_nowhere_by_itself() {
    let ok = Ok(MediaType::Pdf);
    let acts = Err(ActiveContent);
    let opens = |action: &str| pdf(format!("1 0 obj << /Type /Catalog /OpenAction {action} >> endobj").as_bytes());
    let with = |action: &str, more: &[u8]| {
        pdf(&[format!("1 0 obj << /OpenAction {action} >> endobj\n").as_bytes(), more].concat())
    };
    let profile = stream("/N 3 /Alternate /DeviceRGB /Filter /FlateDecode", &deflated(b"a colour profile /JS "));
    let table = stream(
        "/Type /XRef /W [1 2 1] /Size 5 /Filter /FlateDecode /DecodeParms << /Columns 4 /Predictor 12 >>",
        &deflated(&[0; 40]),
    );
    hold(vec![
        ("a password", pdf(b"trailer << /Encrypt 9 0 R >>"), Err(Encrypted)),
        ("a password, escaped", pdf(b"trailer << /Encryp#74 9 0 R >>"), Err(Encrypted)),
        ("a form that is sent", pdf(b"3 0 obj << /S /SubmitForm >> endobj"), acts),
        ("data that are fetched", pdf(b"3 0 obj << /S /ImportData >> endobj"), acts),
        ("a remote file", pdf(b"3 0 obj << /S /GoToR /F (\\\\\\\\a\\\\b) >> endobj"), acts),
        ("an address at once", opens("<< /S /URI /URI (https://evil.example) >>"), acts),
        ("an address at once, escaped", opens("<< /S /#55RI >>"), acts),
        ("an address by reference", with("3 0 R", b"3 0 obj << /S /URI /URI (x) >> endobj"), acts),
        ("an address by two", with("3 0 R", b"3 0 obj << /S 4 0 R >> endobj 4 0 obj /URI endobj"), acts),
        ("an address after a page", opens("<< /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>"), acts),
        ("an address, packed", with("3 0 R", &object_stream(b"<< /S /URI >>")), acts),
        ("to what is not there", opens("77 0 R"), acts),
        ("an address with a page", pdf(b"3 0 obj << /Type /Page /AA << /O << /S /URI >> >> >> endobj"), acts),
        ("an address that is clicked", pdf(b"3 0 obj << /A << /S /URI /URI (https://a) >> >> endobj"), ok),
        ("a page to begin with", opens("[3 0 R /XYZ null null 0]"), ok),
        ("a page by an action", opens("<< /S /GoTo /D [3 0 R /Fit] >>"), ok),
        (
            "a page whose links are clicked",
            with("<< /S /GoTo /D [3 0 R /Fit] >>", b"3 0 obj << /A << /S /URI /URI (https://a) >> >> endobj"),
            ok,
        ),
        ("a page by name", opens("(cover)"), ok),
        ("an outline", pdf(b"3 0 obj << /Type /Outlines /First 4 0 R /Next 5 0 R >> endobj"), ok),
        ("a colour profile", pdf(&profile), ok),
        ("a table in a stream", pdf(&table), ok),
    ]);
}

fn relations(inner: &str) -> Vec<u8> {
    format!("<?xml version='1.0' encoding='UTF-8'?><Relationships>{inner}</Relationships>").into_bytes()
}

fn relates(inner: &str) -> Vec<u8> {
    docx(&[("word/_rels/settings.xml.rels", &relations(inner))])
}

#[test]
fn office_files_relate_to_nothing_outside_but_by_links() {
    let (ok, acts) = (Ok(MediaType::Docx), Err(ActiveContent));
    let template = "Type=\"http://x/attachedTemplate\"";
    let link = "Type='http://x/relationships/hyperlink' TargetMode='External'";
    let utf16: Vec<u8> = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Relationships/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = [b"\xFF\xFE".as_slice(), &utf16].concat();
    let declared = b"<?xml version='1.0' encoding='UTF-7'?><Relationships/>";
    hold(vec![
        (
            "single quotes",
            relates("<Relationship Type='x/attachedTemplate' Target='https://e/t' TargetMode='External'/>"),
            acts,
        ),
        (
            "references",
            relates(&format!("<Relationship {template} Target=\"&#104;ttp://e/t\" TargetMode=\"External\"/>")),
            acts,
        ),
        (
            "another's file",
            relates(&format!("<Relationship {template} Target=\"file://evil/x.dotm\" TargetMode=\"External\"/>")),
            acts,
        ),
        (
            "another's share",
            relates(&format!("<Relationship {template} Target=\"file:///\\\\evil\\x\" TargetMode=\"External\"/>")),
            acts,
        ),
        (
            "a prefix",
            relates(&format!("<r:Relationship {template} Target=\"https://e\" TargetMode=\"External\"/>")),
            acts,
        ),
        (
            "two modes",
            relates(&format!(
                "<Relationship {template} Target=\"a\" x:TargetMode=\"Internal\" TargetMode=\"External\"/>"
            )),
            Err(Malformed),
        ),
        ("inside, by an address", relates(&format!("<Relationship {template} Target=\"https://e/t\"/>")), acts),
        (
            "a picture from outside",
            relates("<Relationship Type=\"x/image\" Target=\"https://e/p.png\" TargetMode=\"External\"/>"),
            acts,
        ),
        ("a part in another format", relates("<Relationship Type=\"x/aFChunk\" Target=\"a.xml\"/>"), acts),
        ("a link that starts a program", relates(&format!("<Relationship {link} Target='ms-msdt:/id'/>")), acts),
        ("a link", relates(&format!("<Relationship {link} Target='https://example.com/'/>")), ok),
        ("a link to a letter", relates(&format!("<Relationship {link} Target='mailto:a@example.com'/>")), ok),
        ("a link to a file", relates(&format!("<Relationship {link} Target='合同.docx'/>")), ok),
        ("a picture", relates("<Relationship Type=\"x/image\" Target=\"media/image1.png\"/>"), ok),
        ("another encoding", docx(&[("word/_rels/a.rels", &utf16)]), Err(Malformed)),
        ("another encoding, declared", docx(&[("word/_rels/a.rels", declared)]), Err(Malformed)),
        (
            "a document type",
            docx(&[("word/footer1.xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc'>]><x/>")]),
            acts,
        ),
        (
            "a document type after a comment",
            docx(&[("word/footer1.xml", b"<?xml version='1.0'?><!-- a --><!DOCTYPE x><x/>")]),
            acts,
        ),
        (
            "a document type late",
            docx(&[("customXml/item1.xml", &[b"<!--", [b' '; 5000].as_slice(), b"--><!DOCTYPE x><x/>"].concat())]),
            Err(Malformed),
        ),
        ("not well-formed", docx(&[("word/footer1.xml", b"<a><b></a>")]), Err(Malformed)),
    ]);
}

#[test]
fn office_files_have_only_parts_that_do_nothing() {
    let (ok, acts) = (Ok(MediaType::Docx), Err(ActiveContent));
    let text = |inner: &str| docx(&[("word/footer1.xml", format!("<w:p xmlns:w='w'>{inner}</w:p>").as_bytes())]);
    let field =
        |command: &str| text(&format!("<w:fldChar w:fldCharType='begin'/>{command}<w:fldChar w:fldCharType='end'/>"));
    hold(vec![
        ("RTF", docx(&[("word/a.rtf", b"{\\rtf1}")]), acts),
        ("a web page", docx(&[("word/a.html", b"<p/>")]), acts),
        ("an object", docx(&[("word/a.bin", b"x")]), acts),
        ("no end", docx(&[("word/a", b"x")]), acts),
        ("a field", field("<w:instrText> DDEAUTO c:\\\\cmd.exe </w:instrText>"), acts),
        ("a field in pieces", field("<w:instrText> D</w:instrText><w:r/><w:instrText>DE cmd</w:instrText>"), acts),
        ("a field, by references", field("<w:instrText>&#68;DE cmd</w:instrText>"), acts),
        ("a field, as characters", field("<w:instrText><![CDATA[INCLUDETEXT a]]></w:instrText>"), acts),
        ("a field without marks", text("<w:instrText>ddeauto</w:instrText>"), acts),
        ("a simple field", text("<w:fldSimple w:instr=' DDE cmd '/>"), acts),
        ("a page's number", field("<w:instrText> PAGE \\* MERGEFORMAT </w:instrText>"), ok),
        ("a link", field("<w:instrText> HYPERLINK \"https://example.com\" </w:instrText>"), ok),
        ("talk of it", text("<w:t>DDEAUTO</w:t>"), ok),
        ("pictures", docx(&[("word/media/image1.png", &png(2, 2)), ("docProps/thumbnail.emf", b"x")]), ok),
        ("links to other workbooks", xlsx(&[("xl/externalLinks/externalLink1.xml", b"<ddeLink/>")]), acts),
        ("a printer's settings", xlsx(&[("xl/printerSettings/printerSettings1.bin", b"x")]), Ok(MediaType::Xlsx)),
        (
            "another main part",
            zip_of(&[
                ("[Content_Types].xml", &types("x")),
                ("_rels/.rels", b"<Relationships/>"),
                ("word/document.xml", b"<x/>"),
            ]),
            Err(UnknownType),
        ),
    ]);
}

#[test]
fn archives_hold_what_is_on_the_list() {
    for name in [
        "a.docm",
        "a.xlsm",
        "a.xll",
        "a.cpl",
        "a.chm",
        "a.iso",
        "a.img",
        "a.vhd",
        "a.url",
        "a.reg",
        "a.scf",
        "a.html",
        "a.settingcontent-ms",
        "a.svg",
        "a.rar",
        "a.7z",
        "a.cab",
        "a",
        "a.pdf.",
        "a.txt ",
        ".pdf/a",
        "a.doc",
    ] {
        assert_eq!(outcome(&zip_of(&[(name, b"x")])), Err(EntryType), "{name}");
    }
    let ok = Ok(MediaType::Zip);
    let active = pdf(b"3 0 obj << /S /JavaScript >> endobj");
    let ofd = zip_of(&[("OFD.xml", b"<?xml version='1.0' encoding='UTF-8'?><a/>"), ("Doc_0/Res/a.ttf", b"x")]);
    let macros = docx(&[("word/vbaProject.bin", b"x")]);
    let dense = vec![b' '; 8 << 20];
    let bomb: Vec<u8> = zip_of(&[("OFD.xml", &dense)]);
    hold(vec![
        ("scans", zip_of(&[("合同/一.pdf", &pdf(b"")), ("二.PNG", &png(2, 2))]), ok),
        ("tables and text", zip_of(&[("a.csv", b"a,b"), ("b.TXT", b"b"), ("c/", b"")]), ok),
        ("office files", zip_of(&[("a.docx", &docx(&[])), ("b.xlsx", &xlsx(&[]))]), ok),
        ("an invoice", zip_of(&[("a.ofd", &ofd), ("a.xml", b"<?xml version='1.0' encoding='GBK'?><a/>")]), ok),
        ("what a Mac adds", zip_of(&[("__MACOSX/._a.txt", b"\x00\x05\x16\x07x"), ("a.txt", b"a")]), ok),
        ("a program as what a Mac adds", zip_of(&[("__MACOSX/._a.exe", b"x")]), Err(Executable)),
        ("a script in a PDF", zip_of(&[("a.pdf", &active)]), Err(ActiveContent)),
        ("a PDF that is none", zip_of(&[("a.pdf", b"hello")]), Err(UnknownType)),
        ("macros", zip_of(&[("a.docx", &macros)]), Err(Macros)),
        ("an OFD that is none", zip_of(&[("a.ofd", &zip_of(&[("a.txt", b"x")]))]), Err(NestedArchive)),
        (
            "a program in an OFD",
            zip_of(&[("a.ofd", &zip_of(&[("OFD.xml", b"<a/>"), ("a.exe", b"x")]))]),
            Err(Executable),
        ),
        ("a page in an OFD", zip_of(&[("a.ofd", &zip_of(&[("OFD.xml", b"<a/>"), ("a.html", b"x")]))]), Err(EntryType)),
        ("a bomb in an OFD", zip_of(&[("a.ofd", &bomb)]), Err(ArchiveBomb)),
        (
            "XML that runs",
            zip_of(&[("a.xml", b"<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>")]),
            Err(ActiveContent),
        ),
        ("XML in disguise", zip_of(&[("a.xml", b"\xFF\xFE<\0a\0/\0>\0")]), Err(Malformed)),
    ]);
}
