//! `GET /v1/limits`: limits and their parts, found by whose they are, what they are for, and how they stand.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, Kind, kind};
use domain::limits::tree::LimitState;
use domain::words::{TextFault, plain_text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::entry::LimitEntry;
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::law::today;
use crate::limits::store::views::lists::{self, Wanted};
use crate::limits::subject::Names;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::TenantTx;
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// Most characters of a number, or of the beginning of one.
const NUMBER_CHARS_MAX: usize = 60;

/// How a limit stands today.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitStateWord {
    /// It can be used, or will be from its first day on.
    Active,
    /// Stopped by a person.
    Frozen,
    /// Past its last day.
    Expired,
    /// Over.
    Closed,
}

impl LimitStateWord {
    fn state(self) -> LimitState {
        match self {
            Self::Active => LimitState::Active,
            Self::Frozen => LimitState::Frozen,
            Self::Expired => LimitState::Expired,
            Self::Closed => LimitState::Closed,
        }
    }
}

/// Which limits.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LimitsQuery {
    /// Only this customer's.
    #[param(max_length = 64, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub customer: Option<String>,
    /// Only for this product.
    #[param(max_length = 64, example = "prd_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub product: Option<String>,
    /// Only at this bank.
    #[param(max_length = 64, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub bank: Option<String>,
    /// Only those that stand so today.
    #[param(inline)]
    pub state: Option<LimitStateWord>,
    /// Only the limits that were granted, without their parts.
    #[param(example = true)]
    pub root_only: Option<bool>,
    /// Only those that have not ended and will have by the day before this one.
    #[param(example = "2026-12-31")]
    pub expiring_before: Option<NaiveDate>,
    /// The beginning of the number.
    #[param(max_length = 60, example = "SX20261129")]
    pub text: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before, with the same filters.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// Reads an id of one kind in a parameter of the query.
pub(super) fn id<K: Kind>(parameter: &str, text: &str) -> Result<Uuid> {
    Id::<K>::parse(text).map(|id| id.uuid()).ok_or_else(|| {
        let zh = format!("应为以{}_开头的编号", K::PREFIX);
        let en = format!("is an id that begins with {}_", K::PREFIX);
        Error::parameter(parameter, "id_format", &zh, &en)
    })
}

/// What a query asks of the store.
pub(super) fn wanted(tx: &TenantTx, query: &LimitsQuery) -> Result<Wanted> {
    let number = match plain_text(query.text.as_deref().unwrap_or_default(), NUMBER_CHARS_MAX, false) {
        Ok(text) => Some(text.to_ascii_uppercase()),
        Err(TextFault::Empty) => None,
        Err(TextFault::TooLong | TextFault::Control) => {
            let zh = format!("最多{NUMBER_CHARS_MAX}个字，且不含控制字符");
            let en = format!("has at most {NUMBER_CHARS_MAX} characters and no control characters");
            return Err(Error::parameter("text", "text", &zh, &en));
        }
    };
    // a date far outside the calendar of the database finds what the last one would
    let expiring_before = query.expiring_before.map(|day| day.clamp(NaiveDate::default(), LAST_DAY));
    Ok(Wanted {
        customer: query.customer.as_deref().map(|text| id::<kind::Customer>("customer", text)).transpose()?,
        product: query.product.as_deref().map(|text| id::<kind::Product>("product", text)).transpose()?,
        bank: query.bank.as_deref().map(|text| id::<kind::Customer>("bank", text)).transpose()?,
        state: query.state.map(LimitStateWord::state),
        today: today(tx),
        root_only: query.root_only.unwrap_or(false),
        expiring_before,
        number,
    })
}

/// The last day that both databases write in the same way.
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Limits and their parts, the newest first, within the caller's data scope.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    params(LimitsQuery),
    responses((status = 200, description = "One page", body = Page<LimitEntry>))
)]
#[get("/v1/limits")]
pub async fn list_limits(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    Params(query): Params<LimitsQuery>,
) -> Result<Reply<Page<LimitEntry>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let tx = access.read(&app).await?;
    let wanted = wanted(&tx, &query)?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = lists::limits(&tx, &scope, &wanted, cursor).await?;
    let names = Names::of_limits(&tx, &rows).await?;
    let page = cursor.page(rows, |row| row.id, |row| LimitEntry::of(&tx, &row, &names, context.language))?;
    Ok(Reply::ok(page))
}
