//! `POST /v1/my/account/deletion`: the caller's account is closed and their data erased (PIPL art. 47). A code that is sent to the
//! phone proves that it is them, and not whoever found an open telephone.

use actix_web::{post, web::Data};
use domain::id::{Id, kind};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Code, Error, FieldProblem, Result};
use crate::people;
use crate::platform::access::{Access, may};
use crate::platform::db::Act;
use crate::platform::http::{Body, Context, Reply};
use crate::privacy::erase::erase;
use crate::privacy::outcome::ErasureLine;
use crate::privacy::store::{self, Person};
use crate::privacy::view::PrivacyRequestKind;

/// What proves that it is the person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountDeletion {
    /// A code that was sent to the account's phone, as for logging in.
    #[schema(example = "123456", pattern = "^[0-9]{6}$", min_length = 6, max_length = 6)]
    pub code: String,
}

/// What was erased and what is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDeleted {
    /// Names the request to the firm: what came of it can be asked for by it.
    #[schema(example = "prq_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub request: String,
    /// Kind of data by kind of data.
    pub outcome: Vec<ErasureLine>,
}

/// Closes the caller's account and erases their data. What is not decided yet is withdrawn; what belongs to a guarantee is in use
/// until it ends, and then kept, blocked, as long as the law asks: the answer says which, why and until when. All log-ins end; the
/// same phone makes a new account.
#[utoipa::path(
    tag = "my data",
    security(("token" = ["own.data"])),
    request_body = AccountDeletion,
    responses((status = 200, description = "What was erased and what is kept", body = AccountDeleted))
)]
#[post("/v1/my/account/deletion")]
pub async fn delete_my_account(
    access: Access<may::OwnData>,
    app: Data<App>,
    context: Context,
    Body(body): Body<AccountDeletion>,
) -> Result<Reply<AccountDeleted>> {
    let me = access.principal.id;
    if body.code.len() != 6 || !body.code.bytes().all(|b| b.is_ascii_digit()) {
        let (zh, en) = ("请填写6位数字验证码", "a code has 6 digits");
        return Err(Error::fields(vec![FieldProblem::new("/code", "code_format", zh, en)]));
    }
    let tx = access.begin(&app).await?;
    if !people::redeem_own_code(&tx, me, &body.code).await? {
        tx.commit_bookkeeping().await?;
        // not 401, which would tell a client that its token had ended
        let (_, en) = Code::WrongCode.sentences();
        let zh = "验证码不正确或已失效，请重新获取";
        return Err(Error::fields(vec![FieldProblem::new("/code", "wrong_code", zh, en)]));
    }
    let who = Person { applicant: Some(me), customer: None };
    let row = store::add_request(&tx, (PrivacyRequestKind::Erasure.code(), "person"), who, None).await?;
    let erased = erase(&tx, who).await?;
    let outcome = serde_json::to_value(&erased.outcome)?;
    let row = store::settle(&tx, row, "done", None, Some(outcome.clone())).await?;
    let act = Act::new("privacy.erase", "privacy_request", row.id).detail(json!({ "outcome": outcome }));
    tx.commit(act).await?;
    if let Some(ended) = erased.ended {
        ended.note(&app);
    }
    app.jobs_wake.notify_waiters();
    Ok(Reply::ok(AccountDeleted {
        request: Id::<kind::PrivacyRequest>::from_uuid(row.id).to_string(),
        outcome: erased.outcome.shown(context.language),
    }))
}
