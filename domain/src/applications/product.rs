//! A guarantee product as data of the tenant: what may be asked for, which further fields its form has and which
//! documents it needs. Changing a product is an edit, not a release.

use serde::{Deserialize, Serialize};

use super::extra::ExtraField;
use crate::consent::{Capacity, SubjectKind};
use crate::money::Fen;
use crate::words::Words;

/// The kind of business, which reports and policies group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// 农户贷款担保.
    LoanFarmer,
    /// 小微企业贷款担保.
    LoanEnterprise,
    /// 设备融资担保.
    EquipmentFinance,
}

impl ProductKind {
    /// Its code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::LoanFarmer => "loan_farmer",
            Self::LoanEnterprise => "loan_enterprise",
            Self::EquipmentFinance => "equipment_finance",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::LoanFarmer => Words::new("农户贷款担保", "loan guarantees for farmers"),
            Self::LoanEnterprise => Words::new("小微企业贷款担保", "loan guarantees for small enterprises"),
            Self::EquipmentFinance => Words::new("设备融资担保", "equipment finance guarantees"),
        }
    }
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub code: String,
    /// What is shown.
    pub label: Words,
}

/// Whose application needs a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemWhen {
    /// Everybody's.
    Always,
    /// A person's.
    Person,
    /// An enterprise's.
    Enterprise,
    /// An enterprise's for which an agent acts; required ones are the agent's proof of authority.
    Agent,
}

/// Kinds of files, by their media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MediaType {
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

impl MediaType {
    /// The media type as in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Zip => "application/zip",
        }
    }
}

/// One line of the document checklist 资料清单.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Its key, stable across versions of the product.
    pub key: String,
    /// What it is called.
    pub label: Words,
    /// How to prepare it.
    pub help: Words,
    /// Whether the next step waits for it.
    pub required: bool,
    /// Whose application needs it.
    pub when: ItemWhen,
    /// Files it takes.
    pub media_types: Vec<MediaType>,
    /// Most files it takes.
    pub files_max: u16,
    /// Whether its files show personal data, such as an ID card; staff need a permission of its own to read them.
    #[serde(default)]
    pub personal: bool,
}

/// The terms of one product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductTerms {
    /// The kind of business.
    pub kind: ProductKind,
    /// What it is called.
    pub name: Words,
    /// Who may apply.
    pub subjects: Vec<SubjectKind>,
    /// Smallest amount, in fen.
    pub amount_min_fen: Fen,
    /// Largest amount, in fen.
    pub amount_max_fen: Fen,
    /// Shortest term in months.
    pub months_min: u16,
    /// Longest term in months.
    pub months_max: u16,
    /// Whether the applicant must name a bank.
    pub bank_required: bool,
    /// What the money may be for.
    pub purposes: Vec<Choice>,
    /// Further fields of its form.
    pub extra_fields: Vec<ExtraField>,
    /// The documents it needs.
    pub checklist: Vec<ChecklistItem>,
}

impl ProductTerms {
    /// Whether a purpose is one of its own.
    pub fn has_purpose(&self, code: &str) -> bool {
        self.purposes.iter().any(|purpose| purpose.code == code)
    }

    /// A further field by its key.
    pub fn extra_field(&self, key: &str) -> Option<&ExtraField> {
        self.extra_fields.iter().find(|field| field.key == key)
    }

    /// The checklist item with a key.
    pub fn item(&self, key: &str) -> Option<&ChecklistItem> {
        self.checklist.iter().find(|item| item.key == key)
    }

    /// The documents that an application of this subject and capacity has on its checklist.
    pub fn items_for(&self, subject: SubjectKind, capacity: Option<Capacity>) -> impl Iterator<Item = &ChecklistItem> {
        self.checklist.iter().filter(move |item| match item.when {
            ItemWhen::Always => true,
            ItemWhen::Person => subject == SubjectKind::Person,
            ItemWhen::Enterprise => subject == SubjectKind::Enterprise,
            ItemWhen::Agent => subject == SubjectKind::Enterprise && capacity == Some(Capacity::Agent),
        })
    }
}
