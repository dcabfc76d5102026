//! What keeps others out: the master keys, of whom a second factor is asked, and whether a challenge is to be answered before an SMS.

use anyhow::{Context, bail};
use domain::access::FactorRule;

use super::{Sections, list, number};
use crate::platform::keys::MasterKey;
use crate::platform::outside::clamd::Clamd;

/// Where only this machine can reach us nobody is asked for one, so that trying the product takes no telephone.
pub(super) fn second_factor(sections: &Sections, is_local: bool) -> anyhow::Result<FactorRule> {
    let Some(value) = sections.get("SECURITY__SECOND_FACTOR") else {
        return Ok(if is_local { FactorRule::Off } else { FactorRule::Privileged });
    };
    FactorRule::from_code(value)
        .with_context(|| format!("ZHIDAN_SECURITY__SECOND_FACTOR is {value:?}; expected off, privileged or all"))
}

/// The difficulty of the challenge before an SMS; on this machine alone none is asked, so that trying the product is easy.
pub(super) fn captcha_work(sections: &Sections, is_local: bool) -> anyhow::Result<Option<u32>> {
    let work = number(sections, "SECURITY__CAPTCHA_WORK", 100_000, 1_000..=10_000_000)?;
    match sections.get("SECURITY__CAPTCHA").unwrap_or(if is_local { "off" } else { "work" }) {
        "off" => Ok(None),
        "work" => Ok(Some(work)),
        other => bail!("ZHIDAN_SECURITY__CAPTCHA is {other:?}; expected off or work"),
    }
}

/// Where the virus scanner listens, if there is one.
pub(super) fn clamd(sections: &Sections) -> anyhow::Result<Option<Clamd>> {
    let Some(value) = sections.get("CLAMD__ADDRESS") else { return Ok(None) };
    let clamd = Clamd::parse(value);
    Ok(Some(clamd.with_context(|| format!("ZHIDAN_CLAMD__ADDRESS is {value:?}; expected host:port or unix:/path"))?))
}

/// The master key, and those that only open beside it.
pub(super) fn master_key(sections: &Sections, current: &str) -> anyhow::Result<MasterKey> {
    let also = sections.get("MASTER_KEYS_ALSO").map(list).unwrap_or_default();
    MasterKey::from_hex(current).context("ZHIDAN_MASTER_KEY")?;
    MasterKey::with_others(current, also.iter().map(String::as_str)).context("ZHIDAN_MASTER_KEYS_ALSO")
}
