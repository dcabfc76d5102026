//! Where the story is played: a server of its own in a temporary folder, or one that runs already.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::app::{App, Senders};
use crate::config::Config;
use crate::demonstration;
use crate::platform::clock::Clock;
use crate::platform::outside::mail::RecordingMailer;
use crate::platform::outside::sms::Recording;
use crate::server;

/// The place and what it takes to play there.
pub struct Stage {
    /// The server's address.
    pub url: String,
    data_dir: PathBuf,
    own: Option<Own>,
    log: Option<PathBuf>,
}

/// A place in the running server's log.
#[derive(Clone, Copy, Debug)]
pub struct Mark(usize);

struct Own {
    app: App,
    sms: Arc<Recording>,
    handle: actix_web::dev::ServerHandle,
    stop: Arc<AtomicBool>,
}

impl Stage {
    /// Starts a server on a free port with a temporary data folder.
    pub async fn own() -> anyhow::Result<Self> {
        let data_dir = std::env::temp_dir().join(format!("zhidan-demo-{}", uuid::Uuid::now_v7()));
        let listener = TcpListener::bind("127.0.0.1:0").context("a free port")?;
        let listen = listener.local_addr()?.to_string();
        let settings = [("DATA_DIR", data_dir.display().to_string()), ("HTTP__LISTEN", listen.clone())];
        let config = Config::from_pairs(settings.map(|(name, value)| (format!("ZHIDAN_{name}"), value)))?;
        server::migrate(&config).await?;
        let (sms, mailer) = (Arc::new(Recording::new()), Arc::new(RecordingMailer::new()));
        let app = App::open_with(config, Clock::default(), Senders { sms: sms.clone(), mailer }).await?;
        demonstration::ensure(&app).await?;
        let (running, handle) = server::start(&app, listener)?;
        actix_web::rt::spawn(running);
        let stop = Arc::new(AtomicBool::new(false));
        drop(server::start_worker(&app, &stop));
        Ok(Self { url: format!("http://{listen}"), data_dir, own: Some(Own { app, sms, handle, stop }), log: None })
    }

    /// Plays on a running server.
    pub fn running(url: String, data_dir: PathBuf, log: Option<PathBuf>) -> anyhow::Result<Self> {
        Ok(Self { url: url.trim_end_matches('/').to_owned(), data_dir, own: None, log })
    }

    /// A key of the data folder.
    pub fn key(&self, file: &str) -> anyhow::Result<String> {
        let path = self.data_dir.join("keys").join(file);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!("reading {} (give the running server's folder with --data-dir)", path.display())
        })?;
        Ok(text.trim().to_owned())
    }

    /// How far the running server's log goes before a code is asked for: whatever stands there already is another's.
    pub fn mark(&self) -> anyhow::Result<Mark> {
        Ok(Mark(self.log.as_deref().map_or(Ok(0), |log| read_log(log).map(|text| text.len()))?))
    }

    /// The code that was sent to a phone after `mark`: from memory, from the running server's log, or from whoever
    /// sits here.
    pub async fn code(&self, phone: &str, mark: Mark) -> anyhow::Result<String> {
        const TRIES: u32 = 100;
        for _ in 0..TRIES {
            if let Some(own) = &self.own {
                let message = own.sms.last_to(phone);
                if let Some((_, code)) = message.and_then(|m| m.params.into_iter().find(|(name, _)| name == "code")) {
                    return Ok(code);
                }
            } else if let Some(log) = &self.log {
                let log = read_log(log)?;
                // A log that is shorter by now was begun anew.
                let fresh = log.get(mark.0..).unwrap_or(&log);
                if let Some(code) = last_code(&String::from_utf8_lossy(fresh)) {
                    return Ok(code);
                }
            } else {
                return ask();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("no code was sent to the applicant")
    }

    /// Ends what was started here.
    pub async fn clear(self) {
        let Some(own) = self.own else { return };
        own.handle.stop(true).await;
        own.stop.store(true, Ordering::Relaxed);
        own.app.jobs_wake.notify_waiters();
        own.app.db.close().await;
        let _ = std::fs::remove_dir_all(self.data_dir);
    }
}

fn read_log(log: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(log).with_context(|| format!("reading {}", log.display()))
}

/// The six digits behind the last mention of a code.
fn last_code(log: &str) -> Option<String> {
    let (_, rest) = log.rsplit_once("验证码")?;
    let code: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (code.len() == 6).then_some(code)
}

fn ask() -> anyhow::Result<String> {
    println!("请输入服务日志中显示的短信验证码（或用--log指定日志文件）：");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_code_that_stood_in_the_log_before_is_not_the_one_that_was_asked_for() {
        let log = std::env::temp_dir().join(format!("zhidan-log-{}", uuid::Uuid::now_v7()));
        let line = |code: &str| format!("SMS to 139******01: 【示例】验证码{code}，5分钟内有效。\n");
        std::fs::write(&log, line("111111")).unwrap();
        let stage = Stage::running("http://127.0.0.1:1".into(), "nowhere".into(), Some(log.clone())).unwrap();
        let mark = stage.mark().unwrap();
        let late = async {
            // The job prints it only after the demonstration has begun to look.
            tokio::task::yield_now().await;
            std::fs::write(&log, line("111111") + &line("222222")).unwrap();
        };
        let (code, ()) = tokio::join!(stage.code("13900000001", mark), late);
        assert_eq!(code.unwrap(), "222222");
        std::fs::write(&log, line("333333")).unwrap();
        assert_eq!(stage.code("13900000001", Mark(1_000_000)).await.unwrap(), "333333");
        let _ = std::fs::remove_file(log);
    }

    #[test]
    fn a_missing_key_says_where_to_name_the_folder() {
        let stage = Stage::running("http://127.0.0.1:1".into(), "nowhere".into(), None).unwrap();
        assert!(stage.key("operator.key").unwrap_err().to_string().contains("--data-dir"));
    }
}
