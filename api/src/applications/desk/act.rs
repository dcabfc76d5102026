//! What every step of the staff has in common: the case is locked within the caller's scope, the version they saw is
//! compared, the domain decides, and the answer says how it stands now.

use actix_web::HttpResponse;
use domain::access::{May, Permission as P};
use domain::applications::action::Action;
use domain::applications::state::{Actor, Hat};
use domain::money::Fen;
use serde::Serialize;
use uuid::Uuid;

use super::scope;
use crate::app::App;
use crate::applications::case::Case;
use crate::applications::transition;
use crate::applications::view::{AfterAction, offer_recollect};
use crate::error::{Language, Result};
use crate::people;
use crate::platform::access::{Access, Principal};
use crate::platform::db::TenantTx;
use crate::platform::http::{Idempotency, IfMatch, Reply};

/// One step: on which application, as it was seen, under which key, answered in which language.
pub(super) struct Step {
    pub id: Uuid,
    pub seen: IfMatch,
    pub idempotency: Idempotency,
    pub language: Language,
}

impl Step {
    /// Carries out the action that `make` reads from the body.
    pub(super) async fn run<M, B, F>(self, app: &App, access: &Access<M>, body: &B, make: F) -> Result<HttpResponse>
    where
        M: May,
        B: Serialize,
        F: AsyncFnOnce(&TenantTx, &mut Case) -> Result<Action>,
    {
        self.run_then(app, access, body, make, async |_, _| Ok(())).await
    }

    /// The same, and what follows from it in the same transaction: both, or neither.
    pub(super) async fn run_then<M, B, F, G>(
        self,
        app: &App,
        access: &Access<M>,
        body: &B,
        make: F,
        then: G,
    ) -> Result<HttpResponse>
    where
        M: May,
        B: Serialize,
        F: AsyncFnOnce(&TenantTx, &mut Case) -> Result<Action>,
        G: AsyncFnOnce(&TenantTx, &Case) -> Result<()>,
    {
        let Self { id, seen, idempotency, language } = self;
        let work = async |tx: &TenantTx| {
            let mut case = scope::lock(tx, &access.principal, id).await?;
            seen.check(case.row.version, Some(&case.row.state))?;
            let actor = actor(tx, &access.principal).await?;
            let action = make(tx, &mut case).await?;
            let act = transition::perform(tx, &mut case, &action, &actor).await?;
            then(tx, &case).await?;
            let mut view = AfterAction::of(&case, &actor, language);
            let recollects = access.principal.permissions.has(P::ReassessApplications);
            offer_recollect(&mut view.allowed_actions, &case, recollects);
            Ok(Reply::ok(view).version(case.row.version).done(act))
        };
        idempotency.run(app, access, body, work).await
    }
}

/// In which functions the caller acts, and up to which amount they approve.
pub(super) async fn actor(tx: &TenantTx, who: &Principal) -> Result<Actor> {
    let table = [
        (P::InvestigateApplications, Hat::Officer),
        (P::ReviewApplications, Hat::Reviewer),
        (P::ApproveApplications, Hat::Approver),
        (P::AssignApplications, Hat::Dispatcher),
    ];
    let hats = table.into_iter().filter(|(permission, _)| who.permissions.has(*permission)).map(|(_, hat)| hat);
    let limit = if who.permissions.has(P::ApproveApplications) {
        people::staff_brief(tx, &[who.id]).await?.get(&who.id).map(|brief| Fen(brief.authority_fen))
    } else {
        None
    };
    Ok(Actor::staff(who.id, hats, limit))
}
