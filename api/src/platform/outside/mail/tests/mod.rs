//! Mail as a server receives it: over a real socket, decoded by code of the tests' own.
mod decode;
mod listener;

use super::*;
use crate::platform::outside::Secret;
use decode::Received;
use listener::{Listener, Script};
use std::sync::Mutex;
use std::time::Duration;

fn invitation() -> Mail {
    Mail {
        to: "zhang.san@example.com".to_owned(),
        subject: "【智担】请设置您的登录密码：这是一个足够长的主题，长到必须分成几个编码词才能放进邮件头里".to_owned(),
        text: "张三，您好：\n\n请在 24 小时内打开 https://zhidan.example.com/set-password#token=abc=def\n.以点开头的一行\n\n智担示例\n".to_owned(),
    }
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: MailTls::None,
        from: "智担 <no-reply@example.com>".to_owned(),
        ..SmtpSettings::default()
    }
}

fn mailer(settings: &SmtpSettings) -> Smtp {
    mailer_within(settings, MailLimits::default())
}

fn mailer_within(settings: &SmtpSettings, limits: MailLimits) -> Smtp {
    let clock: Clock = Arc::new(|| "2026-03-01T08:00:00Z".parse().unwrap());
    Smtp::new(settings, clock, limits).unwrap()
}

#[tokio::test]
async fn a_chinese_mail_arrives_as_it_was_written() {
    let listener = Listener::start(Script::default()).await;
    let mail = invitation();
    let receipt = mailer(&settings(listener.port)).send(&mail).await.unwrap();

    let received = Received::parse(&listener.seen().data);
    assert_eq!(received.header_text("Subject"), mail.subject);
    assert_eq!(received.header_text("From"), "智担 <no-reply@example.com>");
    assert_eq!(received.header("To"), "zhang.san@example.com");
    assert_eq!(received.header("Date"), "Sun, 01 Mar 2026 08:00:00 +0000");
    assert_eq!(received.header("Content-Type"), "text/plain; charset=utf-8");
    assert_eq!(received.header("Auto-Submitted"), "auto-generated");
    assert_eq!(received.header("Message-ID"), receipt.message_id);
    assert_eq!(received.body(), mail.text);
    assert_eq!((receipt.provider, receipt.request_id.as_str()), ("smtp", "4F1D2"));
    let commands = listener.seen().commands;
    assert!(commands.iter().any(|line| line.starts_with("MAIL FROM:<no-reply@example.com>")), "{commands:?}");
    assert!(commands.iter().any(|line| line.starts_with("RCPT TO:<zhang.san@example.com>")), "{commands:?}");
}

#[tokio::test]
async fn a_second_mail_uses_the_same_connection() {
    let listener = Listener::start(Script::default()).await;
    let mailer = mailer(&settings(listener.port));
    mailer.send(&invitation()).await.unwrap();
    tokio::task::yield_now().await; // the pool takes the connection back in a task of its own
    mailer.send(&Mail { subject: "第二封".to_owned(), ..invitation() }).await.unwrap();
    let verbs = listener.verbs();
    assert_eq!(verbs.iter().filter(|verb| *verb == "EHLO").count(), 1, "{verbs:?}");
    assert_eq!(verbs.iter().filter(|verb| *verb == "DATA").count(), 2, "{verbs:?}");
    assert_eq!(Received::parse(&listener.seen().data).header_text("Subject"), "第二封");
}

#[tokio::test]
async fn a_burst_never_opens_more_than_its_share() {
    let listener = Listener::start(Script::default()).await;
    let mailer = mailer(&settings(listener.port));
    let mails: Vec<Mail> = (0..20).map(|n| Mail { subject: format!("第 {n} 封"), ..invitation() }).collect();
    let results = futures_util::future::join_all(mails.iter().map(|mail| mailer.send(mail))).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let seen = listener.seen();
    assert_eq!(listener.verbs().iter().filter(|verb| *verb == "DATA").count(), 20);
    assert!(seen.open_max <= 4, "{}", seen.open_max);
}

#[tokio::test]
async fn the_account_is_used_where_it_is_set() {
    let script = Script { auth: "535 5.7.8 authentication failed for zhidan@example.com", ..Script::default() };
    for (script, accepted) in [(Script::default(), true), (script, false)] {
        let listener = Listener::start(script).await;
        let account =
            SmtpSettings { username: "zhidan".to_owned(), password: Secret::new("口令"), ..settings(listener.port) };
        let result = mailer(&account).send(&invitation()).await;
        let auth =
            listener.seen().commands.iter().find_map(|line| line.strip_prefix("AUTH PLAIN ").map(decode::base64));
        assert_eq!(auth.as_deref(), Some("\0zhidan\0口令"));
        match result {
            Ok(_) => assert!(accepted),
            Err(error) => {
                assert!(
                    !accepted && matches!(&error, SendError::Permanent { code, .. } if code == "smtp_535"),
                    "{error:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn replies_are_sorted_by_their_first_digit() {
    let good = Script::default();
    for (script, permanent) in [
        (Script { mail: "451 4.3.0 try later", ..good }, None),
        (Script { rcpt: "450 4.2.0 greylisted zhang.san@example.com", ..good }, None),
        (Script { taken: Some("452 4.3.1 no room"), ..good }, None),
        (Script { greeting: Some("421 4.3.2 shutting down"), ..good }, None),
        (Script { mail: "553 5.7.1 sender refused", ..good }, Some("smtp_553")),
        (Script { rcpt: "550 5.1.1 zhang.san@example.com unknown", ..good }, Some("smtp_550")),
        (Script { taken: Some("554 5.7.1 spam"), ..good }, Some("smtp_554")),
    ] {
        let listener = Listener::start(script).await;
        let error = mailer(&settings(listener.port)).send(&invitation()).await.unwrap_err();
        match &error {
            SendError::Permanent { code, .. } => assert_eq!(Some(code.as_str()), permanent),
            SendError::Temporary { maybe_sent, .. } => assert!(permanent.is_none() && !maybe_sent, "{error:?}"),
            SendError::RateLimited { .. } => panic!("{error:?}"),
        }
        assert!(!format!("{error:?} {error}").contains("zhang"), "{error:?}");
    }
}

#[tokio::test]
async fn a_failure_after_the_data_may_have_been_sent() {
    let listener = Listener::start(Script { taken: None, ..Script::default() }).await;
    let error = mailer(&settings(listener.port)).send(&invitation()).await.unwrap_err();
    assert!(matches!(error, SendError::Temporary { maybe_sent: true, .. }), "{error:?}");
    assert!(!listener.seen().data.is_empty());
}

#[tokio::test]
async fn a_server_that_is_silent_or_absent_is_temporary() {
    let silent = Listener::start(Script { greeting: None, ..Script::default() }).await;
    let limits = MailLimits { total_max: Duration::from_millis(300), ..MailLimits::default() };
    let error = mailer_within(&settings(silent.port), limits).send(&invitation()).await.unwrap_err();
    assert!(matches!(error, SendError::Temporary { .. }), "{error:?}");

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let error = mailer(&settings(port)).send(&invitation()).await.unwrap_err();
    assert!(matches!(error, SendError::Temporary { maybe_sent: false, .. }), "{error:?}");
}

#[tokio::test]
async fn required_encryption_never_falls_back_to_clear_text() {
    let listener = Listener::start(Script::default()).await;
    let account = SmtpSettings {
        tls: MailTls::Starttls,
        username: "zhidan".into(),
        password: Secret::new("p"),
        ..settings(listener.port)
    };
    let error = mailer(&account).send(&invitation()).await.unwrap_err();
    assert!(matches!(&error, SendError::Permanent { code, .. } if code == "smtp_not_supported"), "{error:?}");
    let verbs = listener.verbs();
    assert!(!verbs.iter().any(|verb| verb == "AUTH" || verb == "MAIL"), "{verbs:?}");
}

#[tokio::test]
async fn nothing_can_add_a_header_or_a_receiver() {
    let listener = Listener::start(Script::default()).await;
    let mailer = mailer(&settings(listener.port));
    for (mail, expected) in [
        (Mail { subject: "a\r\nBcc: eve@example.com".into(), ..invitation() }, "invalid_subject"),
        (Mail { subject: "a\nX: y".into(), ..invitation() }, "invalid_subject"),
        (Mail { subject: "a\0".into(), ..invitation() }, "invalid_subject"),
        (Mail { subject: String::new(), ..invitation() }, "invalid_subject"),
        (Mail { subject: "长".repeat(201), ..invitation() }, "invalid_subject"),
        (Mail { to: "a@example.com\r\nBcc: eve@example.com".into(), ..invitation() }, "invalid_address"),
        (Mail { to: "a@example.com, eve@example.com".into(), ..invitation() }, "invalid_address"),
        (Mail { to: "A <a@example.com>".into(), ..invitation() }, "invalid_address"),
        (Mail { to: String::new(), ..invitation() }, "invalid_address"),
        (Mail { text: "x".repeat(256 * 1024 + 1), ..invitation() }, "text_too_large"),
    ] {
        let error = mailer.send(&mail).await.unwrap_err();
        assert!(matches!(&error, SendError::Permanent { code, .. } if code == expected), "{expected}: {error:?}");
    }
    assert!(listener.verbs().is_empty());
}

#[tokio::test]
async fn printing_masks_the_address_and_recording_keeps_all() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let printing = PrintingMailer::to(move |line| sink.lock().unwrap().push(line.to_owned()));
    printing.send(&invitation()).await.unwrap();
    let line = lines.lock().unwrap().concat();
    assert!(line.starts_with("Mail to z***@example.com: 【智担】") && line.contains("token=abc"), "{line}");

    let recording = RecordingMailer::new();
    recording.fail_next(SendError::not_sent("down"));
    assert_eq!(recording.send(&invitation()).await, Err(SendError::not_sent("down")));
    recording.send(&invitation()).await.unwrap();
    assert_eq!(recording.last_to("zhang.san@example.com"), Some(invitation()));
    assert_eq!(recording.sent().len(), 1);
    assert_eq!(format!("{:?}", invitation()), "Mail { .. }");
}
