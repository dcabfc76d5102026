//! The same statements without the product: pgbench with prepared statements, as the same role that owns nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::load::{CONNECTIONS, SIDE};

/// Scripts in a folder of their own, run one at random each time.
pub struct Pgbench {
    url: String,
    files: Vec<PathBuf>,
    folder: PathBuf,
}

impl Pgbench {
    /// Writes the scripts.
    pub fn new(url: &str, scripts: &[String]) -> Self {
        let folder = std::env::temp_dir().join(format!("zhidan-pgbench-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let files = scripts.iter().enumerate().map(|(number, script)| {
            let file = folder.join(format!("{number}.sql"));
            std::fs::write(&file, script).expect("a script");
            file
        });
        Self { url: url.to_owned(), files: files.collect(), folder }
    }

    /// Transactions in a second.
    pub async fn rate(&self) -> f64 {
        let mut command = Command::new(program());
        // every connection first prepares the statements of every script: with fifty of them a short run is little else
        let seconds = SIDE.as_secs().max(self.files.len() as u64 / 2);
        let (clients, seconds) = (CONNECTIONS.to_string(), seconds.to_string());
        command.args(["-n", "-M", "prepared", "-c", &clients, "-j", "1", "-T", &seconds]);
        for file in &self.files {
            command.arg("-f").arg(file);
        }
        command.arg(&self.url);
        let done = actix_web::rt::task::spawn_blocking(move || command.output());
        let output = done.await.expect("pgbench").expect("pgbench, of PostgreSQL's packages, is installed");
        let (said, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && !complaint.contains("ERROR"), "{complaint}");
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        rate.unwrap_or_else(|| panic!("no rate in {said}"))
    }
}

impl Drop for Pgbench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// On the path, or where Debian keeps it.
fn program() -> PathBuf {
    let versions = Path::new("/usr/lib/postgresql").read_dir().into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin/pgbench")).filter(|file| file.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| "pgbench".into())
}
