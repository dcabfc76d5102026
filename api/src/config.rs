//! Settings: `ZHIDAN_` + section + `__` + key. Everything has a default that works on this machine alone; whatever is
//! not safe elsewhere is refused by name as soon as the product listens on another address.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use domain::access::FactorRule;

use crate::platform::db::DbSettings;
use crate::platform::http::{RateLimits, TrustedProxies};
use crate::platform::keys::MasterKey;
use crate::platform::outside::Secret;
use crate::platform::outside::clamd::Clamd;
use crate::platform::outside::mail::MailSettings;
use crate::platform::outside::nats::StreamSettings;
use crate::platform::outside::sms::SmsSettings;
use crate::platform::outside::storage::S3Settings;

mod embedded_keys;

pub use embedded_keys::read_or_make as read_or_make_key;
mod nats;
mod providers;
mod security;
mod table;
mod telemetry;

pub use table::{SETTINGS, Setting};
pub use telemetry::{MqttIntake, Subscription, TelemetrySettings};

/// `ZHIDAN_DATA` tells the tests where the full real data lies; a shell that has it set can start the product all the same.
const TESTS_DATA: &str = "DATA";

/// Fewest characters of an operator's key that others could try to guess.
const OPERATOR_KEY_CHARS_MIN: usize = 32;

/// What the product was told.
#[derive(Clone)]
pub struct Config {
    /// Where files live.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DbSettings,
    /// The role that owns the tables, for `migrate` on PostgreSQL.
    pub owner_url: Option<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How the outside names us; presigned addresses begin with it.
    pub public_url: String,
    /// Longest wait for a client's request line and headers.
    pub head_wait_max: Duration,
    /// Longest that a body may take.
    pub body_wait_max: Duration,
    /// How long a server that is told to stop goes on answering.
    pub drain: Duration,
    /// HTTP workers.
    pub http_workers: usize,
    /// Proxies before us whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Requests per address.
    pub rates: RateLimits,
    /// Of whom a second factor is asked in every firm.
    pub second_factor: FactorRule,
    /// The virus scanner that files are shown to.
    pub clamd: Option<Clamd>,
    /// The largest number that may have to be tried before an SMS is asked for; none where no challenge is asked.
    pub captcha_work: Option<u32>,
    /// From which all keys follow.
    pub master_key: MasterKey,
    /// The platform operator's key.
    pub operator_key: Secret,
    /// What whoever reads the metrics must bear; without it they are for this machine alone.
    pub metrics_token: Option<Secret>,
    /// Where the file adapter finds data.
    pub sources_dir: PathBuf,
    /// Origin of the web admin and portal, for links in mails.
    pub web_url: String,
    /// Largest document, bytes.
    pub document_bytes_max: u64,
    /// SMS a tenant may send in a day, codes and progress together.
    pub sms_per_day: i64,
    /// Which operator sends SMS.
    pub sms: SmsSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The S3 server; without one, files lie in the data folder.
    pub s3: Option<S3Settings>,
    /// Readings of sockets.
    pub telemetry: TelemetrySettings,
    /// The broker that readings are also listened to at.
    pub mqtt: Option<MqttIntake>,
    /// The stream that readings of the webhook lie in until they are in the tables.
    pub nats: Option<StreamSettings>,
    /// `host:port` of services of the operator's own that tenants' addresses may name though they are not public.
    pub callable: Vec<String>,
    /// Where the signed ends of audit chains are written, beside the database; nowhere if not said.
    pub audit_heads_dir: Option<PathBuf>,
    /// What is not set here but by the providers' own sections.
    pub sections: Sections,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("listen", &self.listen).field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

/// The raw settings of the sections that providers read themselves (`SMS__…`, `MAIL__…`, `S3__…`).
#[derive(Clone, Default)]
pub struct Sections(BTreeMap<String, String>);

impl std::fmt::Debug for Sections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Sections {
    /// A setting by its name without `ZHIDAN_`, such as `SMS__PROVIDER`; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl Config {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// The first setting that is wrong, with what is expected; on other than loopback, all that are missing.
    pub fn from_env() -> anyhow::Result<Self> {
        Self::from_pairs(std::env::vars())
    }

    /// Reads `pairs` as if they were the environment.
    ///
    /// # Errors
    /// As [`Self::from_env`].
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> anyhow::Result<Self> {
        let ours = pairs.into_iter().filter_map(|(k, v)| Some((k.strip_prefix("ZHIDAN_")?.to_owned(), v)));
        let sections = Sections(ours.collect());
        for name in sections.0.keys() {
            if name != TESTS_DATA && !SETTINGS.iter().any(|setting| setting.name == name) {
                bail!("ZHIDAN_{name} is not a setting; `zhidan --help` lists them");
            }
        }
        for (name, words) in [("LOG_FORMAT", ["text", "json"]), ("DEMO", ["true", "false"])] {
            if let Some(value) = sections.get(name).filter(|value| !words.contains(value)) {
                bail!("ZHIDAN_{name} is {value:?}; expected {}", words.join(" or "));
            }
        }
        let data_dir = PathBuf::from(sections.get("DATA_DIR").unwrap_or("./data"));
        let listen: SocketAddr =
            parsed(&sections, "HTTP__LISTEN", "127.0.0.1:8080", "an address and port such as 127.0.0.1:8080")?;
        if !listen.ip().is_loopback() {
            refuse_demonstration_settings(&sections, listen)?;
        }
        let rates = RateLimits {
            requests_per_minute: number(&sections, "HTTP__RATE_PER_MINUTE", 1200, 1..=u32::MAX)?,
            logins_per_minute: number(&sections, "HTTP__LOGIN_RATE_PER_MINUTE", 60, 1..=u32::MAX)?,
        };
        let database = DbSettings {
            url: database_url(&sections, &data_dir)?,
            max_connections: number(&sections, "DATABASE__MAX_CONNECTIONS", 16, 1..=500)?,
        };
        let key = |name, file| match sections.get(name) {
            Some(value) => Ok(value.to_owned()),
            None => embedded_keys::read_or_make(&data_dir, file),
        };
        Ok(Self {
            master_key: security::master_key(&sections, &key("MASTER_KEY", "master.key")?)?,
            operator_key: Secret::new(key("OPERATOR_KEY", "operator.key")?),
            metrics_token: sections.get("METRICS_TOKEN").map(|token| Secret::new(token.to_owned())),
            clamd: security::clamd(&sections)?,
            captcha_work: security::captcha_work(&sections, listen.ip().is_loopback())?,
            second_factor: security::second_factor(&sections, listen.ip().is_loopback())?,
            public_url: url(&sections, "HTTP__PUBLIC_URL", &format!("http://{listen}"))?,
            web_url: url(&sections, "HTTP__WEB_URL", &format!("http://{listen}"))?,
            head_wait_max: wait(&sections, "HTTP__HEAD_WAIT_MS")?,
            body_wait_max: wait(&sections, "HTTP__BODY_WAIT_MS")?,
            drain: Duration::from_millis(number(&sections, "HTTP__DRAIN_MS", 0, 0..=120_000)?),
            trusted_proxies: parsed(
                &sections,
                "HTTP__TRUSTED_PROXIES",
                "",
                "addresses or networks such as 10.0.0.1,10.1.0.0/16",
            )?,
            http_workers: number(&sections, "HTTP__WORKERS", 2, 1..=64)?,
            sources_dir: sections.get("SOURCES_DIR").map_or_else(|| data_dir.join("sources"), PathBuf::from),
            document_bytes_max: number(&sections, "DOCUMENTS__BYTES_MAX", 20_971_520, 1..=5_368_709_120)?,
            sms_per_day: number(&sections, "SMS__PER_DAY", 5000, 0..=1_000_000_000)?,
            sms: providers::sms(&sections, listen.ip().is_loopback())?,
            mail: providers::mail(&sections, listen.ip().is_loopback())?,
            s3: providers::s3(&sections)?,
            telemetry: telemetry::read(&sections)?,
            mqtt: telemetry::mqtt(&sections)?,
            nats: nats::read(&sections)?,
            callable: sections.get("OUTSIDE__ALLOWED").map(list).unwrap_or_default(),
            audit_heads_dir: sections.get("AUDIT__HEADS_DIR").map(PathBuf::from),
            owner_url: sections.get("DATABASE__OWNER_URL").map(str::to_owned),
            data_dir,
            database,
            listen,
            rates,
            sections,
        })
    }

    /// Whether only this machine can reach us: demonstration secrets and printed codes are for that alone.
    pub fn is_local(&self) -> bool {
        self.listen.ip().is_loopback()
    }
}

fn parsed<T: std::str::FromStr>(sections: &Sections, name: &str, default: &str, expected: &str) -> anyhow::Result<T> {
    let value = sections.get(name).unwrap_or(default);
    value.parse().map_err(|_| anyhow::anyhow!("ZHIDAN_{name} is {value:?}; expected {expected}"))
}

/// How long a client may take for a part of a request: 10 seconds if not said, since a slow network is no attack.
fn wait(sections: &Sections, name: &str) -> anyhow::Result<Duration> {
    Ok(Duration::from_millis(number(sections, name, 10_000, 100..=15_000)?))
}

/// A whole number within `range`, which the refusal names.
fn number<T>(sections: &Sections, name: &str, default: T, range: RangeInclusive<T>) -> anyhow::Result<T>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    let Some(value) = sections.get(name) else { return Ok(default) };
    let expected =
        || anyhow::anyhow!("ZHIDAN_{name} is {value:?}; expected a number from {} to {}", range.start(), range.end());
    value.parse().ok().filter(|number| range.contains(number)).ok_or_else(expected)
}

fn url(sections: &Sections, name: &str, default: &str) -> anyhow::Result<String> {
    let value = sections.get(name).unwrap_or(default).trim_end_matches('/');
    if !value.starts_with("http://") && !value.starts_with("https://") {
        bail!("ZHIDAN_{name} is {value:?}; expected an address that begins with http:// or https://");
    }
    Ok(value.to_owned())
}

fn database_url(sections: &Sections, data_dir: &Path) -> anyhow::Result<String> {
    let Some(value) = sections.get("DATABASE__URL") else {
        return Ok(format!("sqlite://{}", data_dir.join("zhidan.db").display()));
    };
    if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| value.starts_with(scheme)) {
        bail!("ZHIDAN_DATABASE__URL must begin with sqlite:// or postgres://");
    }
    Ok(value.to_owned())
}

/// What must be set before anybody but this machine may connect.
fn refuse_demonstration_settings(sections: &Sections, listen: SocketAddr) -> anyhow::Result<()> {
    let mut missing: Vec<&str> = [
        "MASTER_KEY",
        "OPERATOR_KEY",
        "HTTP__PUBLIC_URL",
        "HTTP__WEB_URL",
        "SMS__PROVIDER",
        "MAIL__HOST",
        "MAIL__FROM",
    ]
    .into_iter()
    .filter(|name| sections.get(name).is_none())
    .collect();
    if sections.get("OPERATOR_KEY").is_some_and(|key| key.chars().count() < OPERATOR_KEY_CHARS_MIN) {
        bail!(
            "ZHIDAN_OPERATOR_KEY: expected at least {OPERATOR_KEY_CHARS_MIN} characters where others than this machine \
             can connect"
        );
    }
    if sections.get("SMS__PROVIDER").is_some_and(|provider| provider == "print") {
        missing.push("SMS__PROVIDER (print is for loopback only)");
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = missing.iter().map(|name| format!("ZHIDAN_{name}")).collect();
    bail!(
        "listening on {listen}, which others can reach, needs settings that have no safe default. Missing: {}. \
         Demonstration keys and printed codes work on loopback only.",
        list.join(", ")
    )
}

/// The parts of a text that commas separate.
fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> anyhow::Result<Config> {
        let dir = std::env::temp_dir().join(format!("zhidan-config-{}", uuid::Uuid::now_v7()));
        let mut all = vec![("ZHIDAN_DATA_DIR".to_owned(), dir.display().to_string())];
        all.extend(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let config = Config::from_pairs(all);
        let _ = std::fs::remove_dir_all(dir);
        config
    }

    #[test]
    fn another_address_needs_real_settings_and_names_them() {
        let error = read(&[("ZHIDAN_HTTP__LISTEN", "0.0.0.0:8080")]).unwrap_err().to_string();
        for name in [
            "ZHIDAN_MASTER_KEY",
            "ZHIDAN_OPERATOR_KEY",
            "ZHIDAN_SMS__PROVIDER",
            "ZHIDAN_MAIL__HOST",
            "ZHIDAN_HTTP__PUBLIC_URL",
        ] {
            assert!(error.contains(name), "{name} in {error}");
        }
    }

    #[test]
    fn a_wrong_setting_is_named_with_what_is_expected() {
        for (name, value, expected) in [
            ("ZHIDAN_HTTP__LISTEN", "here", "an address and port"),
            ("ZHIDAN_DATABASE__URL", "mysql://x", "sqlite:// or postgres://"),
            ("ZHIDAN_MASTER_KEY", "short", "MASTER_KEY"),
            ("ZHIDAN_MASTER_KEYS_ALSO", "short", "ZHIDAN_MASTER_KEYS_ALSO"),
            ("ZHIDAN_HTTP__PUBLIC_URL", "example", "http://"),
            ("ZHIDAN_HTTP__RATE_PER_MINUTE", "many", "a number from 1"),
            ("ZHIDAN_HTTP__RATE_PER_MINUTE", "0", "a number from 1"),
            ("ZHIDAN_HTTP__TRUSTED_PROXIES", "10.0.0.0/40", "addresses or networks"),
            ("ZHIDAN_HTTP__WORKERS", "0", "a number from 1 to 64"),
            ("ZHIDAN_HTTP__WORKERS", "65", "a number from 1 to 64"),
            ("ZHIDAN_DATABASE__MAX_CONNECTIONS", "0", "a number from 1 to 500"),
            ("ZHIDAN_DOCUMENTS__BYTES_MAX", "-1", "a number from 1 to"),
            ("ZHIDAN_SMS__PER_DAY", "1.5", "a number from 0 to"),
            ("ZHIDAN_HTPP__LISTEN", "127.0.0.1:1", "is not a setting"),
            ("ZHIDAN_LOG_FORMAT", "xml", "expected text or json"),
            ("ZHIDAN_CLAMD__ADDRESS", "scanner", "expected host:port or unix:/path"),
            ("ZHIDAN_SECURITY__CAPTCHA", "maybe", "expected off or work"),
            ("ZHIDAN_DEMO", "vielleicht", "expected true or false"),
            ("ZHIDAN_MAIL__TLS", "maybe", "expected implicit, starttls or none"),
            ("ZHIDAN_TELEMETRY__RETENTION_DAYS", "399", "a number from 400 to"),
            ("ZHIDAN_MQTT__URL", "mqtt://127.0.0.1", "of use together only"),
            ("ZHIDAN_TELEMETRY__AT_ONCE", "0", "a number from 1 to 64"),
            ("ZHIDAN_NATS__URL", "amqp://name:hidden@host", "expected nats:// or tls://"),
            ("ZHIDAN_NATS__STREAM", "readings", "of use with ZHIDAN_NATS__URL only"),
        ] {
            let error = format!("{:#}", read(&[(name, value)]).unwrap_err());
            assert!(error.contains(expected), "{name}={value}: {error}");
        }
    }

    #[test]
    fn an_operators_key_that_can_be_guessed_is_refused_where_others_can_try() {
        let key = |key: &str, listen: &str| {
            read(&[("ZHIDAN_OPERATOR_KEY", key), ("ZHIDAN_HTTP__LISTEN", listen)]).err().map(|e| e.to_string())
        };
        assert_eq!(key("x", "127.0.0.1:8080"), None);
        let refused = key("x", "0.0.0.0:8080").unwrap();
        assert!(refused.contains("ZHIDAN_OPERATOR_KEY") && refused.contains("32 characters"), "{refused}");
        let long = key(&"k".repeat(32), "0.0.0.0:8080").unwrap();
        assert!(!long.contains("32 characters"), "{long}");
    }

    #[test]
    fn embedded_keys_are_made_once_and_readable_by_the_owner_alone() {
        let dir = std::env::temp_dir().join(format!("zhidan-keys-{}", uuid::Uuid::now_v7()));
        let first = embedded_keys::read_or_make(&dir, "operator.key").unwrap();
        assert_eq!(embedded_keys::read_or_make(&dir, "operator.key").unwrap(), first);
        let _ = std::fs::remove_dir_all(dir);
    }
}
