//! What an event of the timeline says beyond its kind: reasons, opinions, terms. One shape for all kinds, because rows
//! once written are read for years.

use domain::applications::action::{Action, Advice, Outcome, Terms};
use domain::applications::completeness::Place;
use domain::applications::fields::field_at;
use domain::applications::product::ProductTerms;
use domain::words::Words;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an event says; everything that its kind does not have is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    /// A reason or an opinion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// `grant` or `decline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_months: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<DetailItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<Uuid>,
    /// Names of sources that could not be had, or that have nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// What the score said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Name of a document or mark of an authorisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// One thing to mend, with its reason; after a resubmission, with what the applicant says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct DetailItem {
    pub place: String,
    pub reason: String,
}

impl Detail {
    /// What an action says.
    pub(super) fn of(action: &Action) -> Self {
        let note = |text: &str| Self { note: Some(text.to_owned()), ..Self::default() };
        match action {
            Action::Submit { .. } => Self::default(),
            Action::CollectionGap { sources } | Action::Collected { absent: sources } => {
                Self { sources: sources.clone(), ..Self::default() }
            }
            Action::EntitlementDoubted { doubt } => {
                Self { about: Some(doubt.code().to_owned()), ..note(&doubt.words().zh) }
            }
            Action::ConfirmEntitlement { opinion } => note(opinion.as_str()),
            Action::Screened { outcome } => Self { outcome: Some(*outcome), ..Self::default() },
            Action::Assign { to } => Self { officer: Some(*to), ..Self::default() },
            Action::Return { items } | Action::Resubmit { notes: items, .. } => Self {
                items: items
                    .iter()
                    .map(|item| DetailItem {
                        place: place_text(item.place()),
                        reason: item.reason().as_str().to_owned(),
                    })
                    .collect(),
                ..Self::default()
            },
            Action::Recommend { advice, opinion, .. } => Self::advised(*advice, note(opinion.as_str())),
            Action::ReviewPass { opinion } => note(opinion.as_str()),
            Action::SendBack { reason, .. } | Action::Refuse { reason } => note(reason.as_str()),
            Action::Approve { terms, conditions } => Self {
                conditions: conditions.iter().map(|condition| condition.as_str().to_owned()).collect(),
                ..Self::default().with_terms(*terms)
            },
            Action::Withdraw { reason } | Action::RequestHumanReview { reason } => {
                reason.as_ref().map(|reason| note(reason.as_str())).unwrap_or_default()
            }
        }
    }

    fn advised(advice: Advice, noted: Self) -> Self {
        match advice {
            Advice::Grant(terms) => Self { advice: Some("grant".into()), ..noted }.with_terms(terms),
            Advice::Decline => Self { advice: Some("decline".into()), ..noted },
        }
    }

    fn with_terms(self, terms: Terms) -> Self {
        Self { amount_fen: Some(terms.amount.0), term_months: Some(terms.months), ..self }
    }
}

/// The place of the authorisation among those of fields and documents.
const CONSENT: &str = "/authorisation";

/// A place as text: a JSON pointer into the form, `#` and a checklist item's key, or `/authorisation`.
pub(super) fn place_text(place: &Place) -> String {
    match place {
        Place::Pointer(pointer) => pointer.clone(),
        Place::ItemKey(key) => format!("#{key}"),
        Place::Consent => CONSENT.to_owned(),
    }
}

/// Reads such a text back; whether the place exists is the product's matter.
pub(super) fn place_of(text: &str) -> Place {
    match text.strip_prefix('#') {
        Some(key) => Place::ItemKey(key.to_owned()),
        None if text == CONSENT => Place::Consent,
        None => Place::Pointer(text.to_owned()),
    }
}

/// What a place is called.
pub(super) fn place_label(place: &str, product: &ProductTerms) -> Words {
    let found = match place_of(place) {
        Place::Pointer(pointer) => match pointer.strip_prefix("/extra/") {
            Some(key) => product.extra_field(key).map(|field| field.label.clone()),
            None => field_at(&pointer).map(domain::applications::fields::FieldSpec::label),
        },
        Place::ItemKey(key) => product.item(&key).map(|item| item.label.clone()),
        Place::Consent => Some(Words::new("数据授权", "Data authorisation")),
    };
    found.unwrap_or_else(|| Words::new("其他", "Other"))
}
