//! What a password must not be: short, obvious, or built from the log-in name. Length and a list of known passwords do
//! more than rules about signs and digits (NIST SP 800-63B, 5.1.1.2).

use crate::error::{Code, Error, FieldProblem, Result};

use super::password::CHARS_MAX;

const CHARS_MIN: usize = 12;
/// Fewest different characters.
const DIFFERENT_MIN: usize = 5;
/// Longest piece whose mere repetition is refused.
const PIECE_MAX: usize = 4;

/// The commonest passwords of at least twelve characters, one per line.
const COMMON: &str = include_str!("common_passwords.txt");
/// Words that are obvious however many digits and signs stand around them.
const OBVIOUS: [&str; 28] = [
    "password",
    "passw0rd",
    "admin",
    "administrator",
    "root",
    "letmein",
    "welcome",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "iloveyou",
    "woaini",
    "mima",
    "nihao",
    "danbao",
    "zhidan",
    "guarantee",
    "test",
    "demo",
    "guest",
    "user",
    "login",
    "changeme",
    "secret",
    "default",
];
const ROWS: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcbazyxwvutsrqponmlkjihgfedcba",
    "0123456789012345678901234567890123456789",
    "9876543210987654321098765432109876543210",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];

/// Checks a new password of `login_name`; `pointer` names its field.
///
/// # Errors
/// `weak_password` with the reason.
pub(super) fn check(pointer: &str, password: &str, login_name: &str) -> Result<()> {
    let Some((zh, en)) = fault(password, login_name) else { return Ok(()) };
    Err(Error::new(Code::WeakPassword).with_fields(vec![FieldProblem::new(pointer, "weak_password", zh, en)]))
}

fn fault(password: &str, login_name: &str) -> Option<(&'static str, &'static str)> {
    let count = password.chars().take(CHARS_MAX + 1).count();
    let lower = password.to_lowercase();
    if count < CHARS_MIN {
        Some(("密码至少12个字符", "at least 12 characters"))
    } else if count > CHARS_MAX {
        Some(("密码不能超过128个字符", "at most 128 characters"))
    } else if login_name.len() >= 3 && lower.contains(&login_name.to_lowercase()) {
        Some(("密码不能包含账号名", "it must not hold the log-in name"))
    } else if is_common(&lower) || is_patterned(&lower) || is_obvious(&lower) {
        Some(("密码过于常见或有规律，容易被猜中", "it is common or follows a pattern and would soon be guessed"))
    } else {
        None
    }
}

fn is_common(lower: &str) -> bool {
    COMMON.lines().any(|line| line == lower)
}

/// Few different characters, a run along the keyboard, the digits or the alphabet, or a short piece over and over.
fn is_patterned(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    let different: std::collections::BTreeSet<_> = chars.iter().collect();
    let repeats = (1..=PIECE_MAX).any(|piece| chars.iter().zip(chars.iter().skip(piece)).all(|(a, b)| a == b));
    different.len() < DIFFERENT_MIN || repeats || ROWS.iter().any(|row| row.contains(lower))
}

/// An obvious word with nothing but digits and signs around it, also where signs stand for its letters.
fn is_obvious(lower: &str) -> bool {
    let plain = |text: &str| text.chars().map(plain_letter).collect::<String>();
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    // The digits around the word go first: read as letters they would stick to it.
    [bare(lower), plain(&bare(lower)), bare(&plain(lower))].iter().any(|core| OBVIOUS.contains(&core.as_str()))
}

fn plain_letter(sign: char) -> char {
    match sign {
        '@' => 'a',
        '$' => 's',
        '0' => 'o',
        '3' => 'e',
        '!' => 'i',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn obvious_passwords_are_refused_and_others_are_not() {
        for weak in [
            "",
            "short",
            "12345678901",
            "123456789012",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "qwertyuiopas",
            "Password2026!",
            "P@ssw0rd202612",
            "admin123456789",
            "zhangsan-2026-x",
            "ZHANGSAN000000",
            "abcdefghijkl",
            "987654321098",
            "1qaz2wsx3edc",
            "password123456",
            &"长".repeat(129),
            "woaini1314520",
        ] {
            assert!(fault(weak, "zhangsan").is_some(), "{weak}");
        }
        for good in ["correct horse battery", "绿色的马在跑步机上跑了一整天", "tG7#kq9!vR2m", "x9-plum-Kettle-41"]
        {
            assert_eq!(fault(good, "zhangsan"), None, "{good}");
        }
    }

    #[test]
    fn the_list_holds_nothing_that_is_refused_for_its_length_anyway() {
        assert!(COMMON.lines().count() >= 150);
        for line in COMMON.lines() {
            assert!(line.chars().count() >= CHARS_MIN && line == line.to_lowercase(), "{line}");
        }
    }
}
