//! `GET /v1/customers/{id}/group`: who counts together with a customer on a day, and through which relations.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use domain::limits::groups::{COUNTED_BY_DEFAULT, LinkKind};
use domain::time::TenantZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, RelationRow};
use super::view::words_of;
use crate::app::App;
use crate::customers::clients::{self, scope};
use crate::customers::plausible_day;
use crate::customers::words::{CustomerBrief, RelationKindWord, RelationSourceWord, say};
use crate::error::{Code, Error, Language, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Params, Reply};

/// Most relations that are shown of a group.
const LINKS_MAX: u64 = 5_000;

/// Which group.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GroupQuery {
    /// The day; today if not said.
    #[param(example = "2026-06-30")]
    day: Option<NaiveDate>,
    /// The kinds of relations that count, with commas between; shareholders, controllers and spouses if not said.
    #[param(max_length = 80, example = "shareholder,controller,spouse")]
    kinds: Option<String>,
}

/// A group of related customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupView {
    /// On which day.
    pub day: NaiveDate,
    /// The kinds of relations that were counted.
    pub kinds: Vec<RelationKindWord>,
    /// Its members, the customer among them, in the order of their ids. Some may lie outside the caller's data scope.
    pub members: Vec<CustomerBrief>,
    /// Through which relations they belong together.
    pub links: Vec<GroupLink>,
}

/// A relation within a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupLink {
    /// The relation.
    #[schema(example = "rel_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// How they are related.
    pub kind: RelationKindWord,
    /// The same in words.
    #[schema(example = "股东")]
    pub kind_label: String,
    /// One member.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: String,
    /// The other: of a shareholder, controller or guarantor whoever is that.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8d")]
    pub other: String,
    /// Where it is known from.
    pub source: RelationSourceWord,
    /// The share that a shareholder holds, basis points.
    #[schema(example = 3000)]
    pub share_bp: Option<i32>,
}

/// The group of a customer on a day.
#[utoipa::path(
    tag = "relations",
    security(("token" = ["customers.read"])),
    params(GroupQuery),
    responses(
        (status = 200, description = "The group; the customer alone where nothing links it", body = GroupView),
        (
            status = 422,
            description = "The group is larger than any that is shown",
            body = ProblemBody,
            content_type = "application/problem+json"
        )
    )
)]
#[get("/v1/customers/{id}/group")]
pub async fn read_group(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    id: At<kind::Customer>,
    Params(query): Params<GroupQuery>,
) -> Result<Reply<GroupView>> {
    let kinds = query.kinds.as_deref().map_or_else(|| Ok(COUNTED_BY_DEFAULT.to_vec()), kinds)?;
    let tx = access.read(&app).await?;
    let customer = scope::find(&tx, &access.principal, id.uuid()).await?;
    let day = plausible_day(query.day.unwrap_or_else(|| TenantZone::default().date_of(tx.now())))?;
    let members = clients::group_of(&tx, customer.id, &kinds, day).await?;
    let links = store::among(&tx, &members, &kinds, day, LINKS_MAX + 1).await?;
    if links.len() as u64 > LINKS_MAX {
        return Err(Error::new(Code::TooManyItems));
    }
    let mut briefs = clients::briefs(&tx, &members).await?;
    Ok(Reply::ok(GroupView {
        day,
        kinds: kinds.into_iter().map(RelationKindWord).collect(),
        members: members.iter().filter_map(|id| briefs.remove(id)).collect(),
        links: links.iter().map(|row| GroupLink::of(row, context.language)).collect::<Result<_>>()?,
    }))
}

fn kinds(text: &str) -> Result<Vec<LinkKind>> {
    let bad = || {
        let all: Vec<_> = LinkKind::ALL.iter().map(|kind| kind.code()).collect();
        let all = all.join("、");
        Error::new(Code::InvalidParameter)
            .detail(format!("kinds应为以逗号分隔的：{all}。"), format!("kinds are some of {all}, with commas between."))
    };
    let mut found: Vec<LinkKind> =
        text.split(',').map(|code| LinkKind::from_code(code.trim()).ok_or_else(bad)).collect::<Result<_>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

impl GroupLink {
    fn of(row: &RelationRow, language: Language) -> Result<Self> {
        let (kind, source) = words_of(row)?;
        Ok(Self {
            id: Id::<kind::Relation>::from_uuid(row.id).to_string(),
            kind: RelationKindWord(kind),
            kind_label: say(&kind.words(), language),
            customer: Id::<kind::Customer>::from_uuid(row.b_id).to_string(),
            other: Id::<kind::Customer>::from_uuid(row.a_id).to_string(),
            source: RelationSourceWord(source),
            share_bp: row.share_bp,
        })
    }
}
