//! Why an action on a listing or an enquiry was refused, with what to do.

use super::{EnquiryState, ListingState};
use crate::words::Words;

/// Why it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum ListingRefusal {
    /// The listing's state does not allow it.
    NotInThisState {
        /// Where it is.
        state: ListingState,
    },
    /// Neither owner nor staff.
    NotYours,
    /// Only staff records it.
    StaffOnly,
    /// The machine secures a guarantee.
    Encumbered,
    /// It is not the applicant's own, or nobody said so.
    NotOwned,
    /// It is registered for somebody else.
    RegisteredElsewhere,
    /// It is disputed or seized.
    Disputed,
    /// No price above 0.
    PriceInvalid,
    /// The enquiry is closed.
    EnquiryClosed,
    /// The enquiry's state does not allow it.
    EnquiryNotInThisState {
        /// Where it is.
        state: EnquiryState,
    },
    /// This is for the other side of the enquiry.
    EnquiryWrongSide,
}

impl ListingRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInThisState { .. } => "listing_not_in_this_state",
            Self::NotYours => "listing_not_yours",
            Self::StaffOnly => "listing_staff_only",
            Self::Encumbered => "listing_machine_encumbered",
            Self::NotOwned => "listing_machine_not_owned",
            Self::RegisteredElsewhere => "listing_machine_registered_elsewhere",
            Self::Disputed => "listing_machine_disputed",
            Self::PriceInvalid => "listing_price_invalid",
            Self::EnquiryClosed => "listing_enquiry_closed",
            Self::EnquiryNotInThisState { .. } => "enquiry_not_in_this_state",
            Self::EnquiryWrongSide => "enquiry_wrong_side",
        }
    }

    /// What is wrong and what to do.
    pub fn words(self) -> Words {
        let not_now = |now: Words| {
            Words::new(
                format!("当前为“{}”，不能进行此操作，请刷新后查看", now.zh),
                format!("Its state is \"{}\", which does not allow this; reload it", now.en),
            )
        };
        let (zh, en) = match self {
            Self::NotInThisState { state } => return not_now(state.words()),
            Self::EnquiryNotInThisState { state } => return not_now(state.words()),
            Self::NotYours => ("该设备不属于您，不能进行此操作", "This machine is not yours"),
            Self::StaffOnly => {
                ("成交由工作人员核实后登记，请联系担保公司", "Staff records the sale; tell the guarantee firm")
            }
            Self::Encumbered => (
                "该设备已设定担保，解除担保前只能撤回流转",
                "The machine secures a guarantee; until it is freed its listing can only be withdrawn",
            ),
            Self::NotOwned => (
                "只有自有设备可以流转，请先在权属信息中核实所有权",
                "Only a machine that is owned can be offered; settle its ownership in the papers first",
            ),
            Self::RegisteredElsewhere => (
                "该设备已登记在他人名下，请先解除登记并重新查询",
                "The machine is registered for somebody else; have that cancelled and search the register again",
            ),
            Self::Disputed => {
                ("该设备存在争议或查封，请先解决", "The machine is disputed or seized; have that settled first")
            }
            Self::PriceInvalid => ("价格应大于0且不超过10亿元", "The price is above 0 and at most 1,000,000,000 yuan"),
            Self::EnquiryClosed => ("该询盘已关闭，不能为其预订", "The enquiry is closed; nothing is reserved for it"),
            Self::EnquiryWrongSide => ("此操作应由询盘的另一方进行", "This is for the other side of the enquiry"),
        };
        Words::new(zh, en)
    }
}
