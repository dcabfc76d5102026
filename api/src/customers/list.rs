//! `GET /v1/enterprises`: the firm's enterprise records, searched by name or code.

use actix_web::{get, web::Data};
use domain::applications::fields::ENTERPRISE_NAME_CHARS_MAX;
use domain::person::CreditCode;
use domain::words::{TextFault, plain_text};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::EnterpriseView;
use super::{check, store};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{Cursor, Page, Params, Reply};

/// Which enterprises.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EnterprisesQuery {
    /// A part of the name, or a whole credit code.
    #[param(max_length = 100, example = "示例")]
    text: Option<String>,
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// The firm's enterprise records.
#[utoipa::path(
    tag = "enterprises",
    security(("token" = ["enterprises.read"])),
    params(EnterprisesQuery),
    responses((status = 200, description = "One page of enterprises, oldest record first", body = Page<EnterpriseView>))
)]
#[get("/v1/enterprises")]
pub async fn list_enterprises(
    access: Access<may::ReadEnterprises>,
    app: Data<App>,
    Params(query): Params<EnterprisesQuery>,
) -> Result<Reply<Page<EnterpriseView>>> {
    let cursor = Cursor::read(query.limit, query.cursor.as_deref())?;
    let text = match plain_text(query.text.as_deref().unwrap_or_default(), ENTERPRISE_NAME_CHARS_MAX, false) {
        Ok(text) => Some(check::one_form(&text)),
        Err(TextFault::Empty) => None,
        Err(TextFault::TooLong | TextFault::Control) => {
            return Err(Error::new(Code::InvalidParameter).detail(
                format!("text最多{ENTERPRISE_NAME_CHARS_MAX}个字，且不含控制字符。"),
                format!("text has at most {ENTERPRISE_NAME_CHARS_MAX} characters and no control characters."),
            ));
        }
    };
    let code = text.as_deref().and_then(|text| CreditCode::parse(text).ok());
    let tx = access.read(&app).await?;
    let rows = store::page(&tx, cursor, text.as_deref(), code.as_ref().map(CreditCode::as_str)).await?;
    Ok(Reply::ok(cursor.page(rows, |row| row.id, |row| EnterpriseView::of(&tx, row))?))
}
