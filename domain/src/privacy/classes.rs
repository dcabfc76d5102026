//! Kinds of personal data, each with its purpose, its legal ground, how long it is kept and what erasure does to it: the one table
//! that the erasure, the purge, the document for readers and the firm's own rules go by. Periods marked "(check)" in docs/privacy.md
//! are known second-hand; they are defaults within bounds, which a firm changes.

use crate::coded::coded;
use crate::words::Words;

coded! {
    /// A kind of personal data.
    Class {
        /// The applicant's account: the phone.
        Account "account" "申请人账号" "the applicant's account";
        /// Log-ins: devices, network addresses, tokens.
        LogIns "log_ins" "登录记录" "log-ins";
        /// SMS codes: hashes of phones and codes.
        Codes "codes" "短信验证码" "SMS codes";
        /// Who consented to what.
        Consents "consents" "同意与授权记录" "consents and authorisations";
        /// Applications that were begun and not submitted.
        Drafts "drafts" "未提交的申请草稿" "drafts of applications";
        /// Applications with their timeline, returns and submissions.
        Applications "applications" "申请表与办理记录" "applications and how they went";
        /// Files of applications.
        Documents "documents" "申请资料文件" "documents of applications";
        /// What was collected from sources under an authorisation.
        Collected "collected" "授权采集的数据" "data collected under an authorisation";
        /// Scores, and what they were computed from.
        Scores "scores" "评分及其输入" "scores and their inputs";
        /// Records of customers.
        Customers "customers" "客户档案" "customers' records";
        /// Approvals, credit limits and their ledger.
        Limits "limits" "授信额度与台账" "credit limits and their ledger";
        /// Machines, their papers, files and listings.
        Machines "machines" "设备档案与流转信息" "machines, their files and listings";
        /// The inbox.
        Inbox "inbox" "站内消息" "messages in the inbox";
        /// SMS and mails.
        Deliveries "deliveries" "短信与邮件" "SMS and mails";
        /// Replies that are kept for repeated requests, and work that waits.
        Replies "replies" "重复请求的答复与待办任务" "kept replies and queued work";
        /// Requests about one's own data, and copies of it.
        Requests "requests" "个人信息请求与副本" "requests about one's own data, and copies of it";
        /// The audit log.
        Audit "audit" "审计日志" "the audit log";
        /// The firm's own people.
        Staff "staff" "员工账号" "staff";
        /// Legal representatives in the firm's register of enterprises.
        Registers "registers" "企业库中的法定代表人" "legal representatives in the enterprise library";
        /// Third parties: addresses, answers, secrets, messages that could not be read.
        Partners "partners" "对接方数据" "what third parties send and answer";
    }
}

/// For how long, days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// As the product has it; a firm cannot change it.
    Fixed(u32),
    /// As a firm has it within bounds.
    Between {
        /// The least that the law or the purpose asks.
        min: u32,
        /// Unless the firm says otherwise.
        default: u32,
        /// The most that the purpose bears.
        max: u32,
    },
    /// As long as what it belongs to is there.
    WithOwner,
}

/// What holds for a kind of data.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it is held for.
    pub purpose: Words,
    /// The law that allows or asks it.
    pub ground: Words,
    /// For how long.
    pub period: Period,
    /// From when the period counts.
    pub counts_from: Words,
    /// What becomes of it when a person's data is erased.
    pub at_erasure: Words,
}

const YEAR: u32 = 365;
const DAY_OF_ERASURE: (&str, &str) = ("删除请求当日", "the day of the erasure");
const ENDED: (&str, &str) = ("业务结束之日", "the end of the business");
const MADE: (&str, &str) = ("产生之日", "the day on which it was made");
/// What a business relation leaves: limitation of claims (民法典 art. 188), records of clients and transactions (反洗钱法 art. 34),
/// accounts (会计档案管理办法 art. 14).
const BUSINESS: Period = Period::Between { min: 10 * YEAR, default: 10 * YEAR, max: 30 * YEAR };
const BUSINESS_LAW: (&str, &str) = (
    "履行合同所必需（个人信息保护法第13条第2项）；业务结束后按反洗钱法第34条、民法典第188条、会计档案管理办法第14条留存",
    "Needed for the contract (PIPL art. 13(2)); after its end kept by AML Law art. 34, Civil Code art. 188 and the Measures for Accounting Archives art. 14",
);
const GONE_OR_BLOCKED: (&str, &str) = (
    "未形成担保业务的，删除；已形成的，业务结束前继续使用，结束后封存至期满",
    "Erased where no guarantee came of it; else in use until the business ends, then blocked until the period is over",
);
const REMOVED: (&str, &str) = ("删除", "Erased");

type Both = (&'static str, &'static str);

fn rule(purpose: Both, ground: Both, period: Period, counts_from: Both, at_erasure: Both) -> Rule {
    let words = |both: Both| Words::new(both.0, both.1);
    Rule {
        purpose: words(purpose),
        ground: words(ground),
        period,
        counts_from: words(counts_from),
        at_erasure: words(at_erasure),
    }
}

impl Class {
    /// What holds for it.
    pub fn rule(self) -> Rule {
        match self {
            Self::Account | Self::LogIns | Self::Codes => self.of_log_in(),
            Self::Consents | Self::Drafts | Self::Applications | Self::Documents | Self::Collected | Self::Scores => {
                self.of_application()
            }
            Self::Customers | Self::Limits | Self::Machines => self.of_business(),
            Self::Inbox | Self::Deliveries | Self::Replies => self.of_messages(),
            Self::Requests | Self::Audit | Self::Staff | Self::Registers | Self::Partners => self.of_the_firm(),
        }
    }

    /// The period, days, with what the firm has set; the bounds hold also where a row says otherwise.
    pub fn days(self, set: Option<u32>) -> Option<u32> {
        match self.rule().period {
            Period::Fixed(days) => Some(days),
            Period::Between { min, default, max } => Some(set.unwrap_or(default).clamp(min, max)),
            Period::WithOwner => None,
        }
    }

    fn of_log_in(self) -> Rule {
        let law = ("履行合同所必需（个人信息保护法第13条第2项）", "Needed for the contract (PIPL art. 13(2))");
        match self {
            Self::Account => rule(
                ("登录与联系", "Logging in and being reached"),
                law,
                Period::WithOwner,
                DAY_OF_ERASURE,
                (
                    "号码与检索值删除，账号关闭；同一号码再登录为新账号",
                    "Phone and look-up hash erased, the account closed; the same phone makes a new account",
                ),
            ),
            Self::LogIns => rule(
                ("账号安全", "Security of accounts"),
                ("网络安全法第21条", "Cybersecurity Law art. 21"),
                Period::Fixed(7),
                ("登录结束之日", "the end of the log-in"),
                REMOVED,
            ),
            _ => rule(
                ("登录，限制短信滥发", "Logging in, and bounding how often a phone is sent to"),
                law,
                Period::Fixed(2),
                MADE,
                (
                    "不提前删除：一日内的次数限制依据它，一日后自动删除",
                    "Not erased early: limits by phone count them, and they go by themselves after a day",
                ),
            ),
        }
    }

    fn of_application(self) -> Rule {
        let consent = ("个人同意（个人信息保护法第13条第1项、第14条、第29条）", "Consent (PIPL art. 13(1), 14, 29)");
        match self {
            Self::Consents => rule(
                ("证明处理有依据", "Proving that there was a ground"),
                ("个人信息保护法第14条、第69条", "PIPL art. 14 and 69"),
                BUSINESS,
                ENDED,
                (
                    "授权人的姓名与证件号删除；何时同意哪一版告知、何时授权与撤回保留为凭证",
                    "Name and ID number of who consented are erased; when which notice was accepted and what was granted or withdrawn stays as proof",
                ),
            ),
            Self::Drafts => rule(
                ("继续填写申请", "Going on with an application"),
                consent,
                Period::Between { min: 30, default: 180, max: 2 * YEAR },
                ("最后一次修改之日", "the last change"),
                REMOVED,
            ),
            Self::Documents => {
                rule(("审核申请", "Judging the application"), BUSINESS_LAW, BUSINESS, ENDED, GONE_OR_BLOCKED)
            }
            Self::Collected => {
                rule(("融资准入评估", "Evaluating admission"), consent, BUSINESS, ENDED, GONE_OR_BLOCKED)
            }
            Self::Scores => rule(
                ("融资准入评估，说明自动化决策", "Evaluating admission, and explaining automatic decisions"),
                ("个人信息保护法第24条", "PIPL art. 24"),
                BUSINESS,
                ENDED,
                (
                    "输入与文字删除，保留输入的哈希、总分与结论；再次计算时告知已删除",
                    "Inputs and words are erased; the inputs' hash, the total and the outcome stay, and evaluating again says so",
                ),
            ),
            _ => rule(("办理申请", "Dealing with the application"), BUSINESS_LAW, BUSINESS, ENDED, GONE_OR_BLOCKED),
        }
    }

    fn of_business(self) -> Rule {
        match self {
            Self::Customers => rule(
                ("管理客户与关联风险", "Managing customers and related risks"),
                BUSINESS_LAW,
                BUSINESS,
                ENDED,
                GONE_OR_BLOCKED,
            ),
            Self::Limits => rule(
                ("授信、用款、监管指标", "Granting, drawing, legal figures"),
                (
                    "融资担保公司监督管理条例第15、16、28条；会计档案管理办法第14条",
                    "Order 683 art. 15, 16 and 28; Measures for Accounting Archives art. 14",
                ),
                BUSINESS,
                ENDED,
                ("台账不得更改，保留", "The ledger may not be changed and is kept"),
            ),
            _ => rule(
                ("评估设备、设备流转", "Judging machines and offering them"),
                ("个人同意（个人信息保护法第13条第1项）", "Consent (PIPL art. 13(1))"),
                Period::WithOwner,
                DAY_OF_ERASURE,
                (
                    "未抵押的：名称、位置、文件、文字删除，与本人脱离关联，运行数据作为匿名数据保留；已抵押的继续使用",
                    "Unless encumbered: name, place, files and words are erased, it is tied to nobody, its readings stay as anonymous data; encumbered ones stay in use",
                ),
            ),
        }
    }

    fn of_messages(self) -> Rule {
        let law = ("履行合同所必需（个人信息保护法第13条第2项）", "Needed for the contract (PIPL art. 13(2))");
        match self {
            Self::Inbox => rule(
                ("告知办理进度", "Telling how it goes"),
                law,
                Period::Between { min: 90, default: 2 * YEAR, max: 10 * YEAR },
                MADE,
                REMOVED,
            ),
            Self::Deliveries => rule(
                ("告知办理进度，核对是否送达", "Telling how it goes, and checking that it arrived"),
                law,
                Period::Between { min: 30, default: 180, max: 3 * YEAR },
                MADE,
                REMOVED,
            ),
            _ => rule(
                ("重复的请求只生效一次", "A repeated request has its effect once"),
                law,
                Period::Fixed(30),
                MADE,
                (
                    "本人的答复删除；员工的答复只含脱敏信息，一日后自动删除",
                    "The person's own replies are erased; those of staff hold masked values and go within a day",
                ),
            ),
        }
    }

    fn of_the_firm(self) -> Rule {
        match self {
            Self::Requests => rule(
                (
                    "办理并证明办理了请求；副本七日后删除",
                    "Dealing with requests and proving it; copies go after seven days",
                ),
                ("个人信息保护法第50条、第56条", "PIPL art. 50 and 56"),
                Period::Fixed(3 * YEAR),
                MADE,
                (
                    "副本删除；请求及其结果保留，不含姓名与号码",
                    "Copies are erased; the request and what came of it stay, without name or number",
                ),
            ),
            Self::Audit => rule(
                ("追溯谁做了什么", "Knowing who did what"),
                ("网络安全法第21条、个人信息保护法第51条", "Cybersecurity Law art. 21, PIPL art. 51"),
                Period::WithOwner,
                MADE,
                (
                    "被删除事项的内容删除，保留何人何时做了何事；链仍可验证",
                    "What entries say of what was erased is erased; who did what and when stays, and the chain still verifies",
                ),
            ),
            Self::Staff => rule(
                ("员工登录与职责", "Staff's log-ins and duties"),
                (
                    "履行合同与人力资源管理所必需（个人信息保护法第13条第2项）",
                    "Needed for contract and personnel (PIPL art. 13(2))",
                ),
                Period::WithOwner,
                ("离职之日", "the end of the employment"),
                ("不属于申请人的数据", "Not an applicant's data"),
            ),
            Self::Registers => rule(
                ("核对企业登记", "Comparing with the registration"),
                ("已合法公开的信息（个人信息保护法第13条第6项）", "Lawfully public information (PIPL art. 13(6))"),
                Period::WithOwner,
                MADE,
                (
                    "企业登记公示信息，保留；本人可要求更正",
                    "Public registration data, kept; whoever is named can have it corrected",
                ),
            ),
            _ => rule(
                ("与对接方交换数据", "Exchanging data with third parties"),
                ("履行合同所必需（个人信息保护法第13条第2项）", "Needed for the contract (PIPL art. 13(2))"),
                Period::Fixed(30),
                MADE,
                (
                    "推送内容只含编号与金额，三十日后自动删除",
                    "What is told holds ids and amounts only, and goes after thirty days",
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_says_why_on_which_ground_and_what_becomes_of_it() {
        for class in Class::ALL {
            let rule = class.rule();
            for words in [&rule.purpose, &rule.ground, &rule.counts_from, &rule.at_erasure] {
                assert!(!words.zh.is_ascii() && !words.en.is_empty(), "{}", class.code());
            }
            if let Period::Between { min, default, max } = rule.period {
                assert!(0 < min && min <= default && default <= max, "{}", class.code());
            }
        }
    }

    #[test]
    fn a_firms_own_period_stays_within_the_bounds() {
        let rows: &[(Class, Option<u32>, Option<u32>)] = &[
            (Class::Deliveries, None, Some(180)),
            (Class::Deliveries, Some(60), Some(60)),
            (Class::Deliveries, Some(1), Some(30)),
            (Class::Deliveries, Some(9_999), Some(1_095)),
            (Class::Applications, None, Some(3_650)),
            (Class::Applications, Some(0), Some(3_650)),
            (Class::Codes, Some(900), Some(2)),
            (Class::Account, Some(900), None),
        ];
        for (class, set, expected) in rows {
            assert_eq!(class.days(*set), *expected, "{} {set:?}", class.code());
        }
    }
}
