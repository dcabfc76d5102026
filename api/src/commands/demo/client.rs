//! The demonstration's own HTTP client: each step is printed with what came back and how long it took, and the first
//! answer that is not what it should be ends the story.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use reqwest::{Client, Method};
use serde_json::Value;

/// What came back.
pub struct Answer {
    /// The body.
    pub body: Value,
    /// The version, from the ETag.
    pub version: i64,
}

impl Answer {
    /// A text of the body by JSON pointer.
    pub fn text(&self, pointer: &str) -> anyhow::Result<String> {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        Ok(found.with_context(|| format!("the answer has no text at {pointer}: {}", self.body))?.to_owned())
    }
}

/// Somebody in the story.
#[derive(Clone)]
pub struct Actor {
    client: Client,
    url: String,
    name: String,
    token: Option<String>,
}

/// Longest wait for what a job brings about.
const WAIT_MAX: Duration = Duration::from_secs(60);
const WAIT_STEP: Duration = Duration::from_millis(150);

impl Actor {
    /// Somebody who has not logged in.
    pub fn new(url: &str, name: &str) -> anyhow::Result<Self> {
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?;
        Ok(Self { client, url: url.to_owned(), name: name.to_owned(), token: None })
    }

    /// The same with a log-in.
    pub fn logged_in(&self, name: &str, session: &Answer) -> anyhow::Result<Self> {
        Ok(Self { name: name.to_owned(), token: Some(session.text("/access_token")?), ..self.clone() })
    }

    /// Sends a request and prints what came back; any other status than `expected` is an error.
    pub async fn call(
        &self,
        what: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        version: Option<i64>,
        expected: u16,
    ) -> anyhow::Result<Answer> {
        let started = Instant::now();
        let (status, answer) = self.send(method, path, body, version).await?;
        let took = started.elapsed();
        let sight = summary(&answer.body);
        println!("  {:>7.1} ms  {status}  {}：{what}  {sight}", took.as_secs_f64() * 1000.0, self.name);
        if status != expected {
            bail!("{what}: expected {expected}, got {status}: {}", answer.body);
        }
        Ok(answer)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        version: Option<i64>,
    ) -> anyhow::Result<(u16, Answer)> {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if method == Method::POST {
            request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string());
        }
        if let Some(version) = version {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let response = request.send().await.with_context(|| format!("asking {path}"))?;
        let status = response.status().as_u16();
        let etag = response.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let version = etag.trim_matches('"').parse().unwrap_or(0);
        let bytes = response.bytes().await?;
        Ok((status, Answer { body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), version }))
    }

    /// GET.
    pub async fn get(&self, what: &str, path: &str) -> anyhow::Result<Answer> {
        self.call(what, Method::GET, path, None, None, 200).await
    }

    /// POST.
    pub async fn post(&self, what: &str, path: &str, body: &Value, expected: u16) -> anyhow::Result<Answer> {
        self.call(what, Method::POST, path, Some(body), None, expected).await
    }

    /// A transition, under the version that was seen last.
    pub async fn act(&self, what: &str, thing: &str, action: &str, body: &Value) -> anyhow::Result<Answer> {
        let (_, seen) = self.send(Method::GET, thing, None, None).await?;
        self.call(what, Method::POST, &format!("{thing}/{action}"), Some(body), Some(seen.version), 200).await
    }

    /// A transition that makes something, under the version that was seen last.
    pub async fn make(&self, what: &str, thing: &str, action: &str, body: &Value) -> anyhow::Result<Answer> {
        self.on_seen(what, thing, &format!("{thing}/{action}"), body, 201).await
    }

    /// A request on `thing` as it was seen last, with any other outcome than a transition's.
    pub async fn on_seen(
        &self,
        what: &str,
        thing: &str,
        path: &str,
        body: &Value,
        expected: u16,
    ) -> anyhow::Result<Answer> {
        let (_, seen) = self.send(Method::GET, thing, None, None).await?;
        self.call(what, Method::POST, path, Some(body), Some(seen.version), expected).await
    }

    /// Asks again until the answer satisfies `enough`, and prints the last.
    pub async fn until(&self, what: &str, path: &str, enough: impl Fn(&Value) -> bool) -> anyhow::Result<Answer> {
        let started = Instant::now();
        loop {
            let (status, answer) = self.send(Method::GET, path, None, None).await?;
            if status == 200 && enough(&answer.body) {
                let ms = started.elapsed().as_secs_f64() * 1000.0;
                println!("  {ms:>7.1} ms  {status}  {}：{what}  {}", self.name, summary(&answer.body));
                return Ok(answer);
            }
            if started.elapsed() > WAIT_MAX {
                bail!("{what}: still not after {} s: {}", WAIT_MAX.as_secs(), answer.body);
            }
            tokio::time::sleep(WAIT_STEP).await;
        }
    }

    /// POST of a message that bears its own signature.
    pub async fn signed(
        &self,
        what: &str,
        path: &str,
        headers: &[(&str, String)],
        body: String,
    ) -> anyhow::Result<Answer> {
        let started = Instant::now();
        let mut request = self.client.post(format!("{}{path}", self.url)).header("Content-Type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.body(body).send().await.with_context(|| format!("asking {path}"))?;
        let status = response.status().as_u16();
        let answer =
            Answer { body: serde_json::from_slice(&response.bytes().await?).unwrap_or(Value::Null), version: 0 };
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        println!("  {ms:>7.1} ms  {status}  {}：{what}  {}", self.name, summary(&answer.body));
        if status != 200 {
            bail!("{what}: expected 200, got {status}: {}", answer.body);
        }
        Ok(answer)
    }

    /// Sends a file as a presigned answer says.
    pub async fn put_file(&self, started: &Answer, bytes: &'static [u8]) -> anyhow::Result<()> {
        let mut request = self.client.put(started.text("/url")?).body(bytes);
        let headers = started.body.get("headers").and_then(Value::as_object).context("headers")?;
        for (name, value) in headers {
            request = request.header(name, value.as_str().unwrap_or_default());
        }
        let status = request.send().await?.status();
        anyhow::ensure!(status.is_success(), "the storage answered {status}");
        Ok(())
    }
}

/// What of an answer is worth a glance.
fn summary(body: &Value) -> String {
    const SHOWN: [&str; 16] = [
        "stored",
        "utilisation",
        "verdict",
        "state_label",
        "id",
        "slug",
        "number",
        "state",
        "status",
        "total",
        "outcome",
        "decision",
        "mark",
        "next",
        "fits",
        "title",
    ];
    let mut parts: Vec<String> = SHOWN
        .iter()
        .filter_map(|key| match body.get(*key)? {
            Value::Null => None,
            Value::String(text) => Some(format!("{key}={text}")),
            other => Some(format!("{key}={other}")),
        })
        .collect();
    for list in ["items", "errors", "missing"] {
        if let Some(items) = body.get(list).and_then(Value::as_array) {
            parts.push(format!("{list}:{}", items.len()));
        }
    }
    parts.join(" ")
}
