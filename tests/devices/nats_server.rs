//! A server of NATS JetStream for a test: the one that `TEST_NATS_URL` names, or one of the test's own where `nats-server`
//! is on this machine, which can then be killed and started again on what it had written.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::jetstream::{self, stream::Stream};
use futures_util::StreamExt;

/// Longest that a test waits for what should come.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longest between two looks at a stream in which nothing is acknowledged.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// What a server says when it listens.
const READY: &str = "Server is ready";

/// A server, and a stream's name there that no other test has.
pub struct NatsServer {
    pub url: String,
    pub stream: String,
    own: Option<Own>,
}

struct Own {
    port: u16,
    dir: PathBuf,
    child: Option<Child>,
}

impl NatsServer {
    /// The one that is named, or one of our own; nothing where there is neither, which is said.
    pub async fn find() -> Option<Self> {
        match std::env::var("TEST_NATS_URL").ok().filter(|url| !url.is_empty()) {
            Some(url) => Some(Self { url, stream: name(), own: None }),
            None => Self::own().await,
        }
    }

    /// One of our own, which runs.
    pub async fn own() -> Option<Self> {
        let mut server = Self::not_yet()?;
        server.start().await;
        Some(server)
    }

    /// One of our own, which does not run yet.
    pub fn not_yet() -> Option<Self> {
        let there = Command::new("nats-server").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            println!(
                "not run: a stream between webhook and tables needs nats-server on this machine, or TEST_NATS_URL"
            );
            return None;
        }
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address");
        let stream = name();
        let dir = std::env::temp_dir().join(&stream);
        let own = Own { port: free.port(), dir, child: None };
        Some(Self { url: format!("nats://127.0.0.1:{}", free.port()), stream, own: Some(own) })
    }

    /// Starts it on what it had written, and waits until it listens.
    pub async fn start(&mut self) {
        let own = self.own.as_mut().expect("a server of our own");
        let mut command = Command::new("nats-server");
        command.args(["-js", "-a", "127.0.0.1", "-p", &own.port.to_string(), "-sd"]).arg(&own.dir);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let begin = move || {
            let mut child = command.spawn().expect("nats-server starts");
            let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines().map_while(Result::ok);
            let said: Vec<String> = lines.by_ref().take_while(|line| !line.contains(READY)).collect();
            // a pipe that nobody reads would stop it
            std::thread::spawn(move || lines.for_each(drop));
            (child, said)
        };
        let (mut child, said) = actix_web::rt::task::spawn_blocking(begin).await.expect("it begins");
        let ended = child.try_wait().expect("its state");
        assert!(ended.is_none(), "nats-server ended: {said:#?}");
        own.child = Some(child);
    }

    /// Kills it as a loss of power of its process would: SIGKILL, and its end is waited for.
    pub fn kill(&mut self) {
        let mut child = self.own.as_mut().and_then(|own| own.child.take()).expect("a server of our own that runs");
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
    }

    /// The settings that have a stream there, and `more`.
    pub fn settings(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut all = vec![
            ("ZHIDAN_NATS__URL".to_owned(), self.url.clone()),
            ("ZHIDAN_NATS__STREAM".to_owned(), self.stream.clone()),
            ("ZHIDAN_NATS__MAX_BYTES".to_owned(), "67108864".to_owned()),
            ("ZHIDAN_NATS__ACK_WAIT_S".to_owned(), "1".to_owned()),
        ];
        for name in ["RATE_PER_SECOND", "BURST"] {
            all.push((format!("ZHIDAN_TELEMETRY__{name}"), "1000000".to_owned()));
        }
        all.retain(|(name, _)| !more.iter().any(|(given, _)| given == name));
        all.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all
    }

    /// The stream, through a client of the test's own.
    async fn look(&self) -> (async_nats::Client, Stream) {
        let client = async_nats::connect(&self.url).await.expect("the server is reached");
        let stream = jetstream::new(client.clone()).get_stream(&self.stream).await.expect("the stream is there");
        (client, stream)
    }

    /// How many messages lie in the stream.
    pub async fn waiting(&self) -> u64 {
        self.look().await.1.cached_info().state.messages
    }

    /// What lies in the stream, in its order: under which subject and what.
    pub async fn kept(&self) -> Vec<(String, Vec<u8>)> {
        let (_client, stream) = self.look().await;
        let state = &stream.cached_info().state;
        let mut all = vec![];
        for number in state.first_sequence..=state.last_sequence {
            let message = stream.get_raw_message(number).await.expect("a message");
            all.push((message.subject.to_string(), message.payload.to_vec()));
        }
        all
    }

    /// Puts a message into the stream once more, or another.
    pub async fn put(&self, subject: &str, message: Vec<u8>) {
        let (client, _stream) = self.look().await;
        let kept = jetstream::new(client).publish(subject.to_owned(), message.into()).await.expect("it is sent");
        kept.await.expect("it is kept");
    }

    /// The names of the stream's consumers.
    pub async fn consumers(&self) -> Vec<String> {
        let (_client, stream) = self.look().await;
        let mut names: Vec<String> = stream.consumer_names().map(|name| name.expect("a name")).collect().await;
        names.sort();
        names
    }

    /// Does what docs/telemetry.md says where a server that was killed does not give what it says it holds, as 2.9 rarely does:
    /// starts it once more.
    pub async fn gives(&mut self) {
        let (_client, stream) = self.look().await;
        let mut subjects = stream.info_with_subjects(">").await.expect("its subjects");
        while let Some(Ok((subject, _))) = subjects.next().await {
            let given = stream.get_first_raw_message_by_subject(&subject, 1).await.is_ok();
            // taken in meanwhile, it is not listed again
            let listed = stream.info_with_subjects(&subject).await.expect("its subjects").next().await.is_some();
            if !given && listed {
                println!("the server did not give what it holds, and was started once more");
                self.kill();
                self.start().await;
                return;
            }
        }
    }

    /// Waits until nothing lies in the stream any longer: it looks whenever a message is acknowledged.
    pub async fn drained(&self) {
        let (client, stream) = self.look().await;
        let mut heard =
            client.subscribe(format!("$JS.ACK.{}.>", self.stream)).await.expect("acknowledgements are heard");
        let (mut last, mut since) = (u64::MAX, Instant::now());
        loop {
            let state = stream.get_info().await.expect("its state").state;
            let left = state.messages;
            if left == 0 {
                return;
            }
            if left < last {
                (last, since) = (left, Instant::now());
            }
            // however slow the machine is, something goes
            if since.elapsed() > PATIENCE {
                let consumers: Vec<_> = stream.consumers().collect().await;
                panic!("{left} messages are still there: {state:?}, {consumers:#?}");
            }
            let _ = tokio::time::timeout(LOOK_AGAIN, heard.next()).await;
        }
    }

    /// Removes what the test has left.
    pub async fn remove(mut self) {
        if self.own.is_some() {
            self.kill();
        } else {
            let client = async_nats::connect(&self.url).await.expect("the server is reached");
            jetstream::new(client).delete_stream(&self.stream).await.expect("the stream goes");
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn name() -> String {
    format!("zhidan_test_{}", uuid::Uuid::now_v7().simple())
}
