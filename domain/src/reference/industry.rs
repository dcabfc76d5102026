//! Industries (GB/T 4754-2017): what an enterprise lives from. Policies, limits and reports group by section.
use std::sync::LazyLock;

/// One entry of the classification.
#[derive(Debug, PartialEq, Eq)]
pub struct Industry {
    /// A letter, or two to four digits.
    pub code: &'static str,
    /// 1 section 门类, 2 division 大类, 3 group 中类, 4 class 小类.
    pub level: u8,
    /// The code of the entry above; `None` for a section.
    pub parent: Option<&'static str>,
    /// The letter of the section it belongs to.
    pub section: &'static str,
    /// Its name.
    pub name: &'static str,
}

static INDUSTRIES: LazyLock<Vec<Industry>> = LazyLock::new(|| {
    let rows = include_str!("../../data/industries.csv").lines().skip(1);
    rows.filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        let (section, name) = rest.split_once(',')?;
        let (level, parent) = match code.len() {
            1 => (1, None),
            2 => (2, Some(section)),
            3 => (3, code.get(..2)),
            _ => (4, code.get(..3)),
        };
        Some(Industry { code, level, parent, section, name })
    })
    .collect()
});

impl Industry {
    /// The entry with this code, as in `C`, `13`, `131` or `1311`.
    #[must_use]
    pub fn find(code: &str) -> Option<&'static Industry> {
        INDUSTRIES.binary_search_by(|entry| entry.code.cmp(code)).ok().and_then(|at| INDUSTRIES.get(at))
    }
}

/// The entries directly below `parent`, or the twenty sections for `None`, by code.
pub fn industries_under(parent: Option<&str>) -> impl Iterator<Item = &'static Industry> {
    INDUSTRIES.iter().filter(move |entry| entry.parent == parent)
}

/// The section that a code of any level belongs to.
#[must_use]
pub fn industry_section(code: &str) -> Option<&'static Industry> {
    Industry::find(code).and_then(|entry| Industry::find(entry.section))
}

/// The entries that hold every word of `text` in their name, or whose code begins with it; at most `limit` and never
/// more than [`super::SEARCH_RESULTS_MAX`].
#[must_use]
pub fn search_industries(text: &str, limit: usize) -> Vec<&'static Industry> {
    super::search::search(&INDUSTRIES, text, limit, |entry| (entry.code, entry.name, entry.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read_and_every_parent_exists() {
        let count = |level| INDUSTRIES.iter().filter(|entry| entry.level == level).count();
        assert_eq!([1, 2, 3, 4].map(count), [20, 97, 473, 1_381]);
        assert!(INDUSTRIES.is_sorted_by(|a, b| a.code < b.code));
        for entry in INDUSTRIES.iter() {
            let above = entry.parent.and_then(Industry::find);
            assert_eq!(above.map_or(0, |above| above.level) + 1, entry.level, "{entry:?}");
            assert_eq!(above.map_or(entry.code, |above| above.section), entry.section, "{entry:?}");
            assert!(!entry.name.is_empty());
        }
    }

    #[test]
    fn codes_sections_and_names() {
        for (code, name, section) in [
            ("A", Some("农、林、牧、渔业"), Some("A")),
            ("01", Some("农业"), Some("A")),
            ("0111", Some("稻谷种植"), Some("A")),
            ("13", Some("农副食品加工业"), Some("C")),
            ("51", Some("批发业"), Some("F")),
            ("a", None, None),
            ("99", None, None),
            ("", None, None),
            ("01111", None, None),
        ] {
            assert_eq!(Industry::find(code).map(|entry| entry.name), name, "{code}");
            assert_eq!(industry_section(code).map(|entry| entry.code), section, "{code}");
        }
    }

    #[test]
    fn entries_under_an_entry() {
        let codes = |parent| -> Vec<&str> { industries_under(parent).map(|entry| entry.code).collect() };
        assert_eq!(codes(None).concat(), "ABCDEFGHIJKLMNOPQRST");
        assert_eq!(codes(Some("A")), ["01", "02", "03", "04", "05"]);
        assert_eq!(codes(Some("011")), ["0111", "0112", "0113", "0119"]);
        assert!(codes(Some("0111")).is_empty() && codes(Some("?")).is_empty());
    }

    #[test]
    fn search_finds_the_best_first_and_keeps_its_limit() {
        let codes =
            |text, limit| -> Vec<&str> { search_industries(text, limit).iter().map(|entry| entry.code).collect() };
        assert_eq!(codes("批发业", 1), ["51"]);
        assert_eq!(codes("稻谷", 10), ["0111", "1311"]);
        assert_eq!(codes("0111", 10), ["0111"]);
        assert_eq!(codes("c", 10), ["C"]);
        assert_eq!(codes("制造", 1_000).len(), crate::reference::SEARCH_RESULTS_MAX);
        for nothing in ["", " ", "没有这个行业", "'"] {
            assert!(codes(nothing, 10).is_empty(), "{nothing:?}");
        }
    }
}
