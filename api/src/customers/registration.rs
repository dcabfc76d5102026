//! What a register says of an enterprise becomes the firm's record: the register is the authority, so it overwrites what
//! was typed, and what it leaves out stays.

use chrono::NaiveDate;
use domain::money::Fen;
use domain::person::{CreditCode, RealName};
use domain::reference::{Industry, Region};
use domain::words::plain_text;
use uuid::Uuid;

use super::check::{ADDRESS_CHARS_MAX, full_name};
use super::store::{self, Fields};
use crate::error::{Error, Result};
use crate::platform::db::TenantTx;

/// An enterprise as a register knows it. Values that cannot be right are left out rather than refused: a register's
/// oddity must not stop a collection.
pub struct Registration<'a> {
    /// Its unified social credit code.
    pub credit_code: &'a CreditCode,
    /// Its full name.
    pub full_name: &'a str,
    /// Its region's code (GB/T 2260).
    pub region: Option<&'a str>,
    /// Its industry's code (GB/T 4754).
    pub industry: Option<&'a str>,
    /// Its address.
    pub address: Option<&'a str>,
    /// Its legal representative.
    pub legal_representative: Option<&'a RealName>,
    /// Its registered capital.
    pub registered_capital: Option<Fen>,
    /// When it was established.
    pub established_on: Option<NaiveDate>,
}

/// Writes what a register says, to the record with that credit code or to a new one. Answers the record's id.
///
/// # Errors
/// `invalid_fields` where the name is none, or a failing database.
pub async fn upsert_from_registration(tx: &TenantTx, from: &Registration<'_>) -> Result<Uuid> {
    let old = store::lock_by_code(tx, from.credit_code.as_str()).await?;
    let before = old.as_ref().map(|row| Fields::of(tx, row)).transpose()?.unwrap_or_default();
    let name =
        full_name(from.full_name).ok_or_else(|| Error::fields(vec![super::check::name_problem("/full_name")]))?;
    let fields = Fields {
        credit_code: from.credit_code.as_str().to_owned(),
        full_name: free_name(tx, name, from.credit_code).await?,
        region: from.region.filter(|code| Region::find(code).is_some()).map(str::to_owned).or(before.region),
        industry: from.industry.filter(|code| Industry::find(code).is_some()).map(str::to_owned).or(before.industry),
        address: from.address.and_then(|text| plain_text(text, ADDRESS_CHARS_MAX, false).ok()).or(before.address),
        legal_representative: from.legal_representative.cloned().or(before.legal_representative),
        registered_capital_fen: from
            .registered_capital
            .map(|fen| fen.0)
            .filter(|fen| *fen >= 0)
            .or(before.registered_capital_fen),
        established_on: from.established_on.or(before.established_on),
    };
    let row = match old {
        Some(old) => store::replace(tx, &old, &fields).await?,
        None => store::insert(tx, &fields).await?,
    };
    Ok(row.id)
}

/// The name, with the code behind it where another enterprise's record still bears it: names are given up and taken
/// again, and somebody has to see that one of the records is out of date.
async fn free_name(tx: &TenantTx, name: String, code: &CreditCode) -> Result<String> {
    match store::by_name(tx, &name).await? {
        Some(other) if other.credit_code != code.as_str() => Ok(format!("{name}（{code}）")),
        _ => Ok(name),
    }
}
