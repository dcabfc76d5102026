//! A mail server of a few commands on a real socket, which answers by script and keeps what it was given.
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server answers at each step.
#[derive(Clone, Copy)]
pub struct Script {
    /// `None` accepts the connection and never says a word.
    pub greeting: Option<&'static str>,
    pub auth: &'static str,
    pub mail: &'static str,
    pub rcpt: &'static str,
    /// After the final dot; `None` hangs up instead.
    pub taken: Option<&'static str>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            greeting: Some("220 mail.test ESMTP"),
            auth: "235 2.7.0 ok",
            mail: "250 2.1.0 ok",
            rcpt: "250 2.1.5 ok",
            taken: Some("250 2.0.0 Ok: queued as 4F1D2"),
        }
    }
}

/// One exchange as it was seen on the wire.
#[derive(Clone, Default, Debug)]
pub struct Seen {
    pub commands: Vec<String>,
    /// The latest mail.
    pub data: String,
    /// Mails between `MAIL` and the reply to the final dot: now, and at most.
    pub open: usize,
    pub open_max: usize,
}

pub struct Listener {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Listener {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, script, shared.clone()));
            }
        });
        Self { port, seen }
    }

    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// The commands by their first word.
    pub fn verbs(&self) -> Vec<String> {
        self.seen().commands.iter().filter_map(|line| line.split([' ', ':']).next().map(str::to_owned)).collect()
    }
}

async fn serve(stream: TcpStream, script: Script, seen: Arc<Mutex<Seen>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let Some(greeting) = script.greeting else {
        return stream.read_to_end(&mut Vec::new()).await.map(drop);
    };
    say(&mut stream, greeting).await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        seen.lock().unwrap().commands.push(command.clone());
        match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => say(&mut stream, "250-mail.test\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
            "AUTH" => say(&mut stream, script.auth).await?,
            "MAIL" => {
                opened(&mut seen.lock().unwrap());
                say(&mut stream, script.mail).await?;
            }
            "RCPT" => say(&mut stream, script.rcpt).await?,
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let data = data(&mut stream).await?;
                closed(&mut seen.lock().unwrap(), data);
                let Some(taken) = script.taken else { return Ok(()) };
                say(&mut stream, taken).await?;
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "250 ok").await?,
        }
    }
    Ok(())
}

fn opened(seen: &mut Seen) {
    seen.open += 1;
    seen.open_max = seen.open_max.max(seen.open);
}

fn closed(seen: &mut Seen, data: String) {
    seen.open -= 1;
    seen.data = data;
}

async fn say(stream: &mut BufReader<TcpStream>, reply: &str) -> std::io::Result<()> {
    stream.write_all(format!("{reply}\r\n").as_bytes()).await
}

/// Up to the lone dot, with the stuffing taken out (RFC 5321 4.5.2).
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let (mut data, mut line) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        line.clear();
    }
    Ok(data)
}
