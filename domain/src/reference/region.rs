//! Regions (GB/T 2260): where an applicant lives or an enterprise is registered, and whether a code in an ID number or
//! credit code ever was one.
use std::sync::LazyLock;

/// A province, prefecture or county of 2023, development zones included.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// Six digits.
    pub code: &'static str,
    /// 1 province 省, 2 prefecture 地, 3 county 县.
    pub level: u8,
    /// The code of the region above; `None` for a province.
    pub parent: Option<&'static str>,
    /// Its own name, as in 东城区.
    pub name: &'static str,
    /// The names from the province down, as in 北京市东城区.
    pub full_name: String,
}

/// A code that was given up, and what it last meant.
#[derive(Debug, PartialEq, Eq)]
pub struct FormerRegion {
    /// Six digits.
    pub code: &'static str,
    /// The last year it was listed; `None` if it still was in 2021.
    pub last_year: Option<u16>,
    /// Its last name.
    pub name: &'static str,
}

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let rows = include_str!("../../data/regions.csv").lines().skip(1).filter_map(|line| line.split_once(','));
    let mut regions: Vec<Region> = Vec::new();
    for (code, name) in rows {
        let (level, above) = place(code);
        // sorted by code, so whatever is above is already there
        let above = above.and_then(|above| by_code(&regions, &above));
        let full_name = above.map_or_else(String::new, path_above) + name;
        regions.push(Region { code, level, parent: above.map(|above| above.code), name, full_name });
    }
    regions
});

static FORMER: LazyLock<Vec<FormerRegion>> = LazyLock::new(|| {
    let rows = include_str!("../../data/former_regions.csv").lines().skip(1);
    rows.filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        let (last_year, name) = rest.split_once(',')?;
        Some(FormerRegion { code, last_year: last_year.parse().ok(), name })
    })
    .collect()
});

impl Region {
    /// The region of 2023 with this code.
    #[must_use]
    pub fn find(code: &str) -> Option<&'static Region> {
        by_code(&REGIONS, code)
    }
}

/// The regions directly below `parent`, or the provinces for `None`, by code. Empty for an unknown code, and below a
/// city without counties such as 东莞市.
pub fn regions_under(parent: Option<&str>) -> impl Iterator<Item = &'static Region> {
    REGIONS.iter().filter(move |region| region.parent == parent)
}

/// The names from the province down, without the placeholders that no address has: 北京市东城区, 湖北省仙桃市.
#[must_use]
pub fn full_name(code: &str) -> Option<&'static str> {
    Region::find(code).map(|region| region.full_name.as_str())
}

/// What a code meant that is a region no more. A code can have been used twice; this is its last use.
#[must_use]
pub fn former_region(code: &str) -> Option<&'static FormerRegion> {
    FORMER.binary_search_by(|region| region.code.cmp(code)).ok().and_then(|at| FORMER.get(at))
}

/// Whether the code is, or between 1980 and 2021 was, that of a region. ID numbers and credit codes keep the code of
/// their first registration.
#[must_use]
pub fn was_ever_region(code: &str) -> bool {
    Region::find(code).is_some() || former_region(code).is_some()
}

/// The regions of 2023 that hold every word of `text` in their full name, or whose code begins with it; at most
/// `limit` and never more than [`super::SEARCH_RESULTS_MAX`].
#[must_use]
pub fn search_regions(text: &str, limit: usize) -> Vec<&'static Region> {
    super::search::search(&REGIONS, text, limit, |region| (region.code, region.name, &region.full_name))
}

fn by_code<'a>(regions: &'a [Region], code: &str) -> Option<&'a Region> {
    regions.binary_search_by(|region| region.code.cmp(code)).ok().and_then(|at| regions.get(at))
}

/// Level and parent follow from the code: two digits each for province, prefecture and county.
fn place(code: &str) -> (u8, Option<String>) {
    let above = |digits: usize, zeros: &str| code.get(..digits).map(|head| format!("{head}{zeros}"));
    if code.ends_with("0000") {
        (1, None)
    } else if code.ends_with("00") {
        (2, above(2, "0000"))
    } else {
        (3, above(4, "00"))
    }
}

/// 市辖区, 县 and 直辖县级行政区划 group counties in the code only; nobody writes them into an address.
fn path_above(region: &Region) -> String {
    let placeholder =
        region.level == 2 && (matches!(region.name, "市辖区" | "县") || region.name.ends_with("直辖县级行政区划"));
    match (placeholder, region.full_name.strip_suffix(region.name)) {
        (true, Some(above)) => above.to_owned(),
        _ => region.full_name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read_and_every_parent_exists() {
        assert_eq!((REGIONS.len(), FORMER.len()), (3_351, 3_546));
        assert!(REGIONS.is_sorted_by(|a, b| a.code < b.code) && FORMER.is_sorted_by(|a, b| a.code < b.code));
        for region in REGIONS.iter() {
            let above = region.parent.and_then(Region::find).map_or(0, |above| above.level);
            assert_eq!(above + 1, region.level, "{region:?}");
            assert!(
                region.code.len() == 6 && region.code.bytes().all(|b| b.is_ascii_digit()) && !region.name.is_empty()
            );
        }
        for former in FORMER.iter() {
            assert!(Region::find(former.code).is_none(), "{former:?} is still in use");
        }
        let under: usize = REGIONS.iter().map(|region| regions_under(Some(region.code)).count()).sum();
        assert_eq!((under + regions_under(None).count(), regions_under(None).count()), (3_351, 34));
    }

    #[test]
    fn full_names_are_those_of_addresses() {
        for (code, expected) in [
            ("110000", Some("北京市")),
            ("110100", Some("北京市市辖区")),
            ("110101", Some("北京市东城区")),
            ("500229", Some("重庆市城口县")),
            ("429004", Some("湖北省仙桃市")),
            ("659001", Some("新疆维吾尔自治区石河子市")),
            ("440300", Some("广东省深圳市")),
            ("440305", Some("广东省深圳市南山区")),
            ("441900", Some("广东省东莞市")),
            ("710000", Some("台湾省")),
            ("110103", None),
            ("", None),
            ("11010", None),
            ("北京", None),
        ] {
            assert_eq!(full_name(code), expected, "{code}");
        }
    }

    #[test]
    fn regions_under_a_region() {
        for (parent, first, count) in
            [("110000", Some("110100"), 1), ("441900", None, 0), ("999999", None, 0), ("", None, 0)]
        {
            let found: Vec<_> = regions_under(Some(parent)).map(|region| region.code).collect();
            assert_eq!((found.first().copied(), found.len()), (first, count), "{parent}");
        }
        assert!(regions_under(Some("440300")).any(|region| region.name == "南山区"));
    }

    #[test]
    fn abolished_codes_are_known() {
        for (code, ever, name, last_year) in [
            ("110103", true, Some("崇文区"), Some(2009)),
            ("132100", true, Some("邯郸地区"), Some(1992)),
            ("152725", true, Some("鄂托克旗"), Some(2000)),
            ("330103", true, Some("下城区"), None),
            ("152201", true, None, None),
            ("440305", true, None, None),
            ("000000", false, None, None),
            ("990101", false, None, None),
            ("1101", false, None, None),
        ] {
            assert_eq!(was_ever_region(code), ever, "{code}");
            let former = former_region(code);
            assert_eq!((former.map(|f| f.name), former.and_then(|f| f.last_year)), (name, last_year), "{code}");
        }
    }

    #[test]
    fn search_finds_the_best_first_and_keeps_its_limit() {
        let codes =
            |text, limit| -> Vec<&str> { search_regions(text, limit).iter().map(|region| region.code).collect() };
        assert_eq!(codes("南山区", 10), ["230404", "440305"]);
        assert_eq!(codes("广东 南山", 10), ["440305"]);
        assert_eq!(codes("4403", 1), ["440300"]);
        assert_eq!(codes("深圳", 1), ["440300"]);
        assert_eq!(codes("深圳市", 50).len(), 10);
        assert_eq!(codes("区", 1_000).len(), crate::reference::SEARCH_RESULTS_MAX);
        assert_eq!(codes("市", 0).len(), 0);
        for nothing in ["", "   ", "不存在的地方", "\u{0}", "%"] {
            assert!(codes(nothing, 10).is_empty(), "{nothing:?}");
        }
        assert!(codes(&"长".repeat(1_000_000), 10).is_empty());
    }
}
