//! `POST /v1/customers/{id}/relations`: records how a customer is related to another.

use actix_web::{HttpResponse, post, web::Data};
use domain::customers::{NewRelation as Judged, RelationFault};
use domain::id::{Id, kind};
use domain::limits::groups::LinkKind;
use uuid::Uuid;

use super::form::NewRelation;
use super::store::{self, Fresh, RelationRow};
use super::view::{RelationView, for_audit};
use crate::app::App;
use crate::customers::clients::{scope, store as clients};
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Context, Idempotency, Reply};

/// Most relations of one customer, over time.
const RELATIONS_MAX: u64 = 1_000;
/// Most characters of a document.
const DOCUMENT_CHARS_MAX: usize = 200;

/// Records a relation of the customer in the address. The other customer may lie outside the caller's data scope: groups
/// do not end at departments.
#[utoipa::path(
    tag = "relations",
    security(("token" = ["customers.manage"])),
    request_body = NewRelation,
    responses((status = 201, description = "The relation", body = RelationView))
)]
#[post("/v1/customers/{id}/relations")]
pub async fn record_relation(
    access: Access<may::ManageCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    idem: Idempotency,
    Body(body): Body<NewRelation>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        scope::find(tx, &access.principal, id.uuid()).await?;
        let row = add(tx, id.uuid(), &body).await?;
        let act = Act::new("relation.record", "relation", row.id);
        let act = act.detail(serde_json::json!({ "after": for_audit(&row) }));
        let location = format!("/v1/customers/{}/relations", Id::<kind::Customer>::from_uuid(id.uuid()));
        Ok(Reply::created(location, RelationView::one(tx, &row, context.language).await?).version(1).done(act))
    })
    .await
}

/// Records a relation of a customer on behalf of the product itself, and gives its id. Audit is the caller's.
///
/// # Errors
/// Everything that is wrong with it, by its pointer; `too_many_items`; or a failing database.
pub async fn record(tx: &TenantTx, customer: Uuid, typed: &NewRelation) -> Result<Uuid> {
    Ok(add(tx, customer, typed).await?.id)
}

async fn add(tx: &TenantTx, customer: Uuid, typed: &NewRelation) -> Result<RelationRow> {
    let other = typed.other.uuid();
    // Both stay locked, so that of two who record the same at once one sees the other's.
    let rows = clients::lock_all(tx, &[customer, other]).await?;
    let found = |id: Uuid| rows.iter().find(|row| row.id == id);
    let one = found(customer).ok_or_else(Error::not_found)?;
    let mut checks = Checks::new();
    let document = checks.maybe_line("/document", typed.document.as_deref().unwrap_or_default(), DOCUMENT_CHARS_MAX);
    let Some(two) = found(other) else {
        checks.problem("/other", "unknown", "没有这位客户", "there is no such customer");
        return Err(checks.refuse());
    };
    judge(&mut checks, typed, one, two)?;
    let fresh = Fresh {
        a: other,
        b: customer,
        kind: typed.kind.0,
        source: typed.source.0.code(),
        share_bp: typed.share_bp.and_then(|share| i32::try_from(share).ok()),
        document: Some(document.as_str()).filter(|text| !text.is_empty()),
        valid_from: typed.valid_from,
        valid_to: typed.valid_to,
    };
    checks.done()?;
    if store::overlaps(tx, &fresh, is_directed(fresh.kind)).await? {
        let mut checks = Checks::new();
        let zh = "同一关系在这段时间已登记，请先结束原有登记";
        checks.problem("/kind", "recorded_already", zh, "it is recorded for that time already; end that first");
        return Err(checks.refuse());
    }
    for id in [customer, other] {
        if store::count(tx, id).await? >= RELATIONS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
    }
    store::insert(tx, &fresh).await
}

fn judge(checks: &mut Checks, typed: &NewRelation, one: &clients::Row, two: &clients::Row) -> Result<()> {
    let same = |a: &Option<Vec<u8>>, b: &Option<Vec<u8>>| a.is_some() && a == b;
    let judged = Judged {
        customer: (one.id, clients::kind_of(one)?),
        other: (two.id, clients::kind_of(two)?),
        kind: typed.kind.0,
        source: typed.source.0,
        share_bp: typed.share_bp,
        valid_from: typed.valid_from,
        valid_to: typed.valid_to,
        same_phone: same(&one.phone_hash, &two.phone_hash),
        same_address: same(&one.address_hash, &two.address_hash),
    };
    for fault in judged.faults() {
        let words = fault.words();
        checks.problem(pointer(fault), fault.code(), words.zh, words.en);
    }
    Ok(())
}

fn pointer(fault: RelationFault) -> &'static str {
    match fault {
        RelationFault::Itself => "/other",
        RelationFault::Period => "/valid_to",
        RelationFault::Day => "/valid_from",
        RelationFault::SpouseNotPerson | RelationFault::HeldIsPerson => "/kind",
        RelationFault::ShareOfOther | RelationFault::ShareRange => "/share_bp",
        RelationFault::NothingMatches => "/source",
    }
}

/// Whether it makes a difference which of both is which.
fn is_directed(kind: LinkKind) -> bool {
    matches!(kind, LinkKind::Shareholder | LinkKind::Controller | LinkKind::Guarantor)
}
