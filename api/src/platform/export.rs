//! Files that staff take away: a workbook or comma-separated lines, written off the event loop.

use actix_web::HttpResponse;
use actix_web::http::header;
use rust_xlsxwriter::XlsxError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::platform::outside::storage::attachment;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";

/// What a file is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A workbook.
    #[default]
    Xlsx,
    /// Comma-separated lines in UTF-8, the first of them headings.
    Csv,
}

impl FileKind {
    /// Writes a file off the event loop.
    ///
    /// # Errors
    /// If it cannot be written.
    pub async fn write<T: Send + 'static>(
        self,
        what: T,
        workbook: fn(&T) -> Result<Vec<u8>, XlsxError>,
        lines: fn(&T) -> anyhow::Result<Vec<u8>>,
    ) -> Result<Vec<u8>> {
        let written = tokio::task::spawn_blocking(move || match self {
            Self::Xlsx => workbook(&what).map_err(Error::internal),
            Self::Csv => lines(&what).map_err(Error::internal),
        });
        written.await.map_err(Error::internal)?
    }
}

/// A file for whoever asked, named without its end.
pub fn answer(file: FileKind, name: &str, bytes: Vec<u8>) -> HttpResponse {
    let (media, end) = match file {
        FileKind::Xlsx => (XLSX, "xlsx"),
        FileKind::Csv => (CSV, "csv"),
    };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&format!("{name}.{end}"))))
        .body(bytes)
}
