//! Whether a file may be uploaded at all, by what its sender says about it: a wrong one is refused before it travels.

use domain::words::plain_text;

use super::start::NewUpload;
use crate::app::App;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::platform::outside::storage::sniff::MediaType;

/// Most characters of a file's name.
pub(super) const FILE_NAME_CHARS_MAX: usize = 120;

/// What was declared, in its one form.
pub(super) struct Declared {
    pub(super) file_name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: i64,
    pub(super) sha256: Option<[u8; 32]>,
}

/// Judges what a sender says about a file.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub(super) fn declared(app: &App, upload: &NewUpload<'_>) -> Result<Declared> {
    let mut problems = vec![];
    let file_name = file_name(upload.file_name).map_err(|problem| problems.push(problem));
    let sha256 = upload.sha256.map(sha256).transpose().map_err(|problem| problems.push(problem));
    let mended_by_name = problems.len();
    let media_type = media_type(upload).map_err(|problem| problems.push(problem));
    let bytes = size(upload, app.config.document_bytes_max).map_err(|problem| problems.push(problem));
    match (file_name, media_type, bytes, sha256) {
        (Ok(file_name), Ok(media_type), Ok(bytes), Ok(sha256)) => Ok(Declared { file_name, media_type, bytes, sha256 }),
        _ if problems.len() == mended_by_name => Err(Error::fields(problems)),
        _ => Err(Error::new(Code::FileRefused).with_fields(problems)),
    }
}

fn file_name(text: &str) -> Result<String, FieldProblem> {
    let name = plain_text(text, FILE_NAME_CHARS_MAX, false).ok().filter(|name| !name.contains(['/', '\\']));
    name.ok_or_else(|| {
        FieldProblem::new(
            "/file_name",
            "file_name",
            format!("文件名应为1至{FILE_NAME_CHARS_MAX}个字，不能含斜杠或控制字符，请改名后上传"),
            format!("A file name has 1 to {FILE_NAME_CHARS_MAX} characters, no slashes and no control characters"),
        )
    })
}

fn sha256(text: &str) -> Result<[u8; 32], FieldProblem> {
    let bytes = hex::decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.ok_or_else(|| {
        FieldProblem::new(
            "/sha256",
            "sha256_format",
            "应为64位十六进制的SHA-256，不清楚可不填",
            "A SHA-256 has 64 hexadecimal digits; leave it out if it is not known",
        )
    })
}

fn media_type(upload: &NewUpload<'_>) -> Result<&'static str, FieldProblem> {
    let known = MediaType::from_mime(upload.media_type).map(MediaType::as_mime);
    let allowed = known.filter(|mime| upload.takes.media_types.iter().any(|allowed| allowed.as_str() == *mime));
    allowed.ok_or_else(|| {
        let takes = upload.takes.words();
        FieldProblem::new(
            "/media_type",
            "media_type",
            format!("{}，请转换格式后上传", takes.zh),
            format!("{}; convert the file first", takes.en),
        )
    })
}

fn size(upload: &NewUpload<'_>, bytes_max: u64) -> Result<i64, FieldProblem> {
    let bytes = upload.bytes;
    let fits = i64::try_from(bytes).ok().filter(|_| (1..=bytes_max).contains(&bytes));
    fits.ok_or_else(|| {
        let (mb, kb) = (bytes_max / (1 << 20), bytes_max / 1024);
        let max = if mb > 0 { format!("{mb}MB") } else { format!("{kb}KB") };
        let takes = upload.takes.words();
        FieldProblem::new(
            "/bytes",
            "bytes",
            format!("文件不能为空，且最大{max}，请压缩或拆分后上传；{}", takes.zh),
            format!("A file has at least one byte and at most {max}; shrink or split it; {}", takes.en),
        )
    })
}

/// The standard product whose checklist has a business licence.
#[cfg(test)]
pub(super) fn standard_product() -> domain::applications::product::ProductTerms {
    let mut all = domain::applications::standard::standard_products().into_iter();
    all.find(|product| product.item("business_licence").is_some()).expect("one of them has it")
}

#[cfg(test)]
mod tests {
    use super::super::owner::Owner;
    use super::*;

    #[test]
    fn names_sizes_and_hashes_are_judged() {
        for (name, taken) in [
            ("营业执照.pdf", true),
            (" a.jpg ", true),
            ("", false),
            ("../a.pdf", false),
            ("a\\b.pdf", false),
            ("a\u{0}.pdf", false),
            ("a\u{202E}fdp.exe", false),
        ] {
            assert_eq!(file_name(name).is_ok(), taken, "{name:?}");
        }
        assert!(file_name(&"长".repeat(FILE_NAME_CHARS_MAX)).is_ok());
        assert!(file_name(&"长".repeat(FILE_NAME_CHARS_MAX + 1)).is_err());
        let product = standard_product();
        let owner = Owner::Application { id: uuid::Uuid::nil(), product: &product };
        for (bytes, taken) in [(0, false), (1, true), (100, true), (101, false), (u64::MAX, false)] {
            let upload = NewUpload {
                owner,
                takes: owner.takes("business_licence").unwrap(),
                file_name: "a.pdf",
                media_type: "application/pdf",
                bytes,
                sha256: None,
            };
            assert_eq!(size(&upload, 100).is_ok(), taken, "{bytes}");
        }
        assert!(sha256(&"0a".repeat(32)).is_ok());
        for text in ["", "0a", "zz", &"0a".repeat(33)] {
            assert!(sha256(text).is_err(), "{text}");
        }
    }
}
