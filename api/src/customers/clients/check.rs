//! Whether what was typed about a customer can be true, field by field: first by itself, then against the firm's records.

use domain::access::Permission;
use domain::customers::CustomerKind;
use domain::limits::weights::ClientClass;
use domain::person::{CreditCode, IdNumber, Phone, RealName, same_enterprise_name};
use domain::reference::{Industry, Region};
use uuid::Uuid;

use super::form::{CustomerChange, NewCustomer};
use super::store::Fields;
use crate::customers::check::{ADDRESS_CHARS_MAX, full_name, name_problem};
use crate::customers::{EnterpriseBrief, channels, find_by_code};
use crate::error::Result;
use crate::people;
use crate::people::scope::ScopeFilter;
use crate::platform::access::Principal;
use crate::platform::db::TenantTx;
use crate::platform::http::Checks;

/// Most characters of where a class is known from.
const SOURCE_CHARS_MAX: usize = 200;
/// Where a class is known from if nobody said.
const SOURCE_UNSAID: &str = "建档时录入";

/// A new customer that can be true by itself, and where its class is known from.
pub(super) struct Checked {
    pub(super) fields: Fields,
    pub(super) source: String,
    /// Whether a name was given; the enterprise library may have one.
    named: bool,
    code: Option<CreditCode>,
}

/// Checks a new customer by itself.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn new(typed: &NewCustomer) -> Result<Checked> {
    let mut checks = Checks::new();
    let kind = typed.kind.0;
    let code = identity(&mut checks, typed);
    let number = match (kind, typed.id_number.as_deref()) {
        (CustomerKind::Person, Some(text)) => checks.personal("/id_number", IdNumber::parse(text)),
        _ => None,
    };
    let name = typed.name.as_deref().map(|text| name(&mut checks, kind, text));
    if name.is_none() && kind == CustomerKind::Person {
        checks.problem("/name", "required", "请填写", "is needed");
    }
    class(&mut checks, kind, typed.class.0);
    let source =
        checks.maybe_line("/class_source", typed.class_source.as_deref().unwrap_or_default(), SOURCE_CHARS_MAX);
    let fields = Fields {
        kind,
        name: name.clone().unwrap_or_default(),
        identity: number.map(|n| n.expose().to_owned()).or_else(|| code.clone().map(Into::into)).unwrap_or_default(),
        phone: phone(&mut checks, typed.phone.as_deref()),
        address: address(&mut checks, typed.address.as_deref()),
        class: typed.class.0,
        industry: industry(&mut checks, typed.industry.as_deref()),
        region: region(&mut checks, typed.region.as_deref()),
        controlling_party: typed.controlling_party,
        enterprise: None,
        channel: typed.channel.map(|id| id.uuid()),
        department: typed.department.map(|id| id.uuid()),
        officer: None,
    };
    checks.done()?;
    let source = if source.is_empty() { SOURCE_UNSAID.to_owned() } else { source };
    Ok(Checked { fields, source, named: name.is_some(), code })
}

/// A person has an ID number, everybody else a credit code, and nobody both.
fn identity(checks: &mut Checks, typed: &NewCustomer) -> Option<CreditCode> {
    let (needed, other) = match typed.kind.0 {
        CustomerKind::Person => (("/id_number", &typed.id_number), ("/credit_code", &typed.credit_code)),
        CustomerKind::Enterprise | CustomerKind::Bank => {
            (("/credit_code", &typed.credit_code), ("/id_number", &typed.id_number))
        }
    };
    if needed.1.is_none() {
        checks.problem(needed.0, "required", "请填写", "is needed");
    }
    if other.1.is_some() {
        checks.problem(
            other.0,
            "not_for_kind",
            "此类客户没有这一项，请删除",
            "a customer of this kind has none; remove it",
        );
    }
    match typed.kind.0 {
        CustomerKind::Person => None,
        _ => typed.credit_code.as_deref().and_then(|text| checks.personal("/credit_code", CreditCode::parse(text))),
    }
}

/// `before` with what `change` says of it, and where a new class is known from.
///
/// # Errors
/// Everything that is wrong, by its pointer.
pub(super) fn change(before: &Fields, change: &CustomerChange) -> Result<(Fields, Option<String>)> {
    let mut checks = Checks::new();
    let mut fields = before.clone();
    if let Some(text) = &change.name {
        fields.name = name(&mut checks, fields.kind, text);
    }
    if let Some(text) = &change.phone {
        fields.phone = phone(&mut checks, text.as_deref());
    }
    if let Some(text) = &change.address {
        fields.address = address(&mut checks, text.as_deref());
    }
    if let Some(code) = &change.industry {
        fields.industry = industry(&mut checks, code.as_deref());
    }
    if let Some(code) = &change.region {
        fields.region = region(&mut checks, code.as_deref());
    }
    fields.controlling_party = change.controlling_party.unwrap_or(fields.controlling_party);
    fields.channel = change.channel.map_or(fields.channel, |id| id.map(|id| id.uuid()));
    fields.department = change.department.map_or(fields.department, |id| id.map(|id| id.uuid()));
    fields.officer = change.officer.map_or(fields.officer, |id| id.map(|id| id.uuid()));
    let source = new_class(&mut checks, &mut fields, change);
    checks.done()?;
    Ok((fields, source))
}

fn new_class(checks: &mut Checks, fields: &mut Fields, change: &CustomerChange) -> Option<String> {
    let new = change.class.map(|word| word.0).filter(|new| *new != fields.class);
    let Some(new) = new else {
        if change.class_source.is_some() {
            let (zh, en) = ("只在更改规模类别时填写，请删除", "goes with a new class; remove it");
            checks.problem("/class_source", "class_unchanged", zh, en);
        }
        return None;
    };
    class(checks, fields.kind, new);
    fields.class = new;
    Some(checks.line("/class_source", change.class_source.as_deref().unwrap_or_default(), SOURCE_CHARS_MAX))
}

fn name(checks: &mut Checks, kind: CustomerKind, text: &str) -> String {
    if kind == CustomerKind::Person {
        return checks
            .personal("/name", RealName::parse(text))
            .map_or_else(String::new, |name| name.expose().to_owned());
    }
    full_name(text).unwrap_or_else(|| {
        checks.note(name_problem("/name"));
        String::new()
    })
}

fn class(checks: &mut Checks, kind: CustomerKind, class: ClientClass) {
    if !kind.takes(class) {
        checks.problem(
            "/class",
            "class_of_other_kind",
            "此类客户不能是该规模类别：农户只能是个人，银行只能选“其他”",
            "not for this kind of customer: a farmer is a person, and a bank is other",
        );
    }
}

fn phone(checks: &mut Checks, text: Option<&str>) -> Option<String> {
    checks.personal("/phone", Phone::parse(text?)).map(|phone| phone.expose().to_owned())
}

fn address(checks: &mut Checks, text: Option<&str>) -> Option<String> {
    Some(checks.line("/address", text?, ADDRESS_CHARS_MAX))
}

fn industry(checks: &mut Checks, code: Option<&str>) -> Option<String> {
    known(checks, "/industry", code, |code| Industry::find(code).is_some())
}

fn region(checks: &mut Checks, code: Option<&str>) -> Option<String> {
    known(checks, "/region", code, |code| Region::find(code).is_some())
}

fn known(checks: &mut Checks, pointer: &str, code: Option<&str>, exists: impl Fn(&str) -> bool) -> Option<String> {
    let code = code?.trim();
    if !exists(code) {
        let (zh, en) = ("没有这个代码，请从列表中选择", "There is no such code; choose one from the list");
        checks.problem(pointer, "unknown_code", zh, en);
    }
    Some(code.to_owned())
}

/// Fills in what the enterprise library knows of the code, and refuses another name than the library has: a code typed
/// wrongly is somebody else's.
///
/// # Errors
/// The name, where it is neither given nor known, or differs.
pub(super) async fn with_library(tx: &TenantTx, checked: &mut Checked) -> Result<()> {
    let known = match &checked.code {
        None => None,
        Some(code) => find_by_code(tx, code).await?,
    };
    let mut checks = Checks::new();
    match known {
        None if !checked.named && !checked.fields.is_person() => {
            checks.problem("/name", "required", "企业库中没有该代码，请填写全称", "the library does not know the code");
        }
        Some(known) if checked.named && !same_enterprise_name(&known.full_name, &checked.fields.name) => {
            checks.problem(
                "/name",
                "name_differs",
                format!("企业库中该代码为“{}”，请核对名称与代码", known.full_name),
                format!("in the library the code is that of “{}”; check name and code", known.full_name),
            );
        }
        Some(known) => fill_in(&mut checked.fields, known),
        None => {}
    }
    checks.done()
}

fn fill_in(fields: &mut Fields, known: EnterpriseBrief) {
    fields.enterprise = Some(known.id);
    fields.name = known.full_name;
    fields.industry = fields.industry.take().or(known.industry);
    fields.region = fields.region.take().or(known.region);
    fields.address = fields.address.take().or(known.address);
}

/// Whether channel, department and officer are there, and the department is one that the caller sees. Only what differs
/// from `before` is asked for: what stands already may have ended since.
///
/// # Errors
/// Each that is not.
pub(super) async fn place(
    tx: &TenantTx,
    who: &Principal,
    scope: &ScopeFilter,
    before: Option<&Fields>,
    fields: &Fields,
) -> Result<()> {
    let new = |now: Option<Uuid>, then: Option<Option<Uuid>>| now.filter(|_| then.flatten() != now);
    let mut checks = Checks::new();
    if let Some(channel) = new(fields.channel, before.map(|b| b.channel))
        && !channels::is_active(tx, channel).await?
    {
        checks.problem(
            "/channel",
            "unknown",
            "没有这个渠道，或已停用",
            "there is no such channel, or it is not active",
        );
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
        && people::staff_holds(tx, officer, Permission::ManageCustomers).await? != Some(true)
    {
        let (zh, en) = ("请选择能维护客户的在职员工", "choose somebody who can log in and maintains customers");
        checks.problem("/officer", "unknown", zh, en);
    }
    checks.done()
}
