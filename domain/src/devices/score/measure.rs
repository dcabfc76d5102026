//! Reads one figure from the evidence, and says a figure to people.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, Usage};
use super::figure::{Domain, Figure, NO, Unit, YES};
use super::kinds::Condition;
use super::papers::Papers;
use crate::assessments::admission::text::percent;
use crate::money::Fen;
use crate::time::Month;
use crate::words::Words;

/// What a figure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Finding {
    /// A number in the figure's unit.
    Number(i64),
    /// The code of a choice.
    Choice(String),
}

impl Papers {
    /// Whole months since the machine was made, as of a day. A machine bought new is as old as its purchase where the day
    /// of making is not known. Nothing where neither is known or the day lies before it.
    pub fn age_months(&self, as_of: NaiveDate) -> Option<u32> {
        let bought_new = (self.basic.condition == Some(Condition::New)).then_some(self.basic.bought_on).flatten();
        months_between(self.basic.made_on.or(bought_new)?, as_of)
    }
}

/// Whole months from one day to another; nothing if the other is earlier.
pub(in crate::devices) fn months_between(from: NaiveDate, to: NaiveDate) -> Option<u32> {
    let begun = Month::of(to).since(Month::of(from));
    let whole = if to.day() < from.day() { begun.saturating_sub(1) } else { begun };
    u32::try_from(whole).ok()
}

/// Reads a figure; nothing where it is not known. `usage` is what of utilisation is evidence enough.
pub fn measure(figure: Figure, evidence: &Evidence, usage: Option<&Usage>) -> Option<Finding> {
    let papers = &evidence.papers;
    let (basic, used, title) = (&papers.basic, &papers.usage, &papers.title);
    let (control, disposal, seen) = (&papers.control, &papers.disposal, &evidence.observed);
    let number = |value: Option<i64>| value.map(Finding::Number);
    let choice = |code: Option<&'static str>| code.map(|code| Finding::Choice(code.to_owned()));
    let flag = |value: Option<bool>| choice(value.map(|yes| if yes { YES } else { NO }));
    let since = |day: Option<NaiveDate>| {
        let days = day.map(|day| evidence.as_of.signed_duration_since(day).num_days());
        number(days.filter(|days| *days >= 0))
    };
    match figure {
        Figure::Identity => {
            let known = [&basic.maker, &basic.model, &basic.serial_number].iter().filter(|text| text.is_some()).count();
            number(i64::try_from(known).ok())
        }
        Figure::AgeMonths => number(papers.age_months(evidence.as_of).map(i64::from)),
        Figure::Condition => choice(basic.condition.map(|one| one.code())),
        Figure::Price => number(basic.price_fen.map(|price| price.0)),
        Figure::Photos => number(Some(i64::from(seen.photos))),
        Figure::Nameplate => flag(basic.nameplate_matches),
        Figure::Place => choice(used.place.map(|one| one.code())),
        Figure::Operator => choice(used.operator.map(|one| one.code())),
        Figure::MaintenanceContract => flag(used.maintenance_contract),
        Figure::MaintainedDays => since(used.last_maintained_on),
        Figure::InsuredDays => {
            number(used.insured_until.map(|day| day.signed_duration_since(evidence.as_of).num_days()))
        }
        Figure::Utilisation => number(usage.map(|usage| usage.utilisation_ppm)),
        Figure::Variation => number(usage.and_then(|usage| usage.variation_per_mille)),
        Figure::OverloadShare => number(usage.map(|usage| usage.overload_share_ppm)),
        Figure::Ownership => choice(title.ownership.map(|one| one.code())),
        Figure::Invoice => flag(title.invoice),
        Figure::PaidInFull => flag(title.paid_in_full),
        Figure::Registry => choice(title.registry.map(|one| one.code())),
        Figure::RegistryDays => since(title.registry_searched_on),
        Figure::Disputed => flag(title.disputed),
        Figure::SocketBound => flag(Some(seen.socket_bound)),
        Figure::OnlineShare => number(seen.online_share_ppm),
        Figure::Locator => flag(control.locator),
        Figure::SiteAccess => flag(control.site_access),
        Figure::Beneficiary => flag(control.beneficiary),
        Figure::RemoteStop => flag(control.remote_stop),
        Figure::Machine => choice(disposal.machine.map(|one| one.code())),
        Figure::Market => choice(disposal.market.map(|one| one.code())),
        Figure::BuyBack => flag(disposal.buy_back),
        Figure::DismantlingShare => number(disposal.dismantling_share_bp.map(i64::from)),
        Figure::RealisationShare => number(disposal.realisation_share_bp.map(i64::from)),
        Figure::UnsoldDays => number(seen.unsold_days.map(i64::from)),
    }
}

/// A finding in words.
pub fn finding_words(figure: Figure, finding: &Finding) -> Words {
    match (figure.domain(), finding) {
        (Domain::Number(unit), Finding::Number(number)) => number_words(unit, *number),
        (Domain::Choice(choices), Finding::Choice(code)) => choices
            .into_iter()
            .find_map(|(known, words)| (known == code).then_some(words))
            .unwrap_or_else(|| Words::new(code, code)),
        (_, Finding::Number(number)) => number_words(Unit::Count, *number),
        (_, Finding::Choice(code)) => Words::new(code, code),
    }
}

/// A number with its unit in words.
pub fn number_words(unit: Unit, number: i64) -> Words {
    let share = |basis_points: i64| Words::new(percent(basis_points), percent(basis_points));
    match unit {
        Unit::Count => Words::new(number.to_string(), number.to_string()),
        Unit::Months => Words::new(format!("{number}个月"), format!("{number} months")),
        Unit::Days => Words::new(format!("{number}天"), format!("{number} days")),
        Unit::Fen => Words::new(Fen(number).in_wan_yuan(), format!("{} yuan", Fen(number).in_yuan_en())),
        Unit::Ppm => share(number.saturating_add(50).div_euclid(100)),
        Unit::PerMille => share(number.saturating_mul(10)),
        Unit::BasisPoints => share(number),
    }
}
