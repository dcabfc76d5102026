//! `POST /v1/scorecards`: a new version of a scorecard. Versions are never changed, since evaluations name the one they
//! used; which is in force follows from the dates.

use actix_web::{HttpResponse, post, web::Data};
use chrono::NaiveDate;
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::read_scorecard::ScorecardView;
use super::scorecard::{self, ScorecardKind};
use super::scorecard_shape::ScorecardBody;
use super::{scorecard_body, store};
use crate::app::App;
use crate::error::{Error, FieldProblem, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Idempotency, Reply};

/// A version to be added.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScorecard {
    /// What it judges.
    pub kind: ScorecardKind,
    /// First day on which it is used, from 2000 to 2100. Of several, the one that came into force last is used.
    #[schema(example = "2026-12-01")]
    pub effective_from: NaiveDate,
    /// The scorecard, in the form of its kind. Whatever version and first day it names, they are set by the server. What
    /// would have no effect is refused.
    #[schema(value_type = ScorecardBody)]
    pub body: Map<String, Value>,
}

impl NewScorecard {
    fn check(&self) -> Result<()> {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
        if Some(self.effective_from) >= day(2000, 1, 1) && Some(self.effective_from) <= day(2100, 12, 31) {
            return Ok(());
        }
        Err(Error::fields(vec![FieldProblem::new(
            "/effective_from",
            "range",
            "生效日期应在2000年至2100年之间",
            "must lie between the years 2000 and 2100",
        )]))
    }
}

/// Adds a version of a scorecard.
#[utoipa::path(
    tag = "scorecards",
    security(("token" = ["scorecards.manage"])),
    request_body = NewScorecard,
    responses((status = 201, description = "The new version", body = ScorecardView))
)]
#[post("/v1/scorecards")]
pub async fn create_scorecard(
    access: Access<may::ManageScorecards>,
    app: Data<App>,
    idem: Idempotency,
    Body(new): Body<NewScorecard>,
) -> Result<HttpResponse> {
    new.check()?;
    idem.run(&app, &access, &new, async |tx| {
        let version = store::scorecard_version(tx, new.kind).await? + 1;
        let body = scorecard_body::read(new.kind, version, new.effective_from, new.body.clone())?;
        let row = scorecard::add(tx, new.kind, version, new.effective_from, body).await?;
        let id = Id::<kind::Scorecard>::from_uuid(row.id);
        let act = Act::new("scorecards.create", "scorecard", row.id);
        let act = act.detail(json!({ "kind": new.kind, "version": version, "effective_from": new.effective_from }));
        Ok(Reply::created(format!("/v1/scorecards/{id}"), ScorecardView::of(row)).version(version).done(act))
    })
    .await
}
