//! Reservations and drawdowns.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::kind;
use domain::limits::reservation::ReservationState;
use serde::Serialize;
use utoipa::ToSchema;

use super::{id_of, say};
use crate::error::{Language, Result};
use crate::limits::store::{Drawdown, Reservation, rows};
use crate::platform::db::TenantTx;

/// An amount set aside.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReservationView {
    /// Its id.
    #[schema(example = "rsv_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// Of which limit.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub limit: String,
    /// How much was set aside.
    #[schema(example = 5_000_000)]
    pub amount_fen: i64,
    /// Of it what was drawn.
    #[schema(example = 2_000_000)]
    pub drawn_fen: i64,
    /// Of it what went back.
    #[schema(example = 0)]
    pub released_fen: i64,
    /// What can still be drawn.
    #[schema(example = 3_000_000)]
    pub rest_fen: i64,
    /// `open`, `closed` or `lapsed`, now.
    #[schema(example = "open")]
    pub state: String,
    /// The same in words.
    #[schema(example = "占用中")]
    pub state_label: String,
    /// From this instant on it is void.
    pub lapses_at: DateTime<Utc>,
    /// Whether the applicant asked for it themselves.
    pub by_applicant: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl ReservationView {
    pub(in crate::limits) fn of(tx: &TenantTx, row: &Reservation, language: Language) -> Result<Self> {
        let reservation = rows::reservation(row)?;
        let over = reservation.state == ReservationState::Open && reservation.is_due(tx.now());
        let state = if over { ReservationState::Lapsed } else { reservation.state };
        Ok(Self {
            id: id_of::<kind::Reservation>(row.id),
            limit: id_of::<kind::Limit>(row.limit_id),
            amount_fen: row.amount_fen,
            drawn_fen: row.drawn_fen,
            released_fen: row.released_fen,
            rest_fen: if over { 0 } else { reservation.rest().0 },
            state: state.code().to_owned(),
            state_label: say(&state.words(), language),
            lapses_at: row.lapses_at,
            by_applicant: row.by_applicant,
            created_at: row.created_at,
            ended_at: row.ended_at,
        })
    }
}

/// Money drawn under a limit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DrawdownView {
    /// Its id.
    #[schema(example = "drw_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub id: String,
    /// From which reservation.
    #[schema(example = "rsv_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub reservation: String,
    /// Under which limit.
    #[schema(example = "lim_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub limit: String,
    /// How much was drawn.
    #[schema(example = 2_000_000)]
    pub amount_fen: i64,
    /// Of it what was repaid.
    #[schema(example = 500_000)]
    pub repaid_fen: i64,
    /// What is still to be repaid.
    #[schema(example = 1_500_000)]
    pub outstanding_fen: i64,
    /// Whether it was booked by mistake and taken back.
    pub reversed: bool,
    /// The bank's share in basis points, by the agreement of its day.
    #[schema(example = 2_000)]
    pub bank_bp: i32,
    /// The firm's share.
    #[schema(example = 8_000)]
    pub firm_bp: i32,
    /// The re-guarantor's share.
    #[schema(example = 0)]
    pub reguarantor_bp: i32,
    /// The local government's share.
    #[schema(example = 0)]
    pub government_bp: i32,
    /// The agreement that this follows; null where the firm bears all.
    #[schema(example = "agr_01jd8m1f5ne6xa9q2t4k7v3b8c")]
    pub agreement: Option<String>,
    /// On which day it was drawn.
    pub drawn_on: NaiveDate,
}

impl DrawdownView {
    pub(in crate::limits) fn of(row: &Drawdown) -> Self {
        Self {
            id: id_of::<kind::Drawdown>(row.id),
            reservation: id_of::<kind::Reservation>(row.reservation_id),
            limit: id_of::<kind::Limit>(row.limit_id),
            amount_fen: row.amount_fen,
            repaid_fen: row.repaid_fen,
            outstanding_fen: rows::drawdown(row).outstanding().0,
            reversed: row.reversed,
            bank_bp: row.bank_bp,
            firm_bp: row.firm_bp,
            reguarantor_bp: row.reguarantor_bp,
            government_bp: row.government_bp,
            agreement: row.agreement_id.map(id_of::<kind::Agreement>),
            drawn_on: row.drawn_on,
        }
    }
}
