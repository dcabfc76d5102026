//! The terms of a product as the document describes them: the same JSON as `domain::applications::product`, which knows
//! nothing of documents. Both are read from one another as JSON, so that a difference shows as an error at once.

use chrono::NaiveDate;
use domain::applications::product::ProductTerms;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;

/// One text in both languages.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductWords {
    /// In Chinese.
    #[schema(example = "营业执照", min_length = 1, max_length = 500)]
    pub zh: String,
    /// In English.
    #[schema(example = "Business licence", min_length = 1, max_length = 500)]
    pub en: String,
}

/// The kind of business, which reports and policies group by.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductKindName {
    /// 农户贷款担保.
    LoanFarmer,
    /// 小微企业贷款担保.
    LoanEnterprise,
    /// 设备融资担保.
    EquipmentFinance,
}

/// Who may apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductSubject {
    /// A person.
    Person,
    /// An enterprise.
    Enterprise,
}

/// One thing to choose.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChoice {
    /// What is stored: a lower-case letter, then lower-case letters, digits and underscores.
    #[schema(example = "working_capital", min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub code: String,
    /// What is shown.
    pub label: ProductWords,
}

/// What a product's own field takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProductFieldTakes {
    /// Free text.
    Text {
        /// Fewest characters.
        #[schema(example = 1, minimum = 0, maximum = 2000)]
        chars_min: u32,
        /// Most characters.
        #[schema(example = 50, minimum = 1, maximum = 2000)]
        chars_max: u32,
    },
    /// A number, such as an area or a head count.
    Number {
        /// Smallest value.
        #[schema(example = 0.1)]
        min: Option<f64>,
        /// Largest value.
        #[schema(example = 100_000.0)]
        max: Option<f64>,
    },
    /// One of several.
    Choice {
        /// What may be chosen.
        #[schema(min_items = 1, max_items = 100)]
        choices: Vec<ProductChoice>,
    },
    /// A day.
    Date {
        /// Earliest day.
        #[schema(example = "2020-01-01")]
        min: Option<NaiveDate>,
        /// Latest day.
        #[schema(example = "2030-12-31")]
        max: Option<NaiveDate>,
    },
    /// Whole fen.
    Money {
        /// Smallest amount.
        #[schema(example = 0, minimum = -10_000_000_000_000_i64, maximum = 10_000_000_000_000_i64)]
        min: Option<i64>,
        /// Largest amount.
        #[schema(example = 100_000_000, minimum = -10_000_000_000_000_i64, maximum = 10_000_000_000_000_i64)]
        max: Option<i64>,
    },
}

/// A field that a product adds to the form, under `/extra`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductField {
    /// Its key: a lower-case letter, then lower-case letters, digits and underscores.
    #[schema(example = "employees", min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    /// Its label.
    pub label: ProductWords,
    /// What it takes.
    pub takes: ProductFieldTakes,
    /// Whether the application cannot be submitted without it.
    #[schema(example = true)]
    pub required: bool,
    /// Whether it is personal data, which is masked wherever it is shown.
    #[serde(default)]
    #[schema(example = false)]
    pub personal: bool,
}

/// Whose application needs a document.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductItemWhen {
    /// Everybody's.
    Always,
    /// A person's.
    Person,
    /// An enterprise's.
    Enterprise,
    /// An enterprise's for which an agent acts; required ones are the agent's proof of authority.
    Agent,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum ProductMediaType {
    /// PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// HEIC, what iPhones take.
    #[serde(rename = "image/heic")]
    Heic,
    /// Word.
    #[serde(rename = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    Docx,
    /// Excel.
    #[serde(rename = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx,
    /// ZIP.
    #[serde(rename = "application/zip")]
    Zip,
}

/// One line of the document checklist 资料清单.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductItem {
    /// Its key, stable across versions of the product.
    #[schema(example = "business_licence", min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    /// What it is called.
    pub label: ProductWords,
    /// How to prepare it.
    pub help: ProductWords,
    /// Whether the next step waits for it.
    #[schema(example = true)]
    pub required: bool,
    /// Whose application needs it.
    pub when: ProductItemWhen,
    /// Files it takes.
    #[schema(min_items = 1, max_items = 7)]
    pub media_types: Vec<ProductMediaType>,
    /// Most files it takes.
    #[schema(example = 10, minimum = 1, maximum = 50)]
    pub files_max: u16,
    /// Whether its files show personal data, such as an ID card: staff then read them only with `personal_data.reveal`.
    #[serde(default)]
    #[schema(example = false)]
    pub personal: bool,
}

/// The terms of a product.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductTermsBody {
    /// The kind of business.
    pub kind: ProductKindName,
    /// What it is called.
    pub name: ProductWords,
    /// Who may apply.
    #[schema(min_items = 1, max_items = 2)]
    pub subjects: Vec<ProductSubject>,
    /// Smallest amount, in fen.
    #[schema(example = 10_000_000, minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub amount_min_fen: i64,
    /// Largest amount, in fen.
    #[schema(example = 1_000_000_000, minimum = 1, maximum = 10_000_000_000_000_i64)]
    pub amount_max_fen: i64,
    /// Shortest term in months.
    #[schema(example = 3, minimum = 1, maximum = 360)]
    pub months_min: u16,
    /// Longest term in months.
    #[schema(example = 36, minimum = 1, maximum = 360)]
    pub months_max: u16,
    /// Whether the applicant must name a bank.
    #[schema(example = false)]
    pub bank_required: bool,
    /// What the money may be for.
    #[schema(min_items = 1, max_items = 100)]
    pub purposes: Vec<ProductChoice>,
    /// Further fields of its form.
    #[schema(max_items = 40)]
    pub extra_fields: Vec<ProductField>,
    /// The documents it needs.
    #[schema(max_items = 60)]
    pub checklist: Vec<ProductItem>,
}

impl ProductTermsBody {
    /// The terms as the domain knows them.
    pub(super) fn to_domain(&self) -> Result<ProductTerms> {
        Ok(serde_json::from_value(serde_json::to_value(self)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::applications::standard::standard_products;

    #[test]
    fn the_description_is_what_the_domain_stores() {
        for product in standard_products() {
            let stored = serde_json::to_value(&product).unwrap();
            let body: ProductTermsBody = serde_json::from_value(stored.clone()).unwrap();
            assert_eq!(serde_json::to_value(&body).unwrap(), stored);
            assert_eq!(body.to_domain().unwrap(), product);
        }
    }
}
