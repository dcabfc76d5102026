//! Who hears of an enquiry, in the product: the owner that somebody asks or takes the question back, whoever asked that it was
//! answered or closed. What is written in it is read where it stands and not in messages.

use uuid::Uuid;

use super::store::EnquiryRow;
use crate::devices::listings::store::ListingRow;
use crate::error::Result;
use crate::messages::{self, Notice};
use crate::platform::db::TenantTx;

/// Tells somebody what became of an enquiry, once for each of its versions. Of a machine that is nobody's in the product there
/// is nobody to tell: staff see the enquiry with the listing.
///
/// # Errors
/// If the database fails.
pub(super) async fn tell(
    tx: &TenantTx,
    to: Option<Uuid>,
    event: &str,
    enquiry: &EnquiryRow,
    listing: &ListingRow,
) -> Result<()> {
    let Some(to) = to else { return Ok(()) };
    let notice = Notice {
        event,
        dedupe_key: format!("{event}/{}/{}", enquiry.id.simple(), enquiry.version),
        application: None,
        values: vec![("number", listing.number.clone()), ("title", listing.title.clone())],
    };
    messages::put_in_inbox(tx, to, &notice).await
}
