//! The demonstration firm's customers: one enterprise with whoever controls it, so that there is a group, and one bank
//! with a channel of its own, in which the demonstration's channel person works. All of them are fictional.

use anyhow::Context;
use chrono::NaiveDate;
use domain::customers::ChannelKind;
use domain::id::{Id, kind};
use domain::limits::groups::{LinkKind, LinkSource};
use domain::limits::weights::ClientClass;
use domain::person::{CreditCode, IdNumber, RealName};
use uuid::Uuid;

use super::sources::{FIRMS, ID_NUMBER};
use crate::customers::clients::{NewClient, Who, ensure};
use crate::customers::{NewRelation, RelationKindWord, RelationSourceWord, add_channel, record_relation};
use crate::platform::db::TenantTx;

const BANK: &str = "示例合作银行（示例）";
/// A credit code with fitting checksums that is nobody's.
const BANK_CODE: &str = "9133010099DEMB0133";

/// Makes them, for a department, with `member` in the bank's channel.
///
/// # Errors
/// A failing database.
pub(super) async fn make(tx: &TenantTx, department: Uuid, member: Uuid, today: NaiveDate) -> anyhow::Result<()> {
    let bank = code(BANK_CODE)?;
    ensure(tx, &client(Who::Bank(BANK, &bank), ClientClass::Other, department)).await?;
    add_channel(tx, BANK, ChannelKind::Bank, member).await?;
    let firm = FIRMS.first().context("a firm")?;
    let firm_code = code(firm.credit_code)?;
    let new = NewClient {
        industry: Some(firm.industry),
        region: Some(firm.region),
        ..client(Who::Enterprise(firm.name, &firm_code), ClientClass::Small, department)
    };
    let company = ensure(tx, &new).await?;
    let name = RealName::parse(firm.legal_representative).map_err(|e| anyhow::anyhow!("{e:?}"))?;
    let number = IdNumber::parse(ID_NUMBER).map_err(|e| anyhow::anyhow!("{e:?}"))?;
    let person = ensure(tx, &client(Who::Person(&name, &number), ClientClass::Other, department)).await?;
    let relation = NewRelation {
        other: Id::<kind::Customer>::from_uuid(person),
        kind: RelationKindWord(LinkKind::Controller),
        source: RelationSourceWord(LinkSource::Declared),
        share_bp: None,
        document: Some("示例申报（示例）".to_owned()),
        valid_from: today,
        valid_to: None,
    };
    record_relation(tx, company, &relation).await?;
    Ok(())
}

fn code(text: &str) -> anyhow::Result<CreditCode> {
    CreditCode::parse(text).map_err(|e| anyhow::anyhow!("{e:?}"))
}

fn client(who: Who<'_>, class: ClientClass, department: Uuid) -> NewClient<'_> {
    NewClient { who, phone: None, class, industry: None, region: None, department: Some(department) }
}
