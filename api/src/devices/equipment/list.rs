//! `GET /v1/equipment`: the firm's machines, as far as the caller's data scope reaches.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use domain::words::{TextFault, plain_text};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::line::{About, EquipmentLine};
use super::store::{self, Narrow};
use super::words::{EquipmentCategoryWord, EquipmentStateWord, MonitoringWord};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// Most characters of what is looked for.
const SOUGHT_CHARS_MAX: usize = 60;

/// Which machines.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EquipmentQuery {
    /// Only of this kind.
    #[param(inline)]
    category: Option<EquipmentCategoryWord>,
    /// Only those that are watched so.
    #[param(inline)]
    monitoring: Option<MonitoringWord>,
    /// Only those in use, or only those retired.
    #[param(inline)]
    state: Option<EquipmentStateWord>,
    /// Only this customer's.
    #[param(max_length = 30, example = "cus_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    customer: Option<String>,
    /// A part of the name or of the number.
    #[param(max_length = 60, example = "车床")]
    text: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before, with the same filters.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's machines, as far as the caller's data scope reaches. Where a machine stands is said in its own record alone.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.read"])),
    params(EquipmentQuery),
    responses((status = 200, description = "A page of machines, oldest record first", body = Page<EquipmentLine>))
)]
#[get("/v1/equipment")]
pub async fn list_equipment(
    access: Access<may::ReadEquipment>,
    app: Data<App>,
    context: Context,
    Params(query): Params<EquipmentQuery>,
) -> Result<Reply<Page<EquipmentLine>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let narrow = Narrow {
        category: query.category.map(|word| word.0),
        monitoring: query.monitoring,
        state: query.state,
        customer: query.customer.as_deref().map(customer).transpose()?,
        applicant: None,
        part: part(query.text.as_deref())?,
    };
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = store::page(&tx, &scope, &narrow, cursor).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| EquipmentLine::of(&row, &about))?))
}

fn customer(text: &str) -> Result<Uuid> {
    let bad =
        || Error::new(Code::InvalidParameter).detail("customer应为客户编号。", "customer is the id of a customer.");
    Ok(Id::<kind::Customer>::parse(text).ok_or_else(bad)?.uuid())
}

fn part(text: Option<&str>) -> Result<Option<String>> {
    match plain_text(text.unwrap_or_default(), SOUGHT_CHARS_MAX, false) {
        Ok(text) => Ok(Some(text)),
        Err(TextFault::Empty) => Ok(None),
        Err(TextFault::TooLong | TextFault::Control) => Err(Error::new(Code::InvalidParameter).detail(
            format!("text最多{SOUGHT_CHARS_MAX}个字，且不含控制字符。"),
            format!("text has at most {SOUGHT_CHARS_MAX} characters and no control characters."),
        )),
    }
}
