//! Who is let in. Whoever is not learns nothing: a firm or source that is not there, or not active, is answered like a wrong
//! signature. Refusals, and asking for what is not remembered, count against the address that they come from; what a source
//! itself sends counts against the source, since a platform speaks for many from one address.

use std::sync::Arc;

use domain::id::{Id, kind};

use crate::app::App;
use crate::devices::sources::KnownSource;
use crate::error::{Code, Error, Result};
use crate::platform::http::Context;

/// The source that an address names, if there is one and it is active.
///
/// # Errors
/// `too_many_requests` for whoever asks for many that are not remembered, or a failing database.
pub(super) async fn source(
    app: &App,
    slug: &str,
    id: Id<kind::Source>,
    context: &Context,
) -> Result<Option<Arc<KnownSource>>> {
    if let Some(known) = app.intake.sources.remembered(slug, id.uuid()).await {
        return Ok(known);
    }
    app.throttle.request(app, context.from).await?;
    app.intake.sources.look_up(app, slug, id.uuid(), &context.request_id).await
}

/// The answer to whoever is not let in.
pub(super) async fn refused(app: &App, context: &Context) -> Error {
    match app.throttle.request(app, context.from).await {
        Ok(()) => Error::new(Code::TelemetryRefused),
        Err(too_many) => too_many,
    }
}
