//! The choices that the papers of a machine offer. What is not known is left out of the papers, so no list has a word for
//! "unknown": a blank and an "unknown" would be two ways of saying one thing.

use crate::coded::coded;

coded! {
    /// In which condition it was bought.
    Condition {
        /// 全新.
        New "new" "全新购入" "bought new";
        /// 二手.
        SecondHand "second_hand" "二手购入" "bought second-hand";
    }
}

coded! {
    /// On whose ground it stands.
    Place {
        /// The applicant's own.
        Owned "owned" "自有场地" "own premises";
        /// Rented by the applicant.
        Rented "rented" "租赁场地" "rented premises";
        /// Used together with others.
        Shared "shared" "共用场地" "shared premises";
        /// Of somebody else who keeps or uses it.
        ThirdParty "third_party" "第三方场地" "third party's premises";
    }
}

coded! {
    /// Who works it, as a kind; names are personal data and nobody's business here.
    OperatorKind {
        /// The owner or own staff.
        OwnStaff "own_staff" "本企业人员" "own staff";
        /// A contractor on the owner's premises.
        Contractor "contractor" "外包人员" "contractor";
        /// Somebody who rents it.
        Lessee "lessee" "承租人" "lessee";
    }
}

coded! {
    /// By which right the applicant has it.
    Ownership {
        /// It is theirs and paid.
        Owned "owned" "自有" "owned";
        /// It is being paid by instalments or under reservation of title.
        Financed "financed" "分期付款或保留所有权" "financed";
        /// It is another's, lent for rent (融资租赁 included).
        Leased "leased" "租赁" "leased";
    }
}

coded! {
    /// What a search of the unified register of security over movables (动产融资统一登记公示系统, 中登网) found.
    RegistrySearch {
        /// Nothing.
        Clear "clear" "未查到登记" "nothing registered";
        /// A registration in favour of this firm alone.
        Ours "ours" "仅登记在本公司名下" "registered for this firm alone";
        /// A registration in favour of somebody else.
        Encumbered "encumbered" "已登记在他人名下" "registered for somebody else";
    }
}

coded! {
    /// Whether many can use it.
    MachineKind {
        /// 通用设备.
        Standard "standard" "通用设备" "standard machine";
        /// 专用设备: made for one product or one customer.
        Special "special" "专用设备" "special machine";
    }
}

coded! {
    /// How easily a used one is sold.
    ResaleMarket {
        /// Traded all the time.
        Active "active" "交易活跃" "active";
        /// Now and then.
        Thin "thin" "交易较少" "thin";
        /// Hardly ever.
        NoMarket "none" "基本无交易" "none";
    }
}
