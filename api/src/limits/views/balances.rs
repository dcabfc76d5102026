//! `GET /v1/balances`: the three balances of one subject on any day, and the figure that the bounds on one client ask for.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::kind;
use domain::limits::balances::Balances;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::day;
use super::subject::{BalanceOf, Subject, name, shown};
use crate::app::App;
use crate::customers::clients;
use crate::error::{Error, ProblemBody, Result};
use crate::limits::law::{Frame, many, past};
use crate::limits::store::exposures::{self, Key};
use crate::limits::store::{sees, views::subjects};
use crate::limits::subject::Names;
use crate::limits::view::id_of;
use crate::people::scope::{ScopeFilter, departments_of};
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Params, Reply};
use crate::tenants::products;

/// Whose balances, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BalancesQuery {
    /// The day at whose end; today if not said, never later.
    #[param(example = "2026-11-29")]
    day: Option<NaiveDate>,
    /// Of whom; the firm if not said.
    #[param(inline)]
    of: Option<BalanceOf>,
    /// Of which: the id of a customer (client, group, bank) or product, or the code of a region or industry.
    #[param(max_length = 64, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    id: Option<String>,
}

/// Balances, in fen.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BalanceFigures {
    /// 名义在保余额: what is drawn and not repaid.
    #[schema(example = 500_000_000)]
    pub nominal_fen: i64,
    /// 在保余额: less the bank's share.
    #[schema(example = 400_000_000)]
    pub in_force_fen: i64,
    /// 融资担保责任余额: less the re-guarantor's share, weighted.
    #[schema(example = 300_000_000)]
    pub liability_fen: i64,
    /// What counts for the bounds on one client and its group.
    #[schema(example = 300_000_000)]
    pub concentration_fen: i64,
}

impl BalanceFigures {
    pub(super) fn of(balances: &Balances) -> Self {
        Self {
            nominal_fen: balances.nominal.0,
            in_force_fen: balances.in_force.0,
            liability_fen: balances.liability.0,
            concentration_fen: balances.concentration.0,
        }
    }
}

/// A member of a group with its own balances.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberBalances {
    /// The client.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// What it is called; null where the caller sees none of its limits.
    #[schema(example = "示例农业有限公司")]
    pub name: Option<String>,
    /// Its balances.
    #[serde(flatten)]
    pub balances: BalanceFigures,
}

/// Balances of one subject at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct BalancesView {
    /// The day.
    #[schema(example = "2026-11-29")]
    pub day: NaiveDate,
    /// Of whom.
    pub of: BalanceOf,
    /// Of which; null for the firm.
    #[schema(example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: Option<String>,
    /// What it is called.
    #[schema(example = "示例农业有限公司")]
    pub name: Option<String>,
    /// The balances.
    #[serde(flatten)]
    pub balances: BalanceFigures,
    /// The parameter whose weights hold on the day; null for the statutory ones.
    #[schema(example = "par_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub weights: Option<String>,
    /// Of a group everyone in it on that day; else empty.
    pub members: Vec<MemberBalances>,
}

/// The parameter whose weights a frame has.
pub(super) fn weights(frame: &Frame) -> Option<String> {
    (!frame.weights_id.is_nil()).then(|| id_of::<kind::Parameter>(frame.weights_id))
}

/// Lets only a subject go on that the firm has and, of a client, that the caller sees.
async fn find(tx: &TenantTx, access: &Access<may::ReadLimits>, subject: &Subject) -> Result<ScopeFilter> {
    match subject {
        Subject::Firm | Subject::Coded(..) => Ok(ScopeFilter::All),
        Subject::Bank(id) => match clients::client(tx, *id).await? {
            client if client.kind == "bank" => Ok(ScopeFilter::All),
            _ => Err(Error::not_found()),
        },
        Subject::Product(id) => match products::load(tx, *id).await? {
            Some(_) => Ok(ScopeFilter::All),
            None => Err(Error::not_found()),
        },
        Subject::Client { id, .. } => {
            let client = clients::client(tx, *id).await?;
            let scope = departments_of(tx, &access.principal).await?;
            let is_seen = sees(&scope, client.department, None) || subjects::has_limit_within(tx, &scope, *id).await?;
            if is_seen { Ok(scope) } else { Err(Error::not_found()) }
        }
    }
}

/// The members of a group with their own balances, and all together.
async fn of_group(
    tx: &TenantTx,
    frame: &Frame,
    client: Uuid,
    scope: &ScopeFilter,
) -> Result<(Balances, Vec<MemberBalances>)> {
    let members = clients::group_of(tx, client, &frame.counted(), frame.day).await?;
    let keys: Vec<Key> = members.iter().map(|member| exposures::client(*member)).collect();
    let figures = past::figures(tx, frame, &keys).await?;
    let seen = many::seen(tx, scope, members.iter().copied()).await?;
    let names = Names::read(tx, members.iter().copied().filter(|id| seen.has(*id) || *id == client)).await?;
    let mut total = Balances::default();
    let mut shown = Vec::with_capacity(members.len());
    for (id, key) in members.into_iter().zip(&keys) {
        let balances = figures.balances(key);
        total = total.plus(balances).map_err(Error::internal)?;
        let balances = BalanceFigures::of(&balances);
        shown.push(MemberBalances { id: id_of::<kind::Customer>(id), name: names.customer(id), balances });
    }
    Ok((total, shown))
}

/// The balances of one subject at the end of a day.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(BalancesQuery),
    responses(
        (status = 200, description = "The balances", body = BalancesView),
        (status = 404, description = "No such subject, or not yours", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/balances")]
pub async fn read_balances(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    Params(query): Params<BalancesQuery>,
) -> Result<Reply<BalancesView>> {
    let of = query.of.unwrap_or(BalanceOf::Firm);
    let subject = Subject::read(of, query.id.as_deref())?;
    let tx = access.read(&app).await?;
    let day = day::asked(&tx, "day", query.day)?;
    let scope = find(&tx, &access, &subject).await?;
    let frame = Frame::on(&tx, day).await?;
    let key = subject.key();
    let (balances, members) = match &subject {
        Subject::Client { id, with_group: true } => of_group(&tx, &frame, *id, &scope).await?,
        _ => (past::figures(&tx, &frame, std::slice::from_ref(&key)).await?.balances(&key), vec![]),
    };
    let (id, name) = match &subject {
        // the firm's own balances are asked for most, and need no names
        Subject::Firm => (None, None),
        _ => {
            let names = Names::read(&tx, subject.customer()).await?;
            (Some(shown(key.0, &key.1)), name(key.0, &key.1, &names))
        }
    };
    let balances = BalanceFigures::of(&balances);
    Ok(Reply::ok(BalancesView { day, of, id, name, balances, weights: weights(&frame), members }))
}
