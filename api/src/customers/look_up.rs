//! `GET /v1/my/enterprise-lookup`: an applicant finds their enterprise by its full name or credit code, and what the firm
//! knows of it fills in the form. Only the whole name or code finds anything: this is no directory.

use actix_web::{get, web::Data};
use domain::person::CreditCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::EnterpriseFormView;
use super::{check, find_by_code, find_by_name};
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{Params, Reply};

/// Which enterprise: by one of both.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EnterpriseLookupQuery {
    /// Its full name, exactly.
    #[param(max_length = 100, example = "示例农业发展有限公司")]
    name: Option<String>,
    /// Its unified social credit code.
    #[param(max_length = 40, example = "91340600MA2PBMA74B")]
    credit_code: Option<String>,
}

/// Finds an enterprise to fill in a form.
#[utoipa::path(
    tag = "enterprises",
    security(("token" = ["own.applications"])),
    params(EnterpriseLookupQuery),
    responses(
        (status = 200, description = "What fills in the form", body = EnterpriseFormView),
        (
            status = 404,
            description = "Not among the firm's records; fill in by hand",
            body = ProblemBody,
            content_type = "application/problem+json"
        ),
        (
            status = 422,
            description = "Neither a full name nor a credit code can look like this",
            body = ProblemBody,
            content_type = "application/problem+json"
        )
    )
)]
#[get("/v1/my/enterprise-lookup")]
pub async fn look_up_enterprise(
    access: Access<may::OwnApplications>,
    app: Data<App>,
    Params(query): Params<EnterpriseLookupQuery>,
) -> Result<Reply<EnterpriseFormView>> {
    let found = match (&query.name, &query.credit_code) {
        (Some(name), None) => {
            let problem = || Error::fields(vec![check::name_problem("/name")]);
            let name = check::full_name(name).ok_or_else(problem)?;
            find_by_name(&access.read(&app).await?, &name).await?
        }
        (None, Some(code)) => {
            let problem = |fault| Error::fields(vec![check::person_problem("/credit_code", fault)]);
            let code = CreditCode::parse(code).map_err(problem)?;
            find_by_code(&access.read(&app).await?, &code).await?
        }
        _ => {
            return Err(Error::new(Code::InvalidParameter).detail(
                "请给出企业全称（name）或统一社会信用代码（credit_code）之一。",
                "Give either the full name (name) or the credit code (credit_code).",
            ));
        }
    };
    let found = found.ok_or_else(|| {
        Error::not_found().detail(
            "没有查到该企业，请核对后重试，或直接手工填写企业信息。",
            "This enterprise is not among the records; check what was typed, or fill in the form by hand.",
        )
    })?;
    Ok(Reply::ok(found.into()))
}
