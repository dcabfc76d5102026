//! Before an SMS is sent somebody answers a challenge, where the operator asks for it; each answer counts once.

mod read_captcha;
mod store;

pub use store::purge as purge_captcha_proofs;

use utoipa_actix_web::service_config::ServiceConfig;

use super::fields;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::platform::db::TenantTx;
use crate::platform::http::Context;
use crate::platform::outside::captcha::Fault;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read_captcha::read_captcha);
}

/// Looks at an answer and uses it up; nothing is asked where the operator asks for none.
///
/// # Errors
/// `validation_failed` with what is to be done, or a failing database.
pub(super) async fn spend(app: &App, tx: &TenantTx, from: &Context, answer: Option<&str>) -> Result<()> {
    let Some(captcha) = &app.captcha else { return Ok(()) };
    let checked = captcha.check(tx.keys(), tx.now(), answer.unwrap_or_default(), from.from).await;
    let proof = checked.map_err(told)?;
    if store::insert(tx, &proof).await? {
        Ok(())
    } else {
        Err(fields::one("/captcha", "used", "验证已使用，请重新验证", "this answer was used; answer another challenge"))
    }
}

fn told(fault: Fault) -> Error {
    let (code, zh, en) = match fault {
        Fault::Needed => ("required", "请先完成人机验证", "answer a challenge first (GET /v1/t/{tenant}/captcha)"),
        Fault::Wrong => ("wrong", "验证未通过，请重新验证", "this answers no challenge of ours; answer another"),
        Fault::Expired => ("expired", "验证已过期，请重新验证", "this challenge is over; answer another"),
        Fault::Unreachable => return Error::new(Code::Unavailable),
    };
    fields::one("/captcha", code, zh, en)
}
