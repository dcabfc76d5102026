//! The authorisation 授权标识: without one in force no tax or invoice data is collected or evaluated (R11.1), and only
//! somebody entitled can give it for an enterprise. Revoking stops new pulls and evaluations at once (PIPL art. 15).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::entitlement::{Entitlement, REGISTRATION};
use crate::words::Words;

/// Most sources that one authorisation may name.
pub const CONSENT_SOURCES_MAX: usize = 32;

/// Whom an application or a consent is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A natural person, the account's own.
    Person,
    /// An enterprise, for which a person acts.
    Enterprise,
}

/// In which capacity a person acts for an enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// 法定代表人, entitled by law (民法典 art. 61).
    LegalRepresentative,
    /// 经办人/代理人, entitled by a written power of attorney (民法典 art. 165).
    Agent,
}

/// Why data is collected; the applicant agrees to one purpose (PIPL art. 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// 融资准入评估: to evaluate this application for a guarantee.
    Admission,
    /// 保后监控: to watch the risk of a guarantee in force.
    PostGuarantee,
}

/// An authorisation as stored. It holds from `valid_from` (included) to `valid_to` (not included), or until revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorisation {
    /// What the data may be used for.
    pub purpose: ConsentPurpose,
    /// Codes of the data sources that may be asked.
    pub sources: Vec<String>,
    /// First instant at which it holds.
    pub valid_from: DateTime<Utc>,
    /// First instant at which it no longer holds.
    pub valid_to: DateTime<Utc>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
    /// How it stands with the entitlement of whoever gave it.
    pub entitlement: Entitlement,
}

/// Whether and why not an authorisation allows something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// In force, given by somebody entitled.
    Granted,
    /// There is none.
    Absent,
    /// It begins later.
    NotYet,
    /// Its period is over.
    Expired,
    /// It was revoked.
    Revoked,
    /// It was given for another purpose.
    OtherPurpose,
    /// It does not name every source that is needed.
    SourceNotNamed,
    /// Whoever gave it has not said in which capacity they act for the enterprise.
    CapacityMissing,
    /// It was given by an agent whose proof of authority is not there.
    ProofMissing,
    /// It names no source, or too many.
    NoSources,
    /// Its period ends before it begins.
    NoPeriod,
    /// Whether whoever gave it was entitled is not settled.
    EntitlementOpen,
}

impl ConsentState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 12] = [
        Self::Granted,
        Self::Absent,
        Self::NotYet,
        Self::Expired,
        Self::Revoked,
        Self::OtherPurpose,
        Self::SourceNotNamed,
        Self::CapacityMissing,
        Self::ProofMissing,
        Self::NoSources,
        Self::NoPeriod,
        Self::EntitlementOpen,
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Granted => "consent_granted",
            Self::Absent => "consent_absent",
            Self::NotYet => "consent_not_yet",
            Self::Expired => "consent_expired",
            Self::Revoked => "consent_revoked",
            Self::OtherPurpose => "consent_other_purpose",
            Self::SourceNotNamed => "consent_source_not_named",
            Self::CapacityMissing => "consent_capacity_missing",
            Self::ProofMissing => "consent_proof_missing",
            Self::NoSources => "consent_no_sources",
            Self::NoPeriod => "consent_no_period",
            Self::EntitlementOpen => "consent_entitlement_open",
        }
    }

    /// What is so, and how to mend it.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Granted => ("数据授权有效", "The data authorisation is in force"),
            Self::Absent => (
                "尚未授权采集企业涉税和发票数据，请先完成数据授权",
                "No authorisation to collect tax and invoice data; grant it first",
            ),
            Self::NotYet => (
                "数据授权尚未开始生效，请调整生效日期或等待生效",
                "The authorisation has not begun; change its start or wait",
            ),
            Self::Expired => ("数据授权已过期，请重新授权", "The authorisation has expired; grant it again"),
            Self::Revoked => {
                ("数据授权已撤回，如需继续请重新授权", "The authorisation was revoked; grant it again to go on")
            }
            Self::OtherPurpose => (
                "现有授权的用途不符，请按本次用途重新授权",
                "The authorisation is for another purpose; grant one for this purpose",
            ),
            Self::SourceNotNamed => (
                "授权未包含所需的全部数据来源，请补充授权",
                "The authorisation does not name every source needed; grant one that does",
            ),
            Self::CapacityMissing => {
                ("请先填写您是法定代表人还是经办人", "Say first whether you act as legal representative or as agent")
            }
            Self::ProofMissing => (
                "经办人须先上传授权委托书，才能代企业授权",
                "An agent uploads the power of attorney before authorising for the enterprise",
            ),
            Self::NoSources => ("请至少选择一个数据来源（最多32个）", "Choose at least one data source (at most 32)"),
            Self::NoPeriod => ("授权截止时间应晚于开始时间", "The authorisation must end after it begins"),
            Self::EntitlementOpen => (
                "授权人的资格尚待核实，核实前不采集登记信息以外的数据",
                "Whether they may consent is still to be settled; until then only the registration is asked for",
            ),
        };
        Words::new(zh, en)
    }
}

impl Authorisation {
    /// Makes an authorisation in force from `valid_from`.
    ///
    /// # Errors
    /// [`ConsentState::NoSources`] or [`ConsentState::NoPeriod`].
    pub fn new(
        purpose: ConsentPurpose,
        sources: Vec<String>,
        valid_from: DateTime<Utc>,
        valid_to: DateTime<Utc>,
    ) -> Result<Self, ConsentState> {
        if sources.is_empty() || sources.len() > CONSENT_SOURCES_MAX {
            return Err(ConsentState::NoSources);
        }
        if valid_from >= valid_to {
            return Err(ConsentState::NoPeriod);
        }
        Ok(Self { purpose, sources, valid_from, valid_to, revoked_at: None, entitlement: Entitlement::Open })
    }

    /// Its state at an instant, apart from any source. A revocation counts from its instant on, so what was pulled
    /// before was pulled rightly.
    pub fn state_at(&self, at: DateTime<Utc>) -> ConsentState {
        if self.revoked_at.is_some_and(|revoked| revoked <= at) {
            ConsentState::Revoked
        } else if at < self.valid_from {
            ConsentState::NotYet
        } else if at >= self.valid_to {
            ConsentState::Expired
        } else {
            ConsentState::Granted
        }
    }

    /// Whether a source may be asked at an instant: until the entitlement is settled, the registration alone.
    ///
    /// # Errors
    /// The [`ConsentState`] that stands against it.
    pub fn may_pull(&self, at: DateTime<Utc>, source: &str) -> Result<(), ConsentState> {
        self.names(at, source)?;
        if source == REGISTRATION { Ok(()) } else { self.is_by_somebody_entitled() }
    }

    /// Whether what was collected may be evaluated at an instant.
    ///
    /// # Errors
    /// The [`ConsentState`] that stands against it.
    pub fn may_evaluate(&self, at: DateTime<Utc>) -> Result<(), ConsentState> {
        self.in_force(at)?;
        self.is_by_somebody_entitled()
    }

    /// Whether it holds at an instant, apart from who gave it.
    ///
    /// # Errors
    /// The [`ConsentState`] that stands against it.
    pub fn in_force(&self, at: DateTime<Utc>) -> Result<(), ConsentState> {
        match self.state_at(at) {
            ConsentState::Granted => Ok(()),
            other => Err(other),
        }
    }

    fn names(&self, at: DateTime<Utc>, source: &str) -> Result<(), ConsentState> {
        self.in_force(at)?;
        if self.sources.iter().any(|named| named == source) { Ok(()) } else { Err(ConsentState::SourceNotNamed) }
    }

    fn is_by_somebody_entitled(&self) -> Result<(), ConsentState> {
        if self.entitlement.is_settled() { Ok(()) } else { Err(ConsentState::EntitlementOpen) }
    }

    /// The state for submitting: in force at `at`, for `purpose`, naming every one of `sources`.
    pub fn covers(&self, at: DateTime<Utc>, purpose: ConsentPurpose, sources: &[&str]) -> ConsentState {
        if self.purpose != purpose {
            return ConsentState::OtherPurpose;
        }
        let refused = sources.iter().find_map(|source| self.names(at, source).err());
        refused.unwrap_or_else(|| self.state_at(at))
    }
}

/// Whether somebody may give the consent of an application's subject: a person for themselves; for an enterprise its
/// legal representative, or an agent whose proof of authority has been uploaded.
///
/// # Errors
/// [`ConsentState::CapacityMissing`] or [`ConsentState::ProofMissing`].
pub fn may_grant(
    subject: SubjectKind,
    capacity: Option<Capacity>,
    agent_proof_ready: bool,
) -> Result<(), ConsentState> {
    match (subject, capacity) {
        (SubjectKind::Person, _) | (SubjectKind::Enterprise, Some(Capacity::LegalRepresentative)) => Ok(()),
        (SubjectKind::Enterprise, Some(Capacity::Agent)) if agent_proof_ready => Ok(()),
        (SubjectKind::Enterprise, Some(Capacity::Agent)) => Err(ConsentState::ProofMissing),
        (SubjectKind::Enterprise, None) => Err(ConsentState::CapacityMissing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn one_year() -> Authorisation {
        let sources = ["tax", "invoices", REGISTRATION].map(str::to_owned).to_vec();
        let (from, to) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        Authorisation {
            entitlement: Entitlement::Matched,
            ..Authorisation::new(ConsentPurpose::Admission, sources, from, to).unwrap()
        }
    }

    #[test]
    fn only_the_registration_is_asked_for_until_the_entitlement_is_settled() {
        let now = at("2026-05-01T00:00:00Z");
        for entitlement in Entitlement::ALL {
            let given = Authorisation { entitlement, ..one_year() };
            let expected = if entitlement.is_settled() { Ok(()) } else { Err(ConsentState::EntitlementOpen) };
            assert_eq!(given.may_pull(now, REGISTRATION), Ok(()), "{entitlement:?}");
            assert_eq!(given.may_pull(now, "tax"), expected, "{entitlement:?}");
            assert_eq!(given.may_evaluate(now), expected, "{entitlement:?}");
            assert_eq!(given.covers(now, ConsentPurpose::Admission, &["tax"]), ConsentState::Granted);
        }
        let made = Authorisation::new(ConsentPurpose::Admission, vec!["tax".into()], now, at("2027-01-01T00:00:00Z"));
        assert_eq!(made.unwrap().entitlement, Entitlement::Open);
    }

    #[test]
    fn pulls_need_an_authorisation_in_force() {
        let open = one_year();
        let revoked = Authorisation { revoked_at: Some(at("2026-06-01T00:00:00Z")), ..one_year() };
        let rows = [
            (&open, "2026-01-01T00:00:00Z", "tax", Ok(())),
            (&open, "2025-12-31T23:59:59Z", "tax", Err(ConsentState::NotYet)),
            (&open, "2026-12-31T23:59:59Z", "tax", Ok(())),
            (&open, "2027-01-01T00:00:00Z", "tax", Err(ConsentState::Expired)),
            (&open, "2026-05-01T00:00:00Z", "bank", Err(ConsentState::SourceNotNamed)),
            (&revoked, "2026-05-31T23:59:59Z", "tax", Ok(())),
            (&revoked, "2026-06-01T00:00:00Z", "tax", Err(ConsentState::Revoked)),
            (&revoked, "2028-06-01T00:00:00Z", "bank", Err(ConsentState::Revoked)),
        ];
        for (authorisation, when, source, expected) in rows {
            assert_eq!(authorisation.may_pull(at(when), source), expected, "{when} {source}");
        }
    }

    #[test]
    fn a_submission_needs_purpose_and_sources() {
        let now = at("2026-05-01T00:00:00Z");
        let rows = [
            (ConsentPurpose::Admission, &["tax", "invoices"][..], ConsentState::Granted),
            (ConsentPurpose::Admission, &[][..], ConsentState::Granted),
            (ConsentPurpose::Admission, &["tax", "bank"][..], ConsentState::SourceNotNamed),
            (ConsentPurpose::PostGuarantee, &["tax"][..], ConsentState::OtherPurpose),
        ];
        for (purpose, sources, expected) in rows {
            assert_eq!(one_year().covers(now, purpose, sources), expected);
        }
    }

    #[test]
    fn who_is_entitled() {
        use Capacity::{Agent, LegalRepresentative};
        use SubjectKind::{Enterprise, Person};
        let rows = [
            (Person, None, false, Ok(())),
            (Enterprise, Some(LegalRepresentative), false, Ok(())),
            (Enterprise, Some(Agent), true, Ok(())),
            (Enterprise, Some(Agent), false, Err(ConsentState::ProofMissing)),
            (Enterprise, None, true, Err(ConsentState::CapacityMissing)),
        ];
        for (subject, capacity, proof, expected) in rows {
            assert_eq!(may_grant(subject, capacity, proof), expected);
        }
    }

    #[test]
    fn an_empty_authorisation_cannot_be_made() {
        let (from, to) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let make = |sources: usize, from, to| {
            Authorisation::new(ConsentPurpose::Admission, vec!["a".into(); sources], from, to).err()
        };
        assert_eq!(make(0, from, to), Some(ConsentState::NoSources));
        assert_eq!(make(33, from, to), Some(ConsentState::NoSources));
        assert_eq!(make(1, to, from), Some(ConsentState::NoPeriod));
        assert_eq!(make(1, from, from), Some(ConsentState::NoPeriod));
    }

    #[test]
    fn every_state_has_its_own_code() {
        let codes: std::collections::BTreeSet<_> = ConsentState::ALL.iter().map(|state| state.code()).collect();
        assert_eq!(codes.len(), ConsentState::ALL.len());
    }
}
