//! Sheets of workbooks: amounts are numbers in yuan with two decimals, shares percentages, days and instants dates. A text
//! is always a text, also where it begins like a formula.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use domain::money::FEN_PER_YUAN;
use domain::time::TenantZone;
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};

/// One cell.
pub enum Cell {
    /// Empty.
    Nothing,
    /// A text.
    Text(String),
    /// An amount in fen.
    Yuan(i64),
    /// A share in basis points.
    Share(i64),
    /// A whole number.
    Whole(i64),
    /// A number with two decimals.
    Decimal(f64),
    /// A day.
    Day(NaiveDate),
    /// An instant, shown in the firm's zone.
    Instant(DateTime<Utc>),
}

impl Cell {
    /// A text, or nothing.
    pub fn text(text: impl Into<Option<String>>) -> Self {
        text.into().map_or(Self::Nothing, Self::Text)
    }

    /// An amount, or nothing.
    pub fn yuan(fen: Option<i64>) -> Self {
        fen.map_or(Self::Nothing, Self::Yuan)
    }

    /// A share, or nothing.
    pub fn share(bp: Option<i64>) -> Self {
        bp.map_or(Self::Nothing, Self::Share)
    }
}

/// A heading and how wide its column is.
pub type Column = (&'static str, f64);

/// What cells look like.
pub struct Looks {
    heading: Format,
    yuan: Format,
    share: Format,
    whole: Format,
    day: Format,
    instant: Format,
    text: Format,
    quoted: Format,
}

impl Default for Looks {
    fn default() -> Self {
        Self::new()
    }
}

impl Looks {
    /// As every workbook of the product has them.
    pub fn new() -> Self {
        let number = |format: &str| Format::new().set_num_format(format);
        Self {
            heading: Format::new().set_bold(),
            yuan: number("#,##0.00"),
            share: number("0.00%"),
            whole: number("0"),
            day: number("yyyy-mm-dd"),
            instant: number("yyyy-mm-dd hh:mm:ss"),
            // so that a spreadsheet does not make a number of a number's text when it is edited
            text: number("@"),
            quoted: number("@").set_quote_prefix(),
        }
    }
}

/// Whether a spreadsheet could take a text for a formula, now or after somebody edits or saves it as something else.
pub fn begins_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// Fen as the nearest number of yuan: exact in its two decimals far beyond any amount of a firm.
#[allow(clippy::cast_precision_loss, reason = "2^53 fen are 90 trillion yuan")]
fn yuan(fen: i64) -> f64 {
    fen as f64 / FEN_PER_YUAN as f64
}

#[allow(clippy::cast_precision_loss, reason = "shares and counts are far below 2^53")]
fn number(value: i64, unit: f64) -> f64 {
    value as f64 / unit
}

fn date(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(day.year()).unwrap_or_default();
    let (month, day) = (u8::try_from(day.month()).unwrap_or_default(), u8::try_from(day.day()).unwrap_or_default());
    ExcelDateTime::from_ymd(year, month, day)
}

fn instant(at: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let local = TenantZone::default().offset().map_or(at.naive_utc(), |offset| at.with_timezone(&offset).naive_local());
    let part = |value: u32| u8::try_from(value).unwrap_or_default();
    let (hour, minute) = (u16::try_from(local.hour()).unwrap_or_default(), part(local.minute()));
    date(local.date())?.and_hms(hour, minute, f64::from(local.second()))
}

/// A sheet that is being written, row by row.
pub struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    looks: &'a Looks,
    row: u32,
}

impl<'a> Sheet<'a> {
    /// Begins a sheet with its name.
    ///
    /// # Errors
    /// If the name cannot be a sheet's.
    pub fn begin(sheet: &'a mut Worksheet, looks: &'a Looks, name: &str) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        Ok(Self { sheet, looks, row: 0 })
    }

    /// Writes headings, which stay in sight.
    ///
    /// # Errors
    /// If the sheet is full.
    pub fn headings(&mut self, columns: &[Column]) -> Result<(), XlsxError> {
        for (place, (heading, width)) in (0u16..).zip(columns) {
            self.sheet.set_column_width(place, *width)?;
            self.sheet.write_string_with_format(self.row, place, *heading, &self.looks.heading)?;
        }
        self.row = self.row.saturating_add(1);
        self.sheet.set_freeze_panes(self.row, 0)?;
        Ok(())
    }

    /// Writes one row.
    ///
    /// # Errors
    /// If the sheet is full, or a text too long.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), XlsxError> {
        for (place, cell) in (0u16..).zip(cells) {
            self.cell(place, &cell)?;
        }
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    fn cell(&mut self, place: u16, cell: &Cell) -> Result<(), XlsxError> {
        let (row, looks) = (self.row, self.looks);
        match cell {
            Cell::Nothing => return Ok(()),
            Cell::Text(text) => {
                let look = if begins_like_a_formula(text) { &looks.quoted } else { &looks.text };
                self.sheet.write_string_with_format(row, place, text, look)?
            }
            Cell::Yuan(fen) => self.sheet.write_number_with_format(row, place, yuan(*fen), &looks.yuan)?,
            Cell::Share(bp) => self.sheet.write_number_with_format(row, place, number(*bp, 10_000.0), &looks.share)?,
            Cell::Whole(value) => self.sheet.write_number_with_format(row, place, number(*value, 1.0), &looks.whole)?,
            Cell::Decimal(value) => self.sheet.write_number_with_format(row, place, *value, &looks.yuan)?,
            Cell::Day(day) => self.sheet.write_datetime_with_format(row, place, date(*day)?, &looks.day)?,
            Cell::Instant(at) => self.sheet.write_datetime_with_format(row, place, instant(*at)?, &looks.instant)?,
        };
        Ok(())
    }
}
