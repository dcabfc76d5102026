//! `POST /v1/equipment`: staff put a machine on record.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::{Id, kind};
use domain::time::TenantZone;

use super::form::NewEquipment;
use super::view::{EquipmentView, for_audit};
use super::{check, store};
use crate::app::App;
use crate::devices::life::{self, Note};
use crate::devices::usage;
use crate::error::Result;
use crate::people::scope::departments_of;
use crate::platform::access::{Access, may};
use crate::platform::db::{Act, TenantTx};
use crate::platform::http::{Body, Context, Idempotency, Reply};

/// Puts a machine on record. Its number is given by the server.
#[utoipa::path(
    tag = "equipment",
    security(("token" = ["equipment.manage"])),
    request_body = NewEquipment,
    responses((status = 201, description = "The new record", body = EquipmentView))
)]
#[post("/v1/equipment")]
pub async fn create_equipment(
    access: Access<may::ManageEquipment>,
    app: Data<App>,
    context: Context,
    idem: Idempotency,
    Body(body): Body<NewEquipment>,
) -> Result<HttpResponse> {
    let who = &access.principal;
    let mut checked = check::new(&body, who, TenantZone::default().date_of(app.clock.now()))?;
    idem.run(&app, &access, &body, async |tx| {
        let scope = departments_of(tx, who).await?;
        // Whoever makes the record may look after it, whatever else their roles are.
        let mut mine = checked.fields.clone();
        (mine.customer, mine.department, mine.officer) = (None, who.department, Some(who.id));
        check::place_of(tx, who, &scope, Some(&mine), &mut checked).await?;
        let number = number(tx).await?;
        let thresholds = usage::thresholds_of_new(tx, checked.fields.category).await?;
        let row = store::insert(tx, number, &checked.fields, thresholds).await?;
        life::record(tx, row.id, LifeEvent::Registered, Note::default()).await?;
        let act = Act::new("equipment.create", "equipment", row.id);
        let act = act.detail(serde_json::json!({ "after": for_audit(&checked.fields)? }));
        let location = format!("/v1/equipment/{}", Id::<kind::Equipment>::from_uuid(row.id));
        let view = EquipmentView::one(tx, &row, who, context.language).await?;
        Ok(Reply::created(location, view).version(row.version).done(act))
    })
    .await
}

/// The number of the next machine.
///
/// # Errors
/// If the database fails.
pub(in crate::devices) async fn number(tx: &TenantTx) -> Result<String> {
    let day = TenantZone::default().date_of(tx.now()).format("%Y%m%d").to_string();
    let number = tx.next_number(&format!("equipment/{day}")).await?;
    Ok(format!("SB{day}-{number:04}"))
}
