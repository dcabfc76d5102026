//! Whether what was typed about a machine can be true, field by field: first by itself, then against the firm's records.

use chrono::NaiveDate;
use domain::access::Permission;
use domain::devices::score::papers::Papers;
use domain::person::Phone;
use domain::reference::Region;
use uuid::Uuid;

use super::form::{EquipmentChange, NewEquipment};
use super::papers;
use super::store::Fields;
use crate::customers::clients;
use crate::error::Result;
use crate::people::scope::ScopeFilter;
use crate::people::{self, applicant_by_phone};
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;
use crate::platform::http::Checks;

const NAME_CHARS_MAX: usize = 60;
const PLACE_CHARS_MAX: usize = 200;

/// Fields that can be true by themselves, and the phone of whoever is to see the machine as theirs.
pub(super) struct Checked {
    pub(super) fields: Fields,
    /// `None` where the owner stays; `Some(None)` where nobody owns it from now on.
    owner: Option<Option<Phone>>,
}

/// Checks a new machine by itself; the caller looks after it where nobody else is named.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn new(typed: &NewEquipment, who: &Principal, today: NaiveDate) -> Result<Checked> {
    let mut checks = Checks::new();
    let category = typed.category.0;
    let papers = papers::merged(None, category, typed.papers.as_ref(), today);
    let fields = Fields {
        name: checks.line("/name", &typed.name, NAME_CHARS_MAX),
        category,
        customer: typed.customer.map(|id| id.uuid()),
        applicant: None,
        region: region(&mut checks, typed.region.as_deref()),
        place: place(&mut checks, typed.place.as_deref()),
        papers: take(&mut checks, papers, || Papers::of(category)),
        department: typed.department.map(|id| id.uuid()).or(who.department),
        officer: Some(typed.officer.map_or(who.id, |id| id.uuid())),
    };
    let owner = typed.owner_phone.as_deref().map(|text| phone(&mut checks, text));
    checks.done()?;
    Ok(Checked { fields, owner })
}

/// `before` with what `change` says of it.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn change(before: &Fields, change: &EquipmentChange, today: NaiveDate) -> Result<Checked> {
    let mut checks = Checks::new();
    let mut fields = before.clone();
    if let Some(text) = &change.name {
        fields.name = checks.line("/name", text, NAME_CHARS_MAX);
    }
    fields.category = change.category.map_or(fields.category, |word| word.0);
    if change.papers.is_some() || change.category.is_some() {
        let merged = papers::merged(Some(&before.papers), fields.category, change.papers.as_ref(), today);
        fields.papers = take(&mut checks, merged, || before.papers.clone());
    }
    if let Some(text) = &change.region {
        fields.region = region(&mut checks, text.as_deref());
    }
    if let Some(text) = &change.place {
        fields.place = place(&mut checks, text.as_deref());
    }
    fields.customer = change.customer.map_or(fields.customer, |id| id.map(|id| id.uuid()));
    fields.department = change.department.map_or(fields.department, |id| id.map(|id| id.uuid()));
    fields.officer = change.officer.map_or(fields.officer, |id| id.map(|id| id.uuid()));
    let owner = change.owner_phone.as_ref().map(|text| text.as_deref().and_then(|text| phone(&mut checks, text)));
    checks.done()?;
    Ok(Checked { fields, owner })
}

fn take(
    checks: &mut Checks,
    papers: Result<Papers, Vec<crate::error::FieldProblem>>,
    otherwise: impl FnOnce() -> Papers,
) -> Papers {
    papers.unwrap_or_else(|problems| {
        problems.into_iter().for_each(|problem| checks.note(problem));
        otherwise()
    })
}

fn region(checks: &mut Checks, code: Option<&str>) -> Option<String> {
    let code = code?.trim();
    if Region::find(code).is_none() {
        let (zh, en) = ("没有这个代码，请从列表中选择", "There is no such code; choose one from the list");
        checks.problem("/region", "unknown_code", zh, en);
    }
    Some(code.to_owned())
}

fn place(checks: &mut Checks, text: Option<&str>) -> Option<String> {
    Some(checks.line("/place", text?, PLACE_CHARS_MAX))
}

fn phone(checks: &mut Checks, text: &str) -> Option<Phone> {
    checks.personal("/owner_phone", Phone::parse(text))
}

/// Finds whoever is to own the machine, and whether customer, department and officer are there and within what the caller
/// sees. Only what differs from `before` is asked for: what stands already may have ended since.
///
/// # Errors
/// Each that is not.
pub(super) async fn place_of(
    tx: &TenantTx,
    who: &Principal,
    scope: &ScopeFilter,
    before: Option<&Fields>,
    checked: &mut Checked,
) -> Result<()> {
    let new = |now: Option<Uuid>, then: Option<Option<Uuid>>| now.filter(|_| then.flatten() != now);
    let mut checks = Checks::new();
    if let Some(owner) = checked.owner.take() {
        checked.fields.applicant = account(tx, &mut checks, owner).await?;
    }
    let fields = &checked.fields;
    if let Some(customer) = new(fields.customer, before.map(|b| b.customer))
        && !clients::is_seen(tx, scope, customer).await?
    {
        checks.problem("/customer", "unknown", "没有这个客户", "there is no such customer");
    }
    if let Some(department) = new(fields.department, before.map(|b| b.department)) {
        let seen = match scope {
            ScopeFilter::All => people::has_department(tx, department).await?,
            ScopeFilter::Departments(ids) => ids.contains(&department),
            ScopeFilter::Own(_) => who.department == Some(department),
        };
        if !seen {
            checks.problem("/department", "unknown", "没有这个部门", "there is no such department");
        }
    }
    if let Some(officer) = new(fields.officer, before.map(|b| b.officer))
        && officer != who.id
        && people::staff_holds(tx, officer, Permission::ManageEquipment).await? != Some(true)
    {
        let (zh, en) = ("请选择能维护设备的在职员工", "choose somebody who can log in and maintains machines");
        checks.problem("/officer", "unknown", zh, en);
    }
    checks.done()
}

async fn account(tx: &TenantTx, checks: &mut Checks, phone: Option<Phone>) -> Result<Option<Uuid>> {
    let Some(phone) = phone else { return Ok(None) };
    let found = applicant_by_phone(tx, &phone).await?;
    if found.is_none() {
        let (zh, en) = (
            "该手机号还没有登录过，请其先登录一次再填写",
            "nobody has logged in with this number; ask them to log in once first",
        );
        checks.problem("/owner_phone", "no_account", zh, en);
    }
    Ok(found)
}
