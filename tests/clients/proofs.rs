//! How clients prove who they are: three ways that work, and everything else, which has one answer.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Bank, JWT_BEARER, Signer, ask, basic, new_client};
use crate::support::{Caller, Server};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// Everything that an assertion needs to be right.
struct Claims {
    client: String,
    audience: String,
    now: i64,
}

impl Claims {
    fn of(server: &Server, slug: &str, client: &str) -> Self {
        let audience = format!("{}/v1/t/{slug}/oauth/token", server.app.config.public_url);
        Self { client: client.to_owned(), audience, now: server.app.clock.now().timestamp() }
    }

    fn good(&self, jti: &str) -> Value {
        json!({ "iss": self.client, "sub": self.client, "aud": self.audience, "exp": self.now + 60, "jti": jti })
    }

    fn with(&self, jti: &str, name: &str, value: Value) -> Value {
        let mut claims = self.good(jti);
        if value.is_null() {
            claims.as_object_mut().expect("claims").remove(name);
        } else {
            claims[name] = value;
        }
        claims
    }
}

#[actix_web::test]
async fn a_client_proves_itself_in_each_of_three_ways() {
    let bank = Bank::open("prove", &["applications.read", "limits.read"]).await;
    let (ed, ec) = (Signer::ed(7), Signer::ec());
    bank.act("/keys", &json!({ "public_key": ed.jwk("ed") }), 200).await;
    let shown = bank.act("/keys", &json!({ "public_key": ec.jwk("ec") }), 200).await;
    assert_eq!(shown.body["credentials"].as_array().map(Vec::len), Some(3), "{:#}", shown.body);
    assert!(!shown.body.to_string().contains(&bank.secret), "a secret is shown once");
    let anyone = bank.server.anyone();
    let slug = bank.firm.slug.as_str();
    let claims = Claims::of(&bank.server, slug, &bank.client);
    let by_header = || ask(&anyone, slug, &[GRANT]).header("Authorization", basic(&bank.client, &bank.secret));
    let mut answers = vec![
        anyone.send(by_header(), 200).await,
        anyone
            .send(ask(&anyone, slug, &[GRANT, ("client_id", &bank.client), ("client_secret", &bank.secret)]), 200)
            .await,
    ];
    let typ = json!({ "alg": "EdDSA", "typ": "JWT", "kid": "ed" });
    let issuer = claims.audience.trim_end_matches("/oauth/token");
    for assertion in [
        ed.sign(&typ, &claims.good("1")),
        ed.sign(&json!({ "alg": "EdDSA" }), &claims.with("2", "aud", json!(issuer))),
        ec.sign(&json!({ "alg": "ES256", "kid": "ec" }), &claims.with("3", "aud", json!([claims.audience]))),
        ec.sign(
            &json!({ "alg": "ES256", "typ": "client-authentication+jwt" }),
            &claims.with("4", "iat", json!(claims.now)),
        ),
    ] {
        let pairs = [GRANT, ("client_assertion_type", JWT_BEARER), ("client_assertion", &assertion)];
        answers.push(anyone.send(ask(&anyone, slug, &pairs), 200).await);
    }
    for answer in answers {
        assert_eq!(answer.body["token_type"], "Bearer");
        assert_eq!(answer.body["expires_in"], 600);
        assert_eq!(answer.text("/scope"), "applications.read limits.read");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["pragma"], "no-cache");
        let client = bank.server.with_token(&answer.text("/access_token"));
        assert_eq!(client.get("/v1/client", 200).await.text("/id"), bank.client);
        client.get("/v1/applications", 200).await;
    }
    bank.server.stop().await;
}

/// Forms that are wrong before anything is signed: pairs, header, status, code.
type Wrong<'a> = (&'a str, Vec<(&'a str, &'a str)>, Option<String>, u16, &'a str);

#[actix_web::test]
async fn what_is_wrong_is_refused_as_oauth_has_it() {
    let bank = Bank::open("wrong", &["applications.read"]).await;
    let away = crate::support::Firm::create(&bank.server, "wrong-away").await;
    let other = away.staff("administrator").post("/v1/clients", &new_client("示例商户", &["limits.read"]), 201).await;
    let (other, others_secret) = (other.text("/client/id"), other.text("/secret"));
    let (id, secret) = (("client_id", bank.client.as_str()), ("client_secret", bank.secret.as_str()));
    let header = Some(basic(&bank.client, &bank.secret));
    let wrong: Vec<Wrong> = vec![
        ("a wrong secret", vec![GRANT, id, ("client_secret", "zcs_wrong")], None, 401, "invalid_client"),
        ("a secret that is cut", vec![GRANT, id, ("client_secret", &bank.secret[..40])], None, 401, "invalid_client"),
        (
            "an unknown client",
            vec![GRANT, ("client_id", "cli_01jd8m1f5ne6xa9q2t4k7v3b8c"), secret],
            None,
            401,
            "invalid_client",
        ),
        ("no id at all", vec![GRANT, ("client_id", "示例"), secret], None, 401, "invalid_client"),
        (
            "another firm's client",
            vec![GRANT, ("client_id", &other), ("client_secret", &others_secret)],
            None,
            401,
            "invalid_client",
        ),
        ("another client's secret", vec![GRANT, id, ("client_secret", &others_secret)], None, 401, "invalid_client"),
        ("a wrong header", vec![GRANT], Some(basic(&bank.client, "zcs_wrong")), 401, "invalid_client"),
        ("no proof", vec![GRANT, id], None, 401, "invalid_client"),
        ("a header of another kind", vec![GRANT], Some("Bearer x".to_owned()), 400, "invalid_request"),
        ("a header that is no base64", vec![GRANT], Some("Basic ???".to_owned()), 400, "invalid_request"),
        ("proofs in two ways", vec![GRANT, secret], header.clone(), 400, "invalid_request"),
        ("two ids", vec![GRANT, ("client_id", &other)], header.clone(), 400, "invalid_request"),
        ("a secret and an assertion", vec![GRANT, id, secret, ("client_assertion", "x")], None, 400, "invalid_request"),
        ("no grant", vec![id, secret], None, 400, "invalid_request"),
        ("an empty grant", vec![("grant_type", ""), id, secret], None, 400, "invalid_request"),
        ("another grant", vec![("grant_type", "password"), id, secret], None, 400, "unsupported_grant_type"),
        ("a grant twice", vec![GRANT, GRANT, id, secret], None, 400, "invalid_request"),
        ("no type of assertion", vec![GRANT, ("client_assertion", "x")], None, 400, "invalid_request"),
        (
            "another type",
            vec![GRANT, ("client_assertion_type", "saml"), ("client_assertion", "x")],
            None,
            400,
            "invalid_request",
        ),
        ("no assertion", vec![GRANT, ("client_assertion_type", JWT_BEARER)], None, 400, "invalid_request"),
        ("more scope", vec![GRANT, id, secret, ("scope", "limits.read")], None, 400, "invalid_scope"),
        ("all scope", vec![GRANT, id, secret, ("scope", "*")], None, 400, "invalid_scope"),
        ("scope in two blanks", vec![GRANT, id, secret, ("scope", "applications.read  x")], None, 400, "invalid_scope"),
    ];
    let anyone = bank.server.anyone();
    for (what, pairs, header, status, code) in wrong {
        let mut request = ask(&anyone, &bank.firm.slug, &pairs);
        if let Some(header) = header {
            request = request.header("Authorization", header);
        }
        let answer = anyone.send(request, status).await;
        assert_eq!(answer.text("/error"), code, "{what}");
        assert!(!answer.text("/error_description").is_empty() && answer.body.get("code").is_none(), "{what}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{what}");
        assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401, "{what}");
    }
    let json = anyone.request(reqwest::Method::POST, &format!("/v1/t/{}/oauth/token", bank.firm.slug));
    let answer = anyone.send(json.json(&json!({ "grant_type": "client_credentials" })), 400).await;
    assert_eq!(answer.text("/error"), "invalid_request");
    assert_eq!(anyone.send(ask(&anyone, "nowhere", &[GRANT, id, secret]), 404).await.code(), "not_found");
    let huge = "x".repeat(20_000);
    anyone.send(ask(&anyone, &bank.firm.slug, &[GRANT, ("scope", &huge)]), 413).await;
    bank.act("/disable", &json!({}), 200).await;
    bank.token_by(&bank.secret, 401).await;
    bank.server.stop().await;
}

/// Assertions that are wrong in one thing.
fn wrong_assertions(key: &Signer, other: &Signer, claims: &Claims) -> Vec<(&'static str, String)> {
    let head = json!({ "alg": "EdDSA", "typ": "JWT", "kid": "ours" });
    let with_head = |name: &str, value: Value| {
        let mut head = head.clone();
        head[name] = value;
        key.sign(&head, &claims.good("head"))
    };
    let claim = |name: &str, value: Value| key.sign(&head, &claims.with("claim", name, value));
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = |alg: &str| format!("{}.{}.", part(&json!({ "alg": alg })), part(&claims.good("none")));
    let shared = |secret: &[u8]| {
        let text = format!("{}.{}", part(&json!({ "alg": "HS256" })), part(&claims.good("shared")));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
    };
    let jwk = key.jwk("ours").to_string();
    vec![
        ("alg none", unsigned("none")),
        ("alg NONE", unsigned("NONE")),
        ("EdDSA unsigned", unsigned("EdDSA")),
        ("HS256 with the public key", shared(key.public())),
        ("HS256 with the key as it was registered", shared(jwk.as_bytes())),
        ("ES256 over a signature of Ed25519", with_head("alg", json!("ES256"))),
        ("another's key", other.sign(&head, &claims.good("other"))),
        ("another's key in the header", {
            let mut head = head.clone();
            head["jwk"] = other.jwk("ours");
            other.sign(&head, &claims.good("jwk"))
        }),
        ("keys to be fetched", with_head("jku", json!("https://keys.example.com"))),
        ("critical and unknown", with_head("crit", json!(["exp"]))),
        ("a kid that there is not", with_head("kid", json!("theirs"))),
        ("an access token's type", with_head("typ", json!("at+jwt"))),
        ("another issuer", claim("iss", json!("cli_01jd8m1f5ne6xa9q2t4k7v3b8c"))),
        ("another subject", claim("sub", json!("cli_01jd8m1f5ne6xa9q2t4k7v3b8c"))),
        ("no subject", claim("sub", Value::Null)),
        ("another audience", claim("aud", json!("https://other.example.com/oauth/token"))),
        ("another firm's address", claim("aud", json!(claims.audience.replace("/t/signed/", "/t/other/")))),
        ("the access tokens' audience", claim("aud", json!("zhidan-api"))),
        ("no audience", claim("aud", Value::Null)),
        ("expired", claim("exp", json!(claims.now - 1))),
        ("expired within the library's leeway", claim("exp", json!(claims.now - 30))),
        ("too long", claim("exp", json!(claims.now + 3_600))),
        ("no end", claim("exp", Value::Null)),
        ("an end in words", claim("exp", json!("2099-01-01"))),
        ("not yet", claim("nbf", json!(claims.now + 120))),
        ("of the future", claim("iat", json!(claims.now + 120))),
        ("no name", claim("jti", Value::Null)),
        ("an empty name", claim("jti", json!(""))),
        ("bent", {
            let good = key.sign(&head, &claims.good("bent"));
            let (text, signature) = good.rsplit_once('.').expect("a signature");
            let flipped = if signature.starts_with('A') { "B" } else { "A" };
            format!("{text}.{flipped}{}", &signature[1..])
        }),
        ("two parts", "a.b".to_owned()),
        ("nothing of the kind", "示例".to_owned()),
    ]
}

#[actix_web::test]
async fn an_assertion_that_is_wrong_in_one_thing_is_none_and_a_right_one_counts_once() {
    let key = Signer::ed(7);
    let mut client = new_client("示例网关", &["applications.read"]);
    client["public_key"] = key.jwk("ours");
    let server = Server::start().await;
    let firm = crate::support::Firm::create(&server, "signed").await;
    let made = firm.staff("administrator").post("/v1/clients", &client, 201).await;
    assert!(made.body["secret"].is_null(), "who signs has no secret");
    let id = made.text("/client/id");
    let claims = Claims::of(&server, "signed", &id);
    let anyone = server.anyone();
    let send = async |anyone: &Caller, assertion: &str, expected: u16| {
        let pairs = [GRANT, ("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
        anyone.send(ask(anyone, "signed", &pairs), expected).await
    };
    for (what, assertion) in wrong_assertions(&key, &Signer::ed(8), &claims) {
        let answer = send(&anyone, &assertion, 401).await;
        assert_eq!(answer.text("/error"), "invalid_client", "{what}");
    }
    // our own access token is no assertion, and an assertion no access token
    let good = key.sign(&json!({ "alg": "EdDSA" }), &claims.good("once"));
    let given = send(&anyone, &good, 200).await;
    send(&anyone, &given.text("/access_token"), 401).await;
    server.with_token(&good).get("/v1/client", 401).await;
    assert_eq!(send(&anyone, &good, 401).await.text("/error"), "invalid_client");
    let replica = server.replica().await;
    send(&Caller::new(&replica.url, None), &good, 401).await;
    // of ten at once one counts
    let raced = key.sign(&json!({ "alg": "EdDSA" }), &claims.good("raced"));
    let pairs = [GRANT, ("client_assertion_type", JWT_BEARER), ("client_assertion", raced.as_str())];
    let all =
        (0..10).map(|_| async { ask(&anyone, "signed", &pairs).send().await.expect("an answer").status().as_u16() });
    let mut statuses = futures_util::future::join_all(all).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [&[200][..], &[401; 9]].concat());
    // what the id beside it says must be the same
    let next = key.sign(&json!({ "alg": "EdDSA" }), &claims.good("beside"));
    let pairs = [GRANT, ("client_id", "cli_other"), ("client_assertion_type", JWT_BEARER), ("client_assertion", &next)];
    anyone.send(ask(&anyone, "signed", &pairs), 401).await;
    send(&anyone, &next, 200).await;
    replica.stop().await;
    server.stop().await;
}

#[actix_web::test]
async fn keys_that_cannot_be_are_refused_with_the_reason() {
    let bank = Bank::open("keys", &["applications.read"]).await;
    let key = Signer::ed(7);
    let with = |name: &str, value: Value| {
        let mut jwk = key.jwk("one");
        jwk[name] = value;
        jwk
    };
    let mut off_curve = Signer::ec().jwk("one");
    off_curve["y"] = off_curve["x"].clone();
    for (jwk, code) in [
        (with("d", json!("AAAA")), "private"),
        (json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }), "kind"),
        (with("x", json!("AAAA")), "coordinate"),
        (with("use", json!("enc")), "use"),
        (with("kid", json!("a b")), "kid"),
        (off_curve, "point"),
    ] {
        let refused = bank.act("/keys", &json!({ "public_key": jwk }), 422).await;
        assert_eq!(refused.text("/errors/0/code"), code);
        assert_eq!(refused.text("/errors/0/pointer"), "/public_key");
    }
    bank.act("/keys", &json!({ "public_key": key.jwk("one") }), 200).await;
    assert_eq!(bank.act("/keys", &json!({ "public_key": Signer::ec().jwk("one") }), 409).await.code(), "name_taken");
    for n in 2..=5 {
        bank.act("/keys", &json!({ "public_key": Signer::ed(n).jwk(&n.to_string()) }), 200).await;
    }
    assert_eq!(bank.act("/keys", &json!({ "public_key": key.jwk("six") }), 422).await.code(), "too_many_items");
    bank.server.stop().await;
}
