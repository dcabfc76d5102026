//! `/v1/channels/{id}/members`: whose log-ins are a channel's. Putting somebody in gives them what the channel sees, so
//! it lies with whoever manages staff; and only those can be put in whose roles allow a channel's work.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use domain::access::Permission;
use domain::id::{Id, kind};
use uuid::Uuid;

use super::form::NewChannelMember;
use super::store::{self, MemberRow};
use super::view::ChannelMemberView;
use crate::app::App;
use crate::customers::words::ColleagueBrief;
use crate::error::{Code, Error, Result};
use crate::people::{self, scope};
use crate::platform::access::{Access, Principal, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{At, Body, Checks, Idempotency, Page, PageParams, Params, Reply, Under};

/// Most people of one channel.
const MEMBERS_MAX: u64 = 500;

/// A channel's people.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["staff.read"])),
    params(PageParams),
    responses((status = 200, description = "A page of people, in the order of their ids", body = Page<ChannelMemberView>))
)]
#[get("/v1/channels/{id}/members")]
pub async fn list_channel_members(
    access: Access<may::ReadStaff>,
    app: Data<App>,
    id: At<kind::Channel>,
    Params(page): Params<PageParams>,
) -> Result<Reply<Page<ChannelMemberView>>> {
    let cursor = page.cursor()?;
    let tx = access.read(&app).await?;
    let channel = store::get(&tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
    let rows = store::members(&tx, channel.id, cursor).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.staff_id).collect();
    let names = people::staff_brief(&tx, &ids).await?;
    let view = |row: MemberRow| {
        let staff = ColleagueBrief::of(row.staff_id, &names).ok_or_else(|| Error::new(Code::Internal))?;
        Ok(ChannelMemberView { staff, since: row.created_at })
    };
    Ok(Reply::ok(cursor.page(rows, |row| row.staff_id, view)?))
}

/// Puts a member of staff into a channel. Nobody belongs to two.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["staff.manage"])),
    request_body = NewChannelMember,
    responses((status = 201, description = "They belong to the channel now", body = ChannelMemberView))
)]
#[post("/v1/channels/{id}/members")]
pub async fn add_channel_member(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    id: At<kind::Channel>,
    idem: Idempotency,
    Body(body): Body<NewChannelMember>,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &body, async |tx| {
        let channel = store::lock(tx, id.uuid()).await?.ok_or_else(Error::not_found)?;
        let staff = body.staff.uuid();
        may_belong(tx, &access.principal, staff).await?;
        if store::count_members(tx, channel.id).await? >= MEMBERS_MAX {
            return Err(Error::new(Code::TooManyItems));
        }
        let row = store::add_member(tx, channel.id, staff).await?;
        let names = people::staff_brief(tx, &[staff]).await?;
        let shown = ColleagueBrief::of(staff, &names).ok_or_else(|| Error::new(Code::Internal))?;
        let act = Act::new("channel.member_add", "channel", channel.id);
        let act = act.detail(serde_json::json!({ "staff": body.staff }));
        let location = format!("/v1/channels/{}/members/{}", Id::<kind::Channel>::from_uuid(channel.id), body.staff);
        Ok(Reply::created(location, ChannelMemberView { staff: shown, since: row.created_at }).done(act))
    })
    .await
}

/// Whether somebody can be put into a channel: seen by the caller, with the permission, and in no channel yet.
async fn may_belong(tx: &TenantTx, who: &Principal, staff: Uuid) -> Result<()> {
    let mut checks = Checks::new();
    match scope::must_see(tx, who, staff).await {
        Err(error) if error.code() == Code::NotFound => {
            checks.problem("/staff", "unknown", "没有这位员工", "there is no such member of staff");
            return checks.done();
        }
        seen => seen?,
    }
    if people::staff_holds(tx, staff, Permission::ChannelCustomers).await? != Some(true) {
        let (zh, en) = ("该员工没有渠道人员角色，或已停用", "they have no role of a channel, or are disabled");
        checks.problem("/staff", "no_channel_role", zh, en);
    }
    if store::membership(tx, staff).await?.is_some() {
        let (zh, en) = ("该员工已属于一个渠道，请先移出", "they belong to a channel already; take them out first");
        checks.problem("/staff", "in_a_channel", zh, en);
    }
    checks.done()
}

/// Takes a member of staff out of a channel; they see none of its customers from now on.
#[utoipa::path(
    tag = "channels",
    security(("token" = ["staff.manage"])),
    responses((status = 204, description = "They belong to it no longer"))
)]
#[delete("/v1/channels/{id}/members/{staff}")]
pub async fn remove_channel_member(
    access: Access<may::ManageStaff>,
    app: Data<App>,
    id: At<kind::Channel>,
    staff: Under<kind::Staff>,
) -> Result<Reply<()>> {
    let tx = access.begin(&app).await?;
    scope::must_see(&tx, &access.principal, staff.uuid()).await?;
    if !store::remove_member(&tx, id.uuid(), staff.uuid()).await? {
        return Err(Error::not_found());
    }
    let act = Act::new("channel.member_remove", "channel", id.uuid());
    tx.commit(act.detail(serde_json::json!({ "staff": staff.0 }))).await?;
    Ok(Reply::ok(()))
}
