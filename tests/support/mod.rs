//! A server per test on a database per test, and callers that state the status they expect.

mod binary;
mod caller;
mod database;
mod documented;
mod limits;
mod person;
mod rows;
mod staff;
mod story;
mod workbook;

pub use binary::{LISTENS, Ran, Serving, be_read_no_more, be_zhidan, zhidan, zhidan_until_it_listens};
pub use caller::{Answer, Caller};
pub use database::{OWNER, Place, SERVER, db_admin, on_postgres};
pub use limits::{APPROVED, LimitFirm, NET_ASSETS, today};
pub use person::{id_number, person_form};
pub use rows::{
    db_add_alarm, db_add_customer, db_add_day, db_add_revocations, db_add_socket, db_count, db_set_permissions, db_try,
};
pub use staff::Hire;
pub use story::{
    Firm, PASSWORD, consent_by, is_stored, put_file, read_file, sample_sources, token_of, upload, upload_other,
};
pub use workbook::{Cell, Workbook};

use std::net::TcpListener;
use std::sync::Arc;

use api::app::{App, Senders};
use api::config::Config;
use api::platform::clock::Clock;
use api::platform::outside::mail::RecordingMailer;
use api::platform::outside::sms::Recording;

/// A running server.
pub struct Server {
    /// The product's state, for what a test cannot do through HTTP: the clock, the queue.
    pub app: App,
    /// Where it listens.
    pub url: String,
    /// What was sent by SMS.
    pub sms: Arc<Recording>,
    /// What was sent by mail.
    pub mail: Arc<RecordingMailer>,
    handle: actix_web::dev::ServerHandle,
    place: Place,
}

/// One more server on the data of another.
pub struct Replica {
    app: App,
    /// Where it listens.
    pub url: String,
    handle: actix_web::dev::ServerHandle,
}

impl Replica {
    /// Its state, for what a test cannot do through HTTP.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops it; the data is the first server's.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        self.app.db.close().await;
    }
}

/// Rates that a suite does not run into, unless it is about them.
const PLENTY: &str = "1000000";

impl Server {
    /// Starts a server on a fresh database.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts a server with some settings.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let place = Place::fresh().await;
        Self::start_at(place, settings).await
    }

    /// Starts a server on a database that was prepared.
    pub async fn start_in(place: Place) -> Self {
        Self::start_at(place, &[]).await
    }

    async fn start_at(place: Place, settings: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let listen = listener.local_addr().expect("its address").to_string();
        let mut pairs = place.settings(&listen);
        pairs.push(("ZHIDAN_HTTP__RATE_PER_MINUTE".into(), PLENTY.into()));
        pairs.push(("ZHIDAN_HTTP__LOGIN_RATE_PER_MINUTE".into(), PLENTY.into()));
        pairs.retain(|(name, _)| !settings.iter().any(|(given, _)| given == name));
        pairs.extend(settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let config = Config::from_pairs(pairs).expect("settings");
        let (sms, mail) = (Arc::new(Recording::new()), Arc::new(RecordingMailer::new()));
        let senders = Senders { sms: sms.clone(), mailer: mail.clone() };
        let app = App::open_with(config, Clock::default(), senders).await.expect("the app opens");
        let (server, handle) = api::server::start(&app, listener).expect("the server starts");
        actix_web::rt::spawn(server);
        Self { app, url: format!("http://{listen}"), sms, mail, handle, place }
    }

    /// A caller who has not logged in.
    pub fn anyone(&self) -> Caller {
        Caller::new(&self.url, None)
    }

    /// A caller with a token.
    pub fn with_token(&self, token: &str) -> Caller {
        Caller::new(&self.url, Some(token.to_owned()))
    }

    /// Runs every job that is due, and those they cause; says how many.
    pub async fn work(&self) -> u32 {
        api::platform::jobs::drain(&self.app, api::jobs::run).await.expect("the queue can be read")
    }

    /// The settings of another process on the same data.
    pub fn settings(&self) -> Vec<(String, String)> {
        self.place.settings("127.0.0.1:0")
    }

    /// The settings of the operator at the machine, who may change the tables themselves, too.
    pub fn owner_settings(&self) -> Vec<(String, String)> {
        self.place.owner_settings("127.0.0.1:0")
    }

    /// A connection of the role that owns the tables, on PostgreSQL.
    pub async fn db_owner(&self) -> sqlx::PgConnection {
        self.place.db_owner().await
    }

    /// A connection of the serving role, for tests about the database itself.
    pub fn db_url(&self) -> String {
        self.app.config.database.url.clone()
    }

    /// Stops the server and leaves its data, for a process of its own to go on with.
    pub async fn leave(self) -> Place {
        self.handle.stop(true).await;
        self.app.db.close().await;
        self.place
    }

    /// Stops the server and removes its database.
    pub async fn stop(self) {
        self.leave().await.remove().await;
    }

    /// Another replica on the same data, in this process: it shares nothing with the first but the database and the clock.
    pub async fn replica(&self) -> Replica {
        self.replica_told(|_| ()).await
    }

    /// The same with other settings.
    pub async fn replica_told(&self, tell: impl FnOnce(&mut Config)) -> Replica {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let mut config = self.app.config.clone();
        tell(&mut config);
        config.listen = listener.local_addr().expect("its address");
        let url = format!("http://{}", config.listen);
        let senders = Senders { sms: self.sms.clone(), mailer: self.mail.clone() };
        let app = App::open_with(config, self.app.clock.clone(), senders).await.expect("the app opens");
        let (server, handle) = api::server::start(&app, listener).expect("the server starts");
        actix_web::rt::spawn(server);
        Replica { app, url, handle }
    }
}
