//! Files are shown to a virus scanner before anybody may read them, where the operator runs one: ClamAV's daemon, by its own
//! protocol (INSTREAM). What it cannot say anything about stays where it is, unread.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// Longest that a file is waited for.
const SCAN_MAX: Duration = Duration::from_secs(60);
/// Bytes that are handed over at once.
const PIECE_BYTES: usize = 64 * 1024;
/// Longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 1_024;

/// Where the daemon listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// `host:port`.
    Tcp(String),
    /// A socket of this machine.
    Unix(PathBuf),
}

/// What it says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// It knows nothing against it.
    Clean,
    /// It knows it, by this name.
    Found(String),
}

impl Clamd {
    /// Reads `host:port` or `unix:/path`; none where it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        (!host.is_empty() && port.parse::<u16>().is_ok()).then(|| Self::Tcp(text.to_owned()))
    }

    /// Shows it a file.
    ///
    /// # Errors
    /// Where it cannot be reached, takes too long, or says that it could not look at all of it.
    pub async fn scan(&self, bytes: &[u8]) -> io::Result<Scan> {
        let scanned = tokio::time::timeout(SCAN_MAX, async {
            match self {
                Self::Tcp(address) => show(TcpStream::connect(address).await?, bytes).await,
                Self::Unix(path) => show(UnixStream::connect(path).await?, bytes).await,
            }
        });
        scanned.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

async fn show(mut to: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) -> io::Result<Scan> {
    to.write_all(b"zINSTREAM\0").await?;
    for piece in bytes.chunks(PIECE_BYTES) {
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        to.write_all(&length.to_be_bytes()).await?;
        to.write_all(piece).await?;
    }
    to.write_all(&0u32.to_be_bytes()).await?;
    to.flush().await?;
    let mut answer = vec![];
    to.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    read(&String::from_utf8_lossy(&answer))
}

/// `stream: OK`, `stream: NAME FOUND`, or what went wrong.
fn read(answer: &str) -> io::Result<Scan> {
    let said = answer.trim_end_matches(['\0', '\n']);
    let about = said.strip_prefix("stream: ");
    match about.and_then(|rest| rest.strip_suffix(" FOUND")) {
        Some(name) => Ok(Scan::Found(name.to_owned())),
        None if about == Some("OK") => Ok(Scan::Clean),
        None => Err(io::Error::other(format!("the virus scanner said {said:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_it_says_is_clean_is_clean() {
        assert_eq!(read("stream: OK\0").unwrap(), Scan::Clean);
        assert_eq!(read("stream: Eicar-Test-Signature FOUND\0").unwrap(), Scan::Found("Eicar-Test-Signature".into()));
        for bad in ["", "OK", "stream: ", "INSTREAM size limit exceeded. ERROR\0", "stream: x ERROR"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn where_it_listens_is_an_address_or_a_path() {
        assert_eq!(Clamd::parse("scanner:3310"), Some(Clamd::Tcp("scanner:3310".into())));
        assert_eq!(Clamd::parse("unix:/run/clamd.sock"), Some(Clamd::Unix("/run/clamd.sock".into())));
        for bad in ["", "scanner", ":3310", "scanner:x", "unix:run"] {
            assert_eq!(Clamd::parse(bad), None, "{bad:?}");
        }
    }
}
