//! The texts that a new firm begins with: a start to edit. SMS go out only at the steps that matter to the applicant.

use super::events::Channel::{self, Inbox, Mail, Sms};

/// A template as it is delivered.
#[derive(Debug)]
pub struct Standard {
    /// The event.
    pub event: &'static str,
    /// The channel.
    pub channel: Channel,
    /// Title of a message, subject of a mail; SMS have none.
    pub title: &'static str,
    /// The text.
    pub body: &'static str,
}

const fn sms(event: &'static str, body: &'static str) -> Standard {
    Standard { event, channel: Sms, title: "", body }
}

const fn mail(event: &'static str, title: &'static str, body: &'static str) -> Standard {
    Standard { event, channel: Mail, title, body }
}

const fn inbox(event: &'static str, title: &'static str, body: &'static str) -> Standard {
    Standard { event, channel: Inbox, title, body }
}

/// Every standard template.
pub const STANDARD: &[Standard] = &[
    sms("login_code", "验证码{code}，{minutes}分钟内有效，请勿告诉他人。如非本人操作，请忽略本短信。"),
    mail(
        "staff_invite",
        "{brand}邀请您使用业务系统",
        "{name}，您好：\n\n{brand}为您开通了业务系统账号。请打开下面的链接设置登录密码，链接只能使用一次：\n\n{link}\n\n\
         请不要把链接转发给他人。如果您不认识{brand}，请忽略本邮件。",
    ),
    mail(
        "password_reset",
        "重设{brand}业务系统的登录密码",
        "{name}，您好：\n\n我们收到了重设登录密码的请求。请打开下面的链接设置新密码，链接只能使用一次：\n\n{link}\n\n\
         如果不是您本人提出的，请忽略本邮件，原密码仍然有效。",
    ),
    mail(
        "account_locked",
        "{brand}业务系统账号暂时锁定",
        "{name}，您好：\n\n您的账号连续输错密码，已暂时锁定{minutes}分钟，之后可以照常登录；也可以在登录页选择“忘记密码”，\
         设置新密码后立即登录。\n\n如果不是您本人输错的，说明有人在尝试您的密码，请告知系统管理员。",
    ),
    mail(
        "address_changed",
        "{brand}业务系统账号的邮箱地址已更改",
        "{name}，您好：\n\n您在{brand}业务系统的账号已改用另一个邮箱地址，发到原地址的链接已全部失效。原密码不变，可以照常登录。\n\n\
         由他人更改地址的，24小时内不能通过“忘记密码”重设密码。如果您不知道这次更改，请立即告知机构负责人。",
    ),
    sms("alarm_raised", "您的设备{number}发生报警：{alarm}，请登录查看。"),
    inbox(
        "alarm_raised",
        "设备报警：{alarm}",
        "您的设备“{machine}”（{number}）于{time}发生报警：{alarm}。请到“我的设备”查看详情。",
    ),
    mail(
        "alarm_raised",
        "设备报警：{number} {alarm}",
        "{brand}业务系统提醒您：\n\n设备“{machine}”（{number}）于{time}发生报警：{alarm}。请登录业务系统查看并处理。",
    ),
    mail(
        "webhook_disabled",
        "{brand}业务系统的事件推送地址已停用",
        "{brand}业务系统提醒您：\n\n事件推送地址“{endpoint}”已停用，原因：{reason}。请联系接收方排除问题，再到“事件推送”中恢复，\
         并补发停用期间的事件。",
    ),
    inbox(
        "enquiry_received",
        "收到询盘：{title}",
        "有人就您发布的流转信息“{title}”（{number}）提出询盘。请到“我的设备”查看并答复。",
    ),
    inbox(
        "enquiry_answered",
        "询盘已答复：{title}",
        "您对流转信息“{title}”（{number}）的询盘已有答复。请到“我的询盘”查看。",
    ),
    inbox(
        "enquiry_closed",
        "询盘已关闭：{title}",
        "您对流转信息“{title}”（{number}）的询盘已由出让方关闭。如曾为您预订，预订同时取消。",
    ),
    inbox(
        "enquiry_withdrawn",
        "询盘已撤回：{title}",
        "对您发布的流转信息“{title}”（{number}）的一条询盘已由询盘人撤回。如已为其预订，预订同时取消，设备重新公开流转。",
    ),
    sms("submitted", "您的担保申请{number}已提交，我们会尽快受理，可登录查看办理进度。"),
    inbox(
        "submitted",
        "申请已提交",
        "您的申请{number}已提交，我们会尽快受理。\n产品：{product}\n办理进度可随时在“我的申请”中查看。",
    ),
    inbox(
        "collection_gap",
        "部分数据暂未取得",
        "申请{number}所需的部分税务或发票数据暂时没有取到，项目经理会继续处理。您不必重新提交，需要您配合时我们会另行通知。",
    ),
    sms("returned", "您的担保申请{number}需要补充资料，请登录查看各项说明，补充后重新提交。"),
    inbox(
        "returned",
        "申请需要补充资料",
        "申请{number}已退回，请按各项说明补充后重新提交。您已填写的内容和已上传的资料都已保留。\n说明：{reason}",
    ),
    inbox("resubmitted", "已收到补充资料", "申请{number}的补充内容已收到，项目经理会继续办理。"),
    inbox("assigned", "申请已受理", "申请{number}已分派给项目经理办理。需要您补充资料时，我们会在这里通知您。"),
    inbox("sent_to_review", "申请进入风控审查", "申请{number}已完成调查，进入风控审查。这一步不需要您操作。"),
    sms("approved", "您的担保申请{number}已通过审批，请登录查看后续安排。"),
    inbox(
        "approved",
        "申请已通过审批",
        "申请{number}已通过审批。\n批准金额：{amount}\n期限：{term}\n附带条件{conditions}项，请在申请详情中查看。\n签订合同、缴纳担保费和放款的安排，项目经理会与您联系。",
    ),
    sms("refused", "您的担保申请{number}未通过审批，请登录查看说明。"),
    inbox(
        "refused",
        "申请未通过审批",
        "很抱歉，申请{number}未通过审批。\n原因：{reason}\n情况有变化后，您可以重新申请。",
    ),
    sms("refused_automatically", "您的担保申请{number}未通过自动审核，可登录查看原因，您有权要求人工复核。"),
    inbox(
        "refused_automatically",
        "申请未通过自动审核",
        "很抱歉，申请{number}未通过自动审核。\n原因：{reason}\n这一结果由系统根据您授权查询的数据得出。根据《个人信息保护法》\
         第二十四条，您有权要求由人工复核，可在申请详情中选择“申请人工复核”。",
    ),
    inbox("human_review", "已转人工复核", "申请{number}已按您的要求转由工作人员复核，复核结果会在这里通知您。"),
    inbox("withdrawn", "申请已撤回", "申请{number}已撤回，不再办理。需要时可以重新申请。"),
];

/// The standard template of an event on a channel.
pub fn find(event: &str, channel: Channel) -> Option<&'static Standard> {
    STANDARD.iter().find(|template| template.event == event && template.channel == channel)
}

#[cfg(test)]
mod tests {
    use super::super::{events, template};
    use super::*;

    #[test]
    fn every_standard_template_may_be_saved_and_every_event_has_one() {
        for standard in STANDARD {
            let event = events::find(standard.event).unwrap();
            let allowed = event.places_on(standard.channel);
            let places = template::check(standard.body, &allowed).unwrap();
            assert!(template::check(standard.title, &allowed).is_ok(), "{}", standard.event);
            assert!(event.must_have.is_none_or(|place| places.contains(&place)), "{}", standard.event);
            assert_eq!(standard.title.is_empty(), standard.channel == Sms, "{}", standard.event);
        }
        for event in events::EVENTS {
            assert!(STANDARD.iter().any(|standard| standard.event == event.key), "{}", event.key);
        }
    }
}
