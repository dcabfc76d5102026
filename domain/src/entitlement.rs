//! Whether whoever gave an enterprise's consent may: what they say of themselves is compared with what the firm's record
//! and the registration say, and what cannot be settled so is settled by a person before anything else is asked for
//! (民法典 art. 61, 165; PIPL art. 13). Tax data of an enterprise must not be had by whoever knows its credit code.

use serde::{Deserialize, Serialize};

use crate::consent::Capacity;
use crate::person::RealName;
use crate::words::Words;

/// The one source that may be asked while the entitlement is open, since it says who the legal representative is.
pub const REGISTRATION: &str = "registration";

/// How it stands with the entitlement of whoever gave an authorisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entitlement {
    /// Not compared yet.
    Open,
    /// They are the legal representative whom registration or record name, and neither names another.
    Matched,
    /// A member of staff has looked at the proof and confirmed it.
    Confirmed,
    /// They act by a power of attorney, which a person has to read.
    Agent,
    /// The firm's record of the enterprise names another.
    RecordDiffers,
    /// The registration names another.
    RegistrationDiffers,
    /// Neither the record nor the registration names anybody.
    NotNamed,
}

impl Entitlement {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Matched,
        Self::Confirmed,
        Self::Agent,
        Self::RecordDiffers,
        Self::RegistrationDiffers,
        Self::NotNamed,
    ];

    /// The stable code, as stored and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Matched => "matched",
            Self::Confirmed => "confirmed",
            Self::Agent => "agent",
            Self::RecordDiffers => "record_differs",
            Self::RegistrationDiffers => "registration_differs",
            Self::NotNamed => "not_named",
        }
    }

    /// The state with a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether more than the registration may be collected, and what was collected be evaluated and shown.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Matched | Self::Confirmed)
    }

    /// Whether a member of staff has to look at it.
    pub fn is_doubted(self) -> bool {
        !self.is_settled() && self != Self::Open
    }

    /// How it stands, for staff.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Open => ("授权人资格待核对", "Whether they may consent has not been compared yet"),
            Self::Matched => ("授权人与法定代表人一致", "They are the legal representative on record"),
            Self::Confirmed => ("授权人资格已由工作人员确认", "A member of staff has confirmed that they may"),
            Self::Agent => {
                ("由经办人授权，须核对授权委托书后确认", "An agent consented: read the power of attorney, then confirm")
            }
            Self::RecordDiffers => (
                "授权人与企业档案中的法定代表人不一致，须核实后确认",
                "They are not the legal representative in the enterprise's record: clear this up, then confirm",
            ),
            Self::RegistrationDiffers => (
                "授权人与登记信息中的法定代表人不一致，须核实后确认",
                "They are not the legal representative in the registration: clear this up, then confirm",
            ),
            Self::NotNamed => (
                "企业档案和登记信息中均无法定代表人，须核实授权人身份后确认",
                "Neither record nor registration names a legal representative: see who they are, then confirm",
            ),
        };
        Words::new(zh, en)
    }
}

/// Whether the firm's record stands against a consent as it is given.
#[must_use]
pub fn record_allows(capacity: Capacity, person: &RealName, recorded: Option<&RealName>) -> bool {
    capacity == Capacity::Agent || recorded.is_none_or(|name| name == person)
}

/// Compares whoever consented with what record and registration say. `registered` is the registration's own words, which
/// need not be a person's name.
pub fn compare(
    capacity: Capacity,
    person: &RealName,
    recorded: Option<&RealName>,
    registered: Option<&str>,
) -> Entitlement {
    if capacity == Capacity::Agent {
        return Entitlement::Agent;
    }
    let registered = registered.map(str::trim).filter(|text| !text.is_empty());
    if recorded.is_some_and(|name| name != person) {
        return Entitlement::RecordDiffers;
    }
    match registered.map(RealName::parse) {
        Some(Ok(name)) if name == *person => Entitlement::Matched,
        Some(_) => Entitlement::RegistrationDiffers,
        None if recorded.is_some() => Entitlement::Matched,
        None => Entitlement::NotNamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_consented_is_compared_with_both() {
        use Capacity::{Agent, LegalRepresentative as Legal};
        use Entitlement as E;
        let name = |text: &str| RealName::parse(text).unwrap();
        let rows = [
            (Legal, None, None, E::NotNamed),
            (Legal, None, Some(""), E::NotNamed),
            (Legal, None, Some("  "), E::NotNamed),
            (Legal, None, Some("示例甲"), E::Matched),
            (Legal, None, Some(" 示例甲 "), E::Matched),
            (Legal, None, Some("示例乙"), E::RegistrationDiffers),
            (Legal, None, Some("示例甲（某某公司委派）"), E::RegistrationDiffers),
            (Legal, Some("示例甲"), None, E::Matched),
            (Legal, Some("示例甲"), Some("示例甲"), E::Matched),
            (Legal, Some("示例甲"), Some("示例乙"), E::RegistrationDiffers),
            (Legal, Some("示例乙"), Some("示例甲"), E::RecordDiffers),
            (Legal, Some("示例乙"), None, E::RecordDiffers),
            (Agent, None, None, E::Agent),
            (Agent, Some("示例甲"), Some("示例甲"), E::Agent),
        ];
        for (capacity, recorded, registered, expected) in rows {
            let recorded = recorded.map(name);
            let found = compare(capacity, &name("示例甲"), recorded.as_ref(), registered);
            assert_eq!(found, expected, "{capacity:?} {registered:?}");
            let refused = expected == E::RecordDiffers;
            assert_eq!(record_allows(capacity, &name("示例甲"), recorded.as_ref()), !refused, "{registered:?}");
        }
    }

    #[test]
    fn codes_are_found_again_and_only_two_settle_it() {
        for state in Entitlement::ALL {
            assert_eq!(Entitlement::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
            assert!(!(state.is_settled() && state.is_doubted()));
        }
        assert_eq!(Entitlement::ALL.into_iter().filter(|s| s.is_settled()).count(), 2);
        assert_eq!(Entitlement::from_code("granted"), None);
    }
}
