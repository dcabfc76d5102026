//! The figures that a scorecard can weigh: a fixed catalogue, since each has to be read from the evidence. Which of them
//! count, and how much, is the tenant's.

use super::kinds::{Condition, MachineKind, OperatorKind, Ownership, Place, RegistrySearch, ResaleMarket};
use crate::coded::coded;
use crate::words::Words;

coded! {
    /// The five dimensions of R10.1.
    Dimension {
        /// What the machine is.
        Basic "basic" "基本信息" "basic information";
        /// How it is used.
        Use "use" "使用信息" "use";
        /// Whose it is.
        Title "title" "权属信息" "title";
        /// What holds it in place.
        Control "control" "管控信息" "control";
        /// How it could be sold.
        Disposal "disposal" "处置信息" "disposal";
    }
}

coded! {
    /// One figure about a machine.
    Figure {
        /// How many of maker, model and serial number are known.
        Identity "identity" "品牌型号编号齐全项数" "maker, model and serial number known";
        /// Whole months since it was made.
        AgeMonths "age_months" "机龄" "age";
        /// New or second-hand.
        Condition "condition" "购入状态" "condition when bought";
        /// What was paid.
        Price "price" "购入价格" "price paid";
        /// Photos that are there: of the machine, its nameplate, or where it stands.
        Photos "photos" "设备照片数" "photos";
        /// Whether the nameplate fits.
        Nameplate "nameplate" "铭牌与资料一致" "nameplate fits the papers";
        /// On whose ground it stands.
        Place "place" "存放场地" "premises";
        /// Who works it.
        Operator "operator" "操作主体" "operator";
        /// Whether maintenance is contracted.
        MaintenanceContract "maintenance_contract" "签有维保合同" "maintenance contract";
        /// Days since the last maintenance.
        MaintainedDays "maintained_days" "距上次保养天数" "days since maintenance";
        /// Days that it is still insured.
        InsuredDays "insured_days" "保险剩余天数" "days still insured";
        /// Utilisation.
        Utilisation "utilisation" "设备使用率" "utilisation";
        /// How much utilisation swings.
        Variation "variation" "使用率波动" "variation of utilisation";
        /// Share of time in overload.
        OverloadShare "overload_share" "超负荷时间占比" "share of time in overload";
        /// By which right the applicant has it.
        Ownership "ownership" "权属状态" "ownership";
        /// Whether the invoice is there.
        Invoice "invoice" "有购置发票" "purchase invoice";
        /// Whether full payment is proven.
        PaidInFull "paid_in_full" "有全额付款凭证" "proof of full payment";
        /// What the register says.
        Registry "registry" "动产登记查询结果" "register of security";
        /// Days since the register was searched.
        RegistryDays "registry_days" "距登记查询天数" "days since the register was searched";
        /// Whether it is disputed or seized.
        Disputed "disputed" "存在争议或查封" "disputed or seized";
        /// Whether a socket watches it.
        SocketBound "socket_bound" "已绑定智能插座" "socket bound";
        /// Share of time in which the socket was connected.
        OnlineShare "online_share" "近30天在线率" "share of 30 days online";
        /// Locator or lock.
        Locator "locator" "装有定位或电子锁" "locator or lock";
        /// Whether the firm may enter.
        SiteAccess "site_access" "约定可进场检查" "access to the premises agreed";
        /// Whether the firm is the insurance's first beneficiary.
        Beneficiary "beneficiary" "本公司为保险第一受益人" "firm is first beneficiary of the insurance";
        /// Whether it can be stopped from afar.
        RemoteStop "remote_stop" "可远程停机" "can be stopped remotely";
        /// Standard or special.
        Machine "machine" "通用性" "standard or special";
        /// How easily a used one is sold.
        Market "market" "二手市场" "second-hand market";
        /// Whether somebody agreed to buy it back.
        BuyBack "buy_back" "厂商承诺回购" "buy-back agreed";
        /// Cost of taking it away.
        DismantlingShare "dismantling_share" "拆运费用占比" "cost of dismantling";
        /// What a quick sale would bring.
        RealisationShare "realisation_share" "预计变现比例" "expected realisation";
        /// Days offered in vain.
        UnsoldDays "unsold_days" "近一年挂牌未售天数" "days listed unsold in a year";
    }
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Whole months.
    Months,
    /// Whole days.
    Days,
    /// Money.
    Fen,
    /// Parts per million.
    Ppm,
    /// Per mille.
    PerMille,
    /// Basis points.
    BasisPoints,
}

/// What a figure can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// A number.
    Number(Unit),
    /// One of a list: code and words.
    Choice(Vec<(&'static str, Words)>),
}

/// The code of a yes.
pub const YES: &str = "yes";
/// The code of a no.
pub const NO: &str = "no";

impl Figure {
    /// The dimension that it belongs to.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Identity | Self::AgeMonths | Self::Condition | Self::Price | Self::Photos | Self::Nameplate => {
                Dimension::Basic
            }
            Self::Place
            | Self::Operator
            | Self::MaintenanceContract
            | Self::MaintainedDays
            | Self::InsuredDays
            | Self::Utilisation
            | Self::Variation
            | Self::OverloadShare => Dimension::Use,
            Self::Ownership
            | Self::Invoice
            | Self::PaidInFull
            | Self::Registry
            | Self::RegistryDays
            | Self::Disputed => Dimension::Title,
            Self::SocketBound
            | Self::OnlineShare
            | Self::Locator
            | Self::SiteAccess
            | Self::Beneficiary
            | Self::RemoteStop => Dimension::Control,
            Self::Machine
            | Self::Market
            | Self::BuyBack
            | Self::DismantlingShare
            | Self::RealisationShare
            | Self::UnsoldDays => Dimension::Disposal,
        }
    }

    /// Whether it comes from utilisation.
    pub fn is_usage(self) -> bool {
        matches!(self, Self::Utilisation | Self::Variation | Self::OverloadShare)
    }

    /// What it can be.
    pub fn domain(self) -> Domain {
        macro_rules! choices {
            ($name:ident) => {
                Domain::Choice($name::ALL.iter().map(|one| (one.code(), one.words())).collect())
            };
        }
        match self {
            Self::Identity | Self::Photos => Domain::Number(Unit::Count),
            Self::AgeMonths => Domain::Number(Unit::Months),
            Self::MaintainedDays | Self::InsuredDays | Self::RegistryDays | Self::UnsoldDays => {
                Domain::Number(Unit::Days)
            }
            Self::Price => Domain::Number(Unit::Fen),
            Self::Utilisation | Self::OverloadShare | Self::OnlineShare => Domain::Number(Unit::Ppm),
            Self::Variation => Domain::Number(Unit::PerMille),
            Self::DismantlingShare | Self::RealisationShare => Domain::Number(Unit::BasisPoints),
            Self::Condition => choices!(Condition),
            Self::Place => choices!(Place),
            Self::Operator => choices!(OperatorKind),
            Self::Ownership => choices!(Ownership),
            Self::Registry => choices!(RegistrySearch),
            Self::Machine => choices!(MachineKind),
            Self::Market => choices!(ResaleMarket),
            Self::Nameplate
            | Self::MaintenanceContract
            | Self::Invoice
            | Self::PaidInFull
            | Self::Disputed
            | Self::SocketBound
            | Self::Locator
            | Self::SiteAccess
            | Self::Beneficiary
            | Self::RemoteStop
            | Self::BuyBack => Domain::Choice(vec![(YES, Words::new("是", "yes")), (NO, Words::new("否", "no"))]),
        }
    }
}
