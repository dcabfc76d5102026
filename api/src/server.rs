//! The running server: routes, middleware, workers, start and stop.

use std::io::IsTerminal;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_service::IntoServiceFactory;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::task::JoinHandle;
use actix_web::web::Data;
use anyhow::Context;
use migration::MigratorTrait;
use sea_orm_migration::SchemaManager;
use sea_orm_migration::sea_orm::ConnectionTrait;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;
use utoipa_actix_web::AppExt;

use crate::app::App;
use crate::config::Config;
use crate::platform::db::{Db, DbSettings, role_name};
use crate::platform::http::{connections, finish};
use crate::platform::jobs::{Beside, Worker};
use crate::platform::outside::storage;
use crate::platform::private;
use crate::{meta, openapi, routes};

/// Longest wait for requests in hand when stopping, seconds.
const STOP_WAIT_S: u64 = 30;

/// What whoever migrates PostgreSQL holds meanwhile; any number that nobody else takes.
const MIGRATION_LOCK: i64 = 7_100_115_010;
/// How often the revocations of other replicas are read: what ends there ends here within a second, with time for the reading.
const REVOCATIONS_AGAIN: Duration = Duration::from_millis(500);

/// Brings the schema of `config`'s database up to date and lets the serving role in.
///
/// # Errors
/// Whatever the database answers.
pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    let is_postgres = !config.database.url.starts_with("sqlite");
    let url = match (&config.owner_url, is_postgres) {
        (Some(owner), true) => owner.clone(),
        (None, true) => {
            anyhow::bail!("migrating PostgreSQL needs ZHIDAN_DATABASE__OWNER_URL, a role that owns the tables")
        }
        (_, false) => config.database.url.clone(),
    };
    if !is_postgres {
        private::folder(&config.data_dir).with_context(|| format!("making {}", config.data_dir.display()))?;
    }
    let db = Db::connect(&DbSettings { url, max_connections: 1 }).await?;
    if is_postgres {
        // several that are started at once wait here for one another; the connection's end lets go
        let locked = format!("SELECT pg_advisory_lock({MIGRATION_LOCK})");
        db.for_migrations().execute_unprepared(&locked).await.context("waiting for another that migrates")?;
    }
    migration::Migrator::up(db.for_migrations(), None).await.context("migrating")?;
    let manager = SchemaManager::new(db.for_migrations());
    for left in migration::devices::partitions(&manager, chrono::Utc::now().date_naive()).await.context("partitions")? {
        tracing::warn!(%left, "readings of this month stay with those of none");
    }
    if is_postgres {
        for statement in migration::tenancy::grants(&role_name(&config.database.url)?) {
            db.for_migrations().execute_unprepared(&statement).await.with_context(|| statement.clone())?;
        }
    }
    db.close().await;
    Ok(())
}

/// Libraries that say what is no news: the storage server calls every object that is not there an error. Whoever looks
/// for a fault there names them in `ZHIDAN_LOG`, which comes after and wins.
const QUIET: &str = "aws_smithy_runtime=off,sqlx=warn,s3s=off,hyper=warn,hyper_util=warn,async_nats=warn";

fn log_filter(setting: Option<&str>) -> EnvFilter {
    EnvFilter::new(format!("{QUIET},{}", setting.unwrap_or("info")))
}

/// Logs as the settings say.
pub fn log_to_stdout(config: &Config) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(log_filter(config.sections.get("LOG")))
        .with_ansi(std::io::stdout().is_terminal());
    if config.sections.get("LOG_FORMAT") == Some("json") {
        let _ = builder.json().try_init();
    } else {
        let _ = builder.try_init();
    }
}

/// Starts the HTTP server on `listener` and gives its future and handle.
///
/// # Errors
/// If the listener cannot be used.
pub fn start(app: &App, listener: TcpListener) -> anyhow::Result<(Server, ServerHandle)> {
    let data = Data::new(app.clone());
    let document = Data::new(meta::DocumentJson::new(&openapi::document())?);
    let (workers, head_wait_max) = (app.config.http_workers, app.config.head_wait_max);
    let embedded_s3 = app.embedded_s3.clone();
    let builder = Server::build().workers(workers).shutdown_timeout(STOP_WAIT_S).disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let service = move || {
        let app = actix_web::App::new()
            .into_utoipa_app()
            .openapi(openapi::base())
            .app_data(data.clone())
            .app_data(document.clone())
            .configure(routes::configure)
            .split_for_parts()
            .0
            .configure(|cfg| {
                if let Some(s3) = embedded_s3.clone() {
                    storage::configure(cfg, s3);
                }
            })
            .configure(meta::configure)
            .wrap(from_fn(crate::clients::gate))
            .wrap(Compress::default())
            .wrap(from_fn(finish));
        let stopping = stopping.clone();
        let told = move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        };
        connections(app.into_factory(), head_wait_max, told)
    };
    let server = builder.listen("http", listener, service)?.run();
    let handle = server.handle();
    Ok((server, handle))
}

/// Serves until told to stop.
///
/// # Errors
/// If the server fails.
pub async fn serve(app: App, listener: TcpListener, with_worker: bool) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen()?;
    let (server, handle) = start(&app, listener)?;
    let stop = Arc::new(AtomicBool::new(false));
    let watcher = watch_revocations(&app, &stop);
    let settling = crate::clients::start_settling(&app, &stop);
    let worker = with_worker.then(|| start_worker(&app, &stop));
    let listening = if with_worker { start_listening(&app) } else { vec![] };
    let takers = if with_worker { crate::devices::start_taking(&app) } else { None };
    let told = app.clone();
    actix_web::rt::spawn(async move {
        signals.told().await;
        told.stopping.store(true, Ordering::Relaxed);
        if !told.config.drain.is_zero() {
            tracing::info!(for_ms = told.config.drain.as_millis(), "stopping soon: a balancer is to send nobody more");
            tokio::time::sleep(told.config.drain).await;
        }
        tracing::info!("stopping: what was accepted is finished");
        handle.stop(true).await;
    });
    server.await?;
    stop.store(true, Ordering::Relaxed);
    app.jobs_wake.notify_waiters();
    if let Some(takers) = takers {
        takers.stop().await;
    }
    if let Some(worker) = worker {
        worker.await.context("the worker failed")?;
    }
    watcher.abort();
    settling.await.context("writing down what clients used failed")?;
    crate::clients::settle(&app).await;
    // what was not acknowledged comes again
    listening.iter().for_each(JoinHandle::abort);
    app.db.close().await;
    Ok(())
}

/// Listens to the broker of MQTT, where the settings name one.
pub fn start_listening(app: &App) -> Vec<JoinHandle<()>> {
    app.config.mqtt.as_ref().map_or_else(Vec::new, |mqtt| crate::devices::listen(app, mqtt))
}

/// Starts a worker in this process.
pub fn start_worker(app: &App, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    use crate::jobs::{SCHEDULE, STRANGERS, STRANGERS_AT_ONCE, run};
    let worker = Worker::new(app.clone(), run, &SCHEDULE, Arc::clone(stop)).leaving(&STRANGERS);
    let beside = Beside::new(app.clone(), run, &STRANGERS, STRANGERS_AT_ONCE, Arc::clone(stop));
    actix_web::rt::spawn(async move {
        futures_util::join!(worker.work(), beside.work());
    })
}

/// Reads twice a second what other replicas revoked and the keys of access tokens, and tidies what is kept in memory, measurements included.
pub fn watch_revocations(app: &App, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (app, stop) = (app.clone(), Arc::clone(stop));
    actix_web::rt::spawn(async move {
        let mut tick = tokio::time::interval(REVOCATIONS_AGAIN);
        while !stop.load(Ordering::Relaxed) {
            tick.tick().await;
            if let Err(error) = app.revocations.refresh(&app.db, app.clock.now()).await {
                tracing::warn!(cause = %error, "revocations could not be read");
            }
            if let Err(error) = app.tokens.refresh(&app.db, &app.config.master_key, app.clock.now()).await {
                tracing::warn!(cause = %error, "the keys of access tokens could not be read");
            }
            app.throttle.tidy(&app).await;
            app.intake.tidy();
            meta::upkeep();
        }
    })
}

/// Listens for SIGTERM and interrupts from the moment it is made, so that one that comes while the product still starts
/// is not lost, nor the end of the process without a word.
pub struct StopSignals {
    term: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Begins to listen.
    ///
    /// # Errors
    /// If the operating system does not let it.
    pub fn listen() -> anyhow::Result<Self> {
        let on = |kind| signal(kind).context("listening for signals");
        Ok(Self { term: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    /// Ends with the first of them.
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a line of `target` is written under a setting.
    fn written(setting: Option<&str>, line: fn()) -> bool {
        let written = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&written);
        let sink = move || {
            seen.store(true, Ordering::Relaxed);
            std::io::sink()
        };
        let subscriber = tracing_subscriber::fmt().with_env_filter(log_filter(setting)).with_writer(sink).finish();
        tracing::subscriber::with_default(subscriber, line);
        written.load(Ordering::Relaxed)
    }

    #[test]
    fn libraries_are_quiet_until_they_are_asked_for() {
        let storage = || tracing::error!(target: "s3s::ops", "op returns error");
        let http = || tracing::debug!(target: "hyper_util::client", "connected");
        let ours = || tracing::info!("request");
        for (setting, expected) in [
            (None, [false, false, true]),
            (Some("debug"), [false, false, true]),
            (Some("warn"), [false, false, false]),
            (Some("info,s3s=error"), [true, false, true]),
            (Some("info,hyper_util=debug"), [false, true, true]),
        ] {
            let found = [written(setting, storage), written(setting, http), written(setting, ours)];
            assert_eq!(found, expected, "{setting:?}");
        }
    }
}
