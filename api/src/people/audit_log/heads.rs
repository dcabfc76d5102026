//! Where a firm's audit chain ends is signed once a day, so that whoever keeps the statements elsewhere can show later that no
//! tail was cut off: over the API, and where the operator names a folder, as lines that `zhidan audit verify --expect` reads.

use std::io::Write as _;
use std::path::Path;

use actix_web::{get, web::Data};
use anyhow::Context;
use chrono::{DateTime, Utc};
use domain::id::Id;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, SignedRow};
use super::wanted::{before, cut};
use crate::app::App;
use crate::error::{Error, Result};
use crate::platform::access::{Access, may, system_tx};
use crate::platform::audit::{HEAD_STATEMENT, Head, HeadClaims, PrintedHead};
use crate::platform::db::PlatformTx;
use crate::platform::http::{Cursor, Page, Params, Reply};
use crate::platform::jobs::{Job, JobError, Outcome, finish};
use crate::platform::private;

/// The kind of job that signs where a chain ends.
pub const SIGN_HEAD: &str = "audit.sign_head";

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HeadsQuery {
    /// Rows wanted, 1 to 100; 20 if not said.
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// `next` of the page before.
    #[param(max_length = 19, pattern = "^[0-9]{1,19}$")]
    cursor: Option<String>,
}

/// Where the audit chain ended at some time.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedHeadView {
    /// The number of its last entry.
    #[schema(example = 4211)]
    pub seq: i64,
    /// When that was.
    pub at: DateTime<Utc>,
    /// That entry's hash, in hexadecimal digits.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
    /// The same, signed: a compact JWS (RFC 7515) of type `audit-head+jwt`, whose key is in `/.well-known/jwks.json` for a while.
    /// Keep that set of keys with it.
    #[schema(example = "eyJhbGciOiJFZERTQSJ9.eyJzZXEiOjQyMTF9.c2lnbmF0dXJl")]
    pub statement: String,
}

impl SignedHeadView {
    fn of(row: SignedRow) -> Self {
        Self { seq: row.seq, at: row.at, hash: hex::encode(row.hash), statement: row.statement }
    }
}

/// Where the audit chain ended each day, signed, the latest first. Kept elsewhere, a statement shows later that nothing that
/// was there was cut off.
#[utoipa::path(
    tag = "audit",
    security(("token" = ["audit.read"])),
    params(HeadsQuery),
    responses((status = 200, description = "A page of signed ends", body = Page<SignedHeadView>))
)]
#[get("/v1/audit-heads")]
pub async fn list_audit_heads(
    access: Access<may::ReadAudit>,
    app: Data<App>,
    Params(query): Params<HeadsQuery>,
) -> Result<Reply<Page<SignedHeadView>>> {
    let limit = Cursor::read(query.limit, None)?.limit;
    let before = query.cursor.as_deref().map(before).transpose()?;
    let tx = access.read(&app).await?;
    let rows = store::signed_page(&tx, before, limit.saturating_add(1)).await?;
    let (rows, next) = cut(rows, limit, |row| row.seq);
    Ok(Reply::ok(Page { items: rows.into_iter().map(SignedHeadView::of).collect(), next }))
}

/// Signs where the chain of the job's tenant ends, keeps the statement, and writes it where the operator keeps them.
///
/// # Errors
/// Later, if the database fails or the operator's folder cannot be written; what was signed stays so.
pub async fn sign_head(app: &App, job: &Job) -> Result<Outcome, JobError> {
    // a process that only works has the keys of its start
    app.tokens.refresh(&app.db, &app.config.master_key, app.clock.now()).await?;
    let tx = system_tx(app, job.tenant, &job.id.to_string(), true).await?;
    let Some(head) = store::head(&tx).await? else {
        finish(&tx, job).await?;
        tx.commit_bookkeeping().await?;
        return Ok(Outcome::Finished);
    };
    let kept = match store::signed(&tx, head.seq).await? {
        Some(row) => row.statement,
        None => {
            let claims = HeadClaims {
                iss: app.config.public_url.clone(),
                sub: Id::from_uuid(job.tenant),
                iat: tx.now().timestamp(),
                seq: head.seq,
                hash: hex::encode(&head.hash),
            };
            let statement = app.tokens.sign(HEAD_STATEMENT, &claims, tx.now()).map_err(Error::internal)?;
            store::insert_signed(&tx, &head, statement.clone()).await?;
            statement
        }
    };
    tx.commit_bookkeeping().await?;
    if let Some(folder) = &app.config.audit_heads_dir {
        let line = line(app, job, &head, kept).await?;
        write_line(folder, &line).map_err(|error| JobError::Later(format!("{error:#}"), None))?;
    }
    Ok(Outcome::Done)
}

async fn line(app: &App, job: &Job, head: &Head, statement: String) -> Result<PrintedHead> {
    let tx = PlatformTx::read(&app.db).await?;
    let slug = tx.tenant(job.tenant).await?.map(|tenant| tenant.slug).unwrap_or_default();
    tx.commit().await?;
    Ok(PrintedHead {
        tenant: Id::from_uuid(job.tenant),
        slug,
        seq: head.seq,
        hash: hex::encode(&head.hash),
        statement: Some(statement),
    })
}

/// Adds a line to the firm's file. A line that was written before the job could end stands there twice, which does no harm.
fn write_line(folder: &Path, head: &PrintedHead) -> anyhow::Result<()> {
    private::folder(folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join(format!("{}.txt", head.slug));
    let mut options = std::fs::OpenOptions::new();
    let mut out =
        options.create(true).append(true).open(&path).with_context(|| format!("opening {}", path.display()))?;
    let line = format!("{}\n", serde_json::to_string(head)?);
    out.write_all(line.as_bytes()).and_then(|()| out.sync_all()).with_context(|| format!("writing {}", path.display()))
}
