//! Ids as the outside sees them: a prefix that says what it is, and a UUIDv7 in Crockford's base 32 (the TypeID form,
//! `app_01j…`). A wrong prefix is another thing's id and reads as "no such thing", never as an error to explore.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// A kind of thing that has ids.
pub trait Kind {
    /// The prefix before the underscore.
    const PREFIX: &'static str;
}

/// The id of one thing of kind `K`.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {
        /// The kinds of things that have ids.
        pub mod kind {
            $($(#[$doc])* #[derive(Clone, Copy, Debug)] pub enum $name {} impl super::Kind for $name { const PREFIX: &'static str = $prefix; })*
        }
        /// Every prefix with the kind's name, for documents and tests.
        pub const PREFIXES: &[(&str, &str)] = &[$(($prefix, stringify!($name))),*];
    };
}

kinds! {
    /// A guarantee firm.
    Tenant "ten";
    /// A department of a firm.
    Department "dep";
    /// A role that a tenant has made.
    Role "rol";
    /// A member of staff.
    Staff "stf";
    /// An applicant's account.
    Applicant "apl";
    /// A log-in.
    Session "ses";
    /// A template of a message.
    Template "tpl";
    /// A message in an applicant's inbox.
    Message "msg";
    /// An SMS or mail sent or to be sent.
    Delivery "dlv";
    /// A guarantee product.
    Product "prd";
    /// A version of a scorecard.
    Scorecard "scd";
    /// An enterprise record.
    Enterprise "ent";
    /// An application.
    Application "app";
    /// A row of a timeline.
    Event "evt";
    /// A document.
    Document "doc";
    /// An authorisation to collect data.
    Authorisation "aut";
    /// An attempt at collecting data.
    Pull "pul";
    /// An evaluation.
    Assessment "asm";
    /// A policy.
    Policy "pol";
    /// An article.
    Article "art";
    /// A glossary entry.
    Term "trm";
    /// A job.
    Job "job";
    /// A customer: a person, an enterprise or a bank.
    Customer "cus";
    /// A channel of the firm.
    Channel "chn";
    /// How two customers are related.
    Relation "rel";
    /// A customer's record shared with a channel.
    Share "shr";
    /// An approval under which limits are granted.
    LimitApproval "lap";
    /// A credit limit or a part of one.
    Limit "lim";
    /// An entry of the limit ledger.
    LimitEntry "len";
    /// All the entries that one operation made.
    LimitOperation "lop";
    /// An amount of a limit that is set aside.
    Reservation "rsv";
    /// One drawing of money under a limit.
    Drawdown "drw";
    /// A dated parameter of the firm.
    Parameter "par";
    /// An agreement on who bears what.
    Agreement "agr";
    /// A machine.
    Equipment "eqp";
    /// Where readings come from.
    Source "src";
    /// A socket, or one channel of it.
    Socket "skt";
    /// A socket at a machine.
    Binding "bnd";
    /// What came and could not be counted.
    Quarantined "qrt";
    /// By which figures power is read as a state.
    Thresholds "thr";
    /// A score of a machine.
    EquipmentScore "esc";
    /// A row of the life of a machine.
    LifeEvent "lfe";
    /// What is watched for.
    AlarmRule "alr";
    /// What was found wrong.
    Alarm "alm";
    /// A machine that is offered.
    Listing "lst";
    /// A question about one.
    Enquiry "enq";
    /// An address of a third party that is told of events.
    WebhookEndpoint "whe";
    /// An event that third parties are told of.
    WebhookMessage "whm";
    /// An event on its way to one address.
    WebhookDelivery "whd";
    /// A third party's system that calls the interface.
    ApiClient "cli";
    /// A secret or key that such a system proves itself with.
    ClientCredential "ccr";
    /// A request of such a system.
    ClientRequest "crq";
    /// What somebody asks of their own data.
    PrivacyRequest "prq";
    /// A copy of somebody's data.
    DataExport "dex";
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl<K: Kind> Id<K> {
    /// Wraps a stored UUID.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID that is stored.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }

    /// Reads an id of exactly this kind; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(K::PREFIX)?.strip_prefix('_')?;
        decode(rest).map(Self::from_uuid)
    }
}

/// 128 bits as 26 digits, most significant first.
fn encode(uuid: Uuid) -> String {
    let value = uuid.as_u128();
    (0..26u32)
        .rev()
        .filter_map(|place| ALPHABET.get(((value >> (place * 5)) & 31) as usize))
        .map(|b| char::from(*b))
        .collect()
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != 26 || text.as_bytes().first().is_none_or(|b| *b > b'7') {
        return None;
    }
    let mut value: u128 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|a| *a == byte)?;
        value = (value << 5) | digit as u128;
    }
    Some(Uuid::from_u128(value))
}

/// The UUID of an id of any kind; `None` for anything else.
pub fn any(text: &str) -> Option<Uuid> {
    let (prefix, rest) = text.split_once('_')?;
    PREFIXES.iter().any(|(known, _)| *known == prefix).then(|| decode(rest)).flatten()
}

/// The id of a thing whose kind is known only by its name, in any case, with underscores between its words or without; a bare UUID where there is no such kind.
pub fn shown_as(kind: &str, uuid: Uuid) -> String {
    let bare = kind.replace('_', "");
    match PREFIXES.iter().find(|(_, name)| name.eq_ignore_ascii_case(&bare)) {
        Some((prefix, _)) => format!("{prefix}_{}", encode(uuid)),
        None => uuid.to_string(),
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, encode(self.0))
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom(format!("expected an id that begins with {}_", K::PREFIX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(bits: u128) {
            let id = Id::<kind::Application>::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(Id::parse(&id.to_string()), Some(id));
            prop_assert_eq!(Id::<kind::Staff>::parse(&id.to_string()), None);
            prop_assert_eq!(super::any(&id.to_string()), Some(id.uuid()));
            prop_assert_eq!(shown_as("application", id.uuid()), id.to_string());
            let rule = Id::<kind::AlarmRule>::from_uuid(id.uuid());
            prop_assert_eq!(shown_as("alarm_rule", id.uuid()), rule.to_string());
        }

        #[test]
        fn nothing_else_is_read(text in "\\PC{0,40}") {
            if let Some(id) = Id::<kind::Application>::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn prefixes_are_not_shared() {
        let mut seen: Vec<_> = PREFIXES.iter().map(|p| p.0).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), PREFIXES.len());
    }
}
