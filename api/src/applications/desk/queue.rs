//! `GET /v1/applications` and `GET /v1/applications/counts`: the staff's queue.

use actix_web::{get, web::Data};
use chrono::Duration;
use domain::applications::state::ApplicationState;
use domain::id::{Id, kind};
use domain::words::plain_text;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::scope;
use super::view::{About, QueueEntry};
use crate::app::App;
use crate::applications::store::{self, Queue, Sort};
use crate::applications::view::StateName;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// Oldest age asked for, days.
const AGE_DAYS_MAX: u32 = 36_500;
const TEXT_CHARS_MAX: usize = 100;

/// What is wanted of the queue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueParams {
    /// Only this state.
    #[param(inline)]
    pub state: Option<StateName>,
    /// Only this officer's; `me` for the caller's own.
    #[param(max_length = 64, example = "me")]
    pub officer: Option<String>,
    /// Only this product's.
    #[param(max_length = 64)]
    pub product: Option<String>,
    /// Only regions whose code begins so.
    #[param(max_length = 12, example = "3301")]
    pub region: Option<String>,
    /// Submitted at least so many days ago.
    #[param(minimum = 0, maximum = 36500)]
    pub age_min_days: Option<u32>,
    /// Submitted at most so many days ago.
    #[param(minimum = 0, maximum = 36500)]
    pub age_max_days: Option<u32>,
    /// The beginning of a number or of an enterprise's name, or a whole credit code.
    #[param(max_length = 100)]
    pub text: Option<String>,
    /// The order; who waits longest comes first if not said.
    #[param(inline)]
    pub sort: Option<QueueSort>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before, with the same filters and order.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// An order of the queue.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueSort {
    /// Who waits longest in the present step comes first.
    OldestWaiting,
    /// The newest comes first.
    Newest,
    /// The largest requested amount comes first.
    Amount,
}

/// How much there is to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueCounts {
    /// Applications in each state, of those that the caller sees.
    pub states: Vec<StateCount>,
    /// Open applications whose officer the caller is.
    #[schema(example = 3, minimum = 0)]
    pub mine: u64,
}

/// How many are in one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateCount {
    /// The state.
    pub state: StateName,
    /// The same in words.
    #[schema(example = "尽职调查中")]
    pub label: String,
    /// How many.
    #[schema(example = 12, minimum = 0)]
    pub count: i64,
}

/// The queue, as far as the caller's data scope reaches.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    params(QueueParams),
    responses((status = 200, description = "One page", body = Page<QueueEntry>))
)]
#[get("/v1/applications")]
pub async fn list_applications(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
    Params(asked): Params<QueueParams>,
) -> Result<Reply<Page<QueueEntry>>> {
    let cursor = Cursor::read(asked.limit, asked.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let queue = read(&asked, access.principal.id, tx.now())?;
    let scope = scope::of(&tx, &access.principal).await?;
    let rows = store::queue(&tx, &scope, &queue, &cursor).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    let page = cursor.page(rows, |row| row.id, |row| QueueEntry::of(&row, &about, context.language))?;
    Ok(Reply::ok(page))
}

/// How many applications stand in each state, and how many are the caller's.
#[utoipa::path(
    tag = "applications",
    security(("token" = ["applications.read"])),
    responses((status = 200, description = "The counts", body = QueueCounts))
)]
#[get("/v1/applications/counts")]
pub async fn count_applications(
    access: Access<may::ReadApplications>,
    app: Data<App>,
    context: Context,
) -> Result<Reply<QueueCounts>> {
    let tx = access.read(&app).await?;
    let scope = scope::of(&tx, &access.principal).await?;
    let (found, mine) = store::counts(&tx, &scope, access.principal.id).await?;
    let shown = ApplicationState::ALL.into_iter().filter(|state| *state != ApplicationState::Draft);
    let states = shown
        .map(|state| StateCount {
            state: state.into(),
            label: crate::applications::words::say(&state.words(), context.language),
            count: found.iter().find(|(code, _)| code == state.code()).map_or(0, |(_, count)| *count),
        })
        .collect();
    Ok(Reply::ok(QueueCounts { states, mine }))
}

fn read(asked: &QueueParams, me: Uuid, now: chrono::DateTime<chrono::Utc>) -> Result<Queue> {
    let ago = |days: u32| now - Duration::days(i64::from(days));
    let in_range = |days: Option<u32>| match days {
        Some(days) if days > AGE_DAYS_MAX => Err(bad("age_min_days/age_max_days")),
        other => Ok(other),
    };
    let plain = |name: &str, text: &Option<String>, chars_max: usize| match text.as_deref() {
        None => Ok(None),
        Some(text) => plain_text(text, chars_max, false).map(Some).map_err(|_| bad(name)),
    };
    Ok(Queue {
        state: asked.state.map(ApplicationState::from),
        officer: match asked.officer.as_deref() {
            None => None,
            Some("me") => Some(me),
            Some(text) => Some(Id::<kind::Staff>::parse(text).ok_or_else(|| bad("officer"))?.uuid()),
        },
        product: match asked.product.as_deref() {
            None => None,
            Some(text) => Some(Id::<kind::Product>::parse(text).ok_or_else(|| bad("product"))?.uuid()),
        },
        region: plain("region", &asked.region, 12)?,
        submitted_until: in_range(asked.age_min_days)?.map(ago),
        submitted_after: in_range(asked.age_max_days)?.map(ago),
        text: plain("text", &asked.text, TEXT_CHARS_MAX)?,
        sort: match asked.sort {
            None | Some(QueueSort::OldestWaiting) => Sort::OldestWaiting,
            Some(QueueSort::Newest) => Sort::Newest,
            Some(QueueSort::Amount) => Sort::Amount,
        },
    })
}

fn bad(name: &str) -> Error {
    Error::new(Code::InvalidParameter).detail(format!("查询参数{name}不正确。"), format!("{name} is not right."))
}
