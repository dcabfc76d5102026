//! A template's text: words, and places in braces that a notice fills. It is filled in one pass, so that nothing in a
//! value is ever read as a place.

/// Why a text is no template.
#[derive(Debug, PartialEq, Eq)]
pub enum TemplateFault {
    /// A brace without its partner.
    Brace,
    /// A place that is not among those allowed.
    UnknownPlace(String),
}

enum Piece<'a> {
    Words(&'a str),
    Place(&'a str),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TemplateFault> {
    let mut found = vec![];
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').ok_or(TemplateFault::Brace)?;
        if words.contains('}') || place.contains('{') {
            return Err(TemplateFault::Brace);
        }
        found.extend([Piece::Words(words), Piece::Place(place)]);
        rest = after;
    }
    if rest.contains('}') {
        return Err(TemplateFault::Brace);
    }
    found.push(Piece::Words(rest));
    Ok(found)
}

/// Checks a text against the places it may have, and says which it has.
///
/// # Errors
/// The first fault.
pub fn check<'a>(text: &'a str, allowed: &[&str]) -> Result<Vec<&'a str>, TemplateFault> {
    let mut places = vec![];
    for piece in pieces(text)? {
        match piece {
            Piece::Place(place) if !allowed.contains(&place) => {
                return Err(TemplateFault::UnknownPlace(place.chars().take(40).collect()));
            }
            Piece::Place(place) => places.push(place),
            Piece::Words(_) => {}
        }
    }
    Ok(places)
}

/// Fills the places. A line whose place has no value is left out, so that no sentence ends in the air; where nothing
/// would remain, the places are left empty instead.
pub fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    let value = |place: &str| values.iter().find(|(name, value)| *name == place && !value.is_empty());
    let lines: Vec<(String, bool)> = text
        .split('\n')
        .map(|line| {
            let Ok(pieces) = pieces(line) else { return (line.to_owned(), true) };
            let whole = pieces.iter().all(|piece| matches!(piece, Piece::Words(_)) || found(piece, &value));
            let filled = pieces.iter().map(|piece| match piece {
                Piece::Words(words) => *words,
                Piece::Place(place) => value(place).map_or("", |(_, value)| value.as_str()),
            });
            (filled.collect(), whole)
        })
        .collect();
    let any_whole = lines.iter().any(|(line, whole)| *whole && !line.trim().is_empty());
    let kept = lines.iter().filter(|(_, whole)| *whole || !any_whole).map(|(line, _)| line.as_str());
    kept.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn found<'v>(piece: &Piece<'_>, value: &impl Fn(&str) -> Option<&'v (&'static str, String)>) -> bool {
    matches!(piece, Piece::Place(place) if value(place).is_some())
}

/// Makes one line of a text: for subjects and SMS, where a line feed would be a mistake or an attack.
pub fn one_line(text: &str, chars_max: usize) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    flat.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(chars_max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_checked() {
        let rows: &[(&str, Result<Vec<&str>, TemplateFault>)] = &[
            ("申请{number}已提交", Ok(vec!["number"])),
            ("没有占位", Ok(vec![])),
            ("{number}{code}", Ok(vec!["number", "code"])),
            ("{other}", Err(TemplateFault::UnknownPlace("other".into()))),
            ("{}", Err(TemplateFault::UnknownPlace(String::new()))),
            ("{ number }", Err(TemplateFault::UnknownPlace(" number ".into()))),
            ("{number", Err(TemplateFault::Brace)),
            ("number}", Err(TemplateFault::Brace)),
            ("{{number}}", Err(TemplateFault::Brace)),
        ];
        for (text, expected) in rows {
            assert_eq!(&check(text, &["number", "code"]), expected, "{text}");
        }
    }

    #[test]
    fn values_are_filled_once_and_lines_without_one_fall_away() {
        let values = [("number", "A1".to_owned()), ("reason", "见{number}".to_owned()), ("amount", String::new())];
        let rows = [
            ("申请{number}", "申请A1"),
            ("申请{number}\n说明：{reason}", "申请A1\n说明：见{number}"),
            ("申请{number}\n金额：{amount}\n谢谢", "申请A1\n谢谢"),
            ("金额：{amount}", "金额："),
            ("验证码{code}", "验证码"),
        ];
        for (text, expected) in rows {
            assert_eq!(fill(text, &values), expected, "{text}");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line(" a\r\nBcc: b\tc ", 100), "a Bcc: b c");
        assert_eq!(one_line("一二三四", 3), "一二三");
    }
}
