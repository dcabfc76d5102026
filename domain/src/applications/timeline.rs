//! What a timeline says of each event: one wording for the applicant, who must understand it, and one for staff, who need
//! the step. What only concerns the firm's inner work has no wording for the applicant and is not shown to them.

use serde::{Deserialize, Serialize};

use crate::assessments::admission::SourceKind;
use crate::words::Words;

/// The kind of an event in an application's timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is described by its words below")]
pub enum EventKind {
    Created,
    ConsentGranted,
    ConsentRevoked,
    DocumentAdded,
    Submitted,
    Resubmitted,
    DataCollected,
    DataGap,
    EntitlementDoubted,
    EntitlementConfirmed,
    Screened,
    RefusedAutomatically,
    Assigned,
    Reassigned,
    Returned,
    Recommended,
    ReviewPassed,
    SentBack,
    Approved,
    Refused,
    Withdrawn,
    HumanReviewRequested,
}

type Pair = (&'static str, &'static str);

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 22] = [
        Self::Created,
        Self::ConsentGranted,
        Self::ConsentRevoked,
        Self::DocumentAdded,
        Self::Submitted,
        Self::Resubmitted,
        Self::DataCollected,
        Self::DataGap,
        Self::EntitlementDoubted,
        Self::EntitlementConfirmed,
        Self::Screened,
        Self::RefusedAutomatically,
        Self::Assigned,
        Self::Reassigned,
        Self::Returned,
        Self::Recommended,
        Self::ReviewPassed,
        Self::SentBack,
        Self::Approved,
        Self::Refused,
        Self::Withdrawn,
        Self::HumanReviewRequested,
    ];

    /// The applicant's wording; nothing for what they do not see.
    pub fn for_applicant(self) -> Option<Words> {
        let (zh, en) = self.pair_for_applicant()?;
        Some(Words::new(zh, en))
    }

    /// The staff's wording.
    pub fn for_staff(self) -> Words {
        let (zh, en) = self.pair_for_staff();
        Words::new(zh, en)
    }

    /// What is said instead where some of the sources that were asked have nothing.
    pub fn collected_without(absent: &[String]) -> Words {
        let en =
            |name: &String| SourceKind::ALL.into_iter().find(|kind| kind.zh() == name).map_or("other", SourceKind::en);
        let names: Vec<&str> = absent.iter().map(en).collect();
        Words::new(
            format!("授权数据已查询，未取得：{}", absent.join("、")),
            format!("The authorised data was asked for; the sources have no {}", names.join(", ")),
        )
    }

    fn pair_for_applicant(self) -> Option<Pair> {
        Some(match self {
            Self::Created => ("您创建了申请", "You started the application"),
            Self::ConsentGranted => ("您完成了数据授权", "You granted the data authorisation"),
            Self::ConsentRevoked => ("您撤回了数据授权", "You revoked the data authorisation"),
            Self::DocumentAdded => ("您上传了资料", "You uploaded a document"),
            Self::Submitted => ("申请已提交，我们会尽快处理", "The application was submitted; we will look at it soon"),
            Self::Resubmitted => ("补正后的申请已提交", "The supplemented application was submitted"),
            Self::DataCollected => ("授权数据已采集完成", "The authorised data was collected"),
            Self::DataGap => (
                "部分授权数据暂时无法取得，将由工作人员继续办理",
                "Some authorised data could not be obtained; a member of staff goes on",
            ),
            Self::EntitlementDoubted => (
                "授权人的资格需由工作人员核实，核实后继续采集数据",
                "A member of staff has to see whether the person who consented may; collection goes on afterwards",
            ),
            Self::EntitlementConfirmed => {
                ("授权人的资格已核实，继续采集数据", "The person who consented may; collection goes on")
            }
            Self::Screened => ("预审已完成，进入人工办理", "The screening is done; a person goes on"),
            Self::RefusedAutomatically => (
                "系统预审未通过。您可以查看原因，并有权要求人工复核",
                "The automatic screening refused it. You can see why and may ask for a person's review",
            ),
            Self::Assigned => ("已安排项目经理为您办理", "An account manager was assigned"),
            Self::Reassigned => ("您的项目经理已更换", "Another account manager now handles it"),
            Self::Returned => {
                ("申请需要补正，请按列出的事项修改后重新提交", "Please mend the listed items and resubmit")
            }
            Self::Recommended => ("尽职调查已完成，进入审查", "The investigation is done; it goes to review"),
            Self::ReviewPassed => ("审查已完成，进入审批", "The review is done; it goes to approval"),
            Self::Approved => ("申请已批准", "The application was approved"),
            Self::Refused => {
                ("很抱歉，申请未获批准，原因见详情", "We are sorry: the application was refused; see the reason")
            }
            Self::Withdrawn => ("您撤回了申请", "You withdrew the application"),
            Self::HumanReviewRequested => (
                "您要求人工复核，将由工作人员重新审看",
                "You asked for a person's review; a member of staff will look at it",
            ),
            Self::SentBack => return None,
        })
    }

    fn pair_for_staff(self) -> Pair {
        match self {
            Self::Created => ("申请人创建草稿", "Applicant started a draft"),
            Self::ConsentGranted => ("申请人授权数据采集", "Applicant authorised collection"),
            Self::ConsentRevoked => (
                "申请人撤回数据授权，停止采集与评估",
                "Applicant revoked the authorisation: no pull or evaluation from now on",
            ),
            Self::DocumentAdded => ("申请人上传资料", "Applicant uploaded a document"),
            Self::Submitted => ("申请人提交申请", "Applicant submitted"),
            Self::Resubmitted => ("申请人补正后重新提交", "Applicant resubmitted"),
            Self::DataCollected => ("数据采集完成", "Collection complete"),
            Self::DataGap => ("数据采集有缺口，转人工判断", "Collection ended with a gap: a person decides"),
            Self::EntitlementDoubted => {
                ("授权人资格待确认，暂停采集", "Whether they may consent is doubted: collection waits")
            }
            Self::EntitlementConfirmed => ("确认授权人资格，继续采集", "Entitlement confirmed: collection goes on"),
            Self::Screened => ("预审完成，转人工办理", "Screened: goes to a person"),
            Self::RefusedAutomatically => ("预审总分超限，自动拒绝", "Refused automatically: total above the limit"),
            Self::Assigned => ("分派项目经理", "Assigned"),
            Self::Reassigned => ("更换项目经理", "Reassigned"),
            Self::Returned => ("退回申请人补正", "Returned to the applicant"),
            Self::Recommended => ("提交调查意见", "Investigation and recommendation handed in"),
            Self::ReviewPassed => ("风控审查通过", "Review passed"),
            Self::SentBack => ("退回前序环节", "Sent back to an earlier step"),
            Self::Approved => ("审批同意", "Approved"),
            Self::Refused => ("审批不同意", "Refused"),
            Self::Withdrawn => ("申请人撤回", "Withdrawn by the applicant"),
            Self::HumanReviewRequested => {
                ("申请人要求人工复核自动决定", "Applicant asked for a person's review of the automatic decision")
            }
        }
    }
}
