//! The life of a machine 全生命周期 (R10.5): what can stand in its timeline. Every act that changes what is known of a machine
//! has its kind here, so that one query in order of time tells its whole story.

use crate::coded::coded;

coded! {
    /// What happened to a machine.
    LifeEvent {
        /// It became known.
        Registered "registered" "登记设备" "registered";
        /// Its papers were filled in or changed.
        PapersChanged "papers_changed" "资料变更" "papers changed";
        /// A photo or document was added.
        PhotoAdded "photo_added" "上传照片或资料" "photo or document added";
        /// A photo or document was taken away.
        PhotoRemoved "photo_removed" "删除照片或资料" "photo or document removed";
        /// A socket watches it from now on.
        SocketBound "socket_bound" "绑定智能插座" "socket bound";
        /// The socket watches it no longer.
        SocketUnbound "socket_unbound" "解绑智能插座" "socket unbound";
        /// It was scored.
        Scored "scored" "设备风控评分" "scored";
        /// Online monitoring began.
        MonitoringStarted "monitoring_started" "开始在线监控" "monitoring started";
        /// Online monitoring ended.
        MonitoringStopped "monitoring_stopped" "停止在线监控" "monitoring stopped";
        /// Its working thresholds were changed.
        ThresholdChanged "threshold_changed" "调整工作阈值" "working thresholds changed";
        /// An alarm began.
        AlarmRaised "alarm_raised" "发生报警" "alarm raised";
        /// An alarm ended.
        AlarmCleared "alarm_cleared" "报警解除" "alarm cleared";
        /// It was offered.
        Listed "listed" "发布流转" "listed";
        /// The offer was taken back.
        Withdrawn "withdrawn" "撤回流转" "listing withdrawn";
        /// It is kept for a buyer.
        Reserved "reserved" "预订" "reserved";
        /// It was sold.
        Sold "sold" "成交" "sold";
        /// Somebody asked about the offer.
        Enquired "enquired" "收到询盘" "enquiry received";
        /// It secures a guarantee from now on.
        Encumbered "encumbered" "设定担保" "encumbered";
        /// It secures nothing any longer.
        Freed "freed" "解除担保" "freed";
        /// Somebody had its second-hand value kept.
        Valued "valued" "二手价值估算" "valued";
        /// It was maintained.
        Maintained "maintained" "维护保养" "maintained";
        /// It is used no longer.
        Retired "retired" "报废或停用" "retired";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_code_and_words() {
        for (at, event) in LifeEvent::ALL.iter().enumerate() {
            assert_eq!(LifeEvent::from_code(event.code()), Some(*event));
            assert_eq!(serde_json::to_value(event).unwrap(), event.code());
            let (code, words) = (event.code(), event.words());
            assert!(LifeEvent::ALL.iter().skip(at + 1).all(|other| other.code() != code && other.words() != words));
        }
    }
}
