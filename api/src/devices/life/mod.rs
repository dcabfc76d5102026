//! The life of a machine 全生命周期 (R10.5): every act about it leaves a row here, in the transaction of the act, and the rows
//! in their order are its history. What people wrote is sealed.

mod list;
mod store;
mod value;

pub(in crate::devices) use value::{ValuationView, refused, valuation};

use domain::devices::life::LifeEvent;
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_life).service(value::read_value);
}

/// What a row says beside its kind.
#[derive(Default)]
pub(in crate::devices) struct Note<'a> {
    /// What it was about: a binding, a score, an alarm, a listing, an enquiry, thresholds.
    pub(in crate::devices) subject: Option<Uuid>,
    /// What there is to say, as it was then.
    pub(in crate::devices) words: Option<Words>,
    /// What whoever did it gave as the reason.
    pub(in crate::devices) reason: Option<&'a str>,
}

impl<'a> Note<'a> {
    /// A reason alone.
    pub(in crate::devices) fn because(reason: &'a str) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }

    /// What it was about, and what there is to say.
    pub(in crate::devices) fn about(subject: Uuid, words: Words) -> Self {
        Self { subject: Some(subject), words: Some(words), reason: None }
    }
}

/// The sealed part of a row.
#[derive(Serialize, Deserialize)]
struct Sealed {
    words: Option<Words>,
    reason: Option<String>,
}

/// Adds to a machine's history, in the name of whoever acts in this transaction.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn record(tx: &TenantTx, equipment: Uuid, kind: LifeEvent, note: Note<'_>) -> Result<()> {
    let sealed = Sealed { words: note.words, reason: note.reason.map(str::to_owned) };
    let is_empty = sealed.words.is_none() && sealed.reason.is_none();
    store::add(tx, equipment, kind, note.subject, (!is_empty).then_some(&sealed)).await
}
