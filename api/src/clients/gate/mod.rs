//! The gate before every handler: a request with a client's token is let in if the client is active, comes from where it may and
//! is within its limits; the answer tells it how it stands, and is counted and written down. Whatever a request costs here, it
//! costs memory alone but once a second and client.

mod book;
mod known;
mod settle;

use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{ResponseError, web::Data};
use domain::clients::limits::standing;
use uuid::Uuid;

pub use book::{DayCounts, Key, Line};
use book::{Held, Standing};
pub use known::Clients;
pub use settle::{settle, start_settling};

use crate::app::App;
use crate::error::{Code, Error, Problem, Result};
use crate::platform::access::{Admitted, Principal, client_of};
use crate::platform::http::Context;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");
/// Seconds after which whoever has too much in hand asks again.
const AT_ONCE_AGAIN_S: u64 = 1;

/// A request with a client's token.
struct Call {
    app: Data<App>,
    principal: Principal,
    context: Context,
    method: String,
    begun: Instant,
}

/// What is told of limits, on every answer.
struct Told {
    policy: String,
    standing: String,
}

/// A request in hand, until it is answered or broken off.
struct InHand {
    app: Data<App>,
    key: Key,
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.app.clients.book().let_go(self.key);
    }
}

/// The middleware. Requests of others go on as they came.
///
/// # Errors
/// None of its own: every refusal becomes an answer here.
pub async fn gate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(call) = Call::of(&request) else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    let (told, admission) = call.judge().await;
    let admitted = admission.is_ok();
    let mut response = match admission {
        Ok((marker, in_hand)) => {
            marker.note(request.request());
            let response = next.call(request).await?.map_into_boxed_body();
            drop(in_hand);
            response
        }
        Err(error) => request.into_response(error.error_response()),
    };
    if let Some(told) = told {
        let headers = response.headers_mut();
        for (name, text) in [(POLICY, told.policy), (STANDING, told.standing)] {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(name, value);
            }
        }
        // of what is held back so many lines are kept as an address may ask, and no more
        if admitted || call.app.throttle.request(&call.app, call.context.from).await.is_ok() {
            call.note(&response, admitted);
        }
    }
    Ok(response)
}

impl Call {
    fn of(request: &ServiceRequest) -> Option<Self> {
        let principal = client_of(request.request())?;
        Some(Self {
            app: request.app_data::<Data<App>>()?.clone(),
            principal,
            context: Context::of(request.request()),
            method: request.method().as_str().to_owned(),
            begun: Instant::now(),
        })
    }

    fn key(&self) -> Key {
        Key { tenant: self.principal.tenant, client: self.principal.id }
    }

    /// Lets the request in, or not, and says how the client stands; nothing is said to one that there is not, or that is disabled.
    async fn judge(&self) -> (Option<Told>, Result<(Admitted, InHand)>) {
        let (app, key) = (&self.app, self.key());
        let rules = match app.clients.rules(app, key, &self.context.request_id).await {
            Ok(Some(rules)) => rules,
            Ok(None) => return (None, Err(Error::new(Code::Unauthenticated))),
            Err(error) => return (None, Err(error)),
        };
        let from = self.context.from;
        let is_from_there = rules.allow.is_empty() || rules.allow.iter().any(|network| network.has(from));
        let (Standing { rate, day }, held) =
            app.clients.book().admit(key, &rules.limits, is_from_there, app.clock.now());
        let told = Told { policy: rules.limits.policy(), standing: standing(rate, day) };
        let verdict = match held {
            None => Ok((Admitted::new(key.client, rules.permissions), InHand { app: self.app.clone(), key })),
            Some(Held::Elsewhere) => Err(Error::new(Code::AddressNotAllowed)),
            Some(Held::Day) => Err(Error::new(Code::QuotaSpent).retry_after(day.reset_s.max(1))),
            Some(Held::AtOnce) => Err(Error::new(Code::TooManyAtOnce).retry_after(AT_ONCE_AGAIN_S)),
            Some(Held::Rate) => Err(Error::new(Code::TooManyRequests).retry_after(rate.reset_s.max(1))),
        };
        (Some(told), verdict)
    }

    /// Counts an answer and writes it down, in memory.
    fn note(&self, response: &ServiceResponse<BoxBody>, admitted: bool) {
        let status = response.status().as_u16();
        let code = response.response().extensions().get::<Problem>().map(|problem| problem.code().key());
        let bytes = match response.response().body().size() {
            BodySize::Sized(bytes) => i64::try_from(bytes).unwrap_or(i64::MAX),
            BodySize::None | BodySize::Stream => 0,
        };
        let line = Line {
            id: Uuid::now_v7(),
            client: self.principal.id,
            at: self.app.clock.now(),
            method: self.method.clone(),
            route: response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned()),
            status,
            code,
            request_id: self.context.request_id.clone(),
            took_ms: i32::try_from(self.begun.elapsed().as_millis()).unwrap_or(i32::MAX),
        };
        let kept = self.app.clients.book().note(self.key(), line, admitted, bytes);
        if !kept {
            metrics::counter!("zhidan_client_log_dropped_total").increment(1);
        }
    }
}
