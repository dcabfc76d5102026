//! `POST /v1/t/{tenant}/policy-matches`: which policies fit a case, with the reason for each yes and no (政策自动匹配).
//! Nothing is stored: a POST only because the question has many parts.

use std::collections::HashMap;

use actix_web::{post, web::Data};
use domain::id::{Id, kind};
use domain::policies::Policy;
use domain::time::TenantZone;

use super::super::conditions::{ConditionsBody, QueryBody};
use super::super::publication::Publication;
use super::super::{store, view, view::PolicyMatches};
use crate::app::App;
use crate::error::Result;
use crate::platform::http::{Body, Context, Cursor, Reply, Slug};
use crate::tenants::products;

/// Most policies that are matched, the newest; a firm publishes dozens.
const POLICIES_MAX: u64 = 500;

/// Ranks the published policies by how they fit.
#[utoipa::path(
    tag = "public",
    request_body = QueryBody,
    responses((status = 200, description = "Every published policy, fitting ones first", body = PolicyMatches))
)]
#[post("/v1/t/{tenant}/policy-matches")]
pub async fn match_policies(
    slug: Slug,
    app: Data<App>,
    context: Context,
    Body(body): Body<QueryBody>,
) -> Result<Reply<PolicyMatches>> {
    let tx = super::open(&app, &slug, &context).await?;
    let query = body.to_domain(TenantZone::default().date_of(tx.now()))?;
    let newest = Cursor { after: None, limit: POLICIES_MAX };
    let rows = store::policies(&tx, Some(Publication::Published), &newest).await?;
    let words = products::purpose_words(&tx).await?;
    let mut policies = Vec::with_capacity(rows.len());
    let mut by_id = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = Id::<kind::Policy>::from_uuid(row.id).to_string();
        let conditions: ConditionsBody = serde_json::from_value(row.conditions.clone())?;
        policies.push(Policy { id: id.clone(), conditions: conditions.to_domain()? });
        by_id.insert(id, row);
    }
    let found = domain::policies::match_policies(&query, &policies, &|code| words.get(code).cloned());
    let items = found.into_iter().filter_map(|one| {
        let row = by_id.get(&one.id)?;
        Some(view::matched(row, one, context.language))
    });
    Ok(Reply::ok(PolicyMatches { items: items.collect() }))
}
