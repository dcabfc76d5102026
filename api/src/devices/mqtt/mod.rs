//! Sources that publish to a broker of MQTT instead of calling: one connection each, so that none waits for another. A
//! message is acknowledged when what it says is committed, and kept by the broker until then, also while we are away.

mod deliver;

use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use domain::id::{Id, kind};
use tokio::time::Instant;

use crate::app::App;
use crate::config::{MqttIntake, Subscription};
use crate::platform::outside::mqtt::{Client, MqttSettings};

/// Waits before a connection is tried again, doubled each time up to the longest.
const AGAIN_MIN: Duration = Duration::from_secs(1);
const AGAIN_MAX: Duration = Duration::from_secs(60);

/// Listens for every source of the settings until what is given back is aborted; then what was not acknowledged comes
/// again, to whoever listens next. A source has one listener of a name: a second, elsewhere, would take its place each time.
pub fn listen(app: &App, intake: &MqttIntake) -> Vec<JoinHandle<()>> {
    let each = intake.subscriptions.iter().cloned();
    let listener = |subscription| {
        actix_web::rt::spawn(listen_to(app.clone(), intake.broker.clone(), intake.name.clone(), subscription))
    };
    each.map(listener).collect()
}

async fn listen_to(app: App, broker: MqttSettings, name: Option<String>, subscription: Subscription) {
    let source = Id::<kind::Source>::from_uuid(subscription.source).to_string();
    // the broker keeps a session under this, so it has to be the same at the next start
    let client = name.map_or_else(|| source.clone(), |name| format!("{source}-{name}"));
    let mut again = AGAIN_MIN;
    loop {
        let begun = Instant::now();
        let why = match session(&app, &broker, &subscription, &source, &client).await {
            Ok(never) => match never {},
            Err(why) => why,
        };
        if begun.elapsed() > AGAIN_MAX {
            again = AGAIN_MIN;
        }
        tracing::warn!(%source, cause = %format_args!("{why:#}"), "the broker of MQTT is not listened to; again soon");
        metrics::counter!("zhidan_mqtt_connections_ended_total").increment(1);
        tokio::time::sleep(again).await;
        again = (again * 2).min(AGAIN_MAX);
    }
}

/// Nothing: a session ends by failing alone.
enum Never {}

async fn session(
    app: &App,
    broker: &MqttSettings,
    subscription: &Subscription,
    name: &str,
    client: &str,
) -> anyhow::Result<Never> {
    // what nobody takes is left with the broker
    let find = || app.intake.sources.find(app, &subscription.slug, subscription.source, name);
    anyhow::ensure!(find().await?.is_some(), "there is no such active source");
    let mut client = Client::connect(broker, client, &subscription.filters).await?;
    tracing::info!(source = %name, "listening to the broker of MQTT");
    loop {
        let message = client.next().await?;
        let Some(source) = find().await? else { anyhow::bail!("the source is no longer active") };
        let outcome = deliver::surely(app, &source, &message, name).await;
        metrics::counter!("zhidan_mqtt_messages_total", "outcome" => outcome).increment(1);
        client.acknowledge(&message).await?;
    }
}
