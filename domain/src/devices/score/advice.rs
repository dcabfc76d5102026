//! What the applicant can do about a figure. A figure without advice is a fact that nobody changes (a machine does not grow
//! younger); it can only be supplied where it is missing.

use super::figure::Figure;
use crate::words::Words;

/// What can be done to better a figure; nothing where nothing can.
pub fn advice(figure: Figure) -> Option<Words> {
    let (zh, en) = match figure {
        Figure::Identity => ("补全品牌、型号和出厂编号", "supply maker, model and serial number"),
        Figure::Photos => {
            ("补充上传整机、铭牌或现场照片", "upload more photos of the machine, its nameplate or where it stands")
        }
        Figure::Nameplate => ("核对铭牌并更正资料", "compare the nameplate and correct the papers"),
        Figure::Operator => ("由本企业人员操作设备", "have own staff work it"),
        Figure::MaintenanceContract => ("签订维保合同", "contract its maintenance"),
        Figure::MaintainedDays => ("安排保养并登记日期", "have it maintained and enter the day"),
        Figure::InsuredDays => ("续保并登记到期日", "renew the insurance and enter its end"),
        Figure::Utilisation => ("提高设备开工时间", "use it more"),
        Figure::Variation => ("保持每日开工平稳", "use it more evenly"),
        Figure::OverloadShare => ("减少超负荷运行", "run it less in overload"),
        Figure::Ownership => ("结清款项，取得完整所有权", "pay it off and own it in full"),
        Figure::Invoice => ("补交购置发票", "supply the purchase invoice"),
        Figure::PaidInFull => ("补交全额付款凭证", "supply the proof of full payment"),
        Figure::Registry => ("解除他人名下的登记后重新查询", "have the other registration cancelled and search again"),
        Figure::RegistryDays => ("重新查询动产登记", "search the register again"),
        Figure::Disputed => ("解决争议或解除查封", "settle the dispute or have the seizure lifted"),
        Figure::SocketBound => ("绑定智能插座", "bind a socket"),
        Figure::OnlineShare => ("保持插座在线", "keep the socket connected"),
        Figure::Locator => ("加装定位或电子锁", "fit a locator or lock"),
        Figure::SiteAccess => ("签订进场检查约定", "agree on access to the premises"),
        Figure::Beneficiary => ("将本公司列为保险第一受益人", "name the firm first beneficiary of the insurance"),
        Figure::RemoteStop => ("加装远程停机装置", "fit a remote stop"),
        Figure::BuyBack => ("取得厂商回购承诺", "obtain a buy-back agreement"),
        Figure::AgeMonths
        | Figure::Condition
        | Figure::Price
        | Figure::Place
        | Figure::Machine
        | Figure::Market
        | Figure::DismantlingShare
        | Figure::RealisationShare
        | Figure::UnsoldDays => return None,
    };
    Some(Words::new(zh, en))
}
