//! Limits of what people type, checked field by field, so that everything that needs mending is said at once.

use domain::person::PersonFault;
use domain::words::{TextFault, plain_text};

use crate::error::{Error, FieldProblem, Result};

/// Collects what is wrong with a body.
#[derive(Debug, Default)]
pub struct Checks {
    problems: Vec<FieldProblem>,
}

impl Checks {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one problem.
    pub fn problem(&mut self, pointer: &str, code: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.problems.push(FieldProblem::new(pointer, code, zh, en));
    }

    /// Notes one problem that was found elsewhere.
    pub fn note(&mut self, problem: FieldProblem) {
        self.problems.push(problem);
    }

    /// A line that must be there, trimmed.
    pub fn line(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        self.judge(pointer, text, chars_max, false)
    }

    /// A text of one or more lines that must be there, trimmed; line ends of any system become line feeds.
    pub fn lines(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        self.judge(pointer, &text.replace("\r\n", "\n"), chars_max, true)
    }

    /// A line that may be empty.
    pub fn maybe_line(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        if text.trim().is_empty() { String::new() } else { self.line(pointer, text, chars_max) }
    }

    /// A text of lines that may be empty.
    pub fn maybe_lines(&mut self, pointer: &str, text: &str, chars_max: usize) -> String {
        if text.trim().is_empty() { String::new() } else { self.lines(pointer, text, chars_max) }
    }

    /// A phone, e-mail address or name, as its type read it.
    pub fn personal<T>(&mut self, pointer: &str, read: Result<T, PersonFault>) -> Option<T> {
        read.map_err(|fault| {
            let words = fault.words();
            self.problem(pointer, fault.code(), words.zh, words.en);
        })
        .ok()
    }

    fn judge(&mut self, pointer: &str, text: &str, chars_max: usize, lines: bool) -> String {
        match plain_text(text, chars_max, lines) {
            Ok(text) => text,
            Err(fault) => {
                let (code, zh, en) = match fault {
                    TextFault::Empty => ("required", "请填写".to_owned(), "is needed".to_owned()),
                    TextFault::TooLong => {
                        ("length", format!("最多{chars_max}个字"), format!("has at most {chars_max} characters"))
                    }
                    TextFault::Control => (
                        "characters",
                        "含有不可见的控制字符，请删除".to_owned(),
                        "holds invisible control characters; remove them".to_owned(),
                    ),
                };
                self.problem(pointer, code, zh, en);
                String::new()
            }
        }
    }

    /// The error that names every problem.
    pub fn refuse(self) -> Error {
        Error::fields(self.problems)
    }

    /// Lets the request go on only if nothing was found.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn done(self) -> Result<()> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.refuse()) }
    }
}
