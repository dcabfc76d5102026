//! The product as a process of its own. The suite starts itself again and is then `zhidan`: the code is just the one
//! under test, wherever it was built and whether or not the binary was.

use std::process::{Command, Stdio};

/// Says to a suite that it is `zhidan`, with these arguments, one in a line.
const ARGUMENTS: &str = "SUITE_IS_ZHIDAN";
/// The test that becomes it.
const DOOR: &str = "commands::the_suite_can_be_the_binary";

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
pub async fn zhidan(settings: Vec<(String, String)>, arguments: &'static [&'static str]) -> Ran {
    let run = move || command(&settings, arguments).output().expect("the suite starts itself");
    let output = tokio::task::spawn_blocking(run).await.expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code().expect("it exits"), out: text(&output.stdout), err: text(&output.stderr) }
}
