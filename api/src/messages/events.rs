//! What people are told of: the one table of events, with what each may say. An SMS is read by whoever holds the phone,
//! so it never has a place for reasons, names or amounts.

/// Something that people are told of.
#[derive(Debug)]
pub struct Event {
    /// Its key; templates and notices name it, and it is never renamed.
    pub key: &'static str,
    /// What staff call it.
    pub label_zh: &'static str,
    /// Places that its templates may have.
    pub places: &'static [&'static str],
    /// Without its message nobody could log in or set a password, so it cannot be switched off, and what it says is a
    /// secret.
    pub vital: bool,
    /// The place that its templates must have, if any.
    pub must_have: Option<&'static str>,
}

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MessageChannel)]
pub enum Channel {
    /// The inbox in the product.
    Inbox,
    /// SMS.
    Sms,
    /// Mail.
    Mail,
}

impl Channel {
    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Sms => "sms",
            Self::Mail => "mail",
        }
    }

    /// Reads the stored word.
    pub fn from_key(key: &str) -> Self {
        match key {
            "sms" => Self::Sms,
            "mail" => Self::Mail,
            _ => Self::Inbox,
        }
    }
}

const OF_APPLICATION: &[&str] = &["brand", "number", "product", "name", "reason", "amount", "term", "conditions"];
const OF_STAFF: &[&str] = &["brand", "name", "link", "minutes"];
const PRIVATE: [&str; 5] = ["name", "reason", "amount", "term", "conditions"];

const fn of_application(key: &'static str, label_zh: &'static str) -> Event {
    Event { key, label_zh, places: OF_APPLICATION, vital: false, must_have: None }
}

const fn of_enquiry(key: &'static str, label_zh: &'static str) -> Event {
    Event { key, label_zh, places: &["brand", "number", "title"], vital: false, must_have: None }
}

const fn of_staff(key: &'static str, label_zh: &'static str) -> Event {
    Event { key, label_zh, places: OF_STAFF, vital: true, must_have: Some("link") }
}

/// Every event.
pub const EVENTS: &[Event] = &[
    Event {
        key: "login_code",
        label_zh: "登录验证码",
        places: &["brand", "code", "minutes"],
        vital: true,
        must_have: Some("code"),
    },
    of_staff("staff_invite", "邀请员工"),
    of_staff("password_reset", "重设密码"),
    // Who is locked out learns it from this alone, so it cannot be switched off; when the lock is over it is not sent.
    Event {
        key: "account_locked",
        label_zh: "账号暂时锁定",
        places: &["brand", "name", "minutes"],
        vital: true,
        must_have: None,
    },
    // So is an address taken over unseen; the old address hears of it.
    Event {
        key: "address_changed",
        label_zh: "账号邮箱变更",
        places: &["brand", "name"],
        vital: true,
        must_have: None,
    },
    of_application("submitted", "申请已提交"),
    of_application("collection_gap", "部分数据未取得"),
    of_application("returned", "退回补充资料"),
    of_application("resubmitted", "已补充并重新提交"),
    of_application("assigned", "已分派项目经理"),
    of_application("sent_to_review", "进入风控审查"),
    of_application("approved", "审批通过"),
    of_application("refused", "审批未通过"),
    of_application("refused_automatically", "自动审核未通过"),
    of_application("human_review", "转人工复核"),
    of_application("withdrawn", "申请已撤回"),
    Event {
        key: "alarm_raised",
        label_zh: "设备报警",
        places: &["brand", "number", "machine", "alarm", "time"],
        vital: false,
        must_have: None,
    },
    Event {
        key: "webhook_disabled",
        label_zh: "事件推送地址已停用",
        places: &["brand", "endpoint", "reason"],
        vital: false,
        must_have: None,
    },
    of_enquiry("enquiry_received", "收到设备询盘"),
    of_enquiry("enquiry_answered", "询盘已答复"),
    of_enquiry("enquiry_closed", "询盘已关闭"),
    of_enquiry("enquiry_withdrawn", "询盘已撤回"),
];

/// The event with this key.
pub fn find(key: &str) -> Option<&'static Event> {
    EVENTS.iter().find(|event| event.key == key)
}

impl Event {
    /// The places that this event's template may have on a channel.
    pub fn places_on(&self, channel: Channel) -> Vec<&'static str> {
        let private = |place: &&str| channel == Channel::Sms && PRIVATE.contains(place);
        self.places.iter().copied().filter(|place| !private(place)).collect()
    }
}

/// The step as an operator's approved template names it: at most ten characters, since operators count them.
pub fn step_zh(event: &str) -> &'static str {
    match event {
        "submitted" => "已提交",
        "returned" => "需补充资料",
        "approved" => "已通过审批",
        "refused" => "未通过审批",
        "refused_automatically" => "未通过自动审核",
        "withdrawn" => "已撤回",
        _ => "办理中",
    }
}
