//! The reason of each yes, no and unknown in words, apart from the rule that gives it.

use chrono::NaiveDate;

use super::{Condition, Met, PolicyConditions};
use crate::money::Fen;
use crate::reference::{Industry, full_name};
use crate::words::Words;

pub(super) fn text(
    condition: Condition,
    met: Met,
    conditions: &PolicyConditions,
    purpose_words: &dyn Fn(&str) -> Option<Words>,
) -> Words {
    let (zh, en) = match condition {
        Condition::GuaranteeKind => ("担保类型", "kind of guarantee"),
        Condition::ApplicantKind => ("申请主体", "kind of applicant"),
        Condition::Purpose => ("资金用途", "purpose of funds"),
        Condition::Region => ("所在地区", "region"),
        Condition::Industry => ("所属行业", "industry"),
        Condition::Amount => ("金额", "amount"),
        Condition::Validity => ("政策有效期", "policy's period"),
    };
    let asks = asked_of(condition, conditions, purpose_words);
    match (met, condition) {
        (Met::Yes, _) => Words::new(format!("{zh}符合（{}）", asks.zh), format!("The {en} fits ({})", asks.en)),
        (Met::No, _) => Words::new(
            format!("{zh}不符合，政策要求：{}", asks.zh),
            format!("The {en} does not fit; the policy asks for {}", asks.en),
        ),
        (Met::Unknown, _) => Words::new(
            format!("未填写{zh}，暂不能判断；政策要求：{}", asks.zh),
            format!("The {en} is not known; the policy asks for {}", asks.en),
        ),
    }
}

/// What the policy asks of a condition, in words.
fn asked_of(
    condition: Condition,
    conditions: &PolicyConditions,
    purpose_words: &dyn Fn(&str) -> Option<Words>,
) -> Words {
    let join = |all: Vec<Words>| {
        let zh: Vec<&str> = all.iter().map(|one| one.zh.as_str()).collect();
        let en: Vec<&str> = all.iter().map(|one| one.en.as_str()).collect();
        Words::new(zh.join("、"), en.join(", "))
    };
    // Regions and industries have Chinese names only; the code beside them tells readers of English which is meant.
    let named = |code: &String, name: Option<&str>| match name {
        Some(name) => Words::new(name, format!("{name} ({code})")),
        None => Words::new(code, code),
    };
    match condition {
        Condition::GuaranteeKind => join(conditions.guarantee_kinds.iter().map(|kind| kind.words()).collect()),
        Condition::ApplicantKind => join(conditions.applicant_kinds.iter().map(|kind| kind.words()).collect()),
        Condition::Purpose => join(
            conditions
                .purposes
                .iter()
                .map(|code| purpose_words(code).unwrap_or_else(|| Words::new(code, code)))
                .collect(),
        ),
        Condition::Region => join(conditions.regions.iter().map(|code| named(code, full_name(code))).collect()),
        Condition::Industry => join(
            conditions
                .industries
                .iter()
                .map(|code| named(code, Industry::find(code).map(|found| found.name)))
                .collect(),
        ),
        Condition::Amount => {
            let (zh, en) = (Fen::in_wan_yuan, Fen::in_yuan_en);
            match (conditions.amount_min_fen, conditions.amount_max_fen) {
                (Some(min), Some(max)) => {
                    Words::new(format!("{}至{}", zh(min), zh(max)), format!("{} to {} yuan", en(min), en(max)))
                }
                (Some(min), None) => Words::new(format!("不低于{}", zh(min)), format!("{} yuan or more", en(min))),
                (None, Some(max)) => Words::new(format!("不超过{}", zh(max)), format!("up to {} yuan", en(max))),
                (None, None) => Words::new("不限", "any"),
            }
        }
        Condition::Validity => {
            let last = conditions.valid_to.and_then(|to| to.pred_opt());
            let day = |date: Option<NaiveDate>, open: &str| date.map_or(open.to_owned(), |date| date.to_string());
            let (from, to) = (conditions.valid_from, last);
            let zh = format!("{}至{}", day(from, "不限"), day(to, "不限"));
            Words::new(zh, format!("{} to {}", day(from, "any"), day(to, "any")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_say_what_bounds_them() {
        for (min, max, zh, en) in [
            (None, Some(500_000_000), "不超过500万元", "up to 5,000,000 yuan"),
            (Some(10_000_000), None, "不低于10万元", "100,000 yuan or more"),
            (Some(10_000_050), Some(500_000_000), "100,000.50元至500万元", "100,000.50 to 5,000,000 yuan"),
        ] {
            let conditions = PolicyConditions {
                amount_min_fen: min.map(Fen),
                amount_max_fen: max.map(Fen),
                ..PolicyConditions::default()
            };
            let asks = asked_of(Condition::Amount, &conditions, &|_| None);
            assert_eq!((asks.zh.as_str(), asks.en.as_str()), (zh, en));
        }
    }
}
