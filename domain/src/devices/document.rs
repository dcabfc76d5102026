//! Photos and papers of a machine 设备照片与资料 (R10): which kinds there are, what each takes, and how many. What is
//! photographed is evidence that a score counts; the rest proves what people stated in the machine's papers.

use crate::applications::product::MediaType;
use crate::coded::coded;

/// Most files of a machine that one side, the firm or an owner, has there at a time, of all kinds together: as many as
/// somebody still looks through.
pub const FILES_MAX: u64 = 60;
/// Most files of one kind, of one side: a machine has one invoice, but it may have come as several pictures.
const FILES_OF_KIND_MAX: u16 = 10;

/// What a camera makes.
const PICTURES: [MediaType; 3] = [MediaType::Jpeg, MediaType::Png, MediaType::Heic];
/// Papers, scanned, photographed or issued as a file.
const PAPERS: [MediaType; 4] = [MediaType::Pdf, MediaType::Jpeg, MediaType::Png, MediaType::Heic];

coded! {
    /// What a file of a machine shows.
    EquipmentDocumentKind {
        /// The whole machine.
        PhotoOverall "photo_overall" "整机照片" "photo of the machine";
        /// The plate that says who made it, and which it is.
        PhotoNameplate "photo_nameplate" "铭牌照片" "photo of the nameplate";
        /// Where it stands.
        PhotoSite "photo_site" "现场照片" "photo of the site";
        /// The invoice of its purchase.
        Invoice "invoice" "购置发票" "invoice";
        /// The contract of its purchase.
        PurchaseContract "purchase_contract" "购置合同" "purchase contract";
        /// A certificate of conformity or of ownership.
        Certificate "certificate" "合格证或产权证" "certificate of conformity or ownership";
        /// An insurance policy.
        Insurance "insurance" "保险单" "insurance policy";
        /// What was maintained, by whom, at which price.
        MaintenanceRecord "maintenance_record" "保养记录" "maintenance record";
        /// What the register of movables says 动产融资统一登记.
        Registration "registration" "动产登记证明" "registration of movables";
        /// Anything else.
        Other "other" "其他资料" "other document";
    }
}

impl EquipmentDocumentKind {
    /// Whether it is a photo of the machine, which a score counts.
    pub const fn is_photo(self) -> bool {
        matches!(self, Self::PhotoOverall | Self::PhotoNameplate | Self::PhotoSite)
    }

    /// The files that it takes.
    pub const fn media_types(self) -> &'static [MediaType] {
        if self.is_photo() { &PICTURES } else { &PAPERS }
    }

    /// Most files of it that one side, the firm or an owner, has at a machine at a time.
    pub const fn files_max(self) -> u16 {
        FILES_OF_KIND_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_pictures_and_papers_may_be() {
        for kind in EquipmentDocumentKind::ALL {
            let takes_pdf = kind.media_types().contains(&MediaType::Pdf);
            assert_eq!(takes_pdf, !kind.is_photo(), "{}", kind.code());
            assert_eq!(kind.is_photo(), kind.code().starts_with("photo_"));
            assert!(kind.media_types().contains(&MediaType::Jpeg));
            assert!((1..=FILES_MAX).contains(&u64::from(kind.files_max())), "{}", kind.code());
        }
    }
}
