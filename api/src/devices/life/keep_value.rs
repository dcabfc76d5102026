//! `POST /v1/equipment/{id}/valuations`: what a machine is worth today is kept in its life. Whoever only wants to know reads
//! it, which leaves nothing behind.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use domain::money::Fen;
use domain::words::Words;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{self, LifeEntry};
use super::value::{ValuationView, refused, valuation};
use super::{Note, record};
use crate::app::App;
use crate::devices::equipment::scope;
use crate::devices::equipment::words::id_of;
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Context, Idempotency, Reply};

/// A valuation that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptValuation {
    /// What the machine's life says of it.
    pub entry: LifeEntry,
    /// The value, with every step of the calculation.
    pub valuation: ValuationView,
}

/// Keeps what a machine is worth second-hand today in its life.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    responses(
        (status = 201, description = "The valuation as it was kept", body = KeptValuation),
        (status = 409, description = "Too little is known, or the machine is retired", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[post("/v1/equipment/{id}/valuations")]
pub async fn keep_valuation(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
    idem: Idempotency,
) -> Result<HttpResponse> {
    idem.run(&app, &access, &(), async |tx| {
        let machine = scope::lock(tx, &access.principal, id.uuid()).await?;
        scope::must_be_in_use(&machine)?;
        let valuation = valuation(tx, &machine, context.language).await?.map_err(refused)?;
        let (amount, day, number) = (Fen(valuation.value_fen), valuation.as_of, valuation.parameters_version);
        let words = Words::new(
            format!("{}，截至{day}，市场参数第{number}版", amount.in_wan_yuan()),
            format!("{} yuan as of {day}, version {number} of the market's parameters", amount.in_yuan_en()),
        );
        let note = Note { words: Some(words), amount: Some(amount), ..Note::default() };
        let event = record(tx, machine.id, LifeEvent::Valued, note).await?;
        let detail = serde_json::json!({
            "value_fen": amount, "as_of": day, "parameters": valuation.parameters, "steps": valuation.steps,
        });
        let location = format!("/v1/equipment/{}/life", id_of::<kind::Equipment>(machine.id));
        let kept = KeptValuation { entry: list::one(tx, event, context.language).await?, valuation };
        let act = Act::new("equipment.value", "equipment", machine.id).detail(detail);
        Ok(Reply::created(location, kept).done(act))
    })
    .await
}
