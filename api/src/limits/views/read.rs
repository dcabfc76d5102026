//! `GET /v1/limits/{id}`: one limit with its way up, everything below it, what is set aside and drawn of it, and what the
//! caller can do with it.

use actix_web::{get, web::Data};
use domain::access::{Permission, PermissionSet};
use domain::id::kind;
use domain::limits::operation::LimitAction;
use domain::limits::overview::{used_in_tree, utilisation_bp};
use domain::money::Fen;
use serde::Serialize;
use utoipa::ToSchema;

use super::entry::LimitEntry;
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::store::views::{lists, tree};
use crate::limits::store::{LimitRow, rows, visible_path};
use crate::limits::subject::Names;
use crate::limits::view::{CONDITIONS, DrawdownView, ReservationView, actions};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{At, Context, Reply};

/// Most parts below a limit that are shown with it.
const PARTS_MAX: i64 = 2_000;
/// Most reservations and drawdowns that are shown with it; there are pages of all.
const USES_MAX: u64 = 100;

/// A limit with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LimitDetail {
    /// The limit.
    #[serde(flatten)]
    pub limit: LimitEntry,
    /// The limits above it, the granted one first; none of the granted one itself.
    pub above: Vec<LimitEntry>,
    /// Everything that was split off it, at any depth, what is nearest to it first; at most 2,000 parts.
    pub parts: Vec<LimitEntry>,
    /// Whether all parts are here.
    #[schema(example = true)]
    pub parts_complete: bool,
    /// What is set aside, drawn or spent of it and of its parts, in fen; null where not all parts are here.
    #[schema(example = 15_000_000)]
    pub used_fen: Option<i64>,
    /// The same as a share of what is granted, in 1/10,000, rounded down; null also where nothing is granted.
    #[schema(example = 3_000)]
    pub utilisation_bp: Option<i64>,
    /// What is set aside of this limit itself and can still be drawn, what lapses first before the others; at most 100.
    pub reservations: Vec<ReservationView>,
    /// What is drawn under this limit itself and not fully repaid, the oldest first; at most 100.
    pub drawdowns: Vec<DrawdownView>,
    /// Conditions of its use: those of the granted limit hold for its parts too.
    #[schema(example = json!(["单笔用款不超过20万元"]))]
    pub conditions: Vec<String>,
    /// What the caller can do with it now.
    #[schema(example = json!(["split", "reserve"]))]
    pub allowed_actions: Vec<String>,
}

/// What an action asks for.
fn permission(action: LimitAction) -> Permission {
    match action {
        LimitAction::Enlarge | LimitAction::Reduce => Permission::GrantLimits,
        LimitAction::Reserve | LimitAction::Draw | LimitAction::Release | LimitAction::Repay => Permission::UseLimits,
        LimitAction::Correct => Permission::CorrectLimits,
        LimitAction::Split
        | LimitAction::Move
        | LimitAction::Freeze
        | LimitAction::Thaw
        | LimitAction::Close
        | LimitAction::Expire
        | LimitAction::Lapse => Permission::ManageLimits,
    }
}

fn allowed(tx: &TenantTx, path: &[LimitRow], held: PermissionSet) -> Result<Vec<String>> {
    let possible = actions(tx, path)?.into_iter().filter(|action| held.has(permission(*action)));
    Ok(possible.map(|action| action.code().to_owned()).collect())
}

fn conditions(tx: &TenantTx, path: &[LimitRow]) -> Result<Vec<String>> {
    let sealed = path.iter().filter_map(|row| Some((row.id, row.conditions_sealed.as_deref()?)));
    let read = sealed.map(|(id, sealed)| tx.open_json::<Vec<String>>(CONDITIONS, id, sealed));
    Ok(read.collect::<Result<Vec<_>>>()?.concat())
}

/// What is used of a limit and its parts, and as a share.
fn used(row: &LimitRow, parts: &[LimitRow]) -> Result<(Fen, Option<i64>)> {
    let all = std::iter::once(row).chain(parts).map(rows::limit).collect::<Result<Vec<_>>>()?;
    let used = used_in_tree(&all);
    Ok((used, utilisation_bp(used, Fen(row.granted_fen))))
}

/// A limit, with its tree, its uses and what can be done with it.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    responses((status = 200, description = "The limit", body = LimitDetail))
)]
#[get("/v1/limits/{id}")]
pub async fn read_limit(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    at: At<kind::Limit>,
) -> Result<Reply<LimitDetail>> {
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let path = visible_path(&tx, &scope, at.uuid(), false).await?;
    let (row, above) = path.split_last().ok_or_else(Error::not_found)?;
    let mut parts = tree::below(&tx, row.id, PARTS_MAX + 1).await?;
    let most = usize::try_from(PARTS_MAX).unwrap_or(usize::MAX);
    let parts_complete = parts.len() <= most;
    parts.truncate(most);
    let (used, utilisation_bp) = used(row, &parts)?;
    let names = Names::of_limits(&tx, &[path.as_slice(), parts.as_slice()].concat()).await?;
    let show = |row: &LimitRow| LimitEntry::of(&tx, row, &names, context.language);
    let reservations = lists::open_reservations(&tx, row.id, USES_MAX).await?;
    let reservations = reservations.iter().map(|one| ReservationView::of(&tx, one, context.language));
    let drawdowns = lists::unsettled_drawdowns(&tx, row.id, USES_MAX).await?;
    let detail = LimitDetail {
        limit: show(row)?,
        above: above.iter().map(show).collect::<Result<_>>()?,
        parts: parts.iter().map(show).collect::<Result<_>>()?,
        parts_complete,
        used_fen: parts_complete.then_some(used.0),
        utilisation_bp: utilisation_bp.filter(|_| parts_complete),
        reservations: reservations.collect::<Result<_>>()?,
        drawdowns: drawdowns.iter().map(DrawdownView::of).collect(),
        conditions: conditions(&tx, &path)?,
        allowed_actions: allowed(&tx, &path, access.principal.permissions)?,
    };
    Ok(Reply::ok(detail).version(row.version))
}
