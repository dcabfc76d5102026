//! The SQL of machines. Where one stands is sealed.

use domain::devices::category::EquipmentCategory;
use domain::devices::score::papers::Papers;
use entity::equipment as table;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use table::Column as C;
use uuid::Uuid;

use super::words::{EquipmentStateWord, MonitoringWord, known};
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::platform::db::TenantTx;
use crate::platform::http::Cursor;

pub(in crate::devices) use table::Model as Row;

const PLACE: &str = "equipment.place";
/// Most machines that are shown to one applicant at once.
const OWN_MAX: u64 = 500;

/// A record in clear.
#[derive(Clone, PartialEq)]
pub(in crate::devices) struct Fields {
    pub(in crate::devices) name: String,
    pub(in crate::devices) category: EquipmentCategory,
    pub(in crate::devices) customer: Option<Uuid>,
    pub(in crate::devices) applicant: Option<Uuid>,
    pub(in crate::devices) region: Option<String>,
    pub(in crate::devices) place: Option<String>,
    pub(in crate::devices) papers: Papers,
    pub(in crate::devices) department: Option<Uuid>,
    pub(in crate::devices) officer: Option<Uuid>,
}

impl Fields {
    /// What a row says.
    pub(super) fn of(tx: &TenantTx, row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.name.clone(),
            category: category(row)?,
            customer: row.customer_id,
            applicant: row.applicant_id,
            region: row.region.clone(),
            place: place(tx, row)?,
            papers: papers(row)?,
            department: row.department_id,
            officer: row.officer_id,
        })
    }

    fn write(&self, tx: &TenantTx, row: &mut Row) -> Result<()> {
        row.name.clone_from(&self.name);
        self.category.code().clone_into(&mut row.category);
        row.customer_id = self.customer;
        row.applicant_id = self.applicant;
        row.region.clone_from(&self.region);
        row.place_sealed = self.place.as_deref().map(|text| tx.seal(PLACE, row.id, text)).transpose()?;
        row.papers = serde_json::to_value(&self.papers)?;
        row.department_id = self.department;
        row.officer_id = self.officer;
        Ok(())
    }
}

/// What kind of machine a row is.
pub(in crate::devices) fn category(row: &Row) -> Result<EquipmentCategory> {
    known(EquipmentCategory::from_code(&row.category))
}

/// A row's papers.
pub(in crate::devices) fn papers(row: &Row) -> Result<Papers> {
    Ok(serde_json::from_value(row.papers.clone())?)
}

/// Where a machine stands.
pub(in crate::devices) fn place(tx: &TenantTx, row: &Row) -> Result<Option<String>> {
    row.place_sealed.as_deref().map(|sealed| tx.open(PLACE, row.id, sealed)).transpose()
}

/// Which machines a scope takes in: those of its departments, or those that one looks after.
pub(in crate::devices) fn visible(scope: &ScopeFilter) -> Condition {
    match scope {
        ScopeFilter::All => Condition::all(),
        ScopeFilter::Departments(ids) => Condition::all().add(C::DepartmentId.is_in(ids.iter().copied())),
        ScopeFilter::Own(id) => Condition::all().add(C::OfficerId.eq(*id)),
    }
}

/// The row, whoever asks; for jobs, and for what hangs on a machine that was reached already.
pub(in crate::devices) async fn get(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.get::<table::Entity>(id).await
}

/// The same, locked until the transaction ends.
pub(in crate::devices) async fn lock_any(tx: &TenantTx, id: Uuid) -> Result<Option<Row>> {
    tx.lock::<table::Entity>(id).await
}

/// Rows by id, in no order.
pub(in crate::devices) async fn some(tx: &TenantTx, ids: &[Uuid]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    Ok(tx.all::<table::Entity>().filter(C::Id.is_in(ids.iter().copied())).all(tx.raw()).await?)
}

/// The row, if it is within `scope`; locked until the transaction ends where it is about to change.
pub(super) async fn find_visible(tx: &TenantTx, scope: &ScopeFilter, id: Uuid, lock: bool) -> Result<Option<Row>> {
    let query = tx.all::<table::Entity>().filter(C::Id.eq(id)).filter(visible(scope));
    Ok(if lock { query.lock_exclusive() } else { query }.one(tx.raw()).await?)
}

/// The row, if it is this applicant's.
pub(super) async fn find_own(tx: &TenantTx, applicant: Uuid, id: Uuid, lock: bool) -> Result<Option<Row>> {
    let query = tx.all::<table::Entity>().filter(C::Id.eq(id)).filter(C::ApplicantId.eq(applicant));
    Ok(if lock { query.lock_exclusive() } else { query }.one(tx.raw()).await?)
}

/// An applicant's machines, the newest record first.
pub(in crate::devices) async fn own(tx: &TenantTx, applicant: Uuid) -> Result<Vec<Row>> {
    let rows = tx.all::<table::Entity>().filter(C::ApplicantId.eq(applicant));
    Ok(rows.order_by_desc(C::Id).limit(OWN_MAX).all(tx.raw()).await?)
}

/// What a list is narrowed by.
#[derive(Default)]
pub(in crate::devices) struct Narrow {
    pub(super) category: Option<EquipmentCategory>,
    pub(super) monitoring: Option<MonitoringWord>,
    pub(super) state: Option<EquipmentStateWord>,
    pub(super) customer: Option<Uuid>,
    /// The applicant who sees it as theirs.
    pub(super) applicant: Option<Uuid>,
    /// A part of the name, or of the number.
    pub(super) part: Option<String>,
}

impl Narrow {
    /// To the machines of one applicant.
    pub(in crate::devices) fn own(applicant: Uuid) -> Self {
        Self { applicant: Some(applicant), ..Self::default() }
    }
}

/// A page of the machines within `scope`, oldest record first.
pub(in crate::devices) async fn page(
    tx: &TenantTx,
    scope: &ScopeFilter,
    narrow: &Narrow,
    at: Cursor,
) -> Result<Vec<Row>> {
    let wanted = Condition::all()
        .add_option(narrow.category.map(|one| C::Category.eq(one.code())))
        .add_option(narrow.monitoring.map(|one| C::Monitoring.eq(one.code())))
        .add_option(narrow.state.map(|one| C::State.eq(one.code())))
        .add_option(narrow.customer.map(|one| C::CustomerId.eq(one)))
        .add_option(narrow.applicant.map(|one| C::ApplicantId.eq(one)))
        .add_option(narrow.part.as_deref().map(|part| found(tx, part)))
        .add_option(at.after.map(|after| C::Id.gt(after)));
    let rows = tx.all::<table::Entity>().filter(visible(scope)).filter(wanted);
    Ok(rows.order_by_asc(C::Id).limit(at.fetch()).all(tx.raw()).await?)
}

fn found(tx: &TenantTx, part: &str) -> Condition {
    // LIKE differs between the databases in capitals, and has wildcards to escape; these two do the same.
    let place = if tx.is_postgres() { "strpos" } else { "instr" };
    let holds =
        |column: C, part: &str| Expr::expr(Func::cust(place).arg(Expr::col((table::Entity, column))).arg(part)).gt(0);
    Condition::any().add(holds(C::Name, part)).add(holds(C::Number, &part.to_ascii_uppercase()))
}

/// Adds a record with the thresholds that hold for it; none are the standard ones.
pub(in crate::devices) async fn insert(
    tx: &TenantTx,
    number: String,
    fields: &Fields,
    thresholds: Option<Uuid>,
) -> Result<Row> {
    let mut row = Row {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        number,
        name: String::new(),
        category: String::new(),
        customer_id: None,
        applicant_id: None,
        papers: serde_json::Value::Null,
        region: None,
        place_sealed: None,
        department_id: None,
        officer_id: None,
        monitoring: MonitoringWord::None.code().to_owned(),
        monitoring_since: None,
        thresholds_id: thresholds,
        shifts: None,
        score_id: None,
        encumbrance: None,
        state: EquipmentStateWord::InUse.code().to_owned(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    fields.write(tx, &mut row)?;
    tx.insert::<_, table::ActiveModel>(row.clone()).await?;
    Ok(row)
}

/// Puts fields into a locked row, without writing it yet.
pub(super) fn fill(tx: &TenantTx, row: &mut Row, fields: &Fields) -> Result<()> {
    fields.write(tx, row)
}

/// Writes a locked row back as its next version.
pub(in crate::devices) async fn save(tx: &TenantTx, row: &mut Row) -> Result<()> {
    row.version = row.version.saturating_add(1);
    row.updated_at = tx.now();
    tx.update(row.clone().into_active_model().reset_all()).await
}

/// Notes a machine's latest score, without a new version of the row.
pub(in crate::devices) async fn point_at_score(tx: &TenantTx, id: Uuid, score: Uuid) -> Result<()> {
    use sea_orm::ActiveValue::Set;
    tx.update(table::ActiveModel { id: Set(id), score_id: Set(Some(score)), ..Default::default() }).await
}
