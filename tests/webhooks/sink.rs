//! A third party that listens: it keeps what it is sent and answers as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Longest wait for a call: longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(40);

/// What it was sent.
#[derive(Debug, Clone)]
pub struct Call {
    /// The line that begins it.
    pub line: String,
    /// Its headers, their names in small letters.
    pub headers: BTreeMap<String, String>,
    /// Its body, as it came.
    pub body: String,
}

impl Call {
    /// The message's id.
    pub fn id(&self) -> String {
        self.headers["webhook-id"].clone()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// What it tells of.
    pub fn event(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }

    /// Whether it carries the signature that the specification's own library makes under a secret; at any time, since tests move
    /// the clock.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let judge = standardwebhooks::Webhook::new(secret).expect("a secret");
        let at = self.headers["webhook-timestamp"].parse().expect("seconds");
        let signed = judge.sign(&self.id(), at, self.body.as_bytes()).expect("a signature");
        self.headers["webhook-signature"].split(' ').any(|one| one == signed)
    }

    /// Whether that library takes it, whose clock is the real one.
    pub fn is_signed_now_by(&self, secret: &str) -> bool {
        let judge = standardwebhooks::Webhook::new(secret).expect("a secret");
        judge.verify(self.body.as_bytes(), &self.as_headers()).is_ok()
    }

    fn as_headers(&self) -> reqwest::header::HeaderMap {
        let pair = |(name, value): (&String, &String)| {
            let name: reqwest::header::HeaderName = name.parse().expect("a name");
            (name, value.parse().expect("a value"))
        };
        self.headers.iter().map(pair).collect()
    }
}

/// How it answers.
#[derive(Debug, Clone)]
pub enum Say {
    /// With a status and perhaps a header and a body.
    Status(u16, &'static str, &'static str),
    /// Not at all, until the sink goes.
    Nothing,
}

/// One that listens on this machine.
pub struct Sink {
    /// `host:port`.
    pub place: String,
    calls: UnboundedReceiver<Call>,
    says: Arc<Mutex<VecDeque<Say>>>,
}

impl Sink {
    /// Listens; it answers 204 unless it is told otherwise.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let place = listener.local_addr().expect("its address").to_string();
        let (sender, calls) = unbounded_channel();
        let says: Arc<Mutex<VecDeque<Say>>> = Arc::default();
        let told = Arc::clone(&says);
        std::thread::spawn(move || {
            let mut held = vec![];
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { break };
                let Some(call) = read(&stream) else { continue };
                let say = told.lock().expect("the answers").pop_front().unwrap_or(Say::Status(204, "", ""));
                // known before it is answered: whoever has the answer finds the call
                if sender.send(call).is_err() {
                    break;
                }
                match say {
                    Say::Status(status, header, body) => answer(&mut stream, status, header, body),
                    Say::Nothing => held.push(stream),
                }
            }
        });
        Self { place, calls, says }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/hook?key=1", self.place)
    }

    /// Has it answer the next calls so.
    pub fn say(&self, says: &[Say]) {
        self.says.lock().expect("the answers").extend(says.iter().cloned());
    }

    /// The next call, waited for.
    pub async fn next(&mut self) -> Call {
        tokio::time::timeout(PATIENCE, self.calls.recv()).await.expect("a call in time").expect("a call")
    }

    /// What came and was not looked at yet.
    pub fn calls(&mut self) -> Vec<Call> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).collect()
    }
}

fn read(stream: &TcpStream) -> Option<Call> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut text = String::new();
        reader.read_line(&mut text).ok()?;
        let Some((name, value)) = text.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length: usize = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Call { line: line.trim_end().to_owned(), headers, body: String::from_utf8(body).ok()? })
}

fn answer(stream: &mut TcpStream, status: u16, header: &str, body: &str) {
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let length = body.len();
    let text = format!("HTTP/1.1 {status} Said\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    // who has gone needs no answer
    let _ = stream.write_all(text.as_bytes());
}
