//! The life of a machine 全生命周期 (R10.5): every act about it leaves a row here, in the transaction of the act, and the rows
//! in their order are its history. What people wrote is sealed.

mod keep_value;
mod list;
mod maintain;
mod store;
mod value;

pub(in crate::devices) use value::{ValuationView, refused, valuation};

use domain::devices::life::LifeEvent;
use domain::money::Fen;
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list::list_life)
        .service(value::read_value)
        .service(keep_value::keep_valuation)
        .service(maintain::record_maintenance)
        .service(maintain::record_my_maintenance);
}

/// What a row says beside its kind.
#[derive(Default)]
pub(in crate::devices) struct Note<'a> {
    /// What it was about: a binding, a score, an alarm, a listing, an enquiry, thresholds, a document.
    pub(in crate::devices) subject: Option<Uuid>,
    /// What it was worth, or what was paid.
    pub(in crate::devices) amount: Option<Fen>,
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
        Self { subject: Some(subject), words: Some(words), ..Self::default() }
    }
}

/// The sealed part of a row.
#[derive(Serialize, Deserialize)]
struct Sealed {
    words: Option<Words>,
    reason: Option<String>,
    #[serde(default)]
    amount_fen: Option<Fen>,
}

/// Adds to a machine's history, in the name of whoever acts in this transaction; gives the new row's id.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn record(
    tx: &TenantTx,
    equipment: Uuid,
    kind: LifeEvent,
    note: Note<'_>,
) -> Result<Uuid> {
    let sealed = Sealed { words: note.words, reason: note.reason.map(str::to_owned), amount_fen: note.amount };
    let is_empty = sealed.words.is_none() && sealed.reason.is_none() && sealed.amount_fen.is_none();
    store::add(tx, equipment, kind, note.subject, (!is_empty).then_some(&sealed)).await
}
