//! The words of a PDF (ISO 32000-2, 7.2 and 7.3), read as readers read them: strings and comments hide nothing and name
//! nothing, and a name is what it says after its `#` escapes.

/// Longer names than any that is looked for are cut.
const NAME_BYTES_MAX: usize = 32;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// `/Name`, unescaped.
    Name(Vec<u8>),
    /// A number or a keyword.
    Plain(&'a [u8]),
    /// A string of either form; what it says does not matter.
    Text,
    /// `<<`.
    Open,
    /// `>>`.
    Close,
    /// `[`.
    ListOpen,
    /// `]`.
    ListClose,
}

/// Reads words from a position on.
pub(super) struct Words<'a> {
    bytes: &'a [u8],
    /// Where the next word is looked for.
    pub(super) at: usize,
}

impl<'a> Words<'a> {
    /// The words from here on.
    pub(super) fn from(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                while self.peek(0).is_some_and(|b| !matches!(b, b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn skip_text(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        self.skip_space();
        let byte = self.peek(0)?;
        match (byte, self.peek(1)) {
            (b'/', _) => {
                let (name, end) = name_at(self.bytes, self.at + 1);
                self.at = end;
                return Some(Word::Name(name));
            }
            (b'(', _) => {
                self.skip_text();
                return Some(Word::Text);
            }
            (b'<', Some(b'<')) => {
                self.at += 2;
                return Some(Word::Open);
            }
            (b'>', Some(b'>')) => {
                self.at += 2;
                return Some(Word::Close);
            }
            (b'<', _) => {
                while self.peek(0).is_some_and(|b| b != b'>') {
                    self.at += 1;
                }
                self.at += 1;
                return Some(Word::Text);
            }
            (b'[', _) => {
                self.at += 1;
                return Some(Word::ListOpen);
            }
            (b']', _) => {
                self.at += 1;
                return Some(Word::ListClose);
            }
            _ => {}
        }
        let begin = self.at;
        self.at += 1;
        if is_regular(byte) {
            while self.peek(0).is_some_and(is_regular) {
                self.at += 1;
            }
        }
        Some(Word::Plain(self.bytes.get(begin..self.at).unwrap_or_default()))
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0
}

/// Whether a byte can be in a name, a number or a keyword.
pub(super) fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

/// The name that begins here, without its slash, and where it ends.
pub(super) fn name_at(bytes: &[u8], from: usize) -> (Vec<u8>, usize) {
    let mut name = Vec::with_capacity(16);
    let mut at = from;
    while let Some(&byte) = bytes.get(at).filter(|b| is_regular(**b)) {
        let escaped = (byte == b'#').then(|| bytes.get(at + 1..at + 3)).flatten();
        let escaped = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        at += if escaped.is_some() { 3 } else { 1 };
        if name.len() < NAME_BYTES_MAX {
            name.push(escaped.unwrap_or(byte));
        }
    }
    (name, at)
}
