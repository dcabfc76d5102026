//! Whose files they are. Applications and machines keep theirs in tables of their own, and each says what it takes; all that
//! happens to a file on its way is the same.

use domain::applications::product::{ChecklistItem, MediaType, ProductTerms};
use domain::devices::document::{EquipmentDocumentKind, FILES_MAX};
use domain::words::Words;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::db::ActorKind;
use crate::platform::outside::storage::sniff;

/// Most uploads that one application may ever begin: nobody needs so many, and each leaves a row.
const APPLICATION_UPLOADS_MAX: u64 = 2_000;
/// The same of one owner of a machine. The firm's own staff are not counted, since what they may do with a machine must not
/// run out in the years for which it is looked after.
const EQUIPMENT_UPLOADS_MAX: u64 = 500;

/// Where files are kept, by what they belong to. The words are stored with jobs and never change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shelf {
    /// Those of applications: what a job meant before there were others.
    #[default]
    Applications,
    /// Those of machines.
    Equipment,
}

/// Whose files they are.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// An application's, with the product whose checklist says what it takes.
    Application {
        /// The application.
        id: Uuid,
        /// Its product.
        product: &'a ProductTerms,
    },
    /// A machine's.
    Equipment(Uuid),
}

impl Shelf {
    pub(super) const ALL: [Self; 2] = [Self::Applications, Self::Equipment];
}

impl<'a> Owner<'a> {
    /// What an item takes, by its key; nothing where there is no such item, perhaps any more.
    pub fn takes(self, item: &str) -> Option<Takes<'a>> {
        match self {
            Self::Application { product, .. } => product.item(item).map(Takes::from),
            Self::Equipment(_) => EquipmentDocumentKind::from_code(item).map(Takes::from),
        }
    }

    pub(super) fn id(self) -> Uuid {
        match self {
            Self::Application { id, .. } | Self::Equipment(id) => id,
        }
    }

    pub(super) fn shelf(self) -> Shelf {
        match self {
            Self::Application { .. } => Shelf::Applications,
            Self::Equipment(_) => Shelf::Equipment,
        }
    }

    /// Most files that it holds at a time, whatever its items take, and what whoever has as many is told. Of a machine they
    /// are counted side by side, as `store` does.
    pub(super) fn files_max(self) -> Option<(u64, Words)> {
        match self {
            Self::Application { .. } => None,
            Self::Equipment(_) => Some((
                FILES_MAX,
                Words::new(
                    format!("您这一方在每台设备上最多{FILES_MAX}个文件，请先删除不需要的。"),
                    format!("Your side has at most {FILES_MAX} files of a machine; remove what is not needed."),
                ),
            )),
        }
    }

    /// Most uploads that may ever be begun by whoever acts, and what whoever has begun as many is told; nothing where they may
    /// go on.
    pub(super) fn uploads_max(self, by: ActorKind) -> Option<(u64, Words)> {
        match self {
            Self::Application { .. } => Some((
                APPLICATION_UPLOADS_MAX,
                Words::new(
                    "该申请的上传次数已达上限，请联系项目经理。",
                    "This application has reached its limit of uploads; contact the officer.",
                ),
            )),
            Self::Equipment(_) if by == ActorKind::Applicant => Some((
                EQUIPMENT_UPLOADS_MAX,
                Words::new(
                    "您在该设备上的上传次数已达上限，请联系担保公司。",
                    "You have reached your limit of uploads for this machine; contact the firm.",
                ),
            )),
            Self::Equipment(_) => None,
        }
    }
}

/// What one item takes.
#[derive(Clone, Debug)]
pub struct Takes<'a> {
    /// Its key.
    pub key: &'a str,
    /// What people call it.
    pub label: Words,
    /// Files it takes.
    pub media_types: &'a [MediaType],
    /// Most files it takes.
    pub files_max: u16,
}

impl<'a> From<&'a ChecklistItem> for Takes<'a> {
    fn from(item: &'a ChecklistItem) -> Self {
        Self { key: &item.key, label: item.label.clone(), media_types: &item.media_types, files_max: item.files_max }
    }
}

impl From<EquipmentDocumentKind> for Takes<'_> {
    fn from(kind: EquipmentDocumentKind) -> Self {
        Self { key: kind.code(), label: kind.words(), media_types: kind.media_types(), files_max: kind.files_max() }
    }
}

impl Takes<'_> {
    /// What it takes in words, without a full stop.
    pub(super) fn words(&self) -> Words {
        let types: Vec<_> = self.media_types.iter().map(|allowed| short_name(allowed.as_str())).collect();
        Words::new(
            format!("“{}”可上传{}文件", self.label.zh, types.join("、")),
            format!("“{}” takes {}", self.label.en, types.join(", ")),
        )
    }
}

fn short_name(mime: &str) -> String {
    let known = sniff::MediaType::from_mime(mime);
    known.map_or_else(|| mime.to_owned(), |known| known.extension().to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_of_before_there_were_machines_mean_applications() {
        #[derive(Deserialize)]
        struct Old {
            #[serde(default)]
            shelf: Shelf,
        }
        let old: Old = serde_json::from_str("{}").unwrap();
        assert_eq!(old.shelf, Shelf::Applications);
        assert_eq!(serde_json::to_value(Shelf::Equipment).unwrap(), "equipment");
    }

    #[test]
    fn every_kind_of_a_machine_takes_what_can_be_inspected() {
        for kind in EquipmentDocumentKind::ALL {
            let takes = Owner::Equipment(Uuid::nil()).takes(kind.code()).unwrap();
            assert_eq!((takes.key, &takes.label), (kind.code(), &kind.words()));
            assert!(takes.media_types.iter().all(|one| sniff::MediaType::from_mime(one.as_str()).is_some()));
        }
        assert!(Owner::Equipment(Uuid::nil()).takes("business_licence").is_none());
    }
}
