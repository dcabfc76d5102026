//! What each operator may answer, and what becomes of it.
use super::*;

fn code_of(error: SendError) -> String {
    match error {
        SendError::Permanent { code, .. } | SendError::RateLimited { code, .. } => code,
        SendError::Temporary { why, .. } => panic!("expected a code, got: {why}"),
    }
}

#[actix_web::test]
async fn a_signed_message_arrives_as_the_operator_expects_it() {
    let gate = Gate::start(Mode::Accept);
    for (name, provider) in both(&gate.endpoint, SECRET_KEY, 0) {
        let receipt = provider.send(PHONE, &login_code()).await.unwrap();
        assert_eq!(receipt.provider, name);
        assert!(receipt.message_id.len() > 10 && !receipt.request_id.is_empty(), "{receipt:?}");
    }
    let param = r#"{"code":"492817","minutes":"5 & 一半"}"#;
    assert_eq!(
        gate.accepted(),
        [
            serde_json::json!({"PhoneNumberSet": ["+8613800138012"], "SmsSdkAppId": "1400006666", "SignName": "智担示例",
                "TemplateId": "1234567", "TemplateParamSet": ["492817", "5 & 一半"]}),
            serde_json::json!({"PhoneNumbers": PHONE, "SignName": "智担示例", "TemplateCode": "SMS_7654321", "TemplateParam": param}),
        ]
    );
}

#[actix_web::test]
async fn a_tenants_own_signature_name_is_used() {
    let gate = Gate::start(Mode::Accept);
    let message = SmsMessage { sign_name: Some("某某担保".to_owned()), ..login_code() };
    for (_, provider) in both(&gate.endpoint, SECRET_KEY, 0) {
        provider.send(PHONE, &message).await.unwrap();
    }
    let names: Vec<_> = gate.accepted().iter().map(|params| params["SignName"].clone()).collect();
    assert_eq!(names, ["某某担保", "某某担保"]);
}

#[actix_web::test]
async fn a_wrong_key_or_clock_is_refused() {
    let gate = Gate::start(Mode::Accept);
    for (key, offset_s, expected) in [
        ("another-key", 0, ["AuthFailure.SignatureFailure", "SignatureDoesNotMatch"]),
        (SECRET_KEY, 301, ["AuthFailure.SignatureExpire", "InvalidTimeStamp.Expired"]),
        (SECRET_KEY, -301, ["AuthFailure.SignatureExpire", "InvalidTimeStamp.Expired"]),
    ] {
        for ((_, provider), expected) in both(&gate.endpoint, key, offset_s).into_iter().zip(expected) {
            assert_eq!(code_of(provider.send(PHONE, &login_code()).await.unwrap_err()), expected);
        }
    }
    assert!(gate.accepted().is_empty());
    for (name, provider) in both(&gate.endpoint, SECRET_KEY, 299) {
        assert!(provider.send(PHONE, &login_code()).await.is_ok(), "{name} within five minutes");
    }
}

#[actix_web::test]
async fn a_request_changed_on_the_way_is_refused() {
    let gate = Gate::start(Mode::Accept);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();

    let genuine =
        tencent(gate.endpoint.clone(), SECRET_KEY, 0, CallLimits::default()).request(PHONE, &login_code()).unwrap();
    let mut other_body = genuine.try_clone().unwrap();
    let body = String::from_utf8(genuine.body().unwrap().as_bytes().unwrap().to_vec()).unwrap();
    *other_body.body_mut() = Some(body.replace(PHONE, "13900139000").into());
    let answer = client.execute(other_body).await.unwrap().text().await.unwrap();
    assert!(answer.contains("AuthFailure.SignatureFailure"), "{answer}");
    assert!(client.execute(genuine).await.unwrap().text().await.unwrap().contains("send success"));

    let genuine =
        aliyun(gate.endpoint.clone(), SECRET_KEY, 0, CallLimits::default()).request(PHONE, &login_code()).unwrap();
    let mut other_query = genuine.try_clone().unwrap();
    let query = genuine.url().query().unwrap().replace(PHONE, "13900139000");
    other_query.url_mut().set_query(Some(&query));
    let mut other_body = genuine.try_clone().unwrap();
    *other_body.body_mut() = Some("PhoneNumbers=13900139000".into());
    for (changed, expected) in [(other_query, "SignatureDoesNotMatch"), (other_body, "InvalidAccessKeyId")] {
        let answer = client.execute(changed).await.unwrap().text().await.unwrap();
        assert!(answer.contains(expected), "{answer}");
    }
    assert!(client.execute(genuine).await.unwrap().text().await.unwrap().contains("\"OK\""));
    assert_eq!(gate.accepted().len(), 2);
}

#[actix_web::test]
async fn refusals_keep_the_operators_code_and_wait() {
    let hour = Some(Duration::from_secs(3_600));
    let rows = [
        (
            Mode::RateLimit,
            ["LimitExceeded.PhoneNumberOneHourLimit", "isv.BUSINESS_LIMIT_CONTROL"]
                .map(|code| SendError::rate_limited(code, hour)),
        ),
        (
            Mode::TooManyRequests,
            ["http_429"; 2].map(|code| SendError::rate_limited(code, Some(Duration::from_secs(7)))),
        ),
        (
            Mode::Refuse,
            [
                SendError::permanent("FailedOperation.PhoneNumberInBlacklist", "+*** in blacklist"),
                SendError::permanent("isv.MOBILE_NUMBER_ILLEGAL", "*** illegal"),
            ],
        ),
    ];
    for (mode, expected) in rows {
        let gate = Gate::start(mode);
        for ((name, provider), expected) in both(&gate.endpoint, SECRET_KEY, 0).into_iter().zip(expected) {
            assert_eq!(provider.send(PHONE, &login_code()).await, Err(expected), "{name} {mode:?}");
        }
    }
}

#[actix_web::test]
async fn broken_answers_may_have_been_sent_and_never_show_the_number() {
    for mode in [Mode::Broken, Mode::Garbage, Mode::Huge, Mode::Hang] {
        let gate = Gate::start(mode);
        let limits = if matches!(mode, Mode::Hang) { impatient() } else { CallLimits::default() };
        for (name, provider) in both_within(&gate.endpoint, SECRET_KEY, 0, limits) {
            let error = provider.send(PHONE, &login_code()).await.unwrap_err();
            assert!(matches!(error, SendError::Temporary { maybe_sent: true, .. }), "{name} {mode:?}: {error:?}");
            assert!(!format!("{error:?} {error}").contains("138001"), "{name} {mode:?}: {error:?}");
        }
        assert_eq!(gate.accepted().len(), 2, "{mode:?}: both requests were signed and read");
    }
}

#[actix_web::test]
async fn a_server_that_is_not_there_has_sent_nothing() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    for (name, provider) in both(&endpoint, SECRET_KEY, 0) {
        let error = provider.send(PHONE, &login_code()).await.unwrap_err();
        assert!(matches!(error, SendError::Temporary { maybe_sent: false, .. }), "{name}: {error:?}");
        assert!(!format!("{error:?}").contains("138001"), "{name}: {error:?}");
    }
}

#[actix_web::test]
async fn what_cannot_be_sent_never_leaves() {
    let gate = Gate::start(Mode::Accept);
    let unknown = SmsMessage { kind: "no_such_kind".to_owned(), ..login_code() };
    for (name, provider) in both(&gate.endpoint, SECRET_KEY, 0) {
        assert_eq!(
            code_of(provider.send("+8613800138012", &login_code()).await.unwrap_err()),
            "invalid_phone",
            "{name}"
        );
        assert_eq!(code_of(provider.send(PHONE, &unknown).await.unwrap_err()), "template_not_configured", "{name}");
    }
    assert!(gate.accepted().is_empty());
}
