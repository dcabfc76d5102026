//! What the result of scoring means by now. The score is made once; what it led to changes with every step after it, and
//! a sentence of that day read today would say what is not so.

use super::state::{ApplicationState as S, Facts};

/// The sentence that stands in place of the score's own, where the application has gone on since. `over_limit` is whether
/// the score alone would refuse.
pub fn headline(facts: &Facts, over_limit: bool) -> Option<&'static str> {
    match facts.state {
        S::Approved => Some("申请已批准，金额、期限和条件见申请详情。"),
        S::Refused if facts.refused_automatically => None,
        S::Refused => Some("申请未获批准，原因见详情。"),
        S::Withdrawn => Some("申请已撤回，不再办理。"),
        _ if over_limit => Some("系统评分未达准入条件，正由工作人员人工复核。"),
        _ => None,
    }
}
