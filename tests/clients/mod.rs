//! Systems of third parties that call the interface by themselves: how they prove who they are, what they may do, how much they may
//! ask, and what is written down of it.

mod lifetime;
mod limits;
mod proofs;
mod reach;
mod written;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, Firm, Server};

/// A firm with one client that has a secret.
pub struct Bank {
    pub server: Server,
    pub firm: Firm,
    pub admin: Caller,
    pub client: String,
    pub secret: String,
}

pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client to be, with limits that a test does not run into.
pub fn new_client(name: &str, scopes: &[&str]) -> Value {
    let limits = json!({ "rate_per_second": 1000, "burst": 5000, "at_once": 200, "per_day": 1_000_000 });
    json!({ "name": name, "kind": "bank", "scopes": scopes, "limits": limits })
}

/// A form as it is sent.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        let byte = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(byte).collect()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// A token request of anybody at a firm.
pub fn ask(caller: &Caller, slug: &str, pairs: &[(&str, &str)]) -> RequestBuilder {
    let request = caller.request(Method::POST, &format!("/v1/t/{slug}/oauth/token"));
    request.header("Content-Type", "application/x-www-form-urlencoded").body(form(pairs))
}

/// `Authorization` as `client_secret_basic` has it.
pub fn basic(client: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")))
}

impl Bank {
    /// A firm whose client may do this.
    pub async fn open(slug: &str, scopes: &[&str]) -> Self {
        Self::open_with(slug, &new_client("示例银行信贷系统", scopes)).await
    }

    /// A firm with this client.
    pub async fn open_with(slug: &str, client: &Value) -> Self {
        let server = Server::start().await;
        let firm = Firm::create(&server, slug).await;
        let admin = firm.staff("administrator");
        let made = admin.post("/v1/clients", client, 201).await;
        let (client, secret) = (made.text("/client/id"), made.text("/secret"));
        Self { server, firm, admin, client, secret }
    }

    /// Where the client is looked after.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/clients/{}{rest}", self.client)
    }

    /// The version of the client as it is now.
    pub async fn version(&self) -> i64 {
        self.admin.get(&self.path(""), 200).await.version.expect("a version")
    }

    /// Changes the client as it is now.
    pub async fn change(&self, change: &Value) -> Answer {
        let version = self.version().await;
        self.admin.patch(&self.path(""), version, change, 200).await
    }

    /// Does something to the client as it is now.
    pub async fn act(&self, action: &str, body: &Value, expected: u16) -> Answer {
        let version = self.version().await;
        self.admin.act(&self.path(action), version, body, expected).await
    }

    /// A token by a secret.
    pub async fn token_by(&self, secret: &str, expected: u16) -> Answer {
        self.token_at(&self.server.url, secret, expected).await
    }

    /// The same at another replica.
    pub async fn token_at(&self, url: &str, secret: &str, expected: u16) -> Answer {
        let pairs = [("grant_type", "client_credentials"), ("client_id", &self.client), ("client_secret", secret)];
        let anyone = Caller::new(url, None);
        anyone.send(ask(&anyone, &self.firm.slug, &pairs), expected).await
    }

    /// The client with a fresh token.
    pub async fn caller(&self) -> Caller {
        let token = self.token_by(&self.secret, 200).await.text("/access_token");
        self.server.with_token(&token)
    }

    /// Has what was counted and asked so far written down.
    pub async fn settle(&self) {
        api::clients::settle(&self.server.app).await;
    }

    /// Lets time pass, and logs the administrator in again.
    pub async fn later(&mut self, by: chrono::Duration) {
        self.server.app.clock.advance(by);
        let session = self.firm.log_in(&self.server, "administrator", 200).await;
        self.admin = self.server.with_token(&session.text("/access_token"));
    }
}

/// A key of a client's own.
pub enum Signer {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
}

impl Signer {
    pub fn ed(seed: u8) -> Self {
        Self::Ed(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a key"))
    }

    pub fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    /// Its public half, raw.
    pub fn public(&self) -> &[u8] {
        match self {
            Self::Ed(pair) => pair.public_key().as_ref(),
            Self::Ec(pair) => pair.public_key().as_ref(),
        }
    }

    /// Its public half as a JSON Web Key.
    pub fn jwk(&self, kid: &str) -> Value {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed(_) => json!({ "kty": "OKP", "crv": "Ed25519", "x": part(self.public()), "kid": kid }),
            Self::Ec(_) => {
                let (x, y) = self.public()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": part(x), "y": part(y), "kid": kid })
            }
        }
    }

    /// An assertion with this header and these claims.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = match self {
            Self::Ed(pair) => pair.sign(text.as_bytes()).as_ref().to_vec(),
            Self::Ec(pair) => pair.sign(&SystemRandom::new(), text.as_bytes()).expect("a signature").as_ref().to_vec(),
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
