//! Every call out has a limit on time and on size; a provider that hangs or floods must not take us with it.
use super::error::SendError;
use super::setting::is_loopback;
use std::time::Duration;

/// Longest wait for the beginning of an answer whose status is known.
const BEGINNING_MAX: Duration = Duration::from_secs(2);

/// The limits of one call.
#[derive(Debug, Clone, Copy)]
pub struct CallLimits {
    /// Longest wait for a connection.
    pub connect_max: Duration,
    /// Longest wait for the whole call, the body included.
    pub total_max: Duration,
    /// Largest answer that is read.
    pub body_bytes_max: usize,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { connect_max: Duration::from_secs(3), total_max: Duration::from_secs(10), body_bytes_max: 64 * 1024 }
    }
}

/// The root of a service: scheme and host only, because the signature covers the path `/`.
#[derive(Debug, Clone)]
pub struct Endpoint {
    root: reqwest::Url,
    host: String,
}

impl Endpoint {
    /// Reads `https://host[:port]`; plain `http` is accepted for this machine only.
    ///
    /// # Errors
    /// A phrase that says what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || "an address like https://host, without a path (http only for 127.0.0.1)".to_owned();
        let root = reqwest::Url::parse(text.trim()).map_err(|_| expected())?;
        let name = root.host_str().ok_or_else(expected)?;
        let safe = root.scheme() == "https" || (root.scheme() == "http" && is_loopback(name));
        let bare =
            root.path() == "/" && root.query().is_none() && root.fragment().is_none() && root.username().is_empty();
        if !safe || !bare {
            return Err(expected());
        }
        let host = root.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        Ok(Self { root, host })
    }

    /// The `Host` header, as the HTTP client sends it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address, with a query that is already percent-encoded.
    #[must_use]
    pub fn url(&self, query: &str) -> reqwest::Url {
        let mut url = self.root.clone();
        url.set_query((!query.is_empty()).then_some(query));
        url
    }

    fn is_loopback(&self) -> bool {
        self.root.host_str().is_some_and(is_loopback)
    }
}

/// What came back, whole.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, where given in seconds or as a date that is yet to come.
    pub retry_after: Option<Duration>,
    /// The body, not larger than the limit.
    pub body: Vec<u8>,
}

impl Answer {
    /// Without words that can be read, the status must do; 200 with garbage may well have been a success.
    #[must_use]
    pub fn unreadable(&self) -> SendError {
        match self.status {
            429 => SendError::rate_limited("http_429", self.retry_after),
            status @ 400..=499 => SendError::permanent(&format!("http_{status}"), "refused without a readable answer"),
            status => SendError::Temporary {
                why: format!("status {status} without a readable answer"),
                after: self.retry_after,
                maybe_sent: true,
            },
        }
    }
}

/// An HTTP client that keeps the limits, follows no redirect and never puts an address into an error.
#[derive(Debug, Clone)]
pub struct Caller {
    client: reqwest::Client,
    body_bytes_max: usize,
}

impl Caller {
    /// A client for one endpoint. A proxy of the environment is used, except towards this machine.
    ///
    /// # Errors
    /// When the TLS library finds no root certificates on this machine.
    pub fn new(endpoint: &Endpoint, limits: CallLimits) -> Result<Self, String> {
        let builder = reqwest::Client::builder()
            .connect_timeout(limits.connect_max)
            .timeout(limits.total_max)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("zhidan/", env!("CARGO_PKG_VERSION")));
        let builder = if endpoint.is_loopback() { builder.no_proxy() } else { builder };
        let client = builder.build().map_err(|error| with_causes(&error))?;
        Ok(Self { client, body_bytes_max: limits.body_bytes_max })
    }

    /// Sends one request and reads the answer whole.
    ///
    /// # Errors
    /// [`SendError::Temporary`]; `maybe_sent` unless the connection itself failed.
    pub async fn call(&self, request: reqwest::Request) -> Result<Answer, SendError> {
        read_whole(self.client.execute(request).await.map_err(sorted)?, self.body_bytes_max).await
    }
}

/// Reads an answer whole, within a size.
pub(super) async fn read_whole(mut response: reqwest::Response, bytes_max: usize) -> Result<Answer, SendError> {
    let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(sorted)? {
        if body.len() + chunk.len() > bytes_max {
            return Err(SendError::unclear("the answer is larger than the limit"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, retry_after, body })
}

/// Reads the beginning of an answer whose status is what counts: what more there is is not waited for.
pub(super) async fn read_beginning(mut response: reqwest::Response, bytes_max: usize) -> Answer {
    let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend(chunk.iter().take(bytes_max - body.len()));
            if body.len() >= bytes_max {
                break;
            }
        }
    };
    // what was read until then is kept
    let _ = tokio::time::timeout(BEGINNING_MAX, reading).await;
    Answer { status, retry_after, body }
}

/// How long a caller is asked to wait: so many seconds, or until a date.
fn retry_after(headers: &reqwest::header::HeaderMap) -> Option<Duration> {
    let text = headers.get(reqwest::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    (date.to_utc() - chrono::Utc::now()).to_std().ok()
}

/// Only a failed connection proves that nothing was sent.
pub(super) fn sorted(error: reqwest::Error) -> SendError {
    let error = error.without_url(); // a query may hold a phone number
    let why = with_causes(&error);
    if error.is_connect() { SendError::not_sent(&why) } else { SendError::unclear(&why) }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_again_is_said_in_seconds_or_as_a_date() {
        let said = |text: &str| {
            let value = text.parse().unwrap();
            retry_after(&reqwest::header::HeaderMap::from_iter([(reqwest::header::RETRY_AFTER, value)]))
        };
        assert_eq!(said("120"), Some(Duration::from_secs(120)));
        let tomorrow = chrono::Utc::now() + chrono::Duration::days(1);
        let wait = said(&tomorrow.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).unwrap().as_secs();
        assert!((86_300..=86_400).contains(&wait), "{wait}");
        for text in ["", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn endpoints() {
        for (text, host) in [
            ("https://sms.tencentcloudapi.com", Some("sms.tencentcloudapi.com")),
            ("https://sms.tencentcloudapi.com:443/", Some("sms.tencentcloudapi.com")),
            ("https://sms.example.com:8443", Some("sms.example.com:8443")),
            ("http://127.0.0.1:9000", Some("127.0.0.1:9000")),
            ("http://sms.example.com", None),
            ("https://sms.example.com/path", None),
            ("https://sms.example.com/?a=b", None),
            ("https://user@sms.example.com", None),
            ("ftp://127.0.0.1", None),
            ("sms.example.com", None),
            ("", None),
        ] {
            assert_eq!(Endpoint::parse(text).ok().as_ref().map(Endpoint::host), host, "{text}");
        }
    }
}
