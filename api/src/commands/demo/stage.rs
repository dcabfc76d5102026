//! Where the story is played: a server of its own in a temporary folder, or one that runs already.

use std::net::TcpListener;
use std::path::PathBuf;
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
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(text.trim().to_owned())
    }

    /// The code that was sent to a phone: from memory, from the running server's log, or from whoever sits here.
    pub async fn code(&self, phone: &str) -> anyhow::Result<String> {
        const TRIES: u32 = 100;
        for _ in 0..TRIES {
            if let Some(own) = &self.own {
                let message = own.sms.last_to(phone);
                if let Some((_, code)) = message.and_then(|m| m.params.into_iter().find(|(name, _)| name == "code")) {
                    return Ok(code);
                }
            } else if let Some(log) = &self.log {
                let text = std::fs::read_to_string(log).with_context(|| format!("reading {}", log.display()))?;
                if let Some(code) = last_code(&text) {
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
