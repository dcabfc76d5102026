//! `POST /v1/limits/what-if`: the same operation, the same rules, the same transaction, and then nothing of it is kept.

use actix_web::{post, web::Data};
use chrono::{DateTime, Duration, Utc};
use domain::access::Permission;
use domain::id::kind;
use domain::money::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{id, why};
use super::grant::NewGrant;
use super::part::NewPart;
use super::uses::RESERVED_DAYS;
use crate::app::App;
use crate::error::{Code, Error, ProblemBody, Result, RuleFigure, problem_body};
use crate::limits::ledger::{By, Operation, Why, perform};
use crate::limits::view::{LimitView, figure};
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::http::{Body, Context, Reply};

/// What is asked. The parts are those of the operations themselves.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "operation", rename_all = "snake_case", deny_unknown_fields)]
pub enum WhatIf {
    /// What granting a limit would say.
    Grant {
        /// The limit.
        grant: NewGrant,
    },
    /// What splitting a part off would say.
    Split {
        /// Of which limit.
        #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
        limit: String,
        /// The part.
        part: NewPart,
    },
    /// What another size would say.
    Resize {
        /// Of which limit.
        #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
        limit: String,
        /// The size in fen.
        #[schema(example = 60_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
        amount_fen: i64,
    },
    /// What setting an amount aside would say.
    Reserve {
        /// Of which limit.
        #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
        limit: String,
        /// How much, in fen.
        #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
        amount_fen: i64,
        /// Until when; thirty days if not said.
        #[serde(default)]
        lapses_at: Option<DateTime<Utc>>,
    },
    /// What drawing from a reservation would say.
    Draw {
        /// From which reservation.
        #[schema(example = "rsv_01jd8m1f5ne6xa9q2t4k7v3b8c", max_length = 64)]
        reservation: String,
        /// How much, in fen.
        #[schema(example = 5_000_000, minimum = 1, maximum = 100_000_000_000_000_i64)]
        amount_fen: i64,
    },
}

impl WhatIf {
    fn order(&self, now: DateTime<Utc>) -> Result<(Operation, Why)> {
        let plain = |operation: Operation| Ok((operation, why("/reason", "试算", None)?));
        match self {
            Self::Grant { grant } => grant.order().map_err(|error| error.under("/grant")),
            Self::Split { limit, part } => {
                part.order(id::<kind::Limit>("/limit", limit)?).map_err(|error| error.under("/part"))
            }
            Self::Resize { limit, amount_fen } => {
                plain(Operation::Resize { limit: id::<kind::Limit>("/limit", limit)?, to: Fen(*amount_fen) })
            }
            Self::Reserve { limit, amount_fen, lapses_at } => plain(Operation::Reserve {
                limit: id::<kind::Limit>("/limit", limit)?,
                amount: Fen(*amount_fen),
                lapses_at: lapses_at.unwrap_or_else(|| now + Duration::days(RESERVED_DAYS)),
            }),
            Self::Draw { reservation, amount_fen } => plain(Operation::Draw {
                reservation: id::<kind::Reservation>("/reservation", reservation)?,
                amount: Fen(*amount_fen),
            }),
        }
    }
}

/// What would come of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfAnswer {
    /// Whether it would be done.
    pub allowed: bool,
    /// What the rules say; of what is not allowed, the broken ones first.
    pub figures: Vec<RuleFigure>,
    /// The limit as it would be.
    pub limit: Option<LimitView>,
    /// The problem that the operation itself would answer.
    pub problem: Option<ProblemBody>,
}

/// What an operation would answer, without effect.
#[utoipa::path(
    tag = "limits",
    security(("token" = ["limits.read"])),
    request_body = WhatIf,
    responses(
        (status = 200, description = "What would come of it", body = WhatIfAnswer),
        (status = 404, description = "No such limit, reservation or approval", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/limits/what-if")]
pub async fn what_if(
    access: Access<may::ReadLimits>,
    app: Data<App>,
    context: Context,
    Body(body): Body<WhatIf>,
) -> Result<Reply<WhatIfAnswer>> {
    let (operation, why) = body.order(app.clock.now())?;
    // whoever may not grant has no authority to be judged by: they learn what the law says
    let tx = access.begin(&app).await?;
    let scope = departments_of(&tx, &access.principal).await?;
    let by = if access.principal.permissions.has(Permission::GrantLimits) {
        By::Staff { id: access.principal.id, scope: &scope, seen: None }
    } else {
        By::Asking { scope: &scope }
    };
    let answer = match perform(&tx, &by, &operation, &why).await {
        Ok(outcome) => WhatIfAnswer {
            allowed: true,
            figures: outcome.figures.iter().map(|one| figure(one, context.language)).collect(),
            limit: Some(LimitView::of(&tx, &outcome.limit, context.language)?),
            problem: None,
        },
        Err(error) if refuses(&error) => {
            let problem = problem_body(&error.problem(), context.language, &context.request_id);
            let figures = problem.figures.clone().map(serde_json::from_value).transpose()?.unwrap_or_default();
            WhatIfAnswer { allowed: false, figures, limit: None, problem: Some(problem) }
        }
        Err(error) => return Err(error),
    };
    // the transaction ends here, and nothing that was written in it stays
    drop(tx);
    Ok(Reply::ok(answer))
}

/// Whether an error is an answer to the question, and not a question that was put wrong.
fn refuses(error: &Error) -> bool {
    matches!(error.code(), Code::LimitNotEnough | Code::LimitNotUsable | Code::LimitRulesBroken)
}
