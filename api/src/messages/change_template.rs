//! `PUT /v1/message-templates/{id}`: the firm rewords a message or switches it off. A place that nothing fills is
//! refused here, where someone can still mend it, and not found out by an applicant.

use actix_web::{put, web::Data};
use domain::id::kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events::{self, Channel, Event};
use super::store;
use super::template::{self, TemplateFault};
use super::view::{self, TemplateView};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{At, Body, Checks, IfMatch, Reply};

const TITLE_CHARS_MAX: usize = 60;
const BODY_CHARS_MAX: usize = 2000;
/// An SMS of more than this is charged as five and more.
const SMS_CHARS_MAX: usize = 300;

/// A template's text.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    /// Title of a message, subject of a mail; empty for SMS.
    #[serde(default)]
    #[schema(example = "申请需要补充资料", max_length = 60)]
    pub title: String,
    /// The text, with the places that the template allows in braces. An SMS is one line of at most 300 characters.
    #[schema(example = "申请{number}已退回，请按各项说明补充后重新提交。", min_length = 1, max_length = 2000)]
    pub body: String,
    /// Whether it is sent.
    #[schema(example = true)]
    pub enabled: bool,
}

/// Changes one message template.
#[utoipa::path(
    tag = "messages",
    security(("token" = ["templates.manage"])),
    request_body = TemplateBody,
    responses((status = 200, description = "The template as it is now", body = TemplateView))
)]
#[put("/v1/message-templates/{id}")]
pub async fn change_message_template(
    access: Access<may::ManageTemplates>,
    app: Data<App>,
    at: At<kind::Template>,
    seen: IfMatch,
    Body(wanted): Body<TemplateBody>,
) -> Result<Reply<TemplateView>> {
    let tx = access.begin(&app).await?;
    let mut row = store::lock_template(&tx, at.uuid()).await?.ok_or_else(Error::not_found)?;
    seen.check(row.version, None)?;
    let event = events::find(&row.event).ok_or_else(Error::not_found)?;
    let wanted = checked(event, Channel::from_key(&row.channel), wanted)?;
    let before = TemplateBody { title: row.title, body: row.body, enabled: row.enabled };
    let detail = serde_json::json!({ "before": before, "after": wanted });
    row.title = wanted.title;
    row.body = wanted.body;
    row.enabled = wanted.enabled;
    row.version += 1;
    store::change_template(&tx, &row).await?;
    tx.commit(Act::new("message_template.change", "template", row.id).detail(detail)).await?;
    let version = row.version;
    Ok(Reply::ok(view::template(row)).version(version))
}

fn checked(event: &Event, channel: Channel, wanted: TemplateBody) -> Result<TemplateBody> {
    let mut checks = Checks::new();
    let allowed = event.places_on(channel);
    let (title, body) = if channel == Channel::Sms {
        if !wanted.title.trim().is_empty() {
            checks.problem("/title", "not_for_sms", "短信没有标题，请留空", "an SMS has no title; leave it empty");
        }
        (String::new(), checks.line("/body", &wanted.body, SMS_CHARS_MAX))
    } else {
        let title = checks.line("/title", &wanted.title, TITLE_CHARS_MAX);
        (title, checks.lines("/body", &wanted.body, BODY_CHARS_MAX))
    };
    places(&mut checks, "/title", &title, &allowed);
    let found = places(&mut checks, "/body", &body, &allowed);
    // Where the text cannot be read as a template, what it lacks cannot be told either.
    let lacks = |place: &&str| found.as_ref().is_some_and(|found| !found.iter().any(|one| one == place));
    if let Some(place) = event.must_have.filter(|place| !body.is_empty() && lacks(place)) {
        checks.problem(
            "/body",
            "place_missing",
            format!("必须包含{{{place}}}，否则收到的人无法继续"),
            format!("must hold {{{place}}}, or its receiver cannot go on"),
        );
    }
    if event.vital && !wanted.enabled {
        checks.problem(
            "/enabled",
            "vital",
            "该消息不能停用，否则无法登录或设置密码",
            "this message cannot be switched off: without it nobody logs in or sets a password",
        );
    }
    checks.done()?;
    Ok(TemplateBody { title, body, enabled: wanted.enabled })
}

fn places(checks: &mut Checks, pointer: &str, text: &str, allowed: &[&str]) -> Option<Vec<String>> {
    let known = allowed.iter().map(|place| format!("{{{place}}}")).collect::<Vec<_>>();
    match template::check(text, allowed) {
        Ok(found) => return Some(found.into_iter().map(str::to_owned).collect()),
        Err(TemplateFault::Brace) => checks.problem(
            pointer,
            "brace",
            "大括号须成对出现，且只用于占位符",
            "braces come in pairs and hold nothing but a place",
        ),
        Err(TemplateFault::UnknownPlace(place)) => checks.problem(
            pointer,
            "place_unknown",
            format!("占位符{{{place}}}不可用，可用的有：{}", known.join("、")),
            format!("{{{place}}} is not a place here; there are {}", known.join(", ")),
        ),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_saved_is_named() {
        let body = |title: &str, body: &str, enabled| TemplateBody { title: title.into(), body: body.into(), enabled };
        let rows = [
            ("submitted", Channel::Sms, body("", "申请{number}已提交", true), true),
            ("submitted", Channel::Sms, body("", "申请{number}已提交", false), true),
            ("submitted", Channel::Sms, body("标题", "申请{number}已提交", true), false),
            ("refused", Channel::Sms, body("", "原因：{reason}", true), false),
            ("refused", Channel::Sms, body("", "一行\n两行", true), false),
            ("refused", Channel::Inbox, body("未通过", "原因：{reason}", true), true),
            ("refused", Channel::Inbox, body("", "原因：{reason}", true), false),
            ("refused", Channel::Inbox, body("未通过", "{code}", true), false),
            ("refused", Channel::Inbox, body("未通过", "{", true), false),
            ("login_code", Channel::Sms, body("", "验证码{code}", true), true),
            ("login_code", Channel::Sms, body("", "验证码{code}", false), false),
            ("login_code", Channel::Sms, body("", "请登录", true), false),
        ];
        for (event, channel, wanted, fits) in rows {
            let text = wanted.body.clone();
            assert_eq!(checked(events::find(event).unwrap(), channel, wanted).is_ok(), fits, "{event} {text}");
        }
    }

    #[test]
    fn a_text_that_is_no_template_is_not_said_to_lack_a_place_as_well() {
        let wanted = TemplateBody { title: String::new(), body: "验证码{code}{foo}".into(), enabled: true };
        let refused = checked(events::find("login_code").unwrap(), Channel::Sms, wanted).err().unwrap();
        let words = refused.in_words();
        assert!(words.contains("{foo}") && !words.contains("must hold"), "{words}");
    }
}
