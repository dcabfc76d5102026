//! What every source of data looks like to us: it is asked about one firm, and answers, has nothing, or fails.

use async_trait::async_trait;
use domain::assessments::admission::SourceKind;
use domain::person::CreditCode;
use uuid::Uuid;

/// One question to a source.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The firm on whose behalf we ask.
    pub tenant: Uuid,
    /// Its name in addresses.
    pub tenant_slug: String,
    /// The enterprise.
    pub subject: CreditCode,
    /// What is asked for.
    pub source: SourceKind,
    /// How often it has been asked in this round, this time included.
    pub attempt: i32,
}

/// What a source says.
#[derive(Debug)]
pub enum PullAnswer {
    /// The data, in the form that `docs/data-sources.md` describes.
    Complete(Vec<u8>),
    /// It was asked and has nothing about this enterprise.
    Absent,
    /// It could not answer.
    Failed {
        /// Asking again will not help.
        permanent: bool,
        /// Why, without personal data.
        why: String,
    },
}

/// A source of data. Adapters call out, so they are never asked inside a transaction.
#[async_trait]
pub trait DataSource: Send + Sync {
    /// The name kept with each pull.
    fn name(&self) -> &'static str;

    /// Asks once.
    async fn pull(&self, ask: &Ask) -> PullAnswer;
}
