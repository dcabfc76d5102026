//! What approving, rejecting and taking back have in common: the row is locked, the version that was seen is compared, the
//! domain decides, and the audit chain keeps what stood and what stands.

use actix_web::HttpResponse;
use domain::access::May;
use domain::limits::parameters::{Verdict, decide};
use domain::time::TenantZone;
use serde_json::json;
use uuid::Uuid;

use super::{store, view};
use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::proposal::{Viewer, refused};
use crate::platform::access::Access;
use crate::platform::db::Act;
use crate::platform::http::{Idempotency, IfMatch, Reply};

/// A decision as it was asked for.
pub(super) struct Decision {
    /// What is decided.
    pub(super) verdict: Verdict,
    /// On which parameter.
    pub(super) id: Uuid,
    /// The version that was seen.
    pub(super) seen: IfMatch,
}

impl Decision {
    fn action(&self) -> &'static str {
        match self.verdict {
            Verdict::Approve => "parameter.approve",
            Verdict::Reject => "parameter.reject",
            Verdict::Withdraw => "parameter.withdraw",
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
            let before = store::parameter(&row)?;
            let decided = decide(&before, self.verdict, access.principal.id, tx.now())
                .map_err(|refusal| refused(refusal, before.state, row.version))?;
            let row = store::decide(tx, row, &decided).await?;
            let version = row.version;
            let shown = view::parameter(tx, row, Viewer::of(access)).await?;
            // Accounts come late, and what was judged meanwhile was judged by older figures: whoever audits must see it.
            let today = TenantZone::default().date_of(tx.now());
            let days_late = (today - decided.effective_from).num_days().max(0);
            let mut detail = json!({ "before": before.state.code(), "after": shown });
            if self.verdict == Verdict::Approve && days_late > 0 {
                detail["backdated_days"] = json!(days_late);
            }
            let act = Act::new(self.action(), "parameter", self.id).detail(detail);
            Ok(Reply::ok(shown).version(version).done(act))
        })
        .await
    }
}
