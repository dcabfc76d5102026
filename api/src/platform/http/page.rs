//! Pages by cursor: the id of the last row seen, so that a list stays right while rows are added.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::error::{Code, Error, Result};

/// Most rows of a page.
pub const PAGE_MAX: u64 = 100;
const PAGE_DEFAULT: u64 = 20;

/// How a caller asks for a page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

/// Where a page begins and how long it is.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    /// The last row already seen.
    pub after: Option<Uuid>,
    /// Rows of this page.
    pub limit: u64,
}

impl Cursor {
    /// Reads what a caller sent.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn read(limit: Option<u64>, cursor: Option<&str>) -> Result<Self> {
        let bad = |zh: &str, en: &str| Error::new(Code::InvalidParameter).detail(zh, en);
        let limit = limit.unwrap_or(PAGE_DEFAULT);
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(bad("limit应在1到100之间。", "limit is 1 to 100."));
        }
        let after = match cursor {
            None => None,
            Some(text) => Some(
                Uuid::try_parse_ascii(text.as_bytes())
                    .map_err(|_| bad("cursor应取自上一页的next。", "cursor is the next of the page before."))?,
            ),
        };
        Ok(Self { after, limit })
    }

    /// Makes a page of rows, of which one more than the limit was read.
    pub fn page<M, T>(
        &self,
        mut rows: Vec<M>,
        id: impl Fn(&M) -> Uuid,
        view: impl FnMut(M) -> Result<T>,
    ) -> Result<Page<T>> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|row| id(row).simple().to_string()) } else { None };
        Ok(Page { items: rows.into_iter().map(view).collect::<Result<_>>()?, next })
    }

    /// How many rows to read: one more than shown, to know whether there is a next page.
    pub const fn fetch(&self) -> u64 {
        self.limit + 1
    }
}

impl PageParams {
    /// The cursor these parameters name.
    ///
    /// # Errors
    /// `invalid_parameter`.
    pub fn cursor(&self) -> Result<Cursor> {
        Cursor::read(self.limit, self.cursor.as_deref())
    }
}

/// One page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page; null on the last.
    #[schema(example = "01930c3e8f7a7c1e9d0b5a4f3e2d1c0b")]
    pub next: Option<String>,
}
