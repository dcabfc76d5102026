//! Why files are refused, in words that say what to do. Rows keep the code alone, so that the sentences can be bettered.

use super::owner::Takes;
use super::view::RefusalView;

/// The content is another type than was declared.
pub(super) const TYPE_MISMATCH: &str = "type_mismatch";
/// The content is longer or shorter than was declared.
pub(super) const SIZE_MISMATCH: &str = "size_mismatch";
/// The content has another SHA-256 than was declared.
pub(super) const HASH_MISMATCH: &str = "hash_mismatch";

/// (code, Chinese, English); the codes of inspection are those of `storage::sniff::Reason`.
const TABLE: &[(&str, &str, &str)] = &[
    (
        TYPE_MISMATCH,
        "文件内容与其类型不符（例如改过扩展名），请用原始格式重新保存后上传。",
        "The content is not what its type says; save it in its real format and upload again.",
    ),
    (SIZE_MISMATCH, "文件没有完整上传，请重新上传。", "The file did not arrive whole; upload it again."),
    (HASH_MISMATCH, "文件在传送中发生了变化，请重新上传。", "The file changed on its way; upload it again."),
    ("empty", "文件是空的，请选择有内容的文件重新上传。", "The file is empty; choose one with content."),
    ("too_large", "文件过大，请压缩或拆分后重新上传。", "The file is too large; shrink or split it and upload again."),
    (
        "unknown_type",
        "无法识别文件类型，请转换格式后重新上传。",
        "The type is not known; convert the file and upload it again.",
    ),
    (
        "truncated",
        "文件不完整，请确认能正常打开后重新上传。",
        "The file ends too early; check that it opens and upload it again.",
    ),
    (
        "malformed",
        "文件已损坏，请确认能正常打开，或重新扫描、拍照、导出后上传。",
        "The file is damaged; check that it opens, or scan, photograph or export it again.",
    ),
    (
        "polyglot",
        "文件中夹带了其他内容，请重新扫描、拍照或另存为新文件后上传；如为动态照片，请关闭“动态照片”后重拍，或截图上传。",
        "Something else is hidden in the file; scan, photograph or save it anew and upload that. A motion photo holds a \
         film: switch that off and take it again, or upload a screenshot.",
    ),
    (
        "pixel_flood",
        "图片尺寸过大，请缩小后重新上传。",
        "The picture has too many pixels; make it smaller and upload again.",
    ),
    (
        "active_content",
        "文件含有脚本或会自动运行的内容，请打印为普通PDF后重新上传。",
        "The file holds scripts or things that run by themselves; print it to a plain PDF and upload that.",
    ),
    (
        "encrypted",
        "文件设有密码或权限限制，无法检查，请取消密码，或打印为普通PDF后重新上传。",
        "The file has a password or restricted rights; remove them or print it to a plain PDF, and upload again.",
    ),
    (
        "macros",
        "文件含有宏，请另存为不含宏的文件或PDF后重新上传。",
        "The file holds macros; save it without them or as a PDF and upload again.",
    ),
    (
        "path_traversal",
        "压缩包内的文件路径不合规，请重新压缩后上传。",
        "A path in the archive points outside of it; make the archive anew and upload again.",
    ),
    (
        "archive_bomb",
        "压缩包解压后过大，请减少内容或分开上传。",
        "The archive unpacks to too much; take files out or upload them one by one.",
    ),
    (
        "nested_archive",
        "压缩包内还有压缩包，请解压后把文件放在同一个压缩包内重新上传。",
        "There is an archive in the archive; unpack it and put the files into one archive.",
    ),
    (
        "entry_type",
        "压缩包内只能放PDF、JPEG、PNG、HEIC、DOCX、XLSX、OFD、CSV、TXT、XML文件，请去掉其他文件后重新上传。",
        "An archive holds only PDF, JPEG, PNG, HEIC, DOCX, XLSX, OFD, CSV, TXT and XML files; take out others and upload again.",
    ),
    (
        "executable",
        "文件内含有程序，请去掉后重新上传。",
        "There is a program in the file; take it out and upload again.",
    ),
    (
        "malware",
        "文件含有恶意程序，不能接收，请用杀毒软件检查设备后另选文件上传。",
        "The file is harmful and is not taken; check the device for viruses and choose another file.",
    ),
];

/// Codes that are about what an item takes, so that the item is named with it.
const OF_THE_ITEM: [&str; 5] = [TYPE_MISMATCH, SIZE_MISMATCH, "empty", "too_large", "unknown_type"];

/// The refusal of a code as it is shown; an unknown one is still a refusal. `takes` is the item that the file was meant
/// for, where there still is one.
pub(super) fn view(code: &str, takes: Option<&Takes<'_>>) -> RefusalView {
    let (zh, en) = TABLE.iter().find(|(key, ..)| *key == code).map_or(
        ("文件未通过检查，请更换文件后重新上传。", "The file did not pass its checks; upload another."),
        |(_, zh, en)| (*zh, *en),
    );
    let (mut message, mut message_en) = (zh.to_owned(), en.to_owned());
    if let Some(takes) = takes.filter(|_| OF_THE_ITEM.contains(&code)) {
        let words = takes.words();
        message.push_str(&format!("{}。", words.zh));
        message_en.push_str(&format!(" {}.", words.en));
    }
    RefusalView { code: code.to_owned(), message, message_en }
}

#[cfg(test)]
mod tests {
    use super::super::check::standard_product;
    use super::*;
    use crate::platform::outside::storage::sniff::Reason;

    #[test]
    fn every_reason_has_a_sentence_that_says_what_to_do() {
        let reasons = [
            Reason::Empty,
            Reason::TooLarge,
            Reason::UnknownType,
            Reason::Truncated,
            Reason::Malformed,
            Reason::Polyglot,
            Reason::PixelFlood,
            Reason::ActiveContent,
            Reason::Encrypted,
            Reason::Macros,
            Reason::PathTraversal,
            Reason::ArchiveBomb,
            Reason::NestedArchive,
            Reason::EntryType,
            Reason::Executable,
            Reason::Malware,
        ];
        for code in reasons.map(Reason::code).into_iter().chain([TYPE_MISMATCH, SIZE_MISMATCH, HASH_MISMATCH]) {
            let rows: Vec<_> = TABLE.iter().filter(|(key, ..)| *key == code).collect();
            assert_eq!(rows.len(), 1, "{code}");
        }
        for (code, zh, en) in TABLE {
            assert!(zh.contains("上传") && zh.ends_with('。') && en.ends_with('.'), "{code}");
        }
        assert_eq!(view("something new", None).code, "something new");
    }

    #[test]
    fn what_an_item_takes_is_named_where_a_file_does_not_fit_it() {
        let mut item = standard_product().item("business_licence").unwrap().clone();
        item.media_types = vec![domain::applications::product::MediaType::Pdf];
        for code in OF_THE_ITEM {
            assert!(TABLE.iter().any(|(key, ..)| *key == code), "{code}");
            let view = view(code, Some(&Takes::from(&item)));
            assert!(view.message.ends_with(&format!("。“{}”可上传PDF文件。", item.label.zh)), "{}", view.message);
            assert!(view.message_en.ends_with(&format!(". “{}” takes PDF.", item.label.en)), "{}", view.message_en);
        }
        assert!(!view("encrypted", Some(&Takes::from(&item))).message.contains("PDF文件"));
    }

    #[test]
    fn who_sends_a_motion_photo_is_told_how_to_take_another() {
        let view = view(Reason::Polyglot.code(), None);
        assert!(view.message.contains("动态照片") && view.message_en.contains("motion photo"));
    }
}
