//! One way to look a name up in a table, so that regions and industries answer alike.

/// Most results of one search; a longer list helps nobody choose.
pub const SEARCH_RESULTS_MAX: usize = 50;
/// What is read of a search text, in characters; no name is longer.
const SEARCH_CHARS_MAX: usize = 64;

/// The entries that hold every word of `text` in their name or path, or whose code begins with it. Best first: the
/// code or name itself, then names that begin with it, then names that hold it, then the rest; within each, by code.
pub(super) fn search<'a, T>(
    entries: &'a [T],
    text: &str,
    limit: usize,
    fields: impl Fn(&'a T) -> (&'a str, &'a str, &'a str),
) -> Vec<&'a T> {
    let text: String = text.chars().take(SEARCH_CHARS_MAX).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else { return Vec::new() };
    let mut found: Vec<(u8, &T)> = entries
        .iter()
        .filter_map(|entry| {
            let (code, name, path) = fields(entry);
            let rank = match words.as_slice() {
                [word] if *word == name || word.eq_ignore_ascii_case(code) => 0,
                _ if name.starts_with(first) && holds_all(name, &words) => 1,
                [word] if starts_with_ignoring_case(code, word) => 2,
                _ if holds_all(name, &words) => 3,
                _ if holds_all(path, &words) => 4,
                _ => return None,
            };
            Some((rank, entry))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank); // stable: keeps the order of codes
    found.into_iter().take(limit.min(SEARCH_RESULTS_MAX)).map(|(_, entry)| entry).collect()
}

fn holds_all(text: &str, words: &[&str]) -> bool {
    words.iter().all(|word| text.contains(word))
}

fn starts_with_ignoring_case(code: &str, word: &str) -> bool {
    code.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}
