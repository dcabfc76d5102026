//! What approving, rejecting and taking back have in common: the row is locked, the version that was seen is compared, the
//! domain decides, and the audit chain keeps what stood and what stands.

use actix_web::HttpResponse;
use domain::access::May;
use domain::limits::parameters::{Verdict, decided};
use domain::time::TenantZone;
use serde_json::json;
use uuid::Uuid;

use super::{store, view};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::proposal::{Viewer, refused, state_of};
use crate::platform::access::Access;
use crate::platform::db::Act;
use crate::platform::http::{Idempotency, IfMatch, Reply};

/// A decision as it was asked for.
pub(super) struct Decision {
    /// What is decided.
    pub(super) verdict: Verdict,
    /// On which agreement.
    pub(super) id: Uuid,
    /// The version that was seen.
    pub(super) seen: IfMatch,
}

impl Decision {
    fn action(&self) -> &'static str {
        match self.verdict {
            Verdict::Approve => "agreement.approve",
            Verdict::Reject => "agreement.reject",
            Verdict::Withdraw => "agreement.withdraw",
        }
    }

    /// Carries it out.
    ///
    /// # Errors
    /// `not_found`, `stale`, whatever the domain refuses, or a failing database.
    pub(super) async fn run<P: May>(&self, app: &App, access: &Access<P>, idem: &Idempotency) -> Result<HttpResponse> {
        idem.run(app, access, &(), async |tx| {
            let row = store::lock(tx, self.id).await?.ok_or_else(Error::not_found)?;
            self.seen.check(row.version, Some(&row.state))?;
            let (before, by) = (state_of(&row.state)?, access.principal.id);
            let state = decided(before, row.proposed_by, self.verdict, by)
                .map_err(|refusal| refused(refusal, before, row.version))?;
            let row = store::decide(tx, row, state, by, tx.now()).await?;
            let version = row.version;
            let days_late = (TenantZone::default().date_of(tx.now()) - row.valid_from).num_days().max(0);
            let shown = view::agreement(tx, row, Viewer::of(access)).await?;
            // What was drawn before the approval was shared without it: whoever audits must see it.
            let mut detail = json!({ "before": before.code(), "after": shown });
            if self.verdict == Verdict::Approve && days_late > 0 {
                detail["backdated_days"] = json!(days_late);
            }
            let act = Act::new(self.action(), "agreement", self.id).detail(detail);
            Ok(Reply::ok(shown).version(version).done(act))
        })
        .await
    }
}
