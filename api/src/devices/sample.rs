//! Machines for a demonstration, as if staff had put them on record and their sockets had sent for some days.

use chrono::{DateTime, Utc};
use domain::devices::category::EquipmentCategory;
use domain::devices::intake::Verification;
use domain::devices::life::LifeEvent;
use domain::devices::messages::Format;
use domain::devices::reading::Reading;
use domain::devices::score::papers::Papers;
use domain::time::TenantZone;
use uuid::Uuid;

use super::equipment::store::Fields;
use super::life::{self, Note};
use super::readings::{Given, KnownSockets};
use super::scores::{self, Cause};
use super::{bindings, equipment, readings, sockets, sources, usage};
use crate::error::Result;
use crate::platform::db::TenantTx;

/// Readings that are written at once.
const READINGS_AT_ONCE: usize = 1_000;

/// A machine with a socket and what it said.
pub struct SampleMachine {
    /// Its name.
    pub name: String,
    /// What kind of machine it is.
    pub category: EquipmentCategory,
    /// Its papers.
    pub papers: Papers,
    /// What its source calls the socket.
    pub device: String,
    /// What the socket said.
    pub readings: Vec<Reading>,
    /// Since when the socket is at it.
    pub since: DateTime<Utc>,
}

/// Adds a source with the sockets of some machines, looked after by `officer` of `department`. Audit is the caller's.
///
/// # Errors
/// If the database fails.
pub async fn add_samples(
    tx: &TenantTx,
    source_name: &str,
    machines: Vec<SampleMachine>,
    (department, officer): (Uuid, Uuid),
) -> Result<()> {
    let source = sources::store::NewRow {
        name: source_name.to_owned(),
        format: Format::Own,
        verification: Verification::Hmac,
        zone: TenantZone::default().to_string(),
        // nobody is told it: whoever wants to send takes a new one
        secret: Uuid::now_v7().simple().to_string(),
    };
    let source = sources::store::insert(tx, &source).await?.id;
    for machine in machines {
        add(tx, source, machine, (department, officer)).await?;
    }
    usage::count_soon(tx).await
}

async fn add(tx: &TenantTx, source: Uuid, sample: SampleMachine, (department, officer): (Uuid, Uuid)) -> Result<()> {
    let fields = Fields {
        name: sample.name,
        category: sample.category,
        customer: None,
        applicant: None,
        region: None,
        place: None,
        papers: sample.papers,
        department: Some(department),
        officer: Some(officer),
    };
    let number = equipment::number(tx).await?;
    let thresholds = usage::thresholds_of_new(tx, fields.category).await?;
    let mut row = equipment::store::insert(tx, number, &fields, thresholds).await?;
    life::record(tx, row.id, LifeEvent::Registered, Note::default()).await?;
    let socket = sockets::store::NewRow { source, device: sample.device.clone(), channel: 0, label: None };
    let socket = sockets::store::insert(tx, &socket).await?;
    let binding = bindings::store::insert(tx, socket.id, row.id, sample.since, None).await?;
    let note = Note { subject: Some(binding.id), ..Note::default() };
    life::record(tx, row.id, LifeEvent::SocketBound, note).await?;
    let known = KnownSockets::default();
    let given: Vec<Given> = sample
        .readings
        .into_iter()
        .map(|reading| Given { device: sample.device.clone(), channel: 0, reading })
        .collect();
    for some in given.chunks(READINGS_AT_ONCE) {
        readings::put(tx, &known, source, some).await?;
    }
    scores::rescore(tx, &mut row, Cause::Asked).await.map(|_| ())
}
