//! Customers 客户 and channels 渠道: what kinds there are, which relations can hold between whom, and when a record that
//! was shared with a channel may be looked at.

mod relation;
mod share;

pub use relation::{EndFault, NewRelation, RelationFault, end_relation};
pub use share::{NewShare, Share, ShareFault, ShareState};

use chrono::{Datelike, NaiveDate};

use crate::coded::coded;
use crate::limits::weights::ClientClass;

/// The years that a day of a relation or a share may lie in: earlier ones are slips of the pen, later ones no promise.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

coded! {
    /// What a customer is.
    CustomerKind {
        /// A natural person.
        Person "person" "个人" "person";
        /// An enterprise.
        Enterprise "enterprise" "企业" "enterprise";
        /// A bank or another lender.
        Bank "bank" "银行" "bank";
    }
}

coded! {
    /// What a channel is.
    ChannelKind {
        /// A branch of the firm itself.
        Branch "branch" "分支机构" "branch";
        /// A bank.
        Bank "bank" "银行" "bank";
        /// A partner who brings customers.
        Partner "partner" "合作机构" "partner";
    }
}

impl CustomerKind {
    /// Whether a customer of this kind can have the class: only a person is a farming household, and a bank is no small
    /// or micro enterprise. A person may be micro or small, as the owner of a business that has no legal person.
    pub fn takes(self, class: ClientClass) -> bool {
        match class {
            ClientClass::Other => true,
            ClientClass::Farmer => self == Self::Person,
            ClientClass::Micro | ClientClass::Small => self != Self::Bank,
        }
    }
}

/// Whether a day can be meant.
pub fn is_plausible(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_take_classes() {
        use ClientClass as C;
        use CustomerKind as K;
        let rows = [
            (K::Person, [C::Micro, C::Small, C::Farmer, C::Other].as_slice()),
            (K::Enterprise, &[C::Micro, C::Small, C::Other]),
            (K::Bank, &[C::Other]),
        ];
        for (kind, taken) in rows {
            for class in C::ALL {
                assert_eq!(kind.takes(*class), taken.contains(class), "{} {}", kind.code(), class.code());
            }
        }
    }

    #[test]
    fn days_are_plausible_from_1900_to_2999() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(is_plausible(day("1900-01-01")) && is_plausible(day("2999-12-31")));
        assert!(!is_plausible(day("1899-12-31")) && !is_plausible(day("3000-01-01")));
        assert!(!is_plausible(NaiveDate::MIN) && !is_plausible(NaiveDate::MAX));
    }
}
