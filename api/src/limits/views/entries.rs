//! `GET /v1/limits/{id}/entries`: the ledger of a limit, with who wrote what and why.

use actix_web::{get, web::Data};
use domain::id::kind;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::limits::store::{Entry, entries, views::lists};
use crate::limits::view::EntryView;
use crate::people::scope::departments_of;
use crate::people::staff_brief;
use crate::platform::access::{Access, may};
use crate::platform::db::ActorKind;
use crate::platform::http::{At, Context, Page, PageParams, Params, Reply};

/// An entry with the name of who wrote it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: EntryView,
    /// What the member of staff is called; null for applicants and the product itself.
    #[schema(example = "钱示例")]
    pub actor_name: Option<String>,
}

/// Which members of staff wrote some entries.
pub(super) fn writers(rows: &[Entry]) -> Vec<Uuid> {
    let staff = rows.iter().filter(|row| row.actor_kind == ActorKind::Staff.key());
    let mut ids: Vec<Uuid> = staff.map(|row| row.actor_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The ledger of a limit, the newest entry first.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(PageParams),
    responses((status = 200, description = "One page of entries", body = Page<LedgerEntry>))
)]
#[get("/v1/limits/{id}/entries")]
pub async fn list_limit_entries(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
    Params(query): Params<PageParams>,
) -> Result<Reply<Page<LedgerEntry>>> {
    let cursor = query.cursor()?;
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let limit = lists::limit(&tx, &scope, at.uuid()).await?;
    let rows = entries::page(&tx, limit.id, cursor).await?;
    let names = staff_brief(&tx, &writers(&rows)).await?;
    let show = |row: Entry| {
        let entry = EntryView::of(&tx, &row, context.language)?;
        let actor_name = entry.actor.as_ref().and_then(|_| names.get(&row.actor_id)).map(|brief| brief.name.clone());
        Ok(LedgerEntry { entry, actor_name })
    };
    Ok(Reply::ok(cursor.page(rows, |row| row.id, show)?))
}
