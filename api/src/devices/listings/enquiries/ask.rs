//! `POST /v1/offers/{id}/enquiries`: an applicant asks about an offer.

use actix_web::{HttpResponse, post, web::Data};
use domain::devices::life::LifeEvent;
use domain::id::kind;
use domain::words::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use super::tell::tell;
use super::view::EnquiryView;
use crate::app::App;
use crate::devices::life::{self, Note};
use crate::devices::listings::offers;
use crate::error::{Code, Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, Context, Idempotency, Reply};

const QUESTION_CHARS_MAX: usize = 500;
/// Most questions of one applicant about one offer that nobody has closed.
const OPEN_MAX: u64 = 5;

/// A question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnquiry {
    /// What is asked.
    #[schema(example = "设备还可以看样吗？", min_length = 1, max_length = 500)]
    pub question: String,
}

/// Asks about an offer. The owner and the firm see the question and the masked number of whoever asks.
#[utoipa::path(
    tag = "offers",
    security(("token" = ["own.equipment"])),
    request_body = NewEnquiry,
    responses((status = 201, description = "The enquiry", body = EnquiryView))
)]
#[post("/v1/offers/{id}/enquiries")]
pub async fn ask_about_offer(
    access: Access<may::OwnEquipment>,
    app: Data<App>,
    context: Context,
    id: At<kind::Listing>,
    idem: Idempotency,
    Body(body): Body<NewEnquiry>,
) -> Result<HttpResponse> {
    let who = access.principal.id;
    idem.run(&app, &access, &body, async |tx| {
        let (listing, machine) = offers::lock(tx, id.uuid()).await?;
        let mut checks = Checks::new();
        let question = checks.lines("/question", &body.question, QUESTION_CHARS_MAX);
        if machine.applicant_id == Some(who) {
            let (zh, en) = ("这是您自己的设备，无需询盘", "this is your own machine; there is nothing to ask");
            checks.problem("/question", "own_machine", zh, en);
        }
        checks.done()?;
        // counted under the listing's lock
        if store::count_open(tx, listing.id, who).await? >= OPEN_MAX {
            return Err(Error::new(Code::TooManyItems).detail(
                format!("每条流转信息最多同时有{OPEN_MAX}条询盘，请先关闭不需要的。"),
                format!("At most {OPEN_MAX} questions about one offer at once; close those not needed."),
            ));
        }
        let row = store::insert(tx, listing.id, who, &question).await?;
        let words = Words::new(&listing.number, &listing.number);
        life::record(tx, machine.id, LifeEvent::Enquired, Note::about(row.id, words)).await?;
        tell(tx, machine.applicant_id, "enquiry_received", &row, &listing).await?;
        let act = Act::new("listing.enquire", "enquiry", row.id).detail(serde_json::json!({ "listing": listing.id }));
        let view = EnquiryView::of(tx, &row, context.language).await?;
        Ok(Reply::created("/v1/my/enquiries".to_owned(), view).version(row.version).done(act))
    })
    .await
}
