//! This area's SQL.

use chrono::NaiveDate;
use domain::person::RealName;
use entity::enterprises::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(super) use entity::enterprises::Model as Row;

const LEGAL_REPRESENTATIVE: &str = "enterprises.legal_representative";

/// What a row says, in clear and checked.
#[derive(Clone, Default)]
pub(super) struct Fields {
    pub(super) credit_code: String,
    pub(super) full_name: String,
    pub(super) region: Option<String>,
    pub(super) industry: Option<String>,
    pub(super) address: Option<String>,
    pub(super) legal_representative: Option<RealName>,
    pub(super) registered_capital_fen: Option<i64>,
    pub(super) established_on: Option<NaiveDate>,
}

impl Fields {
    pub(super) fn of(tx: &TenantTx, row: &Row) -> Result<Self> {
        Ok(Self {
            credit_code: row.credit_code.clone(),
            full_name: row.name.clone(),
            region: row.region.clone(),
            industry: row.industry.clone(),
            address: row.address.clone(),
            legal_representative: legal_representative(tx, row)?,
            registered_capital_fen: row.registered_capital_fen,
            established_on: row.established_on,
        })
    }

    fn row(&self, tx: &TenantTx, id: Uuid, version: i64, created_at: chrono::DateTime<chrono::Utc>) -> Result<Row> {
        let name = self.legal_representative.as_ref().map(|name| tx.seal(LEGAL_REPRESENTATIVE, id, name.expose()));
        Ok(Row {
            tenant_id: tx.tenant(),
            id,
            credit_code: self.credit_code.clone(),
            name: self.full_name.clone(),
            region: self.region.clone(),
            industry: self.industry.clone(),
            address: self.address.clone(),
            legal_representative_sealed: name.transpose()?,
            registered_capital_fen: self.registered_capital_fen,
            established_on: self.established_on,
            version,
            created_at,
        })
    }
}

pub(super) fn legal_representative(tx: &TenantTx, row: &Row) -> Result<Option<RealName>> {
    let Some(sealed) = &row.legal_representative_sealed else { return Ok(None) };
    Ok(RealName::parse(&tx.open(LEGAL_REPRESENTATIVE, row.id, sealed)?).ok())
}

pub(super) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<Entity>(id).await
}

pub(super) async fn lock(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.lock::<Entity>(id).await
}

pub(super) async fn by_code(tx: &TenantTx, code: &str) -> Result<Option<Row>> {
    Ok(tx.all::<Entity>().filter(Column::CreditCode.eq(code)).one(tx.raw()).await?)
}

pub(super) async fn lock_by_code(tx: &TenantTx, code: &str) -> Result<Option<Row>> {
    Ok(tx.all::<Entity>().filter(Column::CreditCode.eq(code)).lock_exclusive().one(tx.raw()).await?)
}

pub(super) async fn by_name(tx: &TenantTx, name: &str) -> Result<Option<Row>> {
    Ok(tx.all::<Entity>().filter(Column::Name.eq(name)).one(tx.raw()).await?)
}

/// A page of those whose name holds `text`, or whose code is `code`.
pub(super) async fn page(tx: &TenantTx, cursor: Cursor, text: Option<&str>, code: Option<&str>) -> Result<Vec<Row>> {
    let mut rows = tx.all::<Entity>().order_by_asc(Column::Id).limit(cursor.fetch());
    if let Some(after) = cursor.after {
        rows = rows.filter(Column::Id.gt(after));
    }
    if let Some(text) = text {
        // LIKE differs between the databases in capitals, and has wildcards to escape; these two do the same.
        let place = if tx.is_postgres() { "strpos" } else { "instr" };
        let found = Func::cust(place).arg(Expr::col((Entity, Column::Name))).arg(text);
        let mut either = Condition::any().add(Expr::expr(found).gt(0));
        if let Some(code) = code {
            either = either.add(Column::CreditCode.eq(code));
        }
        rows = rows.filter(either);
    }
    Ok(rows.all(tx.raw()).await?)
}

pub(super) async fn insert(tx: &TenantTx, fields: &Fields) -> Result<Row> {
    let row = fields.row(tx, Uuid::now_v7(), 1, tx.now())?;
    tx.insert::<_, ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Writes all of a row that was locked, as its next version.
pub(super) async fn replace(tx: &TenantTx, old: &Row, fields: &Fields) -> Result<Row> {
    let row = fields.row(tx, old.id, old.version.saturating_add(1), old.created_at)?;
    tx.update(ActiveModel {
        id: Set(row.id),
        credit_code: Set(row.credit_code.clone()),
        name: Set(row.name.clone()),
        region: Set(row.region.clone()),
        industry: Set(row.industry.clone()),
        address: Set(row.address.clone()),
        legal_representative_sealed: Set(row.legal_representative_sealed.clone()),
        registered_capital_fen: Set(row.registered_capital_fen),
        established_on: Set(row.established_on),
        version: Set(row.version),
        ..Default::default()
    })
    .await?;
    Ok(row)
}
