//! Only our access tokens are let in, and only as they were issued: everything else that looks like one is 401. The bad
//! tokens are made from a good one by changing one thing, and signed with the product's own key unless that is the thing.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{Caller, Firm, Server};

/// Who makes tokens, good and bad.
struct Forge {
    ours: Ed25519KeyPair,
    other: Ed25519KeyPair,
    header: Value,
    claims: Value,
    /// A token as it was issued.
    good: String,
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn now(server: &Server) -> i64 {
    server.app.clock.now().timestamp()
}

impl Forge {
    fn new(server: &Server, good: String) -> Self {
        let seed = server.app.config.master_key.derive("access-token/1").expect("the product's own seed");
        let pair = |seed: &[u8]| Ed25519KeyPair::from_seed_unchecked(seed).expect("a key");
        let mut parts = good.split('.');
        let mut part = || decoded(parts.next().expect("a part"));
        Self { ours: pair(&seed), other: pair(&[7; 32]), header: part(), claims: part(), good }
    }

    /// A token with this header and these claims, as texts, signed with our key.
    fn signed(&self, header: &str, claims: &str) -> String {
        let text = format!("{}.{}", encoded(header), encoded(claims));
        format!("{text}.{}", encoded(self.ours.sign(text.as_bytes())))
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        self.signed(&changed(&self.header, name, value), &self.claims.to_string())
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        self.signed(&self.header.to_string(), &changed(&self.claims, name, value))
    }

    /// A token that a shared secret would verify, where the verifier takes its public key for one.
    fn with_secret(&self, algorithm: hmac::Algorithm, name: &str, secret: &[u8]) -> String {
        let header = changed(&self.header, "alg", json!(name));
        let text = format!("{}.{}", encoded(header), encoded(self.claims.to_string()));
        let tag = hmac::sign(&hmac::Key::new(algorithm, secret), text.as_bytes());
        format!("{text}.{}", encoded(tag))
    }

    fn unsigned(&self, algorithm: &str) -> String {
        let header = changed(&self.header, "alg", json!(algorithm));
        format!("{}.{}.", encoded(header), encoded(self.claims.to_string()))
    }

    fn by_another(&self, header: &Value) -> String {
        let text = format!("{}.{}", encoded(header.to_string()), encoded(self.claims.to_string()));
        format!("{text}.{}", encoded(self.other.sign(text.as_bytes())))
    }
}

/// `object` with one member changed; null takes it away.
fn changed(object: &Value, name: &str, value: Value) -> String {
    let mut object = object.as_object().expect("an object").clone();
    if value.is_null() {
        object.remove(name)
    } else {
        object.insert(name.to_owned(), value)
    };
    Value::Object(object).to_string()
}

fn wrong_headers(forge: &Forge) -> Vec<(&'static str, String)> {
    let public = forge.ours.public_key().as_ref();
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(forge.other.public_key()) });
    let with_jwk = changed(&forge.header, "jwk", jwk);
    vec![
        ("alg none", forge.unsigned("none")),
        ("alg None", forge.unsigned("None")),
        ("alg NONE", forge.unsigned("NONE")),
        ("unsigned", forge.unsigned("EdDSA")),
        ("HS256 with the public key", forge.with_secret(hmac::HMAC_SHA256, "HS256", public)),
        ("HS384 with the public key", forge.with_secret(hmac::HMAC_SHA384, "HS384", public)),
        ("HS512 with the public key's text", forge.with_secret(hmac::HMAC_SHA512, "HS512", encoded(public).as_bytes())),
        ("HS256 with nothing", forge.with_secret(hmac::HMAC_SHA256, "HS256", b"\0")),
        ("alg RS256 over our signature", forge.with_header("alg", json!("RS256"))),
        ("alg ES256 over our signature", forge.with_header("alg", json!("ES256"))),
        ("alg unknown", forge.with_header("alg", json!("EdDSA2"))),
        ("no alg", forge.with_header("alg", Value::Null)),
        ("wrong kid", forge.with_header("kid", json!("0011223344556677"))),
        ("kid as a path", forge.with_header("kid", json!("../../../dev/null"))),
        ("no kid", forge.with_header("kid", Value::Null)),
        ("typ JWT", forge.with_header("typ", json!("JWT"))),
        ("typ of a refresh token", forge.with_header("typ", json!("rt+jwt"))),
        ("typ in capitals", forge.with_header("typ", json!("AT+JWT"))),
        ("no typ", forge.with_header("typ", Value::Null)),
        ("critical and unknown", forge.with_header("crit", json!(["exp2"]))),
        ("unencoded payload", forge.with_header("b64", json!(false))),
        ("compressed", forge.with_header("zip", json!("DEF"))),
        ("the key in the header", forge.by_another(&serde_json::from_str(&with_jwk).expect("JSON"))),
        ("header is no object", forge.signed("[]", &forge.claims.to_string())),
        ("header is no JSON", forge.signed("alg", &forge.claims.to_string())),
    ]
}

fn wrong_claims(forge: &Forge, now: i64) -> Vec<(&'static str, String)> {
    let twice = forge.claims.to_string().replacen('{', "{\"sub\":\"00000000-0000-0000-0000-000000000000\",", 1);
    vec![
        ("no aud", forge.with_claim("aud", Value::Null)),
        ("wrong aud", forge.with_claim("aud", json!("zhidan-files"))),
        ("aud as a list", forge.with_claim("aud", json!(["zhidan-api", "others"]))),
        ("no iss", forge.with_claim("iss", Value::Null)),
        ("wrong iss", forge.with_claim("iss", json!("https://zhidan.example.com"))),
        ("no exp", forge.with_claim("exp", Value::Null)),
        ("expired", forge.with_claim("exp", json!(now - 5))),
        ("exp as text", forge.with_claim("exp", json!((now + 300).to_string()))),
        ("exp as a fraction", forge.with_claim("exp", json!(now as f64 + 300.5))),
        ("exp too far", forge.with_claim("exp", json!(now + 86_400))),
        ("exp at the end of time", forge.with_claim("exp", json!(i64::MAX))),
        ("no iat", forge.with_claim("iat", Value::Null)),
        ("from the future", forge.signed(&forge.header.to_string(), &later(forge, now + 60, now + 660))),
        ("from the end of time", forge.signed(&forge.header.to_string(), &later(forge, i64::MAX, i64::MAX))),
        ("not before tomorrow", forge.with_claim("nbf", json!(now + 86_400))),
        ("an extra claim", forge.with_claim("admin", json!(true))),
        ("no sub", forge.with_claim("sub", Value::Null)),
        ("sub is no id", forge.with_claim("sub", json!("administrator"))),
        ("sub twice", forge.signed(&forge.header.to_string(), &twice)),
        ("no tenant", forge.with_claim("tid", Value::Null)),
        ("no session", forge.with_claim("sid", Value::Null)),
        ("another kind", forge.with_claim("kind", json!("root"))),
        ("a client's kind for a person", forge.with_claim("kind", json!("client"))),
        ("permissions as text", forge.with_claim("perm", json!("all"))),
        ("unknown scope", forge.with_claim("scope", json!("everything"))),
        ("claims are no object", forge.signed(&forge.header.to_string(), "null")),
    ]
}

fn later(forge: &Forge, iat: i64, exp: i64) -> String {
    let claims: Value = serde_json::from_str(&changed(&forge.claims, "iat", json!(iat))).expect("JSON");
    changed(&claims, "exp", json!(exp))
}

fn wrong_texts(forge: &Forge, other_good: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = forge.good.split('.').collect();
    let (head, claims, signature) = (parts[0], parts[1], parts[2]);
    let borrowed = other_good.rsplit('.').next().expect("a signature");
    let bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64");
    let mut flipped = bytes.clone();
    flipped[0] ^= 1;
    vec![
        ("another key", forge.by_another(&forge.header)),
        ("signature of another token", format!("{head}.{claims}.{borrowed}")),
        ("a bit of the signature", format!("{head}.{claims}.{}", encoded(flipped))),
        ("half a signature", format!("{head}.{claims}.{}", encoded(&bytes[..32]))),
        ("a longer signature", format!("{head}.{claims}.{}", encoded([&bytes[..], b"\0"].concat()))),
        ("padded base64", format!("{head}.{claims}.{}", URL_SAFE.encode(&bytes))),
        ("base64 that addresses cannot hold", format!("{head}.{claims}.{}=", STANDARD.encode(&bytes))),
        ("truncated", forge.good[..forge.good.len() - 1].to_owned()),
        ("without signature", format!("{head}.{claims}")),
        ("doubled", format!("{0}{0}", forge.good)),
        ("doubled with a point", format!("{0}.{0}", forge.good)),
        ("a fourth part", format!("{}.{signature}", forge.good)),
        ("five parts", format!("{head}..{claims}..{signature}")),
        ("a point too many", format!("{}.", forge.good)),
        ("a blank inside", format!("{head}. {claims}.{signature}")),
        ("a blank before", format!(" {}", forge.good)),
        ("two, parted by a comma", format!("{0}, {0}", forge.good)),
        ("in quotes", format!("\"{}\"", forge.good)),
        ("very long", format!("{head}.{}.{signature}", "A".repeat(4096))),
        ("nothing", String::new()),
        ("points alone", "..".to_owned()),
        ("a word", "null".to_owned()),
    ]
}

async fn refused(anyone: &Caller, what: &str, request: reqwest::RequestBuilder) {
    println!("{what}");
    let answer = anyone.send(request, 401).await;
    assert_eq!(answer.code(), "unauthenticated", "{what}");
    assert!(answer.body.get("detail").is_none_or(Value::is_null), "why is not said: {:#}", answer.body);
}

#[actix_web::test]
async fn everything_but_our_own_access_tokens_is_401() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "tokens").await;
    let session = firm.log_in(&server, "clerk", 200).await;
    let other = firm.log_in(&server, "reviewer", 200).await.text("/access_token");
    let forge = Forge::new(&server, session.text("/access_token"));
    let (anyone, now) = (server.anyone(), now(&server));
    let ask = |header: &str| anyone.request(reqwest::Method::GET, "/v1/session").header("Authorization", header);
    // The forge itself is right: what it makes unchanged is let in, so that only the one change can be what is refused.
    for good in [forge.good.clone(), forge.signed(&forge.header.to_string(), &forge.claims.to_string())] {
        anyone.send(ask(&format!("Bearer {good}")), 200).await;
    }
    let mut corpus = wrong_headers(&forge);
    corpus.extend(wrong_claims(&forge, now));
    corpus.extend(wrong_texts(&forge, &other));
    corpus.push(("a refresh token", session.text("/refresh_token")));
    corpus.push(("the operator's key", "operator-key-of-the-suite-and-nobody".to_owned()));
    assert!(corpus.len() >= 70, "{}", corpus.len());
    for (what, token) in &corpus {
        refused(&anyone, what, ask(&format!("Bearer {token}"))).await;
    }
    // A good token in a wrong place.
    let good = &forge.good;
    let basic = format!("Basic {}", STANDARD.encode(format!("clerk:{good}")));
    for header in [
        good.clone(),
        format!("bearer {good}"),
        format!("BEARER {good}"),
        format!("Bearer  {good}"),
        format!("Bearer\t{good}"),
        format!("Bearer{good}"),
        format!("Token {good}"),
        format!("Bearer Bearer {good}"),
        format!("Bearer {good}, Bearer {good}"),
        basic,
    ] {
        refused(&anyone, &header, ask(&header)).await;
    }
    let bearer = format!("Bearer {good}");
    refused(&anyone, "two headers", ask(&bearer).header("Authorization", &bearer)).await;
    refused(&anyone, "a good and a bad one", ask(&bearer).header("Authorization", "Bearer x")).await;
    let plain = || anyone.request(reqwest::Method::GET, "/v1/session");
    refused(&anyone, "a cookie", plain().header("Cookie", format!("access_token={good}"))).await;
    let address = format!("/v1/session?access_token={good}");
    refused(&anyone, "the address", anyone.request(reqwest::Method::GET, &address)).await;
    anyone.send(ask(&bearer), 200).await;
    server.stop().await;
}

#[actix_web::test]
async fn a_token_ends_when_it_says_and_not_before() {
    let server = Server::start().await;
    let firm = Firm::create(&server, "lifetime").await;
    let session = firm.log_in(&server, "clerk", 200).await;
    let clerk = server.with_token(&session.text("/access_token"));
    let lifetime = session.body["expires_in_s"].as_i64().expect("seconds");
    assert!(lifetime <= 600, "{lifetime}");
    server.app.clock.advance(chrono::Duration::seconds(lifetime - 5));
    clerk.get("/v1/session", 200).await;
    // The leeway between two clocks is seconds, not the library's minute.
    server.app.clock.advance(chrono::Duration::seconds(15));
    clerk.get("/v1/session", 401).await;
    server.stop().await;
}
