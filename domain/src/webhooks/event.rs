//! What third parties are told of: the one table of events. A key is never renamed, since programs elsewhere ask for it.

use crate::coded::coded;

coded! {
    /// Something that third parties are told of.
    EventType {
        /// An applicant submitted an application.
        ApplicationSubmitted "application.submitted" "申请已提交" "application submitted";
        /// It went back to the applicant.
        ApplicationReturned "application.returned" "申请已退回补正" "application returned to the applicant";
        /// The applicant supplemented it.
        ApplicationResubmitted "application.resubmitted" "申请已重新提交" "application submitted again";
        /// It was approved.
        ApplicationApproved "application.approved" "申请审批通过" "application approved";
        /// It was refused, by score or by a person.
        ApplicationRejected "application.rejected" "申请未通过" "application refused";
        /// A refusal by score goes on to a person.
        ApplicationReopened "application.reopened" "申请转人工复核" "refused application reopened for a person's review";
        /// The applicant withdrew it.
        ApplicationWithdrawn "application.withdrawn" "申请已撤回" "application withdrawn";
        /// A credit limit was granted.
        LimitGranted "limit.granted" "额度已授予" "credit limit granted";
        /// Money was drawn under it.
        LimitDrawn "limit.drawn" "额度已用款" "credit limit drawn";
        /// Money was repaid.
        LimitRepaid "limit.repaid" "用款已还款" "drawing repaid";
        /// An operation on a limit was taken back.
        LimitCorrected "limit.corrected" "额度操作已冲正" "operation on a credit limit taken back";
        /// A machine gave an alarm.
        AlarmRaised "alarm.raised" "设备报警" "alarm raised";
        /// It is over.
        AlarmCleared "alarm.cleared" "设备报警解除" "alarm cleared";
        /// A machine was scored.
        EquipmentScored "equipment.scored" "设备已评分" "machine scored";
        /// Somebody tries an address.
        WebhookTest "webhook.test" "测试" "test";
    }
}

impl EventType {
    /// Whether addresses can ask for it: a test goes to the address that is tried, whatever it asks for.
    pub const fn can_be_asked_for(self) -> bool {
        !matches!(self, Self::WebhookTest)
    }

    /// Whether an address that asks for `asked`, or for everything where that is nothing, is told of it.
    pub fn is_asked_for(self, asked: Option<&[Self]>) -> bool {
        self.can_be_asked_for() && asked.is_none_or(|asked| asked.contains(&self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_words_with_a_dot_and_are_found_again() {
        for event in EventType::ALL {
            let (of, what) = event.code().split_once('.').unwrap();
            assert!([of, what].iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
            assert_eq!(EventType::from_code(event.code()), Some(*event));
            assert!(event.words().en.is_ascii() && !event.words().zh.is_ascii());
        }
    }

    #[test]
    fn an_address_is_told_of_what_it_asks_for() {
        use EventType as E;
        for (event, asked, told) in [
            (E::LimitDrawn, None, true),
            (E::LimitDrawn, Some(&[E::LimitDrawn][..]), true),
            (E::LimitDrawn, Some(&[E::LimitRepaid][..]), false),
            (E::LimitDrawn, Some(&[][..]), false),
            (E::WebhookTest, None, false),
        ] {
            assert_eq!(event.is_asked_for(asked), told, "{event:?} {asked:?}");
        }
    }
}
