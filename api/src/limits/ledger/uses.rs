//! Using a limit: reserve, draw, release, repay. The limit's row is locked first; what is drawn or repaid also moves the
//! balances of the day, under the tenant's lock.

use chrono::{DateTime, Utc};
use domain::limits::operation;
use domain::limits::refusal::LimitRefusal;
use domain::limits::reservation::ReservationState;
use domain::money::Fen;
use uuid::Uuid;

use super::book::{Book, split_path};
use super::grant::moment;
use super::hold::locked;
use super::refusal::{broken, refused};
use super::{By, Outcome, Why, lapse};
use crate::customers::clients::{self, Client};
use crate::error::{Error, Result};
use crate::limits::law::standing::{Moving, Placed};
use crate::limits::law::{Frame, commitments, judge};
use crate::limits::store::{self, Drawdown, LimitRow, Reservation, rows, uses};
use crate::platform::db::{ActorKind, TenantTx};

/// Sets an amount aside. Where not enough is free, reservations of this limit whose time has run out go back first: nobody
/// is refused because a job has not run yet.
pub(super) async fn reserve(
    tx: &TenantTx,
    by: &By<'_>,
    id: Uuid,
    amount: Fen,
    lapses_at: DateTime<Utc>,
    why: &Why,
) -> Result<Outcome> {
    let mut path = locked(tx, by, id).await?;
    let (above, own) = split_path(&path)?;
    let mut decided = operation::reserve(&above, &own, amount, lapses_at, moment(tx));
    while let Err(LimitRefusal::NotEnoughFree { .. }) = decided
        && lapse::of_limit(tx, &mut path).await?
    {
        let (above, own) = split_path(&path)?;
        decided = operation::reserve(&above, &own, amount, lapses_at, moment(tx));
    }
    let postings = decided.map_err(refused)?;
    let row = path.last().ok_or_else(Error::not_found)?;
    let reservation = Reservation {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        limit_id: id,
        root_id: row.root_id,
        amount_fen: amount.0,
        drawn_fen: 0,
        released_fen: 0,
        state: ReservationState::Open.code().to_owned(),
        lapses_at,
        by_applicant: tx.actor().kind == ActorKind::Applicant,
        version: 0,
        created_at: tx.now(),
        ended_at: None,
    };
    let book = Book::new(tx, why, &path).with_reservation(reservation);
    let operation = book.operation();
    let (written, reservation, _) = book.write(&postings).await?;
    let limit = written.limit(id)?;
    Ok(Outcome { operation, limit, written, reservation, drawdown: None, figures: vec![] })
}

/// Draws from a reservation, if the law lets it.
pub(super) async fn draw(tx: &TenantTx, by: &By<'_>, id: Uuid, amount: Fen, why: &Why) -> Result<Outcome> {
    let limit = store::limit_of_reservation(tx, id).await?;
    let path = locked(tx, by, limit).await?;
    let (above, own) = split_path(&path)?;
    let reservation = uses::reservation(tx, id).await?;
    let postings =
        operation::draw(&above, &own, &rows::reservation(&reservation)?, amount, moment(tx)).map_err(refused)?;
    let row = path.last().ok_or_else(Error::not_found)?;
    let frame = Frame::locked(tx).await?;
    let drawdown = new_drawdown(tx, &frame, row, id, amount).await?;
    let client = clients::client(tx, row.customer_id).await?;
    let before = commitments::drawn(tx, client.id).await?;
    let mut after = before.clone();
    after.push(Placed::of(&drawdown)?);
    let moving = Moving::read(tx, &frame, &client, &before, &after).await?;
    let verdict = judge::draw(tx, &frame, &moving, amount).await?;
    let figures = verdict.map_err(|refusal| broken(&refusal))?;
    let book = Book::new(tx, why, &path).on(frame.day).with_reservation(reservation).with_drawdown(drawdown);
    let operation = book.operation();
    let (written, reservation, drawdown) = book.write(&postings).await?;
    moving.write(tx, &frame).await?;
    let limit = written.limit(limit)?;
    Ok(Outcome { operation, limit, written, reservation, drawdown, figures })
}

/// A drawdown as it will be: who bears what of it is what is agreed on its day.
async fn new_drawdown(
    tx: &TenantTx,
    frame: &Frame,
    row: &LimitRow,
    reservation: Uuid,
    amount: Fen,
) -> Result<Drawdown> {
    let (agreement_id, shares) = commitments::shares_for(tx, row, frame).await?;
    Ok(Drawdown {
        tenant_id: tx.tenant(),
        id: Uuid::now_v7(),
        reservation_id: reservation,
        limit_id: row.id,
        customer_id: row.customer_id,
        amount_fen: amount.0,
        repaid_fen: 0,
        reversed: false,
        settled: false,
        business: row.business.clone(),
        product_id: row.product_id,
        bank_id: row.bank_id,
        region: row.region.clone(),
        industry: row.industry.clone(),
        agreement_id,
        bank_bp: shares.bank_bp().into(),
        firm_bp: shares.firm_bp().into(),
        reguarantor_bp: shares.reguarantor_bp().into(),
        government_bp: shares.government_bp().into(),
        drawn_on: frame.day,
        version: 0,
        created_at: tx.now(),
    })
}

/// Gives the rest of a reservation back. An applicant gives back only what they asked for themselves.
pub(super) async fn release(tx: &TenantTx, by: &By<'_>, id: Uuid, why: &Why) -> Result<Outcome> {
    let limit = store::limit_of_reservation(tx, id).await?;
    let path = locked(tx, by, limit).await?;
    let (_, own) = split_path(&path)?;
    let reservation = uses::reservation(tx, id).await?;
    if matches!(by, By::Applicant(_)) && !reservation.by_applicant {
        return Err(Error::not_found());
    }
    let postings = operation::release(&own, &rows::reservation(&reservation)?, moment(tx)).map_err(refused)?;
    let book = Book::new(tx, why, &path).with_reservation(reservation);
    let operation = book.operation();
    let (written, reservation, _) = book.write(&postings).await?;
    let limit = written.limit(limit)?;
    Ok(Outcome { operation, limit, written, reservation, drawdown: None, figures: vec![] })
}

/// Books a repayment. It makes the firm safer, so no rule can stand against it.
pub(super) async fn repay(tx: &TenantTx, by: &By<'_>, id: Uuid, amount: Fen, why: &Why) -> Result<Outcome> {
    let limit = uses::drawdown(tx, id).await?.limit_id;
    let path = locked(tx, by, limit).await?;
    let (_, own) = split_path(&path)?;
    let drawdown = uses::drawdown(tx, id).await?;
    let postings = operation::repay(&own, &rows::drawdown(&drawdown), amount, moment(tx)).map_err(refused)?;
    let frame = Frame::locked(tx).await?;
    let client = clients::client(tx, drawdown.customer_id).await?;
    let moves = Moves::begin(tx, client).await?;
    let book = Book::new(tx, why, &path).on(frame.day).with_drawdown(drawdown);
    let operation = book.operation();
    let (written, _, drawdown) = book.write(&postings).await?;
    moves.end(tx, &frame, drawdown.as_ref()).await?;
    let limit = written.limit(limit)?;
    Ok(Outcome { operation, limit, written, reservation: None, drawdown, figures: vec![] })
}

/// What a client has outstanding, around a change of one drawdown that asks nobody.
pub(super) struct Moves {
    client: Client,
    before: Vec<Drawdown>,
}

impl Moves {
    /// Before the change.
    pub(super) async fn begin(tx: &TenantTx, client: Client) -> Result<Self> {
        let before = uses::outstanding_of(tx, &[client.id]).await?;
        Ok(Self { client, before })
    }

    /// After it: writes the balances of the day.
    pub(super) async fn end(&self, tx: &TenantTx, frame: &Frame, changed: Option<&Drawdown>) -> Result<()> {
        let Some(changed) = changed else { return Ok(()) };
        let before = self.before.iter().map(Placed::of).collect::<Result<Vec<_>>>()?;
        let rest = self.before.iter().filter(|row| row.id != changed.id);
        let mut after = rest.map(Placed::of).collect::<Result<Vec<_>>>()?;
        if !changed.settled {
            after.push(Placed::of(changed)?);
        }
        Moving::read(tx, frame, &self.client, &before, &after).await?.write(tx, frame).await
    }
}
