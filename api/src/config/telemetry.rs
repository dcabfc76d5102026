//! How much of sockets' messages is taken in, and how long what they said is kept.

use domain::devices::intake::PAST_DAYS_MAX;

use anyhow::bail;
use chrono::{DateTime, Duration, Utc};
use domain::id::{Id, kind};
use uuid::Uuid;

use super::{Sections, number};
use crate::platform::http::is_slug;
use crate::platform::outside::mqtt::MqttSettings;

/// Longest filter of topics, bytes.
const FILTER_BYTES_MAX: usize = 256;
/// What a subscription begins with that several listeners share: then the group's name, and the filter.
const SHARED: &str = "$share/";
/// Longest name of a listener, characters.
const LISTENER_CHARS_MAX: usize = 32;

/// The limits as set.
#[derive(Clone, Copy, Debug)]
pub struct TelemetrySettings {
    /// Messages of one source, per second.
    pub rate_per_second: u32,
    /// Messages of one source at once, after a pause.
    pub burst: u32,
    /// Messages of one firm in work at the same time.
    pub at_once: usize,
    /// How long readings are kept, days.
    pub retention_days: i64,
    /// How long every one of them is kept, days; older ones are thinned out.
    pub full_days: i64,
    /// Of how many minutes one reading is left then; none where nothing is thinned out.
    pub thin_minutes: Option<i64>,
}

/// Days beyond those that are set for which days are counted anew: the whole day of the oldest reading, and the one before it.
const COUNTED_DAYS: i64 = 2;
/// Days beyond them for which readings are left as they are: no day is counted anew from what is left of it.
const LEFT_DAYS: i64 = COUNTED_DAYS + 3;

impl TelemetrySettings {
    /// From when on readings are kept for certain, whole or thinned out.
    pub fn kept_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        back(now, self.retention_days.saturating_add(COUNTED_DAYS))
    }

    /// Before when readings are thinned out.
    pub fn thinned_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        back(now, self.full_days.saturating_add(LEFT_DAYS))
    }

    /// Before when readings are removed.
    pub fn removed_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        back(now, self.retention_days.saturating_add(LEFT_DAYS))
    }
}

fn back(now: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    now.checked_sub_signed(Duration::days(days)).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

pub(super) fn read(sections: &Sections) -> anyhow::Result<TelemetrySettings> {
    Ok(TelemetrySettings {
        rate_per_second: number(sections, "TELEMETRY__RATE_PER_SECOND", 50, 1..=1_000_000)?,
        burst: number(sections, "TELEMETRY__BURST", 200, 1..=1_000_000)?,
        at_once: number(sections, "TELEMETRY__AT_ONCE", 4, 1..=64)?,
        // what is taken in is kept for a while
        retention_days: number(sections, "TELEMETRY__RETENTION_DAYS", 1100, PAST_DAYS_MAX..=36_500)?,
        full_days: number(sections, "TELEMETRY__FULL_DAYS", PAST_DAYS_MAX, PAST_DAYS_MAX..=36_500)?,
        thin_minutes: Some(number(sections, "TELEMETRY__THIN_MINUTES", 15, 0..=1_440)?).filter(|minutes| *minutes > 0),
    })
}

/// A broker of MQTT, and which of its topics belong to which source.
#[derive(Clone, Debug)]
pub struct MqttIntake {
    /// The broker.
    pub broker: MqttSettings,
    /// What this process is called there, where several listen for the same sources.
    pub name: Option<String>,
    /// What is listened to.
    pub subscriptions: Vec<Subscription>,
}

/// The topics of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The firm's name in addresses.
    pub slug: String,
    /// The source.
    pub source: Uuid,
    /// Filters of topics.
    pub filters: Vec<String>,
}

pub(super) fn mqtt(sections: &Sections) -> anyhow::Result<Option<MqttIntake>> {
    let name = sections.get("MQTT__NAME").map(str::to_owned);
    if name.as_deref().is_some_and(|name| !is_listener(name)) {
        bail!("ZHIDAN_MQTT__NAME: expected 1 to {LISTENER_CHARS_MAX} letters, digits, - and _");
    }
    let (url, topics) = match (sections.get("MQTT__URL"), sections.get("MQTT__TOPICS")) {
        (None, None) => return Ok(None),
        (Some(url), Some(topics)) => (url, topics),
        _ => bail!("ZHIDAN_MQTT__URL and ZHIDAN_MQTT__TOPICS are of use together only"),
    };
    // the address may hold a password and is not repeated
    let Ok(broker) = url.parse() else { bail!("ZHIDAN_MQTT__URL: expected mqtt:// or mqtts:// and the broker's name") };
    let mut subscriptions: Vec<Subscription> = vec![];
    for text in topics.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let Some((slug, source, filter)) = line(text) else {
            bail!("ZHIDAN_MQTT__TOPICS has {text:?}; expected TENANT/SOURCE=FILTER such as demo/src_01…=tele/+/SENSOR");
        };
        match subscriptions.iter_mut().find(|known| known.source == source && known.slug == slug) {
            Some(known) => known.filters.push(filter.to_owned()),
            None => {
                subscriptions.push(Subscription { slug: slug.to_owned(), source, filters: vec![filter.to_owned()] })
            }
        }
    }
    let shared = subscriptions.iter().flat_map(|one| &one.filters).any(|filter| filter.starts_with(SHARED));
    if shared && name.is_none() {
        bail!("ZHIDAN_MQTT__TOPICS has a shared filter: give each process that listens a ZHIDAN_MQTT__NAME of its own");
    }
    Ok(Some(MqttIntake { broker, name, subscriptions }))
}

/// Firm, source and filter of one line.
fn line(text: &str) -> Option<(&str, Uuid, &str)> {
    let (of, filter) = text.split_once('=')?;
    let (slug, source) = of.split_once('/')?;
    let source = Id::<kind::Source>::parse(source)?.uuid();
    (is_slug(slug) && is_filter(filter)).then_some((slug, source, filter))
}

/// Whether a process can be called so: it becomes part of its client ids.
fn is_listener(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=LISTENER_CHARS_MAX).contains(&name.len()) && name.bytes().all(fits)
}

/// Whether brokers take it: `+` stands for one level alone, `#` for all that is left. `$share/GROUP/` may stand before it.
fn is_filter(filter: &str) -> bool {
    let Some(shared) = filter.strip_prefix(SHARED) else { return is_plain_filter(filter) };
    let fits = |(group, plain): (&str, &str)| {
        !group.is_empty() && !group.contains(['+', '#']) && filter.len() <= FILTER_BYTES_MAX && is_plain_filter(plain)
    };
    shared.split_once('/').is_some_and(fits)
}

fn is_plain_filter(filter: &str) -> bool {
    let mut levels = filter.split('/').rev();
    let last = levels.next().is_some_and(|last| last == "#" || !last.contains('#'));
    let others = levels.all(|level| !level.contains('#'));
    let single = filter.split('/').all(|level| level == "+" || !level.contains('+'));
    !filter.is_empty() && filter.len() <= FILTER_BYTES_MAX && !filter.contains('\0') && last && others && single
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_those_that_brokers_take() {
        for (filter, fits) in [
            ("tele/+/SENSOR", true),
            ("#", true),
            ("a/#", true),
            ("+", true),
            ("", false),
            ("a/#/b", false),
            ("a#", false),
            ("a+/b", false),
            ("#/a", false),
            ("$share/zhidan/tele/+/SENSOR", true),
            ("$share/zhidan/#", true),
            ("$share/zhidan/", false),
            ("$share/zhidan", false),
            ("$share//a", false),
            ("$share/+/a", false),
            ("$share/a#/a", false),
        ] {
            assert_eq!(is_filter(filter), fits, "{filter}");
        }
    }

    #[test]
    fn topics_are_told_apart_by_source() {
        let (one, two) = ("src_01jd8m1f5ne6xa9q2t4k7v3b8c", "src_01jd8m1f5ne6xa9q2t4k7v3b8d");
        let read = |topics: String| {
            let pairs = [("MQTT__URL".to_owned(), "mqtt://broker".to_owned()), ("MQTT__TOPICS".to_owned(), topics)];
            mqtt(&Sections(pairs.into_iter().collect()))
        };
        let found =
            read(format!("demo/{one}=tele/+/SENSOR, demo/{two}=a/#,demo/{one}=tele/+/STATE,")).unwrap().unwrap();
        let filters: Vec<_> = found.subscriptions.iter().map(|s| s.filters.join(" ")).collect();
        assert_eq!(filters, ["tele/+/SENSOR tele/+/STATE", "a/#"]);
        let shared = |name: Option<&str>| {
            let topics = format!("demo/{one}=$share/zhidan/tele/+/SENSOR");
            let mut pairs = vec![("MQTT__URL", "mqtt://broker".to_owned()), ("MQTT__TOPICS", topics)];
            pairs.extend(name.map(|name| ("MQTT__NAME", name.to_owned())));
            mqtt(&Sections(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
        };
        assert!(shared(None).unwrap_err().to_string().contains("MQTT__NAME of its own"));
        assert!(shared(Some("a/b")).unwrap_err().to_string().contains("MQTT__NAME"));
        assert_eq!(shared(Some("one")).unwrap().unwrap().name.as_deref(), Some("one"));
        for wrong in [format!("{one}=a"), format!("demo/{one}"), "demo/x=a".to_owned(), format!("demo/{one}=a#")] {
            assert!(read(wrong.clone()).unwrap_err().to_string().contains("TENANT/SOURCE=FILTER"), "{wrong}");
        }
    }
}
