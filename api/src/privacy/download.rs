//! The request with which a copy is downloaded.

use std::time::Duration;

use super::build::key;
use super::store::ExportRow;
use crate::app::App;
use crate::documents::DownloadView;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::outside::storage::Download;

/// How long a download may be begun, seconds.
const DOWNLOAD_S: u32 = 5 * 60;

/// The request for a copy that can be had.
///
/// # Errors
/// `file_not_ready` where it is not made yet, `already_ended` where its time is over, `unavailable`.
pub(super) async fn request(app: &App, tx: &TenantTx, row: &ExportRow) -> Result<DownloadView> {
    if row.state == "queued" {
        return Err(Error::new(Code::FileNotReady)
            .detail("副本正在生成，请稍后再试。", "The copy is being made; try again shortly."));
    }
    if row.state != "ready" || row.expires_at.is_none_or(|at| at <= tx.now()) {
        return Err(Error::new(Code::AlreadyEnded)
            .detail("副本已过期删除，请重新申请。", "The copy has expired and is gone; ask for another."));
    }
    let day = domain::time::TenantZone::default().date_of(row.created_at).format("%Y%m%d");
    let name = format!("个人信息副本-{day}.zip");
    let expires = Duration::from_secs(DOWNLOAD_S.into());
    let download = Download { file_name: &name, content_type: "application/zip", expires };
    let found = app.storage.presign_get(&key(tx.tenant(), row.id), download).await;
    let found = found.map_err(|cause| Error::new(Code::Unavailable).because(cause))?;
    Ok(DownloadView::of(found, tx.now() + chrono::Duration::seconds(DOWNLOAD_S.into())))
}
