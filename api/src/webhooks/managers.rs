//! Those who look after a firm's addresses hear by mail of one that is told no more: members of staff have no inbox in the
//! product.

use domain::access::Permission;
use domain::id::{Id, kind};
use domain::webhooks::endpoint::DisabledReason;

use super::store::{self, EndpointRow};
use crate::error::Result;
use crate::messages::{self, Notice};
use crate::people;
use crate::platform::db::TenantTx;

/// Most people who are told.
const TOLD_MAX: usize = 50;

/// Tells everybody who manages addresses that one was disabled, once each.
pub(super) async fn tell_disabled(tx: &TenantTx, row: &EndpointRow, reason: DisabledReason) -> Result<()> {
    let id = Id::<kind::WebhookEndpoint>::from_uuid(row.id);
    let description = store::said(tx, row)?.description;
    let name = if description.is_empty() { id.to_string() } else { format!("{description}（{id}）") };
    for who in people::officers_with(tx, Permission::ManageWebhooks, None).await?.into_iter().take(TOLD_MAX) {
        let Some(address) = people::staff_email(tx, who).await? else { continue };
        let notice = Notice {
            event: "webhook_disabled",
            dedupe_key: format!("webhook/{id}/{}/{who}", row.version),
            application: None,
            values: vec![("endpoint", name.clone()), ("reason", reason.words().zh)],
        };
        messages::send_mail(tx, &address, &notice).await?;
    }
    Ok(())
}
