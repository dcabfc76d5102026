//! What commands print. A reader that has gone (`zhidan openapi | head`) is no fault of ours and no reason to panic: the
//! command ends there, as every other command of the system does.

use std::io::{self, Write};

/// Exit code of a command whose reader has gone: 128 and the number of SIGPIPE.
pub const EXIT_NOBODY_READS: u8 = 141;

/// Prints a line.
///
/// # Errors
/// If it cannot be written.
pub fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Whether a command failed only because nobody reads what it prints.
pub fn nobody_reads(error: &anyhow::Error) -> bool {
    let broken = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    error.downcast_ref::<io::Error>().is_some_and(broken)
}

/// An error with its causes, each said once: many libraries repeat the cause in their own sentence.
pub fn in_words(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !text.contains(&cause) {
            let joint = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{joint}{cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_cause_is_said_once() {
        let inner = io::Error::other("pool timed out");
        let error = Err::<(), _>(anyhow::Error::new(inner)).context("opening: pool timed out").context("starting");
        assert_eq!(in_words(&error.unwrap_err()), "starting: opening: pool timed out");
    }

    #[test]
    fn only_a_reader_that_has_gone_is_no_fault() {
        assert!(nobody_reads(&io::Error::from(io::ErrorKind::BrokenPipe).into()));
        assert!(!nobody_reads(&io::Error::from(io::ErrorKind::NotFound).into()));
        assert!(!nobody_reads(&anyhow::anyhow!("broken pipe")));
    }
}
