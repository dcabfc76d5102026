//! What a token request says, before anything of it is believed.

use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use utoipa::ToSchema;

use super::refusal::{OAuthCode, Refusal};
use crate::clients::secret::ClientSecret;
use crate::platform::http::form_pairs;

/// What `client_assertion_type` says (RFC 7523).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Longest id, secret or header that is looked at, bytes.
const TEXT_BYTES_MAX: usize = 512;

/// A token request (RFC 6749 section 4.4.2). Parameters of other names are read over.
#[derive(Default, ToSchema)]
pub struct TokenRequest {
    /// The one grant that there is.
    #[schema(required = true, nullable = false, pattern = "^client_credentials$", example = "client_credentials")]
    grant_type: Option<String>,
    /// Some of what the client was given, one blank apart; all of it if not said.
    #[schema(example = "applications.read")]
    scope: Option<String>,
    /// The client's id; where the `Authorization` header has it, it can be left out.
    #[schema(example = "cli_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    client_id: Option<String>,
    /// The client's secret.
    client_secret: Option<String>,
    /// Where the client signs: says that it does.
    #[schema(example = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")]
    client_assertion_type: Option<String>,
    /// What it signed.
    client_assertion: Option<String>,
}

/// How a client says who it is.
pub(super) enum Proof {
    /// By a secret.
    Secret { client: String, secret: ClientSecret, by: &'static str },
    /// By something signed; its id beside it, where it is said there too.
    Assertion { client: Option<String>, assertion: String },
}

/// What is asked.
pub(super) struct Asked {
    pub proof: Proof,
    pub scope: Option<String>,
}

fn invalid(zh: &'static str, en: &'static str) -> Refusal {
    Refusal::new(OAuthCode::InvalidRequest, zh, en)
}

impl TokenRequest {
    /// Reads a form. A parameter without a value counts as not said (RFC 6749 section 3.2), and none may stand twice.
    fn read(form: Option<Vec<(String, String)>>) -> Result<Self, Refusal> {
        let pairs = form.ok_or_else(|| {
            invalid("请以application/x-www-form-urlencoded发送", "send application/x-www-form-urlencoded")
        })?;
        let mut read = Self::default();
        let mut seen = vec![];
        for (name, value) in pairs {
            let place = match name.as_str() {
                "grant_type" => &mut read.grant_type,
                "scope" => &mut read.scope,
                "client_id" => &mut read.client_id,
                "client_secret" => &mut read.client_secret,
                "client_assertion_type" => &mut read.client_assertion_type,
                "client_assertion" => &mut read.client_assertion,
                _ => continue,
            };
            if seen.contains(&name) {
                return Err(invalid("参数重复", "a parameter stands twice"));
            }
            seen.push(name);
            *place = Some(value).filter(|value| !value.is_empty());
        }
        Ok(read)
    }
}

impl Asked {
    pub(super) fn read(request: &HttpRequest, form: Option<Vec<(String, String)>>) -> Result<Self, Refusal> {
        let form = TokenRequest::read(form)?;
        match form.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => {
                let (zh, en) = ("只支持client_credentials", "the one grant is client_credentials");
                return Err(Refusal::new(OAuthCode::UnsupportedGrantType, zh, en));
            }
            None => return Err(invalid("缺少grant_type", "grant_type is missing")),
        }
        let scope = form.scope.clone();
        Ok(Self { proof: proof(basic(request)?, form)?, scope })
    }
}

/// The one way in which the client proves itself; more than one in a request are refused (RFC 6749 section 2.3).
fn proof(basic: Option<(String, String)>, form: TokenRequest) -> Result<Proof, Refusal> {
    let TokenRequest { client_id, client_secret, client_assertion_type, client_assertion, .. } = form;
    let twice = || invalid("请只使用一种客户端身份验证方式", "prove the client in one way, not in several");
    let signed = client_assertion_type.is_some() || client_assertion.is_some();
    match (basic, client_secret) {
        (Some(_), Some(_)) => Err(twice()),
        (Some(_), None) | (None, Some(_)) if signed => Err(twice()),
        (Some((client, secret)), None) => {
            if client_id.is_some_and(|said| said != client) {
                return Err(invalid("client_id与Authorization请求头不一致", "client_id is not that of the header"));
            }
            Ok(Proof::Secret { client, secret: ClientSecret::presented(secret), by: "client_secret_basic" })
        }
        (None, Some(secret)) => {
            let client = client_id.ok_or_else(|| invalid("缺少client_id", "client_id is missing"))?;
            Ok(Proof::Secret { client, secret: ClientSecret::presented(secret), by: "client_secret_post" })
        }
        (None, None) => match (client_assertion_type.as_deref(), client_assertion) {
            (Some(JWT_BEARER), Some(assertion)) => Ok(Proof::Assertion { client: client_id, assertion }),
            (Some(JWT_BEARER), None) => Err(invalid("缺少client_assertion", "client_assertion is missing")),
            (Some(_), _) => {
                Err(invalid("不支持该client_assertion_type", "this client_assertion_type is not supported"))
            }
            (None, Some(_)) => Err(invalid("缺少client_assertion_type", "client_assertion_type is missing")),
            (None, None) => Err(Refusal::not_proven()),
        },
    }
}

/// Id and secret of an `Authorization` header. Both are encoded as forms are, before base64 (RFC 6749 section 2.3.1).
fn basic(request: &HttpRequest) -> Result<Option<(String, String)>, Refusal> {
    let mut values = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    let read = || {
        let text = value.to_str().ok().filter(|text| text.len() <= TEXT_BYTES_MAX * 2)?;
        let (scheme, rest) = text.split_once(' ')?;
        let decoded = STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (client, secret) = decoded.split_once(':')?;
        Some((plain(client)?, plain(secret)?))
    };
    let one = values.next().is_none().then(read).flatten();
    one.map(Some).ok_or_else(|| invalid("Authorization请求头应为Basic", "the Authorization header is Basic"))
}

/// A text that is encoded as in a form.
fn plain(text: &str) -> Option<String> {
    match form_pairs(&format!("x={text}"))?.as_slice() {
        [(_, value)] if !value.is_empty() && value.len() <= TEXT_BYTES_MAX => Some(value.clone()),
        _ => None,
    }
}
