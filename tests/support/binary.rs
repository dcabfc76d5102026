//! The product as a process of its own. The suite starts itself again and is then `zhidan`: the code is just the one
//! under test, wherever it was built and whether or not the binary was.

use std::io::{BufRead, BufReader, Lines, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Says to a suite that it is `zhidan`, with these arguments, one in a line.
const ARGUMENTS: &str = "SUITE_IS_ZHIDAN";
/// The test that becomes it.
const DOOR: &str = "commands::the_suite_can_be_the_binary";

/// What stands before it on the standard output is the suite's own.
const BEGINS: &str = "\n-- zhidan";

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its error stream.
    pub err: String,
}

/// Is `zhidan` from here on, and does not return, where this suite was started as such.
pub fn be_zhidan() {
    if let Ok(arguments) = std::env::var(ARGUMENTS) {
        println!("{BEGINS}");
        let arguments = std::iter::once("zhidan").chain(arguments.lines()).map(Into::into);
        std::process::exit(api::commands::run_with(arguments).into());
    }
}

/// The command `zhidan` with settings and arguments, to be started.
pub fn command(settings: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the suite's own path"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ZHIDAN_")) {
        command.env_remove(name);
    }
    command.args(["--exact", DOOR, "--nocapture", "--test-threads=1"]);
    command.envs(settings.iter().map(|(name, value)| (name, value))).env(ARGUMENTS, arguments.join("\n"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs `zhidan` to its end.
pub async fn zhidan(settings: Vec<(String, String)>, arguments: &[&str]) -> Ran {
    let mut command = command(&settings, arguments);
    let run = move || command.output().expect("the suite starts itself");
    let output = tokio::task::spawn_blocking(run).await.expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let out = text(&output.stdout);
    let (_, out) = out.split_once(&format!("{BEGINS}\n")).expect("the suite became it");
    Ran { code: output.status.code().expect("it exits"), out: out.to_owned(), err: text(&output.stderr) }
}

/// `zhidan`, running, for a test that stops reading what it prints.
pub fn be_read_no_more(settings: &[(String, String)], arguments: &[&str]) -> Child {
    command(settings, arguments).spawn().expect("the suite starts itself")
}

/// Runs `zhidan serve` to its end, or ends it as soon as it says that it listens (then its code is -1).
pub async fn zhidan_until_it_listens(settings: Vec<(String, String)>) -> Ran {
    let mut child = command(&settings, &["serve"]).spawn().expect("the suite starts itself");
    let run = move || {
        let (mut out, mut err) = (String::new(), String::new());
        for line in BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok) {
            out.push_str(&line);
            out.push('\n');
            if line.contains(LISTENS) {
                child.kill().expect("it is ended");
            }
        }
        child.stderr.take().expect("its errors").read_to_string(&mut err).expect("text");
        Ran { code: child.wait().expect("it ends").code().unwrap_or(-1), out, err }
    };
    tokio::task::spawn_blocking(run).await.expect("it ends")
}

/// What the log says once connections are taken.
pub const LISTENS: &str = "listening";

/// `zhidan serve`, running; it is ended with the test, however that ends.
pub struct Serving {
    child: Child,
    lines: Option<Lines<BufReader<ChildStdout>>>,
    /// Where it listens.
    pub address: String,
}

impl Serving {
    /// Starts it and waits until it listens.
    pub fn start(settings: &[(String, String)]) -> Self {
        let mut child =
            command(settings, &["serve"]).stderr(Stdio::inherit()).spawn().expect("the suite starts itself");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut serving = Self { child, lines: Some(lines), address: String::new() };
        let line = serving.line_with(LISTENS);
        let (_, address) = line.rsplit_once("address=").expect("an address");
        serving.address = address.trim().to_owned();
        serving
    }

    /// Starts it for much work: nobody reads its log from then on, which otherwise would fill the pipe and stop it.
    pub fn start_unheard(settings: &[(String, String)]) -> Self {
        let mut serving = Self::start(settings);
        let lines = serving.lines.take();
        std::thread::spawn(move || lines.into_iter().flatten().map_while(Result::ok).for_each(drop));
        serving
    }

    /// Reads on to the line of its log that holds `words`.
    pub fn line_with(&mut self, words: &str) -> String {
        let lines = self.lines.as_mut().expect("its log is read");
        lines.find_map(|line| line.ok().filter(|line| line.contains(words))).unwrap_or_else(|| panic!("no {words:?}"))
    }

    /// The memory that it holds, kibibytes, as the kernel tells it.
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line of memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// Asks it to stop, as an operating system does.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
    }

    /// Waits for its end: its exit code, and the rest of its log.
    pub fn end(mut self) -> (Option<i32>, String) {
        let rest: Vec<String> = self.lines.take().into_iter().flatten().map_while(Result::ok).collect();
        (self.child.wait().expect("it ends").code(), rest.join("\n"))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
