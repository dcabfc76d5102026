//! What the product really asks PostgreSQL: a door between the two that lets everything through and writes down each
//! statement with the values bound to it, so that pgbench runs the product's own statements and not a memory of them.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A statement and its values, each with its type, in PostgreSQL's binary form; `None` is null.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The statement, with $1, $2 and so on.
    pub sql: String,
    /// Type and value of each.
    pub values: Vec<(u32, Option<Vec<u8>>)>,
}

/// The door.
pub struct Recorder {
    /// The database's URL through the door.
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Recorder {
    /// Opens a door to the database at `url`.
    pub fn open(url: &str) -> Self {
        let (head, rest) = url.rsplit_once('@').expect("a role in the URL");
        let (host, database) = rest.split_once('/').expect("a database in the URL");
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:5432") };
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let door = listener.local_addr().expect("its address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(&host).expect("PostgreSQL answers");
                let (mut from, mut to) = (server.try_clone().expect("a handle"), client.try_clone().expect("a handle"));
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Both);
                });
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || forward(client, server, &kept));
            }
        });
        // in clear, or there would be nothing to read
        Self { url: format!("{head}@{door}/{database}?sslmode=disable"), asked }
    }

    /// What was asked since the last time.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().expect("the record"))
    }
}

/// Passes on what the client says until it is gone.
fn forward(mut client: TcpStream, mut server: TcpStream, kept: &Mutex<Vec<Asked>>) {
    let (mut statements, mut begun) = (HashMap::new(), false);
    loop {
        let mut kind = [0_u8; 1];
        if begun && client.read_exact(&mut kind).is_err() {
            break;
        }
        let mut length = [0_u8; 4];
        if client.read_exact(&mut length).is_err() {
            break;
        }
        let mut body = vec![0; (u32::from_be_bytes(length) as usize).saturating_sub(4)];
        if client.read_exact(&mut body).is_err() {
            break;
        }
        let whole = if begun { [&kind[..], &length, &body].concat() } else { [&length[..], &body].concat() };
        // what comes first has no kind: a wish for TLS, then the start itself
        const START: [u8; 4] = 196_608_u32.to_be_bytes();
        begun |= body.starts_with(&START);
        note(kind[0], &body, &mut statements, kept);
        if server.write_all(&whole).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

type Statements = HashMap<Vec<u8>, (String, Vec<u32>)>;

fn note(kind: u8, body: &[u8], statements: &mut Statements, kept: &Mutex<Vec<Asked>>) {
    let mut message = Message(body);
    match kind {
        b'P' => {
            let (name, sql) = (message.text(), message.text());
            let types = (0..message.short()).map(|_| message.long()).collect();
            statements.insert(name, (String::from_utf8_lossy(&sql).into_owned(), types));
        }
        b'B' => {
            let (_portal, name) = (message.text(), message.text());
            for _ in 0..message.short() {
                message.short();
            }
            let bound: Vec<Option<Vec<u8>>> = (0..message.short()).map(|_| message.value()).collect();
            let (sql, types) = statements.get(&name).expect("a statement that was prepared");
            let values = types.iter().copied().zip(bound).collect();
            kept.lock().expect("the record").push(Asked { sql: sql.clone(), values });
        }
        b'Q' => {
            // several statements may come in one message; pgbench runs them one by one
            let sql = String::from_utf8_lossy(&message.text()).into_owned();
            let each = sql.split(';').map(str::trim).filter(|one| !one.is_empty());
            let each = each.map(|one| Asked { sql: one.to_owned(), values: Vec::new() });
            kept.lock().expect("the record").extend(each);
        }
        _ => {}
    }
}

/// A message of PostgreSQL's protocol, read from its front.
struct Message<'a>(&'a [u8]);

impl Message<'_> {
    fn take(&mut self, count: usize) -> Vec<u8> {
        let (front, rest) = self.0.split_at(count);
        self.0 = rest;
        front.to_vec()
    }

    fn text(&mut self) -> Vec<u8> {
        let end = self.0.iter().position(|byte| *byte == 0).expect("an end of text");
        let text = self.take(end);
        self.take(1);
        text
    }

    fn short(&mut self) -> u16 {
        u16::from_be_bytes(self.take(2).try_into().expect("two bytes"))
    }

    fn long(&mut self) -> u32 {
        u32::from_be_bytes(self.take(4).try_into().expect("four bytes"))
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        let length = self.long();
        (length != u32::MAX).then(|| self.take(length as usize))
    }
}
