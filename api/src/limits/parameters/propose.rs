//! `POST /v1/parameters`: a figure is entered with its day and its source. It has no effect until another person has
//! approved it.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::limits::parameters::{self, ParameterState, ParameterValue};
use domain::limits::weights::SOURCE_CHARS_MAX;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::value::ParameterContent;
use super::view::{self, ParameterView};
use super::{check, store, subject};
use crate::app::App;
use crate::error::Result;
use crate::limits::proposal::{Viewer, check_day, refused};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Checks, Idempotency, Reply};

/// A parameter to be entered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewParameter {
    /// What it says; weights begin on the parameter's day and have its source.
    #[schema(value_type = ParameterContent)]
    pub value: Value,
    /// The first day on which it holds, once approved; of the years 2000 to 2100. It may lie in the past: accounts come late.
    #[schema(example = "2026-01-01")]
    pub effective_from: NaiveDate,
    /// Where the figure comes from.
    #[schema(example = "2025年度审计报告", min_length = 1, max_length = 200)]
    pub source: String,
}

impl NewParameter {
    fn checked(&self) -> Result<(ParameterValue, String)> {
        let content = ParameterContent::read(&self.value)?;
        let mut checks = Checks::new();
        let source = checks.line("/source", &self.source, SOURCE_CHARS_MAX);
        check_day(&mut checks, "/effective_from", self.effective_from);
        let value = check::value(&mut checks, &content, self.effective_from, &source);
        checks.done()?;
        Ok((value, source))
    }
}

/// Enters a parameter of the firm.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["parameters.propose"])),
    request_body = NewParameter,
    responses((status = 201, description = "The parameter, without effect yet", body = ParameterView))
)]
#[post("/v1/parameters")]
pub async fn propose_parameter(
    access: Access<may::ProposeParameters>,
    app: Data<App>,
    idem: Idempotency,
    Body(body): Body<NewParameter>,
) -> Result<HttpResponse> {
    let (value, source) = body.checked()?;
    let (viewer, by) = (Viewer::of(&access), access.principal.id);
    idem.run(&app, &access, &body, async |tx| {
        subject::check(tx, &value).await?;
        let entered = parameters::propose(Uuid::now_v7(), value, body.effective_from, by)
            .map_err(|refusal| refused(refusal, ParameterState::Proposed, 1))?;
        let row = store::insert(tx, &entered, &source).await?;
        let shown = view::parameter(tx, row, viewer).await?;
        let act = Act::new("parameter.propose", "parameter", entered.id).detail(json!({ "after": shown }));
        Ok(Reply::created(format!("/v1/parameters/{}", shown.id), shown).version(1).done(act))
    })
    .await
}
