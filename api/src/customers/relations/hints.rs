//! `GET /v1/customers/{id}/hints`: other customers with the same phone or address that no relation says yet. Records are
//! compared by keyed hashes; nobody sees the phone or address itself.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use domain::limits::groups::{LinkKind, LinkSource};
use domain::time::TenantZone;
use serde::Serialize;
use utoipa::ToSchema;

use super::form::NewRelation;
use super::store;
use crate::app::App;
use crate::customers::clients::{self, scope};
use crate::customers::words::{CustomerBrief, RelationKindWord, RelationSourceWord, say};
use crate::error::Result;
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// Most hints of one kind.
const HINTS_MAX: usize = 50;

/// What may be a relation.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelationHint {
    /// What both have.
    pub kind: RelationKindWord,
    /// The same in words.
    #[schema(example = "相同电话")]
    pub kind_label: String,
    /// The other customer; it may lie outside the caller's data scope.
    pub other: CustomerBrief,
    /// What to send to the customer's relations, as it stands, to record it.
    pub record: NewRelation,
}

/// All hints of a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelationHints {
    /// At most 50 of each kind.
    pub items: Vec<RelationHint>,
    /// Whether there are more.
    pub more: bool,
}

/// Customers with the same phone or address that is not recorded as a relation today.
#[utoipa::path(
    tag = "relations",
    security(("token" = ["customers.read"])),
    responses((status = 200, description = "The hints", body = RelationHints))
)]
#[get("/v1/customers/{id}/hints")]
pub async fn list_relation_hints(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
) -> Result<Reply<RelationHints>> {
    let tx = access.read(&app).await?;
    let customer = scope::find(&tx, &access.principal, id.uuid()).await?;
    let today = TenantZone::default().date_of(tx.now());
    let mut hints = RelationHints { items: vec![], more: false };
    for kind in [LinkKind::SamePhone, LinkKind::SameAddress] {
        let mut found = store::alike(&tx, &customer, kind, today, HINTS_MAX as u64 + 1).await?;
        hints.more |= found.len() > HINTS_MAX;
        found.truncate(HINTS_MAX);
        for other in &found {
            let record = NewRelation {
                other: Id::<kind::Customer>::from_uuid(other.id),
                kind: RelationKindWord(kind),
                source: RelationSourceWord(LinkSource::Matching),
                share_bp: None,
                document: None,
                valid_from: today,
                valid_to: None,
            };
            let kind_label = say(&kind.words(), context.language);
            let other = clients::brief_of(&tx, other)?;
            hints.items.push(RelationHint { kind: RelationKindWord(kind), kind_label, other, record });
        }
    }
    Ok(Reply::ok(hints))
}
