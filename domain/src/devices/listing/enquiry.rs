//! Enquiries 询盘 about a listing: somebody asks, the owner or staff answers, either side closes.

use super::ListingRefusal;
use crate::coded::coded;

coded! {
    /// Where an enquiry is.
    EnquiryState {
        /// It waits for an answer.
        Open "open" "待答复" "open";
        /// It was answered.
        Answered "answered" "已答复" "answered";
        /// It is over.
        Closed "closed" "已关闭" "closed";
    }
}

coded! {
    /// What can be done with an enquiry.
    EnquiryAction {
        /// Ask further.
        Ask "ask" "追问" "ask further";
        /// Answer.
        Answer "answer" "答复" "answer";
        /// End it.
        Close "close" "关闭" "close";
    }
}

coded! {
    /// On which side somebody stands.
    EnquiryHat {
        /// Whoever asked.
        Enquirer "enquirer" "询盘人" "enquirer";
        /// The machine's owner or staff.
        Seller "seller" "出让方" "seller";
    }
}

/// Where an enquiry is after an action.
///
/// # Errors
/// [`ListingRefusal::EnquiryNotInThisState`] for anything on a closed one, [`ListingRefusal::EnquiryWrongSide`].
pub fn enquiry_after(
    state: EnquiryState,
    action: EnquiryAction,
    hat: EnquiryHat,
) -> Result<EnquiryState, ListingRefusal> {
    match (state, action, hat) {
        (EnquiryState::Closed, ..) => Err(ListingRefusal::EnquiryNotInThisState { state }),
        (_, EnquiryAction::Ask, EnquiryHat::Enquirer) => Ok(EnquiryState::Open),
        (_, EnquiryAction::Answer, EnquiryHat::Seller) => Ok(EnquiryState::Answered),
        (_, EnquiryAction::Close, _) => Ok(EnquiryState::Closed),
        _ => Err(ListingRefusal::EnquiryWrongSide),
    }
}
