//! `serve`, `work` and `migrate`.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::app::App;
use crate::config::Config;
use crate::platform::clock::Clock;
use crate::platform::outside::storage::{EmbeddedS3, SweepReport};
use crate::{demonstration, server};

/// Serves until told to stop, then finishes what was accepted.
pub fn serve(with_worker: bool) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    server::log_to_stdout(&config);
    actix_web::rt::System::new().block_on(async move {
        // Before anything is changed: who finds the port taken has started it twice, or meant another data folder.
        let listener = TcpListener::bind(config.listen).with_context(|| {
            format!("listening on {} (choose another address with ZHIDAN_HTTP__LISTEN)", config.listen)
        })?;
        let app = open(config).await?;
        demonstrate(&app).await?;
        // not as it was told but as it is: port 0 is a free one
        tracing::info!(address = %listener.local_addr()?, "listening");
        server::serve(app, listener, with_worker).await
    })
}

/// Makes the demonstration firm on this machine, and refuses to show it to others.
async fn demonstrate(app: &App) -> anyhow::Result<()> {
    if !app.config.is_local() {
        return demonstration::refuse_elsewhere(app).await;
    }
    if app.config.sections.get("DEMO") != Some("false") {
        demonstration::ensure(app).await?;
        println!("{}", demonstration::welcome(app)?);
    }
    Ok(())
}

/// Works the queue until told to stop.
pub fn work() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    server::log_to_stdout(&config);
    actix_web::rt::System::new().block_on(async move {
        let mut signals = server::StopSignals::listen()?;
        let app = open(config).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let worker = server::start_worker(&app, &stop);
        let listening = server::start_listening(&app);
        let takers = crate::devices::start_taking(&app);
        signals.told().await;
        // what was not acknowledged comes again
        listening.iter().for_each(actix_web::rt::task::JoinHandle::abort);
        stop.store(true, Ordering::Relaxed);
        app.jobs_wake.notify_waiters();
        if let Some(takers) = takers {
            takers.stop().await;
        }
        worker.await.context("the worker failed")
    })
}

/// Brings the schema up to date.
pub fn migrate() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    actix_web::rt::System::new().block_on(async move {
        server::migrate(&config).await?;
        println!("the schema is up to date");
        Ok(())
    })
}

/// Opens what the settings name, with the schema up to date where this process may see to it.
pub(super) async fn open(config: Config) -> anyhow::Result<App> {
    if config.database.url.starts_with("sqlite") || config.owner_url.is_some() {
        server::migrate(&config).await?;
    }
    let app = App::open(config, Clock::default()).await?;
    if app.config.sections.get("SOURCES_DIR").is_some() && !app.config.sources_dir.is_dir() {
        tracing::warn!(
            folder = %app.config.sources_dir.display(),
            "ZHIDAN_SOURCES_DIR is not a folder: until it is, the file adapter finds no data"
        );
    }
    if let Some(swept) = app.embedded_s3.as_ref().and_then(EmbeddedS3::swept) {
        tell_swept(swept);
    }
    Ok(app)
}

/// What a crash left in the storage was removed when it was opened. A file that is gone is never a crash's doing.
fn tell_swept(swept: &SweepReport) {
    let SweepReport { temporary, orphans, uploads, missing } = swept;
    tracing::info!(temporary, orphans, uploads, missing = missing.len(), "the storage was swept");
    for key in missing {
        tracing::error!(%key, "the storage has lost a file that its index names: restore it from a backup");
    }
}
