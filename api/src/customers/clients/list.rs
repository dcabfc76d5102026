//! `GET /v1/customers`: the firm's customers, as far as the caller's data scope reaches.

use actix_web::{get, web::Data};
use domain::id::{Id, kind};
use domain::person::{CreditCode, IdNumber, Phone, RealName};
use domain::words::plain_text;
use serde::Deserialize;
use utoipa::IntoParams;

use super::store::{self, Narrow, Sought};
use super::view::{About, CustomerView};
use crate::app::App;
use crate::customers::check::one_form;
use crate::customers::words::{CustomerClassWord, CustomerKindWord};
use crate::error::{Code, Error, Result};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Context, Cursor, Page, Params, Reply};

/// Most characters of what is looked for.
const SOUGHT_CHARS_MAX: usize = 100;

/// Which customers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomersQuery {
    /// Only these.
    #[param(inline)]
    kind: Option<CustomerKindWord>,
    /// Only those of this class.
    #[param(inline)]
    class: Option<CustomerClassWord>,
    /// A part of an enterprise's or a bank's name; or the whole of a person's name, an ID number, a credit code or a phone.
    #[param(max_length = 100, example = "示例")]
    q: Option<String>,
    /// Only those of this channel.
    #[param(max_length = 30, example = "chn_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    channel: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's customers, as far as the caller's data scope reaches.
#[utoipa::path(
    tag = "customers",
    security(("token" = ["customers.read"])),
    params(CustomersQuery),
    responses((status = 200, description = "A page of customers, oldest record first", body = Page<CustomerView>))
)]
#[get("/v1/customers")]
pub async fn list_customers(
    access: Access<may::ReadCustomers>,
    app: Data<App>,
    context: Context,
    Params(query): Params<CustomersQuery>,
) -> Result<Reply<Page<CustomerView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let narrow = Narrow {
        kind: query.kind.map(|word| word.0.code()),
        class: query.class.map(|word| word.0.code()),
        channel: query.channel.as_deref().map(channel).transpose()?,
        sought: query.q.as_deref().filter(|text| !text.trim().is_empty()).map(sought).transpose()?,
    };
    let tx = access.read(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let rows = store::page(&tx, &scope, &narrow, cursor).await?;
    let about = About::of(&tx, &rows, context.language).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| CustomerView::of(&tx, &row, &about))?))
}

fn channel(text: &str) -> Result<uuid::Uuid> {
    let bad = || Error::new(Code::InvalidParameter).detail("channel应为渠道编号。", "channel is the id of a channel.");
    Ok(Id::<kind::Channel>::parse(text).ok_or_else(bad)?.uuid())
}

/// Whatever the typed text can be.
fn sought(text: &str) -> Result<Sought> {
    let part = plain_text(text, SOUGHT_CHARS_MAX, false).map_err(|_| {
        Error::new(Code::InvalidParameter).detail(
            format!("q最多{SOUGHT_CHARS_MAX}个字，且不含控制字符。"),
            format!("q has at most {SOUGHT_CHARS_MAX} characters and no control characters."),
        )
    })?;
    let number = IdNumber::parse(&part).ok().map(|number| ("id_number", number.expose().to_owned()));
    let code = CreditCode::parse(&part).ok().map(|code| ("credit_code", code.into()));
    Ok(Sought {
        identities: number.into_iter().chain(code).collect(),
        phone: Phone::parse(&part).ok().map(|phone| phone.expose().to_owned()),
        person: RealName::parse(&part).ok().map(|name| name.expose().to_owned()),
        part: one_form(&part),
    })
}
