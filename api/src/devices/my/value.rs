//! `GET /v1/my/equipment/{id}/value`: what one of the caller's machines is worth second-hand.

use actix_web::{get, web::Data};
use domain::id::kind;

use crate::app::App;
use crate::devices::equipment::scope;
use crate::devices::life::{ValuationView, refused, valuation};
use crate::error::{ProblemBody, Result};
use crate::platform::access::{Access, may};
use crate::platform::http::{At, Context, Reply};

/// What one of the caller's machines is worth second-hand today, with every step of the calculation.
#[utoipa::path(
    tag = "my equipment",
    security(("token" = ["own.equipment"])),
    responses(
        (status = 200, description = "The value", body = ValuationView),
        (status = 409, description = "Too little is known", body = ProblemBody, content_type = "application/problem+json")
    )
)]
#[get("/v1/my/equipment/{id}/value")]
pub async fn read_my_value(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Equipment>,
) -> Result<Reply<ValuationView>> {
    let tx = access.read(&app).await?;
    let row = scope::own(&tx, access.principal.id, id.uuid(), false).await?;
    Ok(Reply::ok(valuation(&tx, &row, context.language).await?.map_err(refused)?))
}
