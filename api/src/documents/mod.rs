//! Documents: upload to quarantine, inspection, versions per item, reading by those who may. The routes belong to the areas
//! that own them, applications and machines, since who may see a document follows from what it belongs to; this is what they
//! call.

mod check;
mod clean_up;
mod evidence;
mod file;
mod finish;
mod inspect;
mod owner;
mod read;
mod refusal;
mod remove;
mod start;
mod store;
mod view;

pub use clean_up::{
    CLEAN_UP, CLEAN_UP_EQUIPMENT, DELETE_OBJECT, clean_up, delete_object, plan_object_deletion, purge_names,
};
pub use evidence::{photos, rely_on};
pub use file::{File, Sending};
pub use finish::{Finished, finish_upload};
pub use inspect::{Finding, inspect_upload};
pub use owner::{Owner, Takes};
pub use read::{Reach, download, find, list_of, ready_counts, versions_now};
pub use remove::remove;
pub use start::{NewUpload, restart_upload, start_upload};
pub use view::{DocumentView, DownloadView, RefusalView, UploadView};

use utoipa_actix_web::service_config::ServiceConfig;

use crate::error::{Code, Error};
use crate::platform::outside::storage::StorageError;

/// This area's routes: none of its own.
pub fn routes(_cfg: &mut ServiceConfig) {}

/// What a failure of the storage means to a caller.
fn storage_error(cause: StorageError) -> Error {
    let error = match cause {
        StorageError::NotFound => Error::new(Code::FileNotUploaded),
        StorageError::Changed => Error::new(Code::Stale).detail(
            "检查期间又收到了新的上传，请再次确认。",
            "Another upload arrived during the checks; finish it once more.",
        ),
        StorageError::Unavailable { .. } => Error::new(Code::Unavailable).detail(
            "文件存储暂时不可用，请稍后再试。",
            "The storage of documents is not reachable; try again shortly.",
        ),
        StorageError::TooLarge { .. } | StorageError::Invalid(_) => Error::new(Code::Internal),
    };
    error.because(cause)
}
